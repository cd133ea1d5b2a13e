"""What is counted: the options in the order of the lot, and the ballots as patterns with how often each was cast."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

Money = int | Fraction
"""An amount of money or a number of points: always exact, never a float."""

MOST_POINTS = 10**9


class SpoiledBallot(ValueError):
    """A ballot that should never have been taken in. `code` says why, `ballot` is its number (from 1)."""

    def __init__(self, code: str, ballot: int, option: str = "") -> None:
        self.code, self.ballot, self.option = code, ballot, option
        what = {
            "unknown-option": f"names {option!r}, which is not on the ballot paper",
            "option-twice": "names an option twice",
            "too-many": "names too many options",
            "too-few": "names too few options",
            "points": f"gives {option!r} points that are not a number from 0 on",
            "too-many-points": "gives out too many points",
        }[code]
        super().__init__(f"ballot {ballot} {what}")


class BallotType(StrEnum):
    APPROVAL = "approval"
    POINTS = "points"


@dataclass(frozen=True)
class Option:
    """One thing to choose. `cost` counts in rounds about money only."""

    id: str
    cost: Money = 1
    name: str = ""
    theme: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise ValueError("an option needs an id")
        if isinstance(self.cost, bool) or not isinstance(self.cost, int | Fraction) or self.cost < 0:
            raise ValueError(f"the cost of option {self.id!r} must be a whole number or a fraction, not below 0")


@dataclass(frozen=True)
class Profile:
    """Options in lot order (first by lot first) and the different ballots there are.

    `patterns` holds places of options, ascending; `points` the same shape, only for points; `times` how many people
    cast exactly this. Patterns stand in ascending order, so the order in which ballots came in leaves no trace.
    `lot` says where the order comes from: "drawn" (with `lot_seed`), "given", or "file" (the rows of somebody's file).
    """

    type: BallotType
    options: tuple[Option, ...]
    patterns: tuple[tuple[int, ...], ...]
    times: tuple[int, ...]
    points: tuple[tuple[Money, ...], ...] = ()
    lot: str = "given"
    lot_seed: str = ""
    votes: tuple[int, ...] = field(init=False)
    scores: tuple[Money, ...] = field(init=False)

    def __post_init__(self) -> None:
        if len({option.id for option in self.options}) != len(self.options):
            raise ValueError("two options have the same id")
        votes = [0] * len(self.options)
        scores: list[Money] = [0] * len(self.options)
        for number, pattern in enumerate(self.patterns):
            times = self.times[number]
            for place in pattern:
                votes[place] += times
            if self.points:
                for place, points in zip(pattern, self.points[number], strict=True):
                    scores[place] += points * times
        object.__setattr__(self, "votes", tuple(votes))
        object.__setattr__(self, "scores", tuple(map(plain, scores)))

    @property
    def ballots(self) -> int:
        """How many ballots there are, empty ones included."""
        return sum(self.times)

    @property
    def empty_ballots(self) -> int:
        return sum(times for pattern, times in zip(self.patterns, self.times, strict=True) if not pattern)

    def served(self, winners: Collection[str]) -> int:
        """How many ballots chose at least one of these options."""
        places = {place for place, option in enumerate(self.options) if option.id in winners}
        return sum(
            times for pattern, times in zip(self.patterns, self.times, strict=True) if not places.isdisjoint(pattern)
        )

    @property
    def support(self) -> tuple[Money, ...]:
        """What decides between options: votes, or points where points are given."""
        return self.scores if self.type is BallotType.POINTS else self.votes

    @classmethod
    def of_approvals(
        cls,
        options: Iterable[Option],
        ballots: Iterable[Sequence[str]],
        *,
        at_least: int = 0,
        at_most: int | None = None,
        lot: str = "given",
        lot_seed: str = "",
    ) -> "Profile":
        """`ballots`: ids of options each. Any iterable, read once; memory grows with different ballots only.

        Raises SpoiledBallot rather than skip one: a count must never lose a ballot in silence.
        """
        options = tuple(options)
        places = {option.id: place for place, option in enumerate(options)}
        seen: dict[tuple[str, ...], int] = {}
        found: Counter[tuple[int, ...]] = Counter()
        for number, ballot in enumerate(ballots, start=1):
            written = tuple(ballot)
            if written in seen:
                seen[written] += 1
                continue
            _check_choices(written, places, number, at_least, at_most)
            seen[written] = 1
        for written, times in seen.items():
            found[tuple(sorted([places[option] for option in written]))] += times
        patterns = sorted(found)
        times_ = tuple(found[pattern] for pattern in patterns)
        return cls(BallotType.APPROVAL, options, tuple(patterns), times_, lot=lot, lot_seed=lot_seed)

    @classmethod
    def of_points(
        cls,
        options: Iterable[Option],
        ballots: Iterable[Mapping[str, Money] | Sequence[tuple[str, Money]]],
        *,
        at_most: int | None = None,
        most_points: Money | None = None,
        lot: str = "given",
        lot_seed: str = "",
    ) -> "Profile":
        """`ballots`: points by id of an option; 0 points is the same as not naming it. See `of_approvals`."""
        options = tuple(options)
        places = {option.id: place for place, option in enumerate(options)}
        found: Counter[tuple[tuple[int, Money], ...]] = Counter()
        for number, ballot in enumerate(ballots, start=1):
            pairs = tuple(ballot.items() if isinstance(ballot, Mapping) else ballot)
            _check_choices(tuple(option for option, _ in pairs), places, number, 0, at_most)
            for option, points in pairs:
                right = isinstance(points, int | Fraction) and not isinstance(points, bool)
                if not right or not 0 <= points <= MOST_POINTS:
                    raise SpoiledBallot("points", number, option)
            if most_points is not None and sum(points for _, points in pairs) > most_points:
                raise SpoiledBallot("too-many-points", number)
            found[tuple(sorted((places[option], plain(points)) for option, points in pairs if points))] += 1
        ordered = sorted(found)
        return cls(
            BallotType.POINTS,
            options,
            tuple(tuple(place for place, _ in pattern) for pattern in ordered),
            tuple(found[pattern] for pattern in ordered),
            tuple(tuple(points for _, points in pattern) for pattern in ordered),
            lot=lot,
            lot_seed=lot_seed,
        )


def plain(value: Money) -> Money:
    """A whole number as an int, everything else as a Fraction."""
    return int(value) if value.denominator == 1 else Fraction(value)


def _check_choices(
    written: tuple[str, ...], places: Mapping[str, int], number: int, at_least: int, at_most: int | None
) -> None:
    if len(set(written)) != len(written):
        raise SpoiledBallot("option-twice", number)
    if len(written) < at_least:
        raise SpoiledBallot("too-few", number)
    if at_most is not None and len(written) > at_most:
        raise SpoiledBallot("too-many", number)
    for option in written:
        if option not in places:
            raise SpoiledBallot("unknown-option", number, option)
