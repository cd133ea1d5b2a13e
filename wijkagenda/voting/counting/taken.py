"""What a rule hands over to be written down: options taken, step by step, and reasons for those that were not."""

from dataclasses import dataclass, field

from wijkagenda.voting.counting.outcome import Note, Payers, Reason, Totals
from wijkagenda.voting.counting.profile import Money


@dataclass(frozen=True)
class Taken:
    """One option taken, options by their place in the lot order; see `outcome.Step`."""

    place: int
    phase: str
    left: Money | None
    equal: tuple[int, ...] = ()
    passed_over: tuple[int, ...] = ()
    reserved_for: str = ""
    rho: Money | None = None
    paid_each: Money | None = None
    time: Money | None = None
    payers: tuple[Payers, ...] = ()


@dataclass
class Counted:
    """The work of one rule. `lost`: by place, why an option that somebody chose was not taken."""

    totals: Totals
    taken: list[Taken] = field(default_factory=list)
    lost: dict[int, Reason] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def places(self) -> set[int]:
        return {taken.place for taken in self.taken}
