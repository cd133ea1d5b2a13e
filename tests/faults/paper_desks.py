"""Desks that take paper: stubs, piles, typing over by two others, into the box; with a database that dies under them.

They use the operations, as the pages of the desk do, and do what people do: when something broke they look how it
stands, and do it again if it was not done.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.live import Installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.codes import round_keys
from wijkagenda.voting.models import Electorate, VotingRound
from wijkagenda.voting.paper import entering, operations
from wijkagenda.voting.paper.models import PaperBatch, PaperState
from wijkagenda.voting.paper.operations import Stub

PATIENCE_SECONDS = 120
Result = TypeVar("Result")


@dataclass
class Sheet:
    """A voter on paper. `stub`: what became of the code."""

    code: str
    choices: list[int]
    stub: Stub | None = None


@dataclass
class Desk:
    """One desk with its officers: the first takes stubs, all type over."""

    place: Installation
    voting_round_id: int
    officers: list[int]
    answers: Counter[str] = field(default_factory=Counter)

    def take(self, pile: list[Sheet]) -> None:
        """A whole pile, from the first stub until it is in the box."""
        batch_id = self._again_until_done(self._open)
        for sheet in pile:
            self._stub(batch_id, sheet)
        on_pile = [sheet for sheet in pile if sheet.stub is Stub.TAKEN]
        if not on_pile:
            return
        self._step(batch_id, {PaperState.FULL}, lambda batch: self._fill(batch, len(on_pile)))
        for officer in self.officers[1:3]:
            for number, sheet in enumerate(on_pile, start=1):
                self._type_over(batch_id, officer, number, sheet)
        self._step(batch_id, {PaperState.IN_BOX}, self._put_in_box)

    def _open(self) -> int:
        voting_round = db.session.get_one(VotingRound, self.voting_round_id)
        batch = operations.open_batch(
            actor=self._actor(0), now=datetime.now(UTC), voting_round=voting_round, electorate=Electorate.RESIDENTS
        )
        return batch.id

    def _stub(self, batch_id: int, sheet: Sheet) -> None:
        """TYPED_BEFORE after a break is our own stub: the commit came through and its answer did not."""
        before = self.answers["desk tried again"]

        def use() -> Stub:
            return operations.use_stub(
                actor=self._actor(0),
                now=datetime.now(UTC),
                batch=db.session.get_one(PaperBatch, batch_id),
                typed=sheet.code,
                keys=round_keys(self.place.app.config["SETTINGS"]),
            )

        stub = self._again_until_done(use)
        broke = self.answers["desk tried again"] > before
        sheet.stub = Stub.TAKEN if stub is Stub.TYPED_BEFORE and broke else stub
        self.answers[f"stub {sheet.stub.value}"] += 1

    def _fill(self, batch: PaperBatch, sheets: int) -> None:
        operations.fill_batch(actor=self._actor(0), now=datetime.now(UTC), batch=batch, sheets=sheets)

    def _put_in_box(self, batch: PaperBatch) -> None:
        entering.put_in_box(actor=self._actor(1), now=datetime.now(UTC), batch=batch)

    def _type_over(self, batch_id: int, officer: int, number: int, sheet: Sheet) -> None:
        def enter() -> None:
            batch = db.session.get_one(PaperBatch, batch_id)
            entering.enter_sheet(
                actor=actor_of(db.session.get_one(StaffMember, officer)),
                now=datetime.now(UTC),
                batch=batch,
                sheet=number,
                content=entering.content_of_sheet(batch, choices=sheet.choices),
                secret=self.place.app.config["SETTINGS"].secret_key,
            )

        before = self.answers["desk tried again"]
        try:
            self._again_until_done(enter)
        except Conflict:
            # The last sheet: it was in, and then nothing of the pile may change any more.
            if self.answers["desk tried again"] == before:
                raise

    def _step(self, batch_id: int, done: set[PaperState], step: Callable[[PaperBatch], None]) -> None:
        def unless_done() -> None:
            batch = db.session.get_one(PaperBatch, batch_id)
            if batch.state not in done:
                step(batch)

        self._again_until_done(unless_done)

    def _actor(self, number: int) -> Actor:
        return actor_of(db.session.get_one(StaffMember, self.officers[number]))

    def _again_until_done(self, work: Callable[[], Result]) -> Result:
        return again_until_done(self.place, work, self.answers)


def again_until_done(place: Installation, work: Callable[[], Result], answers: Counter[str]) -> Result:
    """`work` as one unit; once more whenever the database broke off."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with place.app.app_context(), unit_of_work():
                return work()
        except DBAPIError as error:
            if time.monotonic() > until or not _broke_off(error):
                raise
            answers["desk tried again"] += 1
            time.sleep(0.2)


def _broke_off(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError)


def make_sheets(codes: list[str], options: list[int], random: Random) -> list[Sheet]:
    return [Sheet(code, sorted(random.sample(options, random.randint(1, 3)))) for code in codes]
