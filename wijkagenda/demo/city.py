"""Build Markerstad: the same city each time, seen from the day it is built."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.demo.answer_texts import BUNDLES
from wijkagenda.demo.asking import ask_around, invite
from wijkagenda.demo.calendar import EARLIER, PRESENT, Moment, plan_round
from wijkagenda.demo.crew import Crew, hire_crew
from wijkagenda.demo.deciding import bundle_wishes, hold_vote, prepare_vote
from wijkagenda.demo.doing import adopt, carry_out, draft, leave_on_the_desk
from wijkagenda.demo.earlier import hold_earlier_vote
from wijkagenda.demo.geography import meeting_place
from wijkagenda.demo.ground import lay_ground
from wijkagenda.demo.listening import Listening, phase_days, remove_one
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.models import BallotType, DecidingRule
from wijkagenda.wishes.models import Theme, WishState

SEED = 1932
WISHES = {
    "Molenwijk": 214, "Rustenoord": 41, "Morgenhof": 48, "Havenkant": 36, "Laakoever": 52, "Schildershof": 34,
    "Sluiskwartier": 22, "Bloemenhof": 31, "IJpenveld": 46, "Leienburg": 48, "Waterveld": 40,
}  # fmt: skip
EARLIER_WISHES = {"Molenwijk": 44}
VOTERS = {"Molenwijk": 240, "Laakoever": 220, "Havenkant": 130, "Leienburg": 180, "Waterveld": 110}
RULES: dict[tuple[str, PhaseKind], dict[str, Any]] = {
    ("Laakoever", PhaseKind.ADOPTING): {"rule": DecidingRule.EQUAL_SHARES_ADD1, "budget": 120_000, "max_choices": 4},
    ("Havenkant", PhaseKind.CARRYING_OUT): {
        "rule": DecidingRule.MOST_POINTS, "ballot_type": BallotType.POINTS, "points": 3, "seats": 3,
    },
    ("Leienburg", PhaseKind.CARRYING_OUT): {"rule": DecidingRule.EQUAL_SHARES_UNIT, "seats": 3},
    ("Waterveld", PhaseKind.CARRYING_OUT): {"seats": 3, "reserves": {Theme.PEOPLE: 1}},
}  # fmt: skip
"""Votes that are not the usual one: money, points (few, so that many ballots are the same), proportional, and a reserved place."""
DRAFTED = "Morgenhof"
"""Where the vote is being prepared while wishes are still bundled."""
ANSWERS = {("Molenwijk", 14): 400, ("Rustenoord", 100): 7, ("IJpenveld", 110): 63, ("Leienburg", 480): 90}
"""(neighbourhood, days into its phase): how many people filled in the survey of that round."""
Tell = Callable[[str], None]


def build_city(now: datetime, today: date, tell: Tell) -> None:
    """Everything, in one unit of work of the caller."""
    began = now - timedelta(days=2200)
    tell("Markerstad: de grond, de wijken en de medewerkers")
    neighbourhoods = lay_ground(began)
    crew = hire_crew(began, neighbourhoods)
    for moments, counts in ((EARLIER, EARLIER_WISHES), (PRESENT, WISHES)):
        for name, moment in moments.items():
            if moment is not None:
                tell(f"{name}: {counts[name]} wensen, fase {moment.phase.label.lower()}")
                play_round(neighbourhoods[name], moment, counts[name], today, crew)
    hold_earlier_vote(now, today)
    for name in PRESENT:
        invite(neighbourhoods[name], today, crew, meeting_place(name))


def play_round(neighbourhood: Neighbourhood, moment: Moment, count: int, today: date, crew: Crew) -> None:
    """One round of one neighbourhood, link by link, as far as it has come today."""
    chance = random.Random(f"{SEED} {neighbourhood.name} {moment.days_into}")
    reached = moment.phase.number
    agenda_round = plan_round(neighbourhood, moment, today)
    held = _ask(agenda_round, moment, today, crew, chance)
    listening = Listening(neighbourhood, agenda_round, today, crew, chance)
    wishes = listening.gather(count)
    if reached == PhaseKind.LISTENING.number and neighbourhood.name == "Rustenoord":
        remove_one(listening, next(wish for wish in wishes if wish.state is WishState.RECEIVED))
    wishes = listening.answer_some(wishes)
    old = [wish for wish in wishes if wish.answer_due_on < today + timedelta(days=4)]
    is_early = reached <= PhaseKind.BUNDLING.number
    public = {PhaseKind.LISTENING.number: 0, PhaseKind.BUNDLING.number: 5}.get(reached, len(BUNDLES))
    bundle_wishes(agenda_round, old, today, crew, public=public, all_of_them=not is_early)
    if neighbourhood.name == DRAFTED:
        prepare_vote(agenda_round, today, crew)
    if is_early:
        return
    rules = RULES.get((neighbourhood.name, moment.phase), {})
    voting_round = hold_vote(agenda_round, VOTERS[neighbourhood.name], today, crew, chance, rules)
    if reached == PhaseKind.VOTING.number:
        return
    agenda = draft(agenda_round, voting_round, today, crew, held)
    if reached == PhaseKind.ADOPTING.number:
        return
    adopt(agenda, crew)
    carry_out(agenda, today, crew, chance)
    leave_on_the_desk(agenda, today, crew)


def _ask(
    agenda_round: AgendaRound, moment: Moment, today: date, crew: Crew, chance: random.Random
) -> NeighbourhoodSurvey | None:
    """The survey of a round that has one: while people listen, for as long as they do."""
    answers = ANSWERS.get((agenda_round.neighbourhood.name, moment.days_into))
    if answers is None:
        return None
    first, last = phase_days(agenda_round, PhaseKind.LISTENING)
    return ask_around(agenda_round.neighbourhood, first + timedelta(days=14), last, answers, today, crew, chance)
