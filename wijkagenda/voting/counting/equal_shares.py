"""The Method of Equal Shares: everyone holds the same share, and supporters buy together what they want most cheaply.

Utility is cost times points, so an approval is one point; where seats are divided every option costs 1.
"""

from dataclasses import replace
from fractions import Fraction
from math import ceil

from wijkagenda.voting.counting import swift
from wijkagenda.voting.counting.columns import Columns
from wijkagenda.voting.counting.exact import ExactRun
from wijkagenda.voting.counting.horizon import Horizon
from wijkagenda.voting.counting.outcome import Payers, Reason
from wijkagenda.voting.counting.phragmen import Earning, Seat, fill_seats
from wijkagenda.voting.counting.plain import fill_by_support, spend_by_support, totals_of
from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.counting.purchases import Case, Engine, Payment, Run, buy_all
from wijkagenda.voting.counting.reserved import Places
from wijkagenda.voting.counting.taken import Counted, Taken
from wijkagenda.voting.counting.terms import Rule, Terms
from wijkagenda.voting.counting.ties import TieOrder

SMALL = 2000
"""With fewer supporters (different ballots times choices) than this the exact engine is the quicker one."""

PATIENCE = 32
"""After so many raises that changed nothing it is worth asking how many more will not."""


class Machine:
    """Runs of Equal Shares over one case, with the engine that was asked for or that suits."""

    def __init__(self, case: Case, largest_share: Fraction, engine: str) -> None:
        self.case = case
        self.decided_exactly = 0
        supporters = sum(map(len, case.profile.patterns))
        suits = swift.fits(case, largest_share)
        if engine == "swift" and not suits:
            raise ValueError("the swift engine needs NumPy and whole numbers below 2**50")
        self.name = "swift" if engine == "swift" or (engine == "auto" and suits and supporters >= SMALL) else "exact"
        self.columns = Columns(case) if self.name == "swift" else None

    def start(self, share: Fraction, candidates: list[int], *, describing: bool) -> Engine:
        if self.columns is None:
            return ExactRun(self.case, share, candidates)
        return swift.SwiftRun(self.case, share, candidates, self.columns, describing=describing)


def count_money(profile: Profile, terms: Terms, money: Money, engine: str) -> Counted:
    """Equal Shares with costs: plain, with Add1, and with Add1 and a top-up by votes."""
    counted = Counted(totals_of(profile, terms))
    order = TieOrder(profile, about_money=True)
    case = Case(profile, order.costs, money, terms.money_unit)
    budget, unit = int(money * case.money_scale), int(terms.money_unit * case.money_scale)
    candidates = [place for place, cost in enumerate(case.costs) if profile.support[place] and cost <= budget]
    if not candidates:
        share = Fraction(money) / profile.ballots if profile.ballots else None
        counted.totals = replace(counted.totals, spent=0, left=money, first_share=share, final_share=share)
        if terms.rule != Rule.EQUAL_SHARES:
            counted.totals = replace(counted.totals, raises=0, stopped="all-bought")
        return counted
    machine = Machine(case, Fraction(budget + max(case.costs)), engine)
    search = Search(machine, candidates, order, Places(profile, terms), budget, unit)
    raises = search.raise_shares() if terms.rule != Rule.EQUAL_SHARES else 0
    run = search.run(raises, describing=True)
    left = budget
    for purchase, payment in zip(run.bought, run.engine.payments(), strict=True):
        left -= case.costs[purchase.place]
        counted.taken.append(_taken(case, purchase.place, payment, "equal-shares", Fraction(left, case.money_scale)))
        counted.taken[-1] = replace(counted.taken[-1], equal=purchase.equal)
    for place in set(candidates) - set(run.places):
        counted.lost[place] = _short(profile, case, order, run, place)
    real_left: Money = Fraction(left, case.money_scale)
    if terms.rule == Rule.EQUAL_SHARES_ADD1_TOP_UP:
        real_left = _top_up(profile, counted, order, real_left, frozenset(candidates))
    counted.totals = replace(
        counted.totals,
        spent=money - real_left,
        left=real_left,
        first_share=search.share(0) / case.money_scale,
        final_share=search.share(raises) / case.money_scale,
        engine=machine.name,
        decided_exactly=machine.decided_exactly,
    )
    if terms.rule != Rule.EQUAL_SHARES:
        next_cost = None
        if search.stopped == "over-budget":
            next_cost = Fraction(search.run(raises + 1).spent, case.money_scale)
        counted.totals = replace(counted.totals, raises=raises, stopped=search.stopped, next_cost=next_cost)
    return counted


