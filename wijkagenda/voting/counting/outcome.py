"""What a count answers: winners, and for every option and step why, as codes with figures. Readable as JSON.

Figures are exact. Only a fraction whose denominator has more than 24 digits is rounded, to 24 decimals, when it is
written into an outcome; nothing is ever decided by a rounded figure. In JSON a fraction is a string "7/3".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from wijkagenda.voting.counting.profile import Money, plain
from wijkagenda.voting.counting.terms import Reserve, Terms

VERSION = 1
DECIMALS = 10**24
WORDS = frozenset({"option", "instead", "theme", "decided_by", "phase", "rule", "lot", "seed"})
"""Figures with these names are words; all others are numbers."""


def figure(value: Money) -> Money:
    """A number as it is written down: exact, or right to 24 decimals where its denominator is longer than that."""
    return plain(value if value.denominator <= DECIMALS else Fraction(round(value * DECIMALS), DECIMALS))


@dataclass(frozen=True)
class Payers:
    """People who paid alike for one option: `people`, `each` an amount (0 when amounts differ), `total` together.

    `points` is what each of them gave the option; `all_they_had`: these were short and paid what they had left.
    """

    people: int
    each: Money
    total: Money
    points: Money = 1
    all_they_had: bool = False


@dataclass(frozen=True)
class Step:
    """One option taken. `phase`: votes, points, greedy, equal-shares, phragmen or top-up.

    `left`: money left of the real budget afterwards; in rounds for seats the seats left. `rho`: the largest payment
    per point divided by the cost. `time`: when the supporters had earned a whole seat together (Phragmén).
    `reserved_for`: the theme whose reserve this place filled. `passed_over`: options that would have been next, but
    the places left were needed for reserves.
    """

    number: int
    option: str
    phase: str
    cost: Money
    support: Money
    left: Money | None
    rho: Money | None = None
    paid_each: Money | None = None
    time: Money | None = None
    payers: tuple[Payers, ...] = ()
    reserved_for: str = ""
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """Options that were equal when `step` was taken, and what put `first` first: cost, votes, points or lot."""

    step: int
    among: tuple[str, ...]
    first: str
    decided_by: str


@dataclass(frozen=True)
class Reason:
    """Why an option is among the winners or not; the codes stand in docs/counting.md."""

    code: str
    figures: Mapping[str, Money | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One option with its plain counts and its reason. `place` is its place among the winners, from 1."""

    option: str
    name: str
    theme: str
    cost: Money
    votes: int
    points: Money
    place: int | None
    reason: Reason


@dataclass(frozen=True)
class Totals:
    """`first_share` and `final_share`: money per ballot at the beginning, and after `raises` raises of Add1.

    `stopped`: why Add1 raised no further: "over-budget" (the next raise would have cost `next_cost`) or "all-bought".
    `engine`: "exact" or "swift"; `decided_exactly`: how often swift asked for fractions.
    """

    ballots: int
    empty_ballots: int
    seats: int | None = None
    budget: Money | None = None
    spent: Money | None = None
    left: Money | None = None
    first_share: Money | None = None
    final_share: Money | None = None
    raises: int | None = None
    stopped: str = ""
    next_cost: Money | None = None
    engine: str = ""
    decided_exactly: int = 0


@dataclass(frozen=True)
class Note:
    """Something to know about the whole: "reserve-lapsed", "seats-left-empty", "lot-is-file-order", …"""

    code: str
    figures: Mapping[str, Money | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """`winners` in order of election, `lines` of all options in lot order."""

    terms: Terms
    winners: tuple[str, ...]
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    ties: tuple[Tie, ...]
    totals: Totals
    notes: tuple[Note, ...] = ()

    def line(self, option: str) -> Line:
        return next(line for line in self.lines if line.option == option)

    def as_json(self) -> dict[str, Any]:
        """Numbers, strings, lists and objects only, with stable keys; `from_json` makes the same outcome of it."""
        return {"version": VERSION} | _written(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outcome":
        if data.get("version") != VERSION:
            raise ValueError("this outcome was written by another version")
        terms = data["terms"]
        return cls(
            terms=Terms(
                rule=terms["rule"],
                seats=terms["seats"],
                budget=_number(terms["budget"]),
                reserved=tuple(Reserve(**reserve) for reserve in terms["reserved"]),
                money_unit=_number(terms["money_unit"]),
            ),
            winners=tuple(data["winners"]),
            steps=tuple(_step(step) for step in data["steps"]),
            lines=tuple(
                Line(**_numbers(line, "cost", "points") | {"reason": _reason(line["reason"])}) for line in data["lines"]
            ),
            ties=tuple(Tie(**tie | {"among": tuple(tie["among"])}) for tie in data["ties"]),
            totals=Totals(**_numbers(data["totals"], *_TOTALS)),
            notes=tuple(Note(note["code"], _figures(note["figures"])) for note in data["notes"]),
        )


_TOTALS = ("budget", "spent", "left", "first_share", "final_share", "next_cost")


def _written(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else value.numerator
    if isinstance(value, Mapping):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_written(inner) for inner in value]
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: _written(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _number(value: Any) -> Any:
    return plain(Fraction(value)) if isinstance(value, str) else value


def _numbers(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: _number(value) if key in names else value for key, value in data.items()}


def _figures(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if key in WORDS else _number(value) for key, value in data.items()}


def _reason(data: Mapping[str, Any]) -> Reason:
    return Reason(data["code"], _figures(data["figures"]))


def _step(data: Mapping[str, Any]) -> Step:
    numbers = _numbers(data, "cost", "support", "left", "rho", "paid_each", "time")
    payers = tuple(Payers(**_numbers(payer, "each", "total", "points")) for payer in data["payers"])
    return Step(**numbers | {"payers": payers, "passed_over": tuple(data["passed_over"])})
