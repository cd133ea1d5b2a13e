"""Paper ballots in the state a test needs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_officer
from wijkagenda.people.actors import Actor
from wijkagenda.voting.models import Electorate
from wijkagenda.voting.paper import entering, operations
from wijkagenda.voting.paper.models import PaperBatch
from wijkagenda.voting.paper.operations import Stub


@dataclass
class Pile:
    """A batch of a vote, the sheets that lie on it, and a third officer."""

    vote: Vote
    batch: PaperBatch
    third: Actor
    now: datetime
    sheets: list[list[int]] = field(default_factory=list)

    @property
    def secret(self) -> str:
        return self.vote.settings.secret_key

    def stub(self, code: str, actor: Actor | None = None) -> Stub:
        return operations.use_stub(
            actor=actor or self.vote.first, now=self.now, batch=self.batch, typed=code, keys=self.vote.keys
        )

    def take(self, *ballots: list[int]) -> None:
        """So many voters hand in their paper: option ids with a cross, [] for a blank one."""
        for choices in ballots:
            (code,) = self.vote.letters(1, self.batch.electorate)
            assert self.stub(code) is Stub.TAKEN
            self.sheets.append(choices)

    def fill(self, **how: object) -> None:
        given = {"sheets": len(self.sheets)} | how
        operations.fill_batch(actor=self.vote.first, now=self.now, batch=self.batch, **given)  # type: ignore[arg-type]

    def enter(self, actor: Actor, sheet: int, choices: list[int], reason: str = "") -> None:
        content = entering.content_of_sheet(self.batch, choices=choices, blank=not choices)
        entering.enter_sheet(
            actor=actor, now=self.now, batch=self.batch, sheet=sheet, content=content, secret=self.secret, reason=reason
        )

    def enter_all(self, actor: Actor, **instead: list[int]) -> None:
        """What lies there; `sheet_3=[…]` is what this person reads on sheet 3 instead."""
        for sheet, choices in enumerate(self.sheets, start=1):
            self.enter(actor, sheet, instead.get(f"sheet_{sheet}", choices))

    def into_the_box(self) -> None:
        entering.put_in_box(actor=self.vote.second, now=self.now, batch=self.batch)


def make_pile(
    session: Session,
    vote: Vote,
    now: datetime,
    electorate: Electorate = Electorate.RESIDENTS,
    *,
    third: str = "Derde Lid",
) -> Pile:
    """An empty batch that takes stubs."""
    batch = operations.open_batch(actor=vote.first, now=now, voting_round=vote.voting_round, electorate=electorate)
    return Pile(vote, batch, make_officer(session, vote.neighbourhood.area_id, now, third), now)
