"""Keys on the desk: joining, the recovery sheet, trial ballots, handing on; and nothing secret ever comes back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import FIRST_PASSPHRASE, SECOND_PASSPHRASE, Vote, make_officer, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.destroying import destroy_keys
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.box.passphrases import WORDS, fresh_passphrase
from wijkagenda.voting.box.sealing import check_passphrase
from wijkagenda.voting.models import VotingState

MINE = "zeven groene fietsen bij de molen"
YOURS = "acht gele stoelen naast de kachel"


@pytest.fixture
def draft(session: Session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), opened=False)


@pytest.fixture
def running(session: Session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=3)


def officer(session: Session, vote: Vote, which: str = "first") -> StaffMember:
    return session.get_one(StaffMember, getattr(vote, which).staff_id)


def here(vote: Vote, rest: str = "/sleutels") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}{rest}"


def do(client: PageClient, vote: Vote, step: str, data: dict[str, str], status: int = 302) -> Page:
    """Send one step of the list, as its own form on the page would."""
    page = client.get(here(vote))
    form = page.soup.select_one(f"form:has(input[name=step][value={step}])")
    assert form is not None, f"the page offers no step {step}"
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    return client.post(str(form["action"]), sent | data, status=status)


def join(client: PageClient, vote: Vote, passphrase: str, **more: str) -> Page:
    return do(client, vote, "join", {"passphrase": passphrase, "again": passphrase} | more)


def code_on(sheet: Page) -> str:
    return " ".join(tag.text for tag in sheet.soup.select(".wa-keep .wa-code"))


def make_sheet(client: PageClient, vote: Vote, **more: str) -> str:
    return code_on(do(client, vote, "make", more, status=200))


def test_two_officers_lock_the_box_and_open_the_vote(client: PageClient, session: Session, draft: Vote) -> None:
    first, second = officer(session, draft), officer(session, draft, "second")
    client.sign_in(first)
    assert "Doe eerst wat hier staat." in client.get(here(draft, "/klaarzetten")).words
    join(client, draft, MINE)
    client.sign_out().sign_in(second)
    join(client, draft, YOURS)
    sheet = do(client, draft, "make", {}, status=200)
    assert sheet.response.headers["Cache-Control"] == "no-store"
    code = code_on(sheet)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4} +){6}[0-9A-HJKMNP-TV-Z]{4}", code)
    do(client, draft, "prove", {"own_passphrase": YOURS.upper()})
    do(client, draft, "recovery", {"recovery": code.lower()})
    assert "Doe eerst wat hier staat." in client.get(here(draft, "/klaarzetten")).words
    client.sign_out().sign_in(first)
    do(client, draft, "prove", {"own_passphrase": MINE})
    page = client.get(here(draft))
    assert page.words.count("Nog doen") == 1
    assert "Tweede Lid Molenwijk" in page.words
    client.submit(here(draft, "/klaarzetten"), {"sure": "y"})
    session.expire_all()
    assert draft.voting_round.state is VotingState.OPEN


def test_the_recovery_sheet_is_shown_once_also_when_the_form_is_sent_again(
    client: PageClient, session: Session, draft: Vote
) -> None:
    client.sign_in(officer(session, draft))
    join(client, draft, MINE)
    keys.join(actor=draft.second, now=datetime.now(UTC), voting_round=draft.voting_round, passphrase=YOURS, again=YOURS)
    page = client.get(here(draft))
    form = page.soup.select_one("form:has(input[value=make])")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    code = code_on(client.post(here(draft), sent, status=200))
    for more in ({}, {"anew_key": "y"}):
        again = client.post(here(draft), sent | more, status=422)
        assert not again.soup.select(".wa-code")
    do(client, draft, "recovery", {"recovery": code})
    # Making it anew is a choice of its own, and then the old sheet is worth nothing.
    do(client, draft, "make", {}, status=422)
    newer = make_sheet(client, draft, anew_key="y")
    assert newer != code
    do(client, draft, "recovery", {"recovery": code}, status=422)
    do(client, draft, "recovery", {"recovery": newer})


def test_who_takes_another_passphrase_must_know_that_the_key_is_made_anew(
    client: PageClient, session: Session, draft: Vote
) -> None:
    draft.make_keys()
    client.sign_in(officer(session, draft))
    page = do(client, draft, "join", {"passphrase": MINE, "again": MINE}, status=422)
    assert "de sleutel wordt dan opnieuw gemaakt" in page.words
    session.expire_all()
    assert draft.voting_round.public_key is not None
    join(client, draft, MINE, anew="y")
    session.expire_all()
    assert draft.voting_round.public_key is None


def test_a_holder_is_taken_out_and_replaced(client: PageClient, session: Session, draft: Vote) -> None:
    draft.make_keys()
    third = make_officer(session, draft.neighbourhood.area_id, draft.opened_at, "Derde Lid")
    gone = keys.holders_of(draft.voting_round.id)[1]
    assert gone.staff_member_id == draft.second.staff_id
    leave = here(draft, f"/sleutels/{gone.id}/weghalen")
    client.sign_in(officer(session, draft))
    client.submit(leave, {}, status=422)
    client.submit(leave, {"sure": "y"})
    client.get(leave, status=404)
    client.sign_out().sign_in(session.get_one(StaffMember, third.staff_id))
    join(client, draft, YOURS)
    make_sheet(client, draft)
    assert len(keys.holders_of(draft.voting_round.id)) == 3


def test_a_newcomer_gets_the_key_while_people_vote(client: PageClient, session: Session, running: Vote) -> None:
    third = make_officer(session, running.neighbourhood.area_id, running.opened_at, "Derde Lid")
    client.sign_in(session.get_one(StaffMember, third.staff_id))
    join(client, running, YOURS)
    page = client.get(here(running))
    assert "wacht op de sleutel" in page.words
    newcomer = session.scalars(sa.select(KeyHolder).where(KeyHolder.staff_member_id == third.staff_id)).one()
    grant = here(running, f"/sleutels/{newcomer.id}/toelaten")
    # Nobody lets themselves in.
    client.submit(grant, {"passphrase": YOURS}, status=422)
    client.sign_out().sign_in(officer(session, running))
    wrong = client.submit(grant, {"passphrase": SECOND_PASSPHRASE}, status=422)
    assert "gaat de stembus niet open" in wrong.words
    client.submit(grant, {"passphrase": FIRST_PASSPHRASE})
    client.sign_out().sign_in(session.get_one(StaffMember, third.staff_id))
    do(client, running, "prove", {"own_passphrase": YOURS})
    assert "Derde Lid" in client.get(here(running)).words


@pytest.mark.parametrize(
    ("passphrase", "again", "words"),
    [
        ("kort", "kort", "Maak uw wachtzin langer"),
        ("a" * 30, "a" * 30, "Maak uw wachtzin langer"),
        (MINE, YOURS, "niet gelijk"),
        ("", "", "Typ een wachtzin."),
        (MINE, "", "nog een keer"),
        ("x1y2z3 " * 60, "x1y2z3 " * 60, "te lang"),
    ],
)
def test_a_wrong_passphrase_is_told_and_never_comes_back(
    client: PageClient, session: Session, draft: Vote, passphrase: str, again: str, words: str
) -> None:
    client.sign_in(officer(session, draft))
    page = do(client, draft, "join", {"passphrase": passphrase, "again": again}, status=422)
    assert words in page.words
    for field in page.soup.select("input[type=password], input[type=text]"):
        assert not field.get("value")
    if passphrase:
        assert passphrase.strip() not in page.text or passphrase == "kort"


@pytest.mark.parametrize("visible", ["", "?zichtbaar=1"])
def test_nothing_secret_comes_back_or_stays_behind(
    client: PageClient, session: Session, draft: Vote, caplog: pytest.LogCaptureFixture, visible: str
) -> None:
    caplog.set_level("DEBUG")
    draft.make_keys()
    wrong, typo = "een heel andere wachtzin dan eerst", "ABCD EFGH JKMN PQRS TVWX YZ01 2345"
    client.sign_in(officer(session, draft))
    client.get(here(draft) + visible)
    for holder in keys.holders_of(draft.voting_round.id):
        holder.proved_at = None
    session.commit()
    form = client.get(here(draft) + visible)
    token = str(form.soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    pages = [
        client.post(here(draft) + visible, {"csrf_token": token, "step": step} | data, status=422)
        for step, data in (
            ("join", {"passphrase": wrong, "again": MINE, "anew": "y"}),
            ("prove", {"own_passphrase": wrong}),
            ("recovery", {"recovery": typo}),
            ("recovery", {"recovery": draft.recovery[:-1] + "0"}),
        )
    ]
    for page in pages:
        for secret in (wrong, typo, MINE, draft.recovery, FIRST_PASSPHRASE):
            assert secret not in page.text
    told = " ".join(str(entry.detail) for entry in session.scalars(sa.select(AuditEntry)))
    for secret in (wrong, typo, draft.recovery, FIRST_PASSPHRASE, SECOND_PASSPHRASE):
        assert secret not in told
        assert secret not in caplog.text


def test_one_can_choose_to_see_what_one_types_without_script(client: PageClient, session, draft: Vote) -> None:
    client.sign_in(officer(session, draft))
    hidden = client.get(here(draft))
    assert hidden.soup.select_one("#passphrase[type=password]")
    shown = client.get(here(draft) + "?zichtbaar=1")
    assert shown.soup.select_one("#passphrase[type=text]")
    # The choice holds when something was wrong.
    form = shown.soup.select_one("form:has(input[value=join])")
    assert form is not None and form["action"] == here(draft) + "?zichtbaar=1"


def test_who_guesses_passphrases_must_wait(client: PageClient, session: Session, draft: Vote, limits) -> None:
    draft.make_keys()
    for holder in keys.holders_of(draft.voting_round.id):
        holder.proved_at = None
    client.sign_in(officer(session, draft))
    for _turn in range(10):
        wrong = do(client, draft, "prove", {"own_passphrase": "dit is echt een andere zin"}, status=422)
        assert "te vaak" not in wrong.words
    # The right one does not get through either now, and that is told kindly.
    refused = do(client, draft, "prove", {"own_passphrase": FIRST_PASSPHRASE}, status=422)
    assert "Wacht 10 minuten" in refused.words
    client.sign_out().sign_in(officer(session, draft, "second"))
    do(client, draft, "prove", {"own_passphrase": SECOND_PASSPHRASE})


def test_whose_plan_it_is_comes_nowhere_near_the_keys(
    client: PageClient, session: Session, staff, running: Vote
) -> None:
    holder = keys.holders_of(running.voting_round.id)[0]
    paths = [
        "/sleutels",
        f"/sleutels/{holder.id}/weghalen",
        f"/sleutels/{holder.id}/toelaten",
        "/klaarzetten",
        "/sluiten",
        "/tellen",
        "/bekendmaken",
        "/oefening",
        "/oefencodes",
        "/opruimen",
    ]
    area = running.neighbourhood.area_id
    both = staff(Role.VOTING_OFFICER, area)
    grant_role(actor=SYSTEM, now=running.opened_at, member=both, role=Role.AREA_TEAM, area_id=area)
    strangers = [both, *(staff(role, area) for role in Role if role is not Role.VOTING_OFFICER)]
    for member in strangers:
        client.sign_out().sign_in(member)
        for path in paths:
            client.get(here(running, path), status=403)
            client.post(here(running, path), {"sure": "y", "step": "make"}, status=None)
    client.sign_out()
    for path in paths:
        client.get(here(running, path), status=302)
    session.expire_all()
    assert running.voting_round.state is VotingState.OPEN


def test_an_officer_without_a_key_and_a_step_nobody_knows(client: PageClient, session: Session, running: Vote) -> None:
    third = make_officer(session, running.neighbourhood.area_id, running.opened_at, "Derde Lid")
    client.sign_in(session.get_one(StaffMember, third.staff_id))
    token = str(client.get(here(running)).soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    for step in ("", "open", "leave"):
        client.post(here(running), {"csrf_token": token, "step": step}, status=404)
    client.post(here(running), {"csrf_token": token, "step": "make", "instead_of": ""}, status=422)
    client.post(here(running), {"csrf_token": token, "step": "prove", "own_passphrase": MINE}, status=422)
    client.get(here(running, "/sleutels/987654/toelaten"), status=404)


def test_after_the_complaint_term_the_page_says_that_the_keys_are_gone(
    client: PageClient, session: Session, app: Flask
) -> None:
    moment = datetime.now(UTC) - timedelta(days=90)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=1, closes_at=moment + timedelta(days=1))
    vote.finish()
    over = vote.voting_round.complaints_until
    assert over is not None
    assert destroy_keys(now=datetime.now(UTC), today=over) == 0
    assert destroy_keys(now=datetime.now(UTC), today=over + timedelta(days=1)) == 1
    assert destroy_keys(now=datetime.now(UTC), today=over + timedelta(days=1)) == 0
    client.sign_in(officer(session, vote))
    page = client.get(here(vote))
    assert "De sleutels zijn vernietigd." in page.words
    assert page.soup.select("input[type=password]") == []
    for holder in keys.holders_of(vote.voting_round.id):
        assert (holder.wrapped, holder.round_key) == (None, None)


def test_the_offered_passphrase_is_strong_and_new_each_time() -> None:
    assert len(set(WORDS)) == len(WORDS) == 256
    offered = {fresh_passphrase() for _turn in range(200)}
    assert len(offered) == 200
    for passphrase in offered:
        check_passphrase(passphrase, passphrase)
