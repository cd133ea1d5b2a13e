"""The exact engine: whole numbers over one common denominator, standard library only.

Every balance is kept as a whole number of 1/denominator. Each purchase multiplies denominator and balances by what
makes the payment whole, so nothing is ever rounded.
"""

from collections import defaultdict
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd

from wijkagenda.voting.counting.purchases import Case, Payment


class ExactRun:
    """One run with `share` (in the money of the case) for everyone; see `purchases.Engine`."""

    def __init__(self, case: Case, share: Fraction, candidates: list[int]) -> None:
        self.case = case
        self.denominator = share.denominator
        self.left = [share.numerator] * len(case.times)
        self.open = set(candidates)
        # The lowest rho there can be is that of supporters who can all pay alike. A rho never falls within a run,
        # for balances never rise: so an old rho is a bound, and only the lowest bounds need a new look.
        self.bounds = [(Fraction(1, case.weights[place]), place) for place in candidates]
        heapify(self.bounds)
        self.paid: list[Payment] = []
        self.decided_exactly = 0
        self.somebody_short = False

    def cheapest(self) -> list[int]:
        best: Fraction | None = None
        equal: list[int] = []
        looked_at: list[tuple[Fraction, int]] = []
        while self.bounds and (best is None or self.bounds[0][0] <= best):
            _, place = heappop(self.bounds)
            if place not in self.open:
                continue
            terms = self._lowest_payment(place)
            if terms is None:
                self.open.discard(place)
                continue
            rho = Fraction(terms[0], terms[1] * self.denominator * self.case.costs[place])
            looked_at.append((rho, place))
            if best is None or rho < best:
                best, equal = rho, [place]
            elif rho == best:
                equal.append(place)
        for bound in looked_at:
            heappush(self.bounds, bound)
        return equal

    def _lowest_payment(self, place: int) -> tuple[int, int] | None:
        """The largest payment per point that is needed, as (a, b): a / b of 1/denominator. None when they are short."""
        times = self.case.times
        by_balance: dict[tuple[int, int], int] = defaultdict(int)
        for number, points in self.case.supporters[place]:
            by_balance[self.left[number], points] += times[number]
        need = self.case.costs[place] * self.denominator
        if sum(left * people for (left, _), people in by_balance.items()) < need:
            return None
        if all(points == 1 for _, points in by_balance):
            groups = sorted(by_balance.items())
        else:
            groups = sorted(by_balance.items(), key=lambda group: Fraction(*group[0]))
        weight = self.case.weights[place]
        for (left, points), people in groups:
            if need * points <= left * weight:
                return need, weight
            need -= left * people
            weight -= points * people
        raise AssertionError("supporters with enough money cannot be short")

    def drop(self, place: int) -> None:
        self.open.discard(place)

    def buy(self, place: int) -> None:
        terms = self._lowest_payment(place)
        if terms is None:
            raise ValueError("what is bought must be affordable")
        need, weight = terms
        shared = gcd(need, weight)
        each, factor = need // shared, weight // shared
        if factor > 1:
            self.left = [left * factor for left in self.left]
            self.denominator *= factor
        full: dict[int, int] = defaultdict(int)
        short_people = short_total = 0
        for number, points in self.case.supporters[place]:
            left, people = self.left[number], self.case.times[number]
            if left >= each * points:
                full[points] += people
                self.left[number] = left - each * points
                continue
            self.somebody_short = True
            if left:
                short_people += people
                short_total += left * people
                self.left[number] = 0
        paid_each = Fraction(each, self.denominator)
        self.paid.append(
            Payment(
                rho=paid_each / self.case.costs[place],
                paid_each=paid_each,
                full=dict(sorted(full.items())),
                short_people=short_people,
                short_total=Fraction(short_total, self.denominator),
            )
        )
        self.open.discard(place)

    def money(self, place: int) -> Fraction:
        total = sum(self.left[number] * self.case.times[number] for number, _ in self.case.supporters[place])
        return Fraction(total, self.denominator)

    def payments(self) -> list[Payment]:
        return self.paid

    def balances(self) -> tuple[list[int], int]:
        return self.left, self.denominator

    def people_who_paid(self, place: int, bought: list[int]) -> int:
        paid = set(bought)
        patterns, times = self.case.profile.patterns, self.case.times
        return sum(times[number] for number, _ in self.case.supporters[place] if not paid.isdisjoint(patterns[number]))
