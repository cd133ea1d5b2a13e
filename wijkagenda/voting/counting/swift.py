"""The swift engine: NumPy over the different ballots, exact wherever it matters.

**What floats may decide.** A comparison of two floats counts only when they lie further apart than a margin of 1e-9
(relative), and only while a bound of their error, carried along through the run, is proven to be below half of that
margin. Everything else is decided by fractions.

**The bound.** Let u = 2**-53. `error` bounds how far any balance is from the true one; a balance of somebody who paid
all they had is 0, exactly. A sum of k products of a balance and a whole number (below 2**53, so exact) is off by at
most the sum of the balances' errors plus (k + 2) * 2u times the sum itself, in whatever order it is added. `ndarray.sum`
of one row adds in pairs over blocks of 128, so there 160 may stand for a larger k. For an option
of cost c, f(x) = sum of min(balance, x * points) - c rises with x and is 0 at the true payment. The payment x that was
found has |f(x)| <= r = n * error + (min(k, 160) + 2) * 8u * c, where n are the people who still have something and do not
certainly have more than x: of all others the float is right in f. Let W be the points of all who certainly have more than
x * (1 + 1e-9): f rises there at least by W per unit, so the true payment is within r / W of x, when that is at most
x * 1e-9 / 2. Where it is not, fractions decide. Supporters who certainly all have enough pay c / points each: there the
rho is 1 / points, which two whole numbers compare exactly.

**Exactly.** Whoever supports an option either pays the common amount x or all they have. So each balance is
share - (whole numbers) * (payments x so far), or 0. The whole numbers are kept; the payments are computed as fractions
from them when somebody asks, in the order of buying. The whole is a small triangular system, so that an exact answer
about one option costs milliseconds and not a new run. Who pays all they have is certain by the margin; where a
balance lies within it, that step is decided by fractions too.
"""

from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil

try:
    import numpy as np
except ImportError:  # the exact engine counts
    np = None  # type: ignore[assignment]

from wijkagenda.voting.counting.columns import Columns
from wijkagenda.voting.counting.ledger import Ledger
from wijkagenda.voting.counting.purchases import Case, Payment

MARGIN = 1e-9
UNIT = 2.0**-53
PAIRWISE = 160
ALMOST_NOTHING = 1e-300
"""For a float that came out as 0, while only what was paid in full is 0 exactly."""
LARGEST = 2**50
"""Whole numbers up to here, and their sums with a few more, are exact as floats."""
LARGEST_POINTS = 2**31


@dataclass
class Offer:
    """What an option would cost its supporters: rho between two floats, or exactly `rho`. `alike`: nobody is short."""

    low: float
    high: float
    payment: float = 0.0
    alike: bool = False
    near: bool = False
    off: float = 0.0
    rho: Fraction | None = None


