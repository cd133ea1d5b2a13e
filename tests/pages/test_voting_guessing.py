"""Codes that are guessed: who tries waits, the officers hear of it once an hour, and desks go on working."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, request
from limits import parse

from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.voting.ballot import guessing
from wijkagenda.voting.codes import new_code
from wijkagenda.voting.letters.alarm import raise_alarm
from wijkagenda.web.limits import limiter

pytestmark = pytest.mark.usefixtures("limits")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=2)


def guess(client: PageClient, code: str, status: int = 422, host: str = "192.0.2.1") -> None:
    place = {"environ_base": {"REMOTE_ADDR": host}}
    token = client.get("/stem", **place).form_data()["csrf_token"]
    client.post("/stem/kiezen", {"csrf_token": token, "code": code}, status=status, **place)


def mails(session) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "codes_guessed")))


def test_one_address_tries_thirty_codes_and_then_waits(client: PageClient, vote: Vote) -> None:
    for _ in range(30):
        guess(client, new_code())
    guess(client, new_code(), 429)
    guess(client, vote.codes[0], 429)
    guess(client, vote.codes[0], 200, host="192.0.2.2")


def test_typos_and_real_codes_are_no_guesses(client: PageClient, vote: Vote) -> None:
    for _ in range(31):
        guess(client, "K7QM 3XWD 8NPT 0")
        guess(client, vote.codes[0], 200)


@pytest.fixture
def short_alarm(monkeypatch: pytest.MonkeyPatch) -> int:
    """An alarm that needs fewer guesses than the real one."""
    monkeypatch.setattr(guessing, "ALARM", parse("12 per 1 hour"))
    return 12


def test_too_many_guesses_over_all_addresses_raise_one_alarm(
    client: PageClient, session, staff, vote: Vote, short_alarm: int
) -> None:
    staff(Role.AREA_TEAM)
    for n in range(short_alarm + 8):
        guess(client, new_code(), host=f"192.0.2.{n}")
    # Sent within the visit, so whom it went to is forgotten by now but for the number in its key.
    told = sorted(int(mail.key.rpartition(":")[2]) for mail in mails(session))
    assert told == sorted([vote.first.staff_id, vote.second.staff_id])
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "voting.codes_guessed")).one()
    assert (entry.subject_id, entry.detail) == (str(vote.voting_round.id), None)


def test_while_there_is_an_alarm_an_address_with_guesses_waits_and_others_vote(
    client: PageClient, vote: Vote, short_alarm: int
) -> None:
    for _ in range(5):
        guess(client, new_code(), host="192.0.2.1")
    guess(client, vote.codes[0], 200, host="192.0.2.1")
    for n in range(short_alarm):
        guess(client, new_code(), host=f"198.51.100.{n}")
    guess(client, vote.codes[0], 429, host="192.0.2.1")
    guess(client, vote.codes[0], 200, host="192.0.2.9")


def test_a_desk_of_ours_does_not_wait(client: PageClient, app: Flask, vote: Vote, short_alarm: int) -> None:
    before = list(app.extensions.get(guessing.DESKS, []))
    guessing.recognise_desks(app, lambda: request.remote_addr == "203.0.113.5")
    try:
        for _ in range(35):
            guess(client, new_code(), host="203.0.113.5")
        guess(client, vote.codes[0], 200, host="203.0.113.5")
    finally:
        app.extensions[guessing.DESKS] = before


def test_an_alarm_is_raised_once_an_hour_and_only_while_a_vote_is_open(session, vote: Vote) -> None:
    now = datetime.now(UTC)
    assert raise_alarm(now=now) is True
    assert raise_alarm(now=now + 59 * MINUTE) is False
    assert raise_alarm(now=now + 61 * MINUTE) is True
    assert len(mails(session)) == 4
    vote.close()
    assert raise_alarm(now=vote.after_closing + 120 * MINUTE) is False


def test_the_desk_shows_an_alarm_for_an_hour(client: PageClient, session, vote: Vote) -> None:
    now = datetime.now(UTC)
    client.sign_in(session.get_one(StaffMember, vote.first.staff_id))
    pages = ["/werkplek/stemmingen", *(f"/werkplek/stemmingen/{vote.voting_round.id}{p}" for p in ("", "/brieven"))]
    assert not any("die niet bestaan" in client.get(page).words for page in pages)
    raise_alarm(now=now - 61 * MINUTE)
    session.commit()
    assert not any("die niet bestaan" in client.get(page).words for page in pages)
    raise_alarm(now=now)
    session.commit()
    assert all("die niet bestaan" in client.get(page).words for page in pages)


def test_counters_know_no_address_and_no_code(client: PageClient, vote: Vote) -> None:
    code = new_code()
    guess(client, code, host="192.0.2.77")
    kept = repr(limiter.storage.__dict__)
    assert "unknown voting codes" in kept
    assert "192.0.2.77" not in kept and code not in kept