class Search:
    """The runs of Add1, each from scratch with one unit of the currency more for everyone."""

    def __init__(
        self, machine: Machine, candidates: list[int], order: TieOrder, places: Places, budget: int, unit: int
    ) -> None:
        self.machine, self.case, self.candidates = machine, machine.case, candidates
        self.order, self.places = order, places
        self.budget, self.unit = budget, unit
        self.stopped = ""

    def share(self, raises: int) -> Fraction:
        return Fraction(self.budget, sum(self.case.times)) + raises * self.unit

    def run(self, raises: int, *, limit: int | None = None, describing: bool = False) -> Run:
        engine = self.machine.start(self.share(raises), self.candidates, describing=describing)
        run = buy_all(engine, self.case, self.places, self.order, limit=limit)
        self.machine.decided_exactly += engine.decided_exactly
        return run

    def raise_shares(self) -> int:
        """How often every share is raised: until just before more than the budget is spent, or all is bought.

        More money can lead to a cheaper outcome as well as to a dearer one, so every raise is judged by its own run,
        but for those that `_certain_until` and `Horizon` prove to change nothing.
        """
        raises, run, alike, patience = 0, self.run(0), 0, PATIENCE
        while len(run.bought) < len(self.candidates):
            certain = self._certain_until(run, raises)
            if alike >= patience:
                horizon = Horizon(self.case, self.order, self.share(raises), self.unit)
                further = horizon.certain(self.candidates, run.places) or 0
                certain, alike = max(certain, raises + further), 0
                # It costs as much as several runs: ask more seldom where it gains little.
                patience = PATIENCE if further >= patience else min(2 * patience, 4 * PATIENCE)
            if certain > raises:
                raises = certain
                continue
            following = self.run(raises + 1, limit=self.budget)
            if following.over:
                self.stopped = "over-budget"
                return raises
            alike = alike + 1 if following.places == run.places else 0
            raises, run = raises + 1, following
        self.stopped = "all-bought"
        return raises

    def _certain_until(self, run: Run, raises: int) -> int:
        """The last raise up to which nothing can change.

        Where nobody was short in any purchase, more money changes no rho (1 / points) of what was bought; and what
        was not bought stays out as long as all its supporters together, with their whole share, cannot pay for it.
        """
        bought = set(run.places)
        missing = [place for place in self.candidates if place not in bought]
        if run.engine.somebody_short:
            return raises
        needed = min(
            ceil((Fraction(self.case.costs[place], self.case.people(place)) - self.share(0)) / self.unit)
            for place in missing
        )
        return max(raises, needed - 1)


def _taken(case: Case, place: int, payment: Payment, phase: str, left: Money) -> Taken:
    """One purchase in the money and the points of the profile."""
    each = payment.paid_each * case.point_scale / case.money_scale
    payers = [
        Payers(
            people=people,
            each=payment.paid_each * points / case.money_scale,
            total=payment.paid_each * points * people / case.money_scale,
            points=Fraction(points, case.point_scale),
        )
        for points, people in payment.full.items()
    ]
    if payment.short_people:
        total = payment.short_total / case.money_scale
        payers.append(Payers(payment.short_people, 0, total, points=0, all_they_had=True))
    cost = Fraction(case.costs[place], case.money_scale)
    return Taken(place, phase, left, rho=each / cost, paid_each=each, payers=tuple(payers))


def _short(profile: Profile, case: Case, order: TieOrder, run: Run, place: int) -> Reason:
    figures: dict[str, Money | str] = {
        "had": run.engine.money(place) / case.money_scale,
        "cost": Fraction(case.costs[place], case.money_scale),
        "supporters": profile.votes[place],
    }
    for purchase in run.bought:
        if place in purchase.lost:
            figures["decided_by"] = order.decided_by([purchase.place, place])
            figures["instead"] = profile.options[purchase.place].id
            return Reason("lost-tie", figures)
    return Reason("supporters-short", figures | {"paid_before": run.engine.people_who_paid(place, run.places)})


