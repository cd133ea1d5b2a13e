"""Build Markerstad: the same city each time, seen from the day it is built."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wijkagenda.demo.calendar import EARLIER, PRESENT, Moment, plan_round
from wijkagenda.demo.crew import Crew, hire_crew
from wijkagenda.demo.ground import lay_ground
from wijkagenda.demo.listening import Listening, remove_one
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.wishes.models import Wish, WishState

SEED = 1932
WISHES = {
    "Molenwijk": 214, "Rustenoord": 41, "Morgenhof": 48, "Havenkant": 36, "Laakoever": 52, "Schildershof": 34,
    "Sluiskwartier": 22, "Bloemenhof": 31, "IJpenveld": 46, "Leienburg": 48, "Waterveld": 40,
}  # fmt: skip
EARLIER_WISHES = {"Molenwijk": 44}
Tell = Callable[[str], None]


@dataclass
class Story:
    """One round of one neighbourhood, and what came of it so far."""

    neighbourhood: Neighbourhood
    round: AgendaRound
    moment: Moment
    wishes: list[Wish]

    @property
    def has_reached(self) -> int:
        """The number of the present phase: 1 listening … 5 carrying out."""
        return self.moment.phase.number


def build_city(now: datetime, today: date, tell: Tell) -> None:
    """Everything, in one unit of work of the caller."""
    began = now - timedelta(days=2200)
    tell("Markerstad: de grond, de wijken en de medewerkers")
    neighbourhoods = lay_ground(began)
    crew = hire_crew(began, neighbourhoods)
    for moments, counts in ((EARLIER, EARLIER_WISHES), (PRESENT, WISHES)):
        for name, moment in moments.items():
            if moment is not None:
                tell(f"{name}: {counts[name]} wensen")
                _play(neighbourhoods[name], moment, counts[name], today, crew)


def _play(neighbourhood: Neighbourhood, moment: Moment, count: int, today: date, crew: Crew) -> Story:
    chance = random.Random(f"{SEED} {neighbourhood.name} {moment.days_into}")
    agenda_round = plan_round(neighbourhood, moment, today)
    listening = Listening(neighbourhood, agenda_round, today, crew, chance)
    wishes = listening.gather(count)
    if moment.phase is not PhaseKind.LISTENING:
        wishes = listening.answer_some(wishes)
    elif neighbourhood.name == "Rustenoord":
        remove_one(listening, next(wish for wish in wishes if wish.state is WishState.RECEIVED))
    return Story(neighbourhood, agenda_round, moment, wishes)
