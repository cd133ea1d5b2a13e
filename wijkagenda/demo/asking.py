"""Surveys that are held and answered, and meetings to come to."""

import random
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from surveys.models import QuestionType
from surveys.question_types import field_name
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.consultations.operations import (
    close_survey,
    hold_survey,
    open_survey,
    plan_meeting,
    publish_results,
    submit_answers,
)
from wijkagenda.consultations.queries import held_survey
from wijkagenda.consultations.standard import standard_definition
from wijkagenda.demo.calendar import at, first_moment, last_moment
from wijkagenda.demo.crew import Crew
from wijkagenda.neighbourhoods.models import Neighbourhood

OPEN_ANSWERS = (
    "Meer groen en minder auto's.", "De mensen zijn hier aardig.", "Het is te donker in het park.",
    "Een plek voor mijn kinderen in de avond.", "Doe iets aan het afval.", "Niets, ik woon hier graag.",
)  # fmt: skip


def ask_around(
    neighbourhood: Neighbourhood, first: date, last: date, answers: int, today: date, crew: Crew, chance: random.Random
) -> NeighbourhoodSurvey:
    """Hold the standard survey from `first` to `last`; a survey that is over is closed and published."""
    team, manager = crew.team_of(neighbourhood), crew.manager_of(neighbourhood)
    begin = at(first - timedelta(days=1))
    survey = hold_survey(
        actor=team, now=begin, definition=standard_definition(neighbourhood.name), neighbourhoods=[neighbourhood],
        opens_at=first_moment(first), closes_at=last_moment(last),
    )  # fmt: skip
    survey, held = held_survey(survey.id)
    open_survey(actor=team, now=begin, today=begin.date(), survey=survey, held=held)
    days = (min(last, today - timedelta(days=1)) - first).days
    for _ in range(answers):
        moment = at(first + timedelta(days=chance.randrange(max(days, 1))), chance.randrange(8, 21))
        submit_answers(
            now=moment, held=held[0], raw=_filled_in(survey, chance), code="", secret=b"", language="nl",
            submission_key=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        )  # fmt: skip
    if last < today:
        closing = at(last + timedelta(days=2))
        close_survey(actor=team, now=closing, today=closing.date(), survey=survey, held=held)
        publish_results(actor=manager, now=closing + timedelta(days=5), survey=survey, held=held)
    return held[0]


def _filled_in(survey: Any, chance: random.Random) -> Mapping[str, list[str]]:
    """One questionnaire as the form would send it; a few questions are skipped."""
    raw: dict[str, list[str]] = {}
    for question in survey.questions:
        keys = [option["key"] for option in question.options or []]
        weights = list(range(len(keys) + 2, 2, -1))
        if chance.random() < 0.06:
            continue
        match question.type:
            case QuestionType.SINGLE:
                raw[field_name(question)] = chance.choices(keys, weights)
            case QuestionType.MULTIPLE:
                alone = {option["key"] for option in question.options if option.get("alone")}
                chosen = set(chance.choices(keys, weights, k=2))
                raw[field_name(question)] = sorted(chosen - alone) or sorted(chosen)
            case QuestionType.SCALE:
                mark = round(chance.gauss(6.6, 1.6))
                raw[field_name(question)] = [
                    str(min(max(mark, int(question.minimum or 1)), int(question.maximum or 10)))
                ]
            case QuestionType.NUMBER:
                raw[field_name(question)] = [str(int(chance.expovariate(0.07)) % 90)]
            case QuestionType.MATRIX:
                for row in question.rows:
                    raw[field_name(question, row["key"])] = chance.choices(keys, weights)
            case QuestionType.OPEN if chance.random() < 0.4:
                raw[field_name(question)] = [chance.choice(OPEN_ANSWERS)]
    return raw


def invite(neighbourhood: Neighbourhood, today: date, crew: Crew, house: str) -> None:
    """Two meetings to come."""
    for title, text, days, hours in (
        ("Hulp bij stemmen en wensen", "Wij helpen u met uw brief, uw wens of de vragenlijst. U hoeft niets mee te nemen.", 4, (13, 16)),
        ("Praten over de wijk, met soep", "Wij eten soep en praten over wat er beter kan. Kinderen zijn welkom.", 16, (17, 19)),
    ):  # fmt: skip
        day = today + timedelta(days=days)
        plan_meeting(
            actor=crew.team_of(neighbourhood), now=at(today - timedelta(days=2)), neighbourhood=neighbourhood,
            title=title, text=text, place=house, starts_at=at(day, hours[0]), ends_at=at(day, hours[1]),
            other_way="Bel 14 0300 of doe online mee. Wij komen ook bij u langs als u dat wilt.",
        )  # fmt: skip
