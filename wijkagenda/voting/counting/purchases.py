"""Equal Shares as a game of buying: what both engines work on, and the loop that is the same for both.

Money is in whole numbers here: costs, budget and points are multiplied by the least number that makes them whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Protocol

from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.counting.reserved import Places
from wijkagenda.voting.counting.ties import TieOrder


@dataclass(frozen=True)
class Payment:
    """What was paid for one option. `paid_each`: per point, by everyone who could; `full`: people by their points."""

    rho: Fraction
    paid_each: Fraction
    full: dict[int, int]
    short_people: int
    short_total: Fraction


@dataclass(frozen=True)
class Purchase:
    """One option bought; `equal`: places with exactly the same rho; `lost`: those of them that it made impossible."""

    place: int
    payment: Payment | None
    equal: tuple[int, ...]
    lost: tuple[int, ...]
    passed_over: tuple[int, ...]


class Case:
    """A profile prepared for buying, in whole money and whole points. Shared by all runs of Add1."""

    def __init__(self, profile: Profile, costs: Sequence[Money], *other_amounts: Money) -> None:
        self.profile = profile
        self.times = profile.times
        self.money_scale = lcm(*(amount.denominator for amount in (*costs, *other_amounts)))
        self.costs = [int(cost * self.money_scale) for cost in costs]
        self.point_scale = lcm(*{points.denominator for row in profile.points for points in row})
        self.weights = [int(support * self.point_scale) for support in profile.support]
        """By place of an option: the points of all supporters together (one each where ballots are approvals)."""

    @cached_property
    def supporters(self) -> list[list[tuple[int, int]]]:
        """By place of an option: (pattern, points) of everyone who supports it."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.costs]
        for number, pattern in enumerate(self.profile.patterns):
            for position, place in enumerate(pattern):
                found[place].append((number, self.points(number, position)))
        return found

    def points(self, number: int, position: int) -> int:
        """What pattern `number` gives to the option at this position of it."""
        return int(self.profile.points[number][position] * self.point_scale) if self.profile.points else 1

    def people(self, place: int) -> int:
        return self.profile.votes[place]


class Engine(Protocol):
    """One run: everyone's money, and the options that can still be bought."""

    decided_exactly: int
    somebody_short: bool
    """Whether anybody ever paid all they had instead of the common amount."""

    def cheapest(self) -> list[int]:
        """Places of all options with the lowest rho, exactly; none when nothing can be afforded."""
        ...

    def drop(self, place: int) -> None: ...

    def buy(self, place: int) -> None: ...

    def money(self, place: int) -> Fraction:
        """What the supporters of an option have left together, exactly."""
        ...

    def payments(self) -> list[Payment]:
        """What was paid, exactly, in the order of buying."""
        ...

    def balances(self) -> tuple[list[int], int]:
        """What everyone has left: by pattern whole numbers, and what to divide them by."""
        ...

    def people_who_paid(self, place: int, bought: list[int]) -> int:
        """Of the people who support an option: how many also support one of these, which were bought."""
        ...


@dataclass
class Run:
    """What one run bought. `over`: it went above the limit and was left there."""

    engine: Engine
    bought: list[Purchase] = field(default_factory=list)
    spent: int = 0
    over: bool = False
    passed_over: list[int] = field(default_factory=list)
    """Options that were passed over after the last purchase: they belong to the step that comes next."""

    @property
    def places(self) -> list[int]:
        return [purchase.place for purchase in self.bought]


def buy_all(engine: Engine, case: Case, places: Places, order: TieOrder, *, limit: int | None = None) -> Run:
    """Buy the affordable option with the lowest rho until none is left, or until more than `limit` is spent."""
    run = Run(engine)
    while equal := engine.cheapest():
        free = [place for place in equal if places.may_take(place)]
        for place in equal:
            if place not in free:
                # The seats that are left are needed for reserves, from now on.
                engine.drop(place)
                run.passed_over.append(place)
        if not free:
            continue
        chosen = order.first(free)
        engine.buy(chosen)
        places.take(chosen)
        run.spent += case.costs[chosen]
        if limit is not None and run.spent > limit:
            run.over = True
            return run
        others = [place for place in free if place != chosen]
        lost = tuple(place for place in others if engine.money(place) < case.costs[place])
        run.bought.append(Purchase(chosen, None, tuple(free), lost, tuple(run.passed_over)))
        run.passed_over = []
    return run
