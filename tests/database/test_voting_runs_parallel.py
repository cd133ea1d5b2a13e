"""Letters are being made when their vote closes or is taken away, and two people fetch at once: with real commits."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.database.test_voting_letters import STREET
from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_vote
from tests.live import Installation, installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.count_sheet.queries import sheet_of
from wijkagenda.voting.letters import operations
from wijkagenda.voting.letters import run as letter_run
from wijkagenda.voting.letters.addresses import Window, keep_addresses
from wijkagenda.voting.letters.run import addresses_file, letters_file, make_letters
from wijkagenda.voting.models import CodeBatch, CodeBatchState, Electorate, VotingCode, VotingRound
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.rehearsal.operations import remove_rehearsal
from wijkagenda.voting.result.operations import ByPassphrase, count_round

MOMENT = datetime.now(UTC)
LETTERS = 40
USED = 4


@pytest.fixture
def place(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    monkeypatch.setattr(letter_run, "LETTERS_PER_PART", 2)
    name = re.sub(r"\W+", "_", request.node.name)[-40:].strip("_").lower()
    with installation(f"runs_{name}", folder=tmp_path, backend=backend, RATE_LIMITS_OFF="1") as made:
        yield made


def vote_with_letters(place: Installation, **rules: object) -> tuple[Vote, int]:
    """A vote with some used codes, and a run of letters to addresses that waits; what the worker would find."""
    settings = place.app.config["SETTINGS"]
    with place.work() as session:
        vote = make_vote(session, settings, MOMENT, codes=USED, **rules)  # type: ignore[arg-type]
        for code in vote.codes:
            vote.cast(code, vote.options[0], now=MOMENT)
        batch = operations.ask_letters(
            actor=vote.first,
            now=MOMENT,
            voting_round=vote.voting_round,
            electorate=Electorate.RESIDENTS,
            size=LETTERS,
            addressed=True,
        )
        # Not handed to the queue: the test makes them when it is ready.
        session.info["after_commit"].clear()
        keep_addresses(addresses_file(settings, batch.id), STREET * (LETTERS // len(STREET)), Window.LEFT)
        return vote, batch.id


def officer(vote: Vote) -> Actor:
    return actor_of(db.session.get_one(StaffMember, vote.first.staff_id))


@contextmanager
def halfway(place: Installation, batch_id: int) -> Iterator[None]:
    """Inside it the worker has made some of the letters; afterwards it is done, without an error."""

    def work() -> None:
        with place.app.app_context():
            make_letters()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        for _turn in range(1200):
            with place.look() as session:
                printed = session.get_one(CodeBatch, batch_id).printed
            if printed >= 4 or working.done():
                break
            time.sleep(0.05)
        assert 4 <= printed < LETTERS
        yield
        working.result(120)


def left_in_the_folder(place: Installation) -> set[str]:
    return {path.name for path in place.app.config["SETTINGS"].letters_folder.iterdir()} - {"lock"}


def test_a_run_ends_with_its_vote_and_the_count_stays_as_it_was(place: Installation) -> None:
    vote, batch_id = vote_with_letters(place)
    with halfway(place, batch_id), place.work() as session:
        voting_round = session.get_one(VotingRound, vote.voting_round.id)
        close_round(actor=officer(vote), now=vote.after_closing, voting_round=voting_round)
    with place.work() as session:
        voting_round = session.get_one(VotingRound, vote.voting_round.id)
        tally = count_round(
            actor=officer(vote),
            now=vote.after_closing,
            voting_round=voting_round,
            opened_with=ByPassphrase(FIRST_PASSPHRASE),
        )
        assert tally.codes_issued == USED
    with place.look() as session:
        batch = session.get_one(CodeBatch, batch_id)
        assert (batch.state, batch.made, batch.ready_at) == (CodeBatchState.GONE, 0, None)
        assert sheet_of(session.get_one(VotingRound, vote.voting_round.id)).total.made == USED
    assert left_in_the_folder(place) == set()


def test_a_rehearsal_that_is_cleared_away_takes_a_run_along_and_others_go_on(place: Installation) -> None:
    vote, batch_id = vote_with_letters(place, rehearsal=True)
    with place.work() as session:
        other = make_vote(session, vote.settings, MOMENT, name="Dijkzicht", column=2)
        behind = operations.ask_letters(
            actor=other.first, now=MOMENT, voting_round=other.voting_round, electorate=Electorate.RESIDENTS, size=1
        ).id
        session.info["after_commit"].clear()
    with halfway(place, batch_id), place.work() as session:
        voting_round = session.get_one(VotingRound, vote.voting_round.id)
        remove_rehearsal(actor=officer(vote), now=MOMENT, voting_round=voting_round)
    with place.look() as session:
        assert session.get(CodeBatch, batch_id) is None
        assert session.scalars(sa.select(VotingCode.batch_id)).all() == [behind]
        assert session.get_one(CodeBatch, behind).state is CodeBatchState.READY
    assert left_in_the_folder(place) == {letters_file(vote.settings, behind).name}


def test_of_two_who_fetch_at_once_one_gets_the_letters(place: Installation) -> None:
    vote, batch_id = vote_with_letters(place)
    with place.work() as session:
        operations.mark_ready(batch=session.get_one(CodeBatch, batch_id), now=MOMENT)
    both = Barrier(2)

    def fetch(_number: int) -> str:
        with place.app.app_context():
            both.wait(30)
            try:
                with unit_of_work() as session:
                    operations.begin_fetching(
                        actor=officer(vote), now=MOMENT, batch=session.get_one(CodeBatch, batch_id)
                    )
            except Conflict as refused:
                return str(refused)
            return "begun"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(fetch, range(2)))
    assert outcomes == [operations.BEING_FETCHED, "begun"]