class SwiftRun:
    """One run with `share` (in the money of the case) for everyone; see `purchases.Engine`."""

    def __init__(
        self, case: Case, share: Fraction, candidates: list[int], columns: Columns, *, describing: bool
    ) -> None:
        self.case, self.columns = case, columns
        self.share = float(share)
        self.left = np.full(len(case.times), self.share)
        self.error = UNIT * self.share
        self.ledger = Ledger(case, share, columns, describing=describing)
        # Whoever cannot be paid for with every supporter's whole share is out from the beginning.
        whole, parts = share.numerator, share.denominator
        self.open = {place for place in candidates if case.people(place) * whole >= case.costs[place] * parts}
        self.bounds = [((1 - MARGIN) / case.weights[place], place) for place in self.open]
        heapify(self.bounds)
        self.offers: dict[int, Offer] = {}
        self.decided_exactly = 0
        self.somebody_short = False

    def cheapest(self) -> list[int]:
        lowest = float("inf")
        looked_at: list[tuple[Offer, int]] = []
        while self.bounds and self.bounds[0][0] <= lowest:
            _, place = heappop(self.bounds)
            if place not in self.open:
                continue
            offer = self._offer(place)
            if offer is None:
                self.open.discard(place)
                continue
            looked_at.append((offer, place))
            lowest = min(lowest, offer.high)
        for offer, place in looked_at:
            heappush(self.bounds, (offer.low, place))
        self.offers = {place: offer for offer, place in looked_at}
        closest = [place for offer, place in looked_at if offer.low <= lowest]
        if len(closest) < 2:
            return closest
        rhos = {place: self._rho(place) for place in closest}
        best = min(rhos.values())
        return [place for place in closest if rhos[place] == best]

    def _rho(self, place: int) -> Fraction:
        offer = self.offers[place]
        if offer.alike:
            return Fraction(1, self.case.weights[place])
        return offer.rho or self._ask(place, offer)

    def _ask(self, place: int, offer: Offer) -> Fraction:
        self.decided_exactly += 1
        payment = self.ledger.lowest_payment(place)
        if payment is None:
            raise ValueError("what was certainly affordable cannot be out of reach")
        offer.rho = payment / self.case.costs[place]
        offer.payment = float(payment)
        return offer.rho

    def _offer(self, place: int, renewed: float | None = None) -> Offer | None:
        """None when the supporters are certainly short. `renewed`: the error of these balances, just computed anew."""
        error = self.error if renewed is None else renewed
        columns, cost = self.columns, self.case.costs[place]
        index, people, points = columns.index[place], columns.people[place], columns.points[place]
        left = self.left[index]
        rounding = (min(len(index), PAIRWISE) + 2) * 2 * UNIT
        total = float(people @ left)
        off = self.case.people(place) * error + (len(index) + 2) * 2 * UNIT * total
        if total + off < cost * (1 - MARGIN):
            return None
        if total - off <= cost * (1 + MARGIN):
            return self._exact_offer(place)
        weight = self.case.weights[place]
        payment = cost / weight
        per_point = left if points is None else left / points
        if float(per_point.min()) - error > payment * (1 + MARGIN):
            rho = 1 / weight
            return Offer(rho * (1 - MARGIN), rho * (1 + MARGIN), payment, alike=True, off=2 * UNIT * payment)
        money, weighted = people * left, columns.weighted[place]
        short = -1
        while True:
            poor = per_point < payment
            now_short = int(np.count_nonzero(poor))
            if now_short <= short:  # it only grows; a rounding may say otherwise
                break
            short = now_short
            able = weight - float(weighted[poor].sum())
            if able <= 0:
                return self._exact_offer(place)
            payment = (cost - float(money[poor].sum())) / able
        high, low = payment * (1 + MARGIN) + error, payment * (1 - MARGIN) - error
        certain = per_point > high
        able = float(weighted[certain].sum())
        residue = error * float(people[~certain & (left != 0)].sum()) + rounding * 4 * cost
        if residue > able * payment * MARGIN / 2:
            return self._exact_offer(place) if renewed is not None else self._offer(place, self._renew(place))
        near = int(np.count_nonzero(certain)) + int(np.count_nonzero(per_point < low)) < len(index)
        rho = payment / cost
        return Offer(rho * (1 - MARGIN), rho * (1 + MARGIN), payment, near=near, off=residue / able)

    def _exact_offer(self, place: int) -> Offer | None:
        self.decided_exactly += 1
        payment = self.ledger.lowest_payment(place)
        if payment is None:
            return None
        rho = payment / self.case.costs[place]
        return Offer(float(rho) * (1 - MARGIN), float(rho) * (1 + MARGIN), float(payment), rho=rho)

    def _renew(self, place: int) -> float:
        """The balances of these supporters anew from the exact payments, for errors pile up; answers their error."""
        index = self.columns.index[place]
        self.left[index] = self.ledger.floats(index, ALMOST_NOTHING)
        return (len(self.ledger.payments) + 3) * 4 * UNIT * self.share

    def drop(self, place: int) -> None:
        self.open.discard(place)

    def buy(self, place: int) -> None:
        offer = self.offers[place]
        index, points = self.columns.index[place], self.columns.points[place]
        left = self.left[index]
        if offer.near and offer.rho is None:
            self._ask(place, offer)
        if offer.rho is not None:
            poor = self.ledger.poor(place, offer.rho * self.case.costs[place])
            offer.off = UNIT * offer.payment
        else:
            poor = (left if points is None else left / points) < offer.payment
        self.ledger.buy(place, poor)
        self.somebody_short = self.somebody_short or bool(poor.any())
        left = left - (offer.payment if points is None else offer.payment * points)
        left[left == 0] = ALMOST_NOTHING
        left[poor] = 0
        self.left[index] = left
        self.error += offer.off * self.columns.heaviest[place] + 2 * UNIT * self.share
        self.open.discard(place)

    def money(self, place: int) -> Fraction:
        return self.ledger.money(place)

    def payments(self) -> list[Payment]:
        return self.ledger.all_payments()

    def balances(self) -> tuple[list[int], int]:
        return self.ledger.balances()

    def people_who_paid(self, place: int, bought: list[int]) -> int:
        paid = np.zeros(len(self.columns.times), dtype=bool)
        for other in bought:
            paid[self.columns.index[other]] = True
        index = self.columns.index[place]
        return int(self.columns.times[index[paid[index]]].sum())


def fits(case: Case, share: Fraction) -> bool:
    """Whether NumPy is there, and all whole numbers of this case are exact as floats."""
    if np is None:
        return False
    people = sum(case.times)
    heaviest = max((points for row in case.profile.points for points in row), default=1)
    largest = max(people, *case.weights, *case.costs, ceil(share * max(people, 1)))
    return largest < LARGEST and heaviest * case.point_scale < LARGEST_POINTS
