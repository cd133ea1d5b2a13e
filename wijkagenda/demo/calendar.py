"""When what happens in Markerstad, always seen from today, so that the demo never grows old."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from wijkagenda.dutch_days import AMSTERDAM, start_of
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.rounds.operations import Days, publish_approach, start_round

DURATIONS = {
    PhaseKind.LISTENING: 122,
    PhaseKind.BUNDLING: 120,
    PhaseKind.VOTING: 21,
    PhaseKind.ADOPTING: 70,
    PhaseKind.CARRYING_OUT: 1430,
}


@dataclass(frozen=True)
class Moment:
    """A neighbourhood stands so many days into a phase."""

    phase: PhaseKind
    days_into: int


PRESENT: dict[str, Moment | None] = {
    "Molenwijk": Moment(PhaseKind.VOTING, 14),
    "Rustenoord": Moment(PhaseKind.LISTENING, 100),
    "Morgenhof": Moment(PhaseKind.BUNDLING, 60),
    "Het Zuiderpark": None,
    "Havenkant": Moment(PhaseKind.CARRYING_OUT, 200),
    "Laakoever": Moment(PhaseKind.ADOPTING, 30),
    "Schildershof": Moment(PhaseKind.BUNDLING, 30),
    "Sluiskwartier": Moment(PhaseKind.LISTENING, 60),
    "Bloemenhof": Moment(PhaseKind.LISTENING, 80),
    "IJpenveld": Moment(PhaseKind.LISTENING, 110),
    "Leienburg": Moment(PhaseKind.CARRYING_OUT, 480),
    "Waterveld": Moment(PhaseKind.CARRYING_OUT, 1200),
}
EARLIER = {"Molenwijk": Moment(PhaseKind.CARRYING_OUT, 1410)}
"""Rounds before the present one."""


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment on a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def first_moment(day: date) -> datetime:
    """When a day begins in the Netherlands, as the forms of staff have it."""
    return start_of(day)


def last_moment(day: date) -> datetime:
    """The last second of a day in the Netherlands, summer and winter."""
    return datetime.combine(day, time(23, 59, 59), AMSTERDAM)


def days_of(moment: Moment, today: date) -> Days:
    """First and last day of all five phases, so that today stands at `moment`."""
    before = sum(DURATIONS[kind] for kind in PhaseKind if kind.number < moment.phase.number)
    start = today - timedelta(days=before + moment.days_into)
    days: Days = {}
    for kind in PhaseKind:
        last = start + timedelta(days=DURATIONS[kind] - 1)
        days[kind] = (start, last)
        start = last + timedelta(days=1)
    return days


def plan_round(neighbourhood: Neighbourhood, moment: Moment, today: date) -> AgendaRound:
    """A round with its phases and its participation approach, published on its first day."""
    days = days_of(moment, today)
    first_day = days[PhaseKind.LISTENING][0]
    year = days[PhaseKind.CARRYING_OUT][0].year
    announced = at(first_day - timedelta(days=7))
    agenda_round = start_round(
        actor=SYSTEM, now=announced, neighbourhood=neighbourhood, start_year=year, end_year=year + 3, days=days
    )
    publish_approach(
        actor=SYSTEM, now=announced, agenda_round=agenda_round,
        who=f"Iedereen van 12 jaar en ouder in {neighbourhood.name}. Winkels en clubs ook: hun stemmen tellen we apart.",
        what="Eerst hoort u van ons welke wensen er zijn. Dan stemt u over wat als eerste moet gebeuren.",
        what_we_do_with_it="De stemming bepaalt welke punten eerst komen. Hoe wij tellen, staat in de regels van de stemming.",
        what_can_change="De volgorde. De punten zelf staan vast als het stemmen begint.",
        means="Op de website, op papier, aan de deur en op bijeenkomsten. Wie hulp wil, belt 14 0300.",
    )  # fmt: skip
    return agenda_round
