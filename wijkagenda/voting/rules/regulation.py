"""The regulation of a round: every rule in one value, without a database, and everything that keeps it from working.

What it says in words is in `rules.text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Invalid, Several
from wijkagenda.voting.counting.profile import BallotType as CountedType
from wijkagenda.voting.counting.profile import Option, Profile
from wijkagenda.voting.counting.terms import MONEY_RULES as COUNTED_AS_MONEY
from wijkagenda.voting.counting.terms import Obstacle, Terms, why_not
from wijkagenda.voting.counting.terms import Reserve as Kept
from wijkagenda.voting.models import BallotType, DecidingRule, VotingRound
from wijkagenda.wishes.models import Theme

FEWEST_OPTIONS = 2
MOST_OPTIONS = 100
MOST_POINTS_TO_GIVE = 100
SMALLEST_SHOWN_FROM = 100
MONEY_RULES = frozenset(rule for rule in DecidingRule if rule.value in COUNTED_AS_MONEY)
PROPORTIONAL_SEATS = frozenset({DecidingRule.EQUAL_SHARES_UNIT, DecidingRule.EQUAL_SHARES_POINTS})


@dataclass(frozen=True)
class Choice:
    """One option as the regulation names it: `number` is the number of the priority, `cost` whole units of money."""

    number: int
    title: str
    summary: str
    theme: Theme
    cost: int | None = None
    feasibility: str = ""


@dataclass(frozen=True)
class Regulation:
    """All rules of a round. `choices` by number; `lot_order`: their numbers, first by lot first, once it is drawn.

    `reserves`: pairs of a theme and the least number of places it gets.
    """

    title: str
    neighbourhood: str
    choices: tuple[Choice, ...]
    ballot_type: BallotType
    max_choices: int
    points: int
    rule: DecidingRule
    seats: int | None
    budget: int | None
    currency: str
    reserves: tuple[tuple[Theme, int], ...]
    reference_on: date | None
    youngest: int
    with_businesses: bool
    businesses_decide: bool
    opens_at: datetime
    closes_at: datetime
    result_on: date
    complaints_until: date | None
    ballots_shown_from: int
    paper_place: str = ""
    lot_seed: str = ""
    lot_order: tuple[int, ...] = ()

    @property
    def about_money(self) -> bool:
        """By the rule: money is divided, not a number of places."""
        return self.rule in MONEY_RULES


def regulation_of(voting_round: VotingRound) -> Regulation:
    """The rules of a round as it stands."""
    by_lot = [option.priority.number for option in voting_round.options]
    return Regulation(
        title=voting_round.title,
        neighbourhood=voting_round.round.neighbourhood.name,
        choices=tuple(
            sorted(
                (
                    Choice(o.priority.number, o.title, o.summary, o.theme, o.cost, o.feasibility)
                    for o in voting_round.options
                ),
                key=lambda choice: choice.number,
            )
        ),
        ballot_type=voting_round.ballot_type,
        max_choices=voting_round.max_choices,
        points=voting_round.points,
        rule=voting_round.rule,
        seats=voting_round.seats,
        budget=voting_round.budget,
        currency=voting_round.currency,
        reserves=tuple(
            sorted(((r.theme, r.at_least) for r in voting_round.reserves), key=lambda pair: list(Theme).index(pair[0]))
        ),
        reference_on=voting_round.reference_on,
        youngest=voting_round.youngest,
        with_businesses=voting_round.with_businesses,
        businesses_decide=voting_round.businesses_decide,
        opens_at=voting_round.opens_at,
        closes_at=voting_round.closes_at,
        result_on=voting_round.result_on,
        complaints_until=voting_round.complaints_until,
        ballots_shown_from=voting_round.ballots_shown_from,
        paper_place=voting_round.paper_place,
        lot_seed=voting_round.lot_seed,
        lot_order=tuple(by_lot) if voting_round.lot_seed else (),
    )


def problems(regulation: Regulation) -> list[Invalid]:
    """Everything that cannot work, each with the field it belongs to; empty when the round can open."""
    return [
        *_about_the_paper(regulation),
        *_about_voters(regulation),
        *_about_days(regulation),
        *_told(regulation, True),
    ]


def cautions(regulation: Regulation) -> list[Invalid]:
    """What can be counted, but is hardly what somebody meant; it keeps nothing from opening."""
    found = _told(regulation, False)
    if regulation.reference_on and regulation.reference_on > day_of(regulation.opens_at):
        found.append(Invalid(N_("De peildatum ligt na de eerste dag. Meestal ligt die ervoor."), field="reference_on"))
    return found


def must_work(regulation: Regulation) -> None:
    """Raise everything that cannot work, at once."""
    found = problems(regulation)
    if found:
        raise Several(found)


def _about_the_paper(regulation: Regulation) -> Iterator[Invalid]:
    options = len(regulation.choices)
    if options < FEWEST_OPTIONS:
        yield Invalid(N_("Er zijn minstens 2 openbare punten nodig om over te stemmen."), field="priority_ids")
    if options > MOST_OPTIONS:
        yield Invalid(N_("Op een stembiljet passen hoogstens 100 punten. Kies er minder."), field="priority_ids")
    if regulation.ballot_type is BallotType.POINTS:
        if not 1 <= regulation.points <= MOST_POINTS_TO_GIVE:
            yield Invalid(N_("Geef iedereen 1 tot 100 punten om te verdelen."), field="points")
        if regulation.about_money:
            yield Invalid(
                N_(
                    "Geld verdelen gaat met aankruisen, niet met punten. Kies een stembiljet om aan te kruisen, "
                    "of een telregel zonder geld."
                ),
                field="rule",
            )
    elif regulation.max_choices > options >= FEWEST_OPTIONS:
        yield Invalid(
            N_("Mensen kunnen niet meer punten kiezen dan er zijn. Maak het aantal kleiner."), field="max_choices"
        )
    if regulation.about_money:
        if len(regulation.currency) != 3 or not regulation.currency.isascii() or not regulation.currency.isupper():
            yield Invalid(N_("Schrijf de munt met drie hoofdletters, bijvoorbeeld EUR."), field="currency")
        for choice in regulation.choices:
            if choice.cost is None:
                yield Invalid(
                    N_("Vul in wat dit punt kost: %(title)s."), field="costs", title=choice.title, number=choice.number
                )
    elif regulation.budget is not None:
        yield Invalid(
            N_("Deze telregel verdeelt geen geld. Maak het bedrag leeg, of kies een telregel voor geld."),
            field="budget",
        )
    elif regulation.seats == 1 and regulation.rule in PROPORTIONAL_SEATS:
        yield Invalid(N_("Eén plaats kan niemand eerlijk verdelen. Laat minstens 2 punten winnen."), field="seats")


def _about_voters(regulation: Regulation) -> Iterator[Invalid]:
    if not 1 <= regulation.youngest <= 99:
        yield Invalid(N_("Kies een leeftijd van 1 tot 99 jaar."), field="youngest")
    if regulation.businesses_decide and not regulation.with_businesses:
        yield Invalid(
            N_("Winkels, bedrijven en clubs kunnen niet meebeslissen als zij niet mogen stemmen."),
            field="businesses_decide",
        )
    if regulation.ballots_shown_from < SMALLEST_SHOWN_FROM:
        yield Invalid(
            N_("Laat stembiljetten pas zien vanaf 100. Anders kan iemand raden wie wat koos."),
            field="ballots_shown_from",
        )


def _about_days(regulation: Regulation) -> Iterator[Invalid]:
    if regulation.closes_at <= regulation.opens_at:
        yield Invalid(N_("De stemming moet later sluiten dan ze begint."), field="closes_at")
    if regulation.result_on < day_of(regulation.closes_at):
        yield Invalid(N_("De uitslag kan niet komen voordat de stemming sluit."), field="result_on")
    if regulation.complaints_until is None or regulation.complaints_until < regulation.result_on:
        yield Invalid(
            N_("Mensen moeten ook na de uitslag nog iets kunnen melden. Kies een latere dag."),
            field="complaints_until",
        )
    if regulation.reference_on is None:
        yield Invalid(N_("Kies de peildatum: op welke dag iemand in de wijk moet wonen."), field="reference_on")
    elif regulation.reference_on > day_of(regulation.closes_at):
        yield Invalid(N_("De peildatum kan niet na de laatste dag liggen."), field="reference_on")


# What the counting package has against it, in words: code → (message, field). Figures fill the message.
OBSTACLES: dict[str, tuple[str, str]] = {
    "rule-needs-approval": (
        N_("Deze telregel telt kruisjes, maar op dit stembiljet verdelen mensen punten. Kies een telregel met punten."),
        "rule",
    ),
    "rule-needs-points": (
        N_("Deze telregel telt punten, maar op dit stembiljet kruisen mensen aan. Kies een andere telregel."),
        "rule",
    ),
    "reserve-without-seats": (
        N_("Een plaats vrijhouden voor een onderwerp kan niet als er geld wordt verdeeld. Haal de vrije plaatsen weg."),
        "reserves",
    ),
    "free-option": (N_("Een punt kost minstens 1 euro."), "costs"),
    "no-budget": (N_("Vul in hoeveel geld er te verdelen is."), "budget"),
    "budget-not-positive": (N_("Verdeel minstens 1 euro."), "budget"),
    "cost-above-budget": (
        N_(
            "Dit punt kost meer dan er te verdelen is, dus het kan nooit winnen: %(title)s. Haal het weg, maak het goedkoper of verdeel meer geld."
        ),
        "costs",
    ),
    "every-cost-above-budget": (
        N_("Elk punt kost meer dan er te verdelen is. Zo kan niets winnen. Maak het bedrag hoger."),
        "budget",
    ),
    "budget-pays-for-all": (
        N_("Er is genoeg geld voor alle punten samen. Er valt dan weinig te kiezen."),
        "budget",
    ),
    "no-seats": (N_("Vul in hoeveel punten er winnen."), "seats"),
    "seats-not-positive": (N_("Laat minstens 1 punt winnen."), "seats"),
    "seats-above-options": (
        N_("Er kunnen niet %(seats)s punten winnen: er staan er %(options)s op het stembiljet."),
        "seats",
    ),
    "seats-for-all": (N_("Alle punten winnen. De stemming gaat dan alleen over de volgorde."), "seats"),
    "reserve-twice": (N_("Een onderwerp staat twee keer bij de vrije plaatsen. Noem het één keer."), "reserves"),
    "reserve-not-positive": (
        N_("Houd minstens 1 plaats vrij voor een onderwerp, of haal het onderwerp weg."),
        "reserves",
    ),
    "reserve-unknown-theme": (
        N_("U houdt een plaats vrij voor een onderwerp waar geen punt over gaat: %(label)s."),
        "reserves",
    ),
    "reserve-above-options": (
        N_("U houdt meer plaatsen vrij (%(at_least)s) dan er punten zijn (%(options)s) over dit onderwerp: %(label)s."),
        "reserves",
    ),
    "reserves-above-seats": (
        N_("U houdt %(reserved)s plaatsen vrij, maar er kunnen maar %(seats)s punten winnen."),
        "reserves",
    ),
}
_SAID_ABOVE = {"no-options"}
"""Already told by `problems` in words of its own."""
MUST_NOT = {"cost-above-budget"}
"""The counting package can live with it; residents who vote for what can never win cannot."""


def _told(regulation: Regulation, stops: bool) -> list[Invalid]:
    """The obstacles that stop a count, or those that do not, in words."""
    by_number = {str(choice.number): choice for choice in regulation.choices}
    found = []
    for obstacle in _obstacles(regulation):
        if (obstacle.stops or obstacle.code in MUST_NOT) is not stops or obstacle.code in _SAID_ABOVE:
            continue
        figures: dict[str, Any] = dict(obstacle.figures)
        if "option" in figures:
            choice = by_number[str(figures["option"])]
            figures |= {"title": choice.title, "number": choice.number}
        if "theme" in figures:
            figures["label"] = Theme(figures["theme"])
        message, field = OBSTACLES[obstacle.code]
        found.append(Invalid(message, field=field, **figures))
    return found


def _obstacles(regulation: Regulation) -> list[Obstacle]:
    # Costs that are missing are told apart; what has no cost yet would only be told a second time.
    choices = [c for c in regulation.choices if not regulation.about_money or c.cost is not None]
    options = tuple(
        Option(str(c.number), c.cost if regulation.about_money and c.cost is not None else 1, c.title, c.theme.value)
        for c in choices
    )
    reserved = tuple(Kept(theme.value, at_least) for theme, at_least in regulation.reserves)
    money = regulation.about_money
    terms = Terms(
        rule=regulation.rule.value,
        seats=None if money else regulation.seats,
        budget=regulation.budget if money else None,
        reserved=reserved,
    )
    found = why_not(Profile(CountedType(regulation.ballot_type.value), options, (), ()), terms)
    if any(o.code == "every-cost-above-budget" for o in found):
        # Said once for all; not once more at each.
        found = [o for o in found if o.code != "cost-above-budget"]
    # An amount for a rule without money is told as such; then places are not what is missing.
    return [o for o in found if not (o.code == "no-seats" and regulation.budget is not None)]
