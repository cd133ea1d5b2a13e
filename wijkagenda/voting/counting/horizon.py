"""How many more raises of Add1 certainly buy the same, one by one, as the run that was just made.

Within a run everything that is paid is a linear function of the share, as long as the same people are short at the
same purchases. So every comparison that the run rests on is one linear inequality in the share, and holds up to a
share that fractions compute exactly. Three kinds: who paid all they had still has no more than the common amount, and
the others no less; what was not bought at a step is still dearer (or comes later in the tie order); and what could
not be paid for still cannot. For an option that was not bought, the people who are short now may be kept as they are:
with any such set F, c <= (money of F) + x * (points of the others), so the x that follows is never above the true one.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from wijkagenda.voting.counting.purchases import Case
from wijkagenda.voting.counting.ties import TieOrder


class Horizon:
    """Replays a run with exact values and slopes (what they gain per unit of share)."""

    def __init__(self, case: Case, order: TieOrder, share: Fraction, unit: int) -> None:
        self.case, self.order, self.unit = case, order, unit
        self.left = [share] * len(case.times)
        self.slope = [Fraction(1)] * len(case.times)
        self.raises: int | None = None

    def certain(self, candidates: Sequence[int], bought: Sequence[int]) -> int | None:
        """The number of raises that change nothing; None when no number of them ever would."""
        waiting = set(candidates)
        for chosen in bought:
            waiting.discard(chosen)
            payment, slope, short = self._payment(chosen)
            cost = self.case.costs[chosen]
            for place in sorted(waiting):
                if not self._affordable(place):
                    waiting.discard(place)
                    continue
                other, other_slope, _ = self._payment(place)
                mine = self.case.costs[place]
                goes_first = self.order.first([place, chosen]) == place
                self._stays(other / mine - payment / cost, other_slope / mine - slope / cost, strictly=goes_first)
            self._pay(chosen, payment, slope, short)
            if self.raises == 0:
                return 0
        for place in waiting:
            self._affordable(place)
        return self.raises

    def _stays(self, value: Fraction, slope: Fraction, *, strictly: bool) -> None:
        """Keep only raises after which value + slope * (what was raised) is still above 0, or at least 0."""
        if slope >= 0:
            return
        most = value / -slope / self.unit
        raises = ceil(most) - 1 if strictly else floor(most)
        self.raises = max(raises if self.raises is None else min(self.raises, raises), 0)

    def _affordable(self, place: int) -> bool:
        supporters, times = self.case.supporters[place], self.case.times
        missing = self.case.costs[place] - sum(self.left[number] * times[number] for number, _ in supporters)
        if missing <= 0:
            return True
        gained = sum(self.slope[number] * times[number] for number, _ in supporters)
        self._stays(Fraction(missing), Fraction(-gained), strictly=True)
        return False

    def _payment(self, place: int) -> tuple[Fraction, Fraction, set[int]]:
        """What is paid per point, its slope, and who is short."""
        times, left = self.case.times, self.left
        need, slope, weight = Fraction(self.case.costs[place]), Fraction(0), self.case.weights[place]
        short: set[int] = set()
        for number, points in sorted(self.case.supporters[place], key=lambda pair: left[pair[0]] / pair[1]):
            if need * points <= left[number] * weight:
                break
            short.add(number)
            need -= left[number] * times[number]
            slope -= self.slope[number] * times[number]
            weight -= points * times[number]
        return need / weight, slope / weight, short

    def _pay(self, place: int, payment: Fraction, slope: Fraction, short: set[int]) -> None:
        for number, points in self.case.supporters[place]:
            after, after_slope = self.left[number] - payment * points, self.slope[number] - slope * points
            if number in short:
                self._stays(-after, -after_slope, strictly=False)
                after, after_slope = Fraction(0), Fraction(0)
            else:
                self._stays(after, after_slope, strictly=False)
            self.left[number], self.slope[number] = after, after_slope
