"""The same on SQLite, as the demo has it: the file, its log (`-wal`) and everything that is logged at level debug."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from tests.attack.joining import NO_BETTER_THAN_CHANCE, best_guess, orders_in_files
from tests.factories.voting import FIRST_PASSPHRASE, SECOND_PASSPHRASE, make_vote
from tests.live import Installation, installation
from wijkagenda.db import db
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.ballot.check_slip import unseal
from wijkagenda.voting.box.content import content_for
from wijkagenda.voting.box.models import Ballot
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import Electorate
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.result.operations import ByPassphrase, count_round

VOTERS, OPTIONS = 50, 16


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    with installation("attack", folder=tmp_path, backend="spatialite", RATE_LIMITS_OFF="1") as made:
        made.app.config["WTF_CSRF_ENABLED"] = False
        yield made


def _files(place: Installation) -> dict[str, bytes]:
    file = Path(place.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    return {path.name: path.read_bytes() for path in file.parent.glob(f"{file.name}*")}


def _vote(place: Installation, code: str, choices: list[int]) -> str:
    """As a browser; returns the receipt."""
    client = place.app.test_client()
    page = client.post("/stem/nakijken", data={"code": code, "choices": choices}).get_data(as_text=True)
    slip = re.search(r'name="slip" value="([^"]+)"', page)
    assert slip is not None
    answer = client.post("/stem/versturen", data={"code": code, "choices": choices, "slip": slip[1]})
    assert answer.status_code == 302
    assert client.get("/stem/bewijs").status_code == 200
    return unseal(place.app.config["SETTINGS"].secret_key, slip[1]).receipt


def test_file_and_log_hold_no_ballot_before_closing_and_join_nothing_after_the_count(
    place: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    random = Random(11)
    with place.work() as session:
        settings = place.app.config["SETTINGS"]
        made = make_vote(session, settings, datetime.now(UTC), options=OPTIONS, max_choices=OPTIONS, codes=VOTERS)
        round_id, officer, options, codes = made.voting_round.id, made.first.staff_id, sorted(made.options), made.codes
        chosen: list[tuple[int, ...]] = []
        while len(chosen) < VOTERS:
            one = tuple(sorted(random.sample(options, random.randint(8, 12))))
            if one not in chosen:
                chosen.append(one)
        plain = [content_for(made.voting_round, Electorate.RESIDENTS, choices) for choices in chosen]
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="sqlalchemy"):
        receipts = [_vote(place, code, list(choices)) for code, choices in zip(codes, chosen, strict=True)]
    before = _files(place)
    assert any(name.endswith("-wal") for name in before)
    written = {", ".join(map(str, choices)).encode() for choices in chosen} | set(plain)
    assert not [one for one in written for data in before.values() if one in data]
    secrets = {text for secret in (*codes, *receipts) for text in (secret, grouped(secret))}
    secrets |= {FIRST_PASSPHRASE, SECOND_PASSPHRASE}
    assert not [one for one in secrets for data in before.values() if one.encode() in data]
    # Codes, receipts and choices are in no line of any logger either.
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "INSERT INTO sealed_ballot" in said, "the log was on"
    assert not [one for one in secrets if one in said]
    assert not [one for one in written if one.decode("latin-1") in said]

    def officer_now() -> Actor:
        return actor_of(db.session.get_one(StaffMember, officer))

    later = datetime(2099, 1, 1, tzinfo=UTC)
    with place.work():
        close_round(actor=officer_now(), now=later, voting_round=queries.voting_round_by_id(round_id))
    with place.work():
        voting_round = queries.voting_round_by_id(round_id)
        count_round(
            actor=officer_now(), now=later, voting_round=voting_round, opened_with=ByPassphrase(FIRST_PASSPHRASE)
        )
    voter_of_choices = {choices: number for number, choices in enumerate(chosen)}
    with place.look() as session:
        in_table = [voter_of_choices[tuple(choices)] for choices in session.scalars(sa.select(Ballot.choices))]
    ballots = {"in the table": in_table} | orders_in_files(_files(place), voter_of_choices)
    assert len(ballots) > 1, "the files hold the ballots now"
    right, how = best_guess({"as they came": list(range(VOTERS))}, ballots)
    assert right < NO_BETTER_THAN_CHANCE, how
