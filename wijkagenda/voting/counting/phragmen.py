"""Sequential Phragmén, exactly: everyone earns money at the same speed, and a seat costs 1.

As soon as the supporters of an option own 1 together they buy it, and their money is gone. People may begin with money
of their own: what Equal Shares left them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wijkagenda.voting.counting.profile import Profile
from wijkagenda.voting.counting.reserved import Places
from wijkagenda.voting.counting.ties import TieOrder


@dataclass(frozen=True)
class Seat:
    """One seat bought at `time`; `each`: what every supporter paid, None when that differed."""

    place: int
    time: Fraction
    each: Fraction | None
    equal: tuple[int, ...]
    passed_over: tuple[int, ...]
    reserved_for: str
    left: int


class Earning:
    """People's money while they earn. `had` is what they would have at time 0, over `denominator`; so it may be below 0."""

    def __init__(self, profile: Profile, open_: Collection[int], had: Sequence[int], denominator: int) -> None:
        self.profile = profile
        self.had, self.denominator = list(had), denominator
        self.open = set(open_)
        self.supporters: dict[int, list[int]] = {place: [] for place in self.open}
        self.together = dict.fromkeys(self.open, 0)
        for number, pattern in enumerate(profile.patterns):
            for place in pattern:
                if place in self.open:
                    self.supporters[place].append(number)
                    self.together[place] += self.had[number] * profile.times[number]

    def time(self, place: int) -> Fraction:
        """When the supporters will own 1 together."""
        return Fraction(self.denominator - self.together[place], self.profile.votes[place] * self.denominator)

    def buy(self, place: int) -> Fraction | None:
        """Everyone who supports it pays all they have; answers what each paid, when that is the same for all."""
        people, missing = self.profile.votes[place], self.denominator - self.together[place]
        self.had = [money * people for money in self.had]
        self.denominator *= people
        self.together = {other: money * people for other, money in self.together.items()}
        paid = set()
        for number in self.supporters[place]:
            spent = self.had[number] + missing
            paid.add(spent)
            self.had[number] = -missing
            for other in self.profile.patterns[number]:
                if other in self.together:
                    self.together[other] -= spent * self.profile.times[number]
        self.open.discard(place)
        return Fraction(paid.pop(), self.denominator) if len(paid) == 1 else None


def fill_seats(earning: Earning, places: Places, order: TieOrder) -> tuple[list[Seat], dict[int, Fraction]]:
    """Give out the seats that are left; and for who got none, when they would have come at the last seat."""
    seats: list[Seat] = []
    passed_over: list[int] = []
    late: dict[int, Fraction] = {}
    while not places.full and earning.open:
        times = {place: earning.time(place) for place in earning.open}
        first = min(times.values())
        equal = [place for place in times if times[place] == first]
        free = [place for place in equal if places.may_take(place)]
        for place in equal:
            if place not in free:
                earning.open.discard(place)
                passed_over.append(place)
        if not free:
            continue
        late = times
        chosen = order.first(free)
        each = earning.buy(chosen)
        reserved_for = places.take(chosen)
        left = places.left or 0
        seats.append(Seat(chosen, first, each, tuple(sorted(free)), tuple(sorted(passed_over)), reserved_for, left))
        passed_over = []
    return seats, {place: time for place, time in late.items() if place in earning.open}
