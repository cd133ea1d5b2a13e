"""Most votes, most points, greedy by votes, and the top-up of Equal Shares: options in order of their support."""

from dataclasses import replace

from wijkagenda.voting.counting.outcome import Reason, Totals
from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.counting.reserved import Places
from wijkagenda.voting.counting.taken import Counted, Taken
from wijkagenda.voting.counting.terms import Rule, Terms
from wijkagenda.voting.counting.ties import TieOrder


def totals_of(profile: Profile, terms: Terms) -> Totals:
    """The totals that every rule begins with."""
    return Totals(
        ballots=profile.ballots,
        empty_ballots=profile.empty_ballots,
        seats=None if terms.about_money else terms.seats,
        budget=terms.budget if terms.about_money else None,
    )


def in_order(profile: Profile, order: TieOrder) -> list[int]:
    """Every option that somebody chose: most support first; equal ones by cost, then by lot."""
    support = profile.support
    chosen = [place for place in range(len(support)) if support[place]]
    return sorted(chosen, key=lambda place: (-support[place], order.costs[place], place))


def fill_by_support(profile: Profile, counted: Counted, places: Places, order: TieOrder, *, phase: str) -> None:
    """Give the seats that are left to the options with most support; without a number of seats, to all."""
    support = profile.support
    waiting = [place for place in in_order(profile, order) if place not in counted.places]
    passed_over: list[int] = []
    while waiting and not places.full:
        place = next((place for place in waiting if places.may_take(place)), None)
        if place is None:
            break
        passed_over = waiting[: waiting.index(place)]
        equal = [other for other in waiting if support[other] == support[place] and places.may_take(other)]
        waiting = [other for other in waiting if other != place and other not in passed_over]
        reserved_for = places.take(place)
        taken = Taken(place, phase, places.left, tuple(sorted(equal)), tuple(passed_over), reserved_for)
        counted.taken.append(taken)
    if counted.taken:
        last = counted.taken[-1]
        for place in waiting:
            counted.lost[place] = _fewer(profile, last, place, order)


def _fewer(profile: Profile, last: Taken, place: int, order: TieOrder) -> Reason:
    what = "points" if profile.points or profile.type == "points" else "votes"
    last_option = profile.options[last.place].id
    if place in last.equal:
        figures: dict[str, Money | str] = {
            "decided_by": order.decided_by([last.place, place]),
            "instead": last_option,
            what: profile.support[place],
        }
        return Reason("lost-tie", figures)
    if last.phase not in {"votes", "points"}:
        return Reason("seats-taken", {what: profile.support[place]})
    return Reason(
        f"fewer-{what}", {what: profile.support[place], "last": profile.support[last.place], "instead": last_option}
    )


def spend_by_support(
    profile: Profile,
    counted: Counted,
    order: TieOrder,
    left: Money,
    *,
    phase: str,
    but_not: frozenset[int] = frozenset(),
) -> Money:
    """Buy in order of support whatever still fits; answers the money that is left."""
    support, before = profile.support, left
    waiting = [place for place in in_order(profile, order) if place not in counted.places | but_not]
    mine: list[tuple[Taken, Money]] = []
    for number, place in enumerate(waiting):
        cost = order.costs[place]
        if cost <= left:
            equal = [
                other for other in waiting[number:] if support[other] == support[place] and order.costs[other] <= left
            ]
            before, left = left, left - cost
            mine.append((Taken(place, phase, left, tuple(sorted(equal))), before))
            continue
        figures: dict[str, Money | str] = {"cost": cost, "left": left}
        for taken, had in mine:
            if place in taken.equal and taken.left is not None and taken.left < cost <= had:
                figures |= {"decided_by": order.decided_by([taken.place, place])}
                figures |= {"instead": profile.options[taken.place].id}
        counted.lost[place] = Reason("lost-tie" if "instead" in figures else "does-not-fit", figures)
    counted.taken += [taken for taken, _ in mine]
    return left


def count_by_support(profile: Profile, terms: Terms) -> Counted:
    """Most votes and most points."""
    counted = Counted(totals_of(profile, terms))
    places = Places(profile, terms)
    phase = "votes" if terms.rule == Rule.MOST_VOTES else "points"
    fill_by_support(profile, counted, places, TieOrder(profile, about_money=False), phase=phase)
    counted.notes += places.notes
    return counted


def count_greedily(profile: Profile, terms: Terms, budget: Money) -> Counted:
    """Greedy: in order of votes (or points), skipping what no longer fits."""
    counted = Counted(totals_of(profile, terms))
    left = spend_by_support(profile, counted, TieOrder(profile, about_money=True), budget, phase="greedy")
    counted.totals = replace(counted.totals, spent=budget - left, left=left)
    return counted