def _top_up(profile: Profile, counted: Counted, order: TieOrder, left: Money, candidates: frozenset[int]) -> Money:
    """Spend what is left by votes; who does not fit hears that, and what the supporters had."""
    shorts = dict(counted.lost)
    too_dear = frozenset(range(len(profile.options))) - candidates
    left = spend_by_support(profile, counted, order, left, phase="top-up", but_not=too_dear)
    for place, reason in shorts.items():
        if place in counted.places:
            counted.lost.pop(place)
        else:
            had = {key: reason.figures[key] for key in ("had", "supporters")}
            counted.lost[place] = replace(counted.lost[place], figures={**counted.lost[place].figures, **had})
    return left


def count_seats(profile: Profile, terms: Terms, seats: int, engine: str) -> Counted:
    """Equal Shares with unit costs, completed by Phragmén (approvals) or by most points; and Phragmén alone."""
    counted = Counted(totals_of(profile, terms))
    order, places = TieOrder(profile, about_money=False), Places(profile, terms)
    counted.notes += places.notes
    case = Case(profile, [1] * len(profile.options))
    candidates = [place for place, support in enumerate(profile.support) if support]
    if not candidates:
        return counted
    balances = ([0] * len(profile.patterns), 1)
    passed_over: tuple[int, ...] = ()
    if terms.rule != Rule.PHRAGMEN:
        machine = Machine(case, Fraction(seats), engine)
        share = Fraction(seats, profile.ballots)
        progress = Places(profile, terms)
        run = buy_all(machine.start(share, candidates, describing=True), case, progress, order)
        for purchase, payment in zip(run.bought, run.engine.payments(), strict=True):
            reserved_for = places.take(purchase.place)
            taken = _taken(case, purchase.place, payment, "equal-shares", places.left or 0)
            overtaken = tuple(place for place in purchase.passed_over if place != purchase.place)
            taken = replace(taken, equal=purchase.equal, passed_over=overtaken, reserved_for=reserved_for)
            counted.taken.append(taken)
        passed_over = tuple(run.passed_over)
        machine.decided_exactly += run.engine.decided_exactly
        for place in set(candidates) - set(run.places):
            counted.lost[place] = _short(profile, case, order, run, place)
        if not places.full:
            balances = run.engine.balances() if terms.rule == Rule.EQUAL_SHARES_UNIT_PHRAGMEN else balances
        counted.totals = replace(
            counted.totals,
            first_share=share,
            final_share=share,
            engine=machine.name,
            decided_exactly=machine.decided_exactly,
        )
    before = len(counted.taken)
    if places.full:
        return counted
    if terms.rule == Rule.EQUAL_SHARES_POINTS:
        fill_by_support(profile, counted, places, order, phase="points")
    else:
        open_ = set(candidates) - counted.places - set(passed_over)
        given, late = fill_seats(Earning(profile, open_, *balances), places, order)
        counted.taken += [_seat(profile, seat) for seat in given]
        for place, time in late.items():
            counted.lost[place] = _late(profile, order, given[-1], place, time)
    if passed_over and len(counted.taken) > before:
        counted.taken[before] = replace(
            counted.taken[before], passed_over=tuple({*passed_over, *counted.taken[before].passed_over})
        )
    return counted


def _seat(profile: Profile, seat: Seat) -> Taken:
    payers = (Payers(profile.votes[seat.place], seat.each or 0, 1, all_they_had=True),)
    return Taken(
        seat.place,
        "phragmen",
        seat.left,
        seat.equal,
        seat.passed_over,
        seat.reserved_for,
        time=seat.time,
        payers=payers,
    )


def _late(profile: Profile, order: TieOrder, last: Seat, place: int, time: Fraction) -> Reason:
    instead = profile.options[last.place].id
    if place in last.equal:
        return Reason("lost-tie", {"decided_by": order.decided_by([last.place, place]), "instead": instead})
    return Reason("others-first", {"time": time, "last": last.time, "instead": instead})
