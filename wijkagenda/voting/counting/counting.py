"""`count`: profile and terms in, an outcome that explains itself out. No clock, no chance, no database."""

from wijkagenda.voting.counting.equal_shares import count_money, count_seats
from wijkagenda.voting.counting.outcome import Line, Note, Outcome, Payers, Reason, Step, Tie, Totals, figure
from wijkagenda.voting.counting.plain import count_by_support, count_greedily
from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.counting.taken import Counted, Taken
from wijkagenda.voting.counting.terms import CannotCount, Rule, Terms, what_stops
from wijkagenda.voting.counting.ties import TieOrder

ENGINES = ("auto", "exact", "swift")


def count(profile: Profile, terms: Terms, *, engine: str = "auto") -> Outcome:
    """Count by these terms. Raises CannotCount with every reason when they do not fit the profile.

    `engine`: "exact" (fractions), "swift" (NumPy within a certified margin), or what suits. They never differ.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine {engine!r}")
    stops = what_stops(profile, terms)
    if stops:
        raise CannotCount(stops)
    rule = Rule(terms.rule)
    if rule in {Rule.MOST_VOTES, Rule.MOST_POINTS}:
        counted = count_by_support(profile, terms)
    elif terms.budget is not None and rule is Rule.GREEDY:
        counted = count_greedily(profile, terms, terms.budget)
    elif terms.budget is not None and terms.about_money:
        counted = count_money(profile, terms, terms.budget, engine)
    else:
        counted = count_seats(profile, terms, terms.seats or 0, engine)
    return _outcome(profile, terms, counted)


def _outcome(profile: Profile, terms: Terms, counted: Counted) -> Outcome:
    order = TieOrder(profile, about_money=terms.about_money)
    ids = [option.id for option in profile.options]
    steps, ties = [], []
    for number, taken in enumerate(counted.taken, start=1):
        steps.append(_step(profile, order, number, taken))
        if len(taken.equal) > 1:
            among = tuple(ids[place] for place in sorted(taken.equal))
            ties.append(Tie(number, among, ids[taken.place], order.decided_by(taken.equal)))
    places = {taken.place: number for number, taken in enumerate(counted.taken, start=1)}
    lines = tuple(
        Line(
            option=option.id,
            name=option.name,
            theme=option.theme,
            cost=option.cost,
            votes=profile.votes[place],
            points=profile.scores[place],
            place=places.get(place),
            reason=_reason(profile, terms, counted, place, places),
        )
        for place, option in enumerate(profile.options)
    )
    return Outcome(
        terms=terms,
        winners=tuple(ids[taken.place] for taken in counted.taken),
        steps=tuple(steps),
        lines=lines,
        ties=tuple(ties),
        totals=_totals(counted.totals),
        notes=(*counted.notes, *_notes(profile, terms, counted)),
    )


def _step(profile: Profile, order: TieOrder, number: int, taken: Taken) -> Step:
    def written(value: Money | None) -> Money | None:
        return None if value is None else figure(value)

    return Step(
        number=number,
        option=profile.options[taken.place].id,
        phase=taken.phase,
        cost=order.costs[taken.place],
        support=profile.support[taken.place],
        left=written(taken.left),
        rho=written(taken.rho),
        paid_each=written(taken.paid_each),
        time=written(taken.time),
        payers=tuple(
            Payers(payer.people, figure(payer.each), figure(payer.total), figure(payer.points), payer.all_they_had)
            for payer in taken.payers
        ),
        reserved_for=taken.reserved_for,
        passed_over=tuple(profile.options[place].id for place in sorted(taken.passed_over)),
    )


def _reason(profile: Profile, terms: Terms, counted: Counted, place: int, places: dict[int, int]) -> Reason:
    option = profile.options[place]
    if place in places:
        taken = counted.taken[places[place] - 1]
        figures: dict[str, Money | str] = {"step": places[place], "phase": taken.phase}
        if taken.reserved_for:
            return Reason("elected-for-reserve", figures | {"theme": taken.reserved_for})
        return Reason("elected", figures)
    if not profile.support[place]:
        return Reason("nobody-chose-it")
    if terms.about_money and terms.budget is not None and option.cost > terms.budget:
        return Reason("cost-above-budget", {"cost": option.cost, "budget": terms.budget})
    for taken in counted.taken:
        if place in taken.passed_over:
            instead = profile.options[taken.place].id
            step = places[taken.place]
            return Reason("reserve-went-first", {"theme": taken.reserved_for, "instead": instead, "step": step})
    reason = counted.lost[place]
    figures = {key: value if isinstance(value, str) else figure(value) for key, value in reason.figures.items()}
    return Reason(reason.code, figures)


def _totals(totals: Totals) -> Totals:
    values = {name: getattr(totals, name) for name in totals.__dataclass_fields__}
    amounts = ("budget", "spent", "left", "first_share", "final_share", "next_cost")
    return Totals(**values | {name: figure(values[name]) for name in amounts if values[name] is not None})


def _notes(profile: Profile, terms: Terms, counted: Counted) -> list[Note]:
    notes = []
    if profile.lot == "file":
        notes.append(Note("lot-is-file-order"))
    elif profile.lot_seed:
        notes.append(Note("lot-drawn", {"seed": profile.lot_seed}))
    if not terms.about_money and terms.seats is not None and len(counted.taken) < terms.seats:
        notes.append(Note("seats-left-empty", {"seats": terms.seats, "filled": len(counted.taken)}))
    return notes
