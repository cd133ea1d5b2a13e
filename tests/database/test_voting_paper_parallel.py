"""One code on paper and on line at the same instant, with real commits: exactly one of them counts."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from tests.factories.paper import make_pile
from tests.factories.voting import make_vote
from tests.live import Installation, installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import new_receipt, round_keys
from wijkagenda.voting.models import Channel, CodeState, VotingCode
from wijkagenda.voting.paper import operations
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.paper.operations import Stub

CODES = 24


@pytest.fixture
def place(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    name = re.sub(r"\W+", "_", request.node.name)[-40:].strip("_").lower()
    with installation(f"paper_{name}", folder=tmp_path, backend=backend, RATE_LIMITS_OFF="1") as made:
        yield made


def test_of_paper_and_screen_at_once_exactly_one_counts(place: Installation) -> None:
    settings, moment = place.app.config["SETTINGS"], datetime.now(UTC)
    with place.work() as session:
        vote = make_vote(session, settings, moment, codes=CODES)
        pile = make_pile(session, vote, moment)
        batch_id, officer, option, codes = pile.batch.id, vote.first.staff_id, vote.options[0], list(vote.codes)
        round_id = vote.voting_round.id

    def on_paper(code: str, both: Barrier) -> object:
        with place.app.app_context():
            actor = actor_of(db.session.get_one(StaffMember, officer))
            both.wait(30)
            with unit_of_work():
                batch = db.session.get_one(PaperBatch, batch_id)
                return operations.use_stub(
                    actor=actor, now=datetime.now(UTC), batch=batch, typed=code, keys=round_keys(settings)
                )

    def on_line(code: str, both: Barrier) -> object:
        with place.app.app_context():
            both.wait(30)
            try:
                with unit_of_work():
                    cast_ballot(
                        keys=round_keys(settings),
                        code=code,
                        choices=[option],
                        receipt=new_receipt(),
                        now=datetime.now(UTC),
                        voting_round_id=round_id,
                    )
            except Conflict:
                return "too late"
            return "in"

    outcomes: Counter[tuple[object, object]] = Counter()
    with ThreadPoolExecutor(8) as pool:
        for code in codes:
            both = Barrier(2)
            first = pool.submit(on_paper, code, both)
            second = pool.submit(on_line, code, both)
            outcomes[first.result(60), second.result(60)] += 1
    assert set(outcomes) <= {(Stub.TAKEN, "too late"), (Stub.USED_BEFORE, "in")}
    assert outcomes.total() == CODES
    paper, screen = outcomes[Stub.TAKEN, "too late"], outcomes[Stub.USED_BEFORE, "in"]
    with place.look() as session:
        batch = session.get_one(PaperBatch, batch_id)
        assert (batch.stubs, batch.used_before) == (paper, screen)
        used = Counter(code.channel for code in session.query(VotingCode).filter_by(state=CodeState.USED))
        assert used == Counter({Channel.PAPER: paper, Channel.ONLINE: screen})
        assert session.query(SealedBallot).count() == session.query(Receipt).count() == screen


def test_two_desks_at_one_pile_lose_no_stub(place: Installation) -> None:
    settings, moment = place.app.config["SETTINGS"], datetime.now(UTC)
    with place.work() as session:
        vote = make_vote(session, settings, moment, codes=CODES)
        pile = make_pile(session, vote, moment)
        batch_id, officers, codes = pile.batch.id, [vote.first.staff_id, vote.second.staff_id], list(vote.codes)

    def type_it(numbered: tuple[int, str]) -> object:
        with place.app.app_context():
            actor = actor_of(db.session.get_one(StaffMember, officers[numbered[0] % 2]))
            with unit_of_work():
                batch = db.session.get_one(PaperBatch, batch_id)
                return operations.use_stub(
                    actor=actor, now=datetime.now(UTC), batch=batch, typed=numbered[1], keys=round_keys(settings)
                )

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(type_it, enumerate([*codes, *codes])))
    assert outcomes == {Stub.TAKEN: CODES, Stub.TYPED_BEFORE: CODES}
    with place.look() as session:
        batch = session.get_one(PaperBatch, batch_id)
        assert (batch.stubs, batch.used_before, sorted(batch.taken_by)) == (CODES, 0, sorted(officers))
