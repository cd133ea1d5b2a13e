"""Rights about surveys and meetings, and when a survey can be answered."""

from collections.abc import Collection
from datetime import datetime, timedelta

from surveys.models import SurveyState
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role

TIME_TO_FINISH = timedelta(hours=2)
"""Who began before the end may finish: nobody loses twelve answers to a clock."""


def may_begin(held: NeighbourhoodSurvey, now: datetime) -> bool:
    """Residents can begin to answer."""
    return held.survey.state is SurveyState.OPEN and held.opens_at <= now < held.closes_at


def may_submit(held: NeighbourhoodSurvey, now: datetime) -> bool:
    """Answers are taken in."""
    return held.survey.state is SurveyState.OPEN and held.opens_at <= now < held.closes_at + TIME_TO_FINISH


def has_public_results(held: NeighbourhoodSurvey, now: datetime) -> bool:
    """The result stands on the site."""
    return (
        held.survey.state is SurveyState.CLOSED
        and held.results_published_at is not None
        and held.results_published_at <= now
    )


def may_hold_surveys(actor: Actor, neighbourhoods: Collection[Neighbourhood]) -> bool:
    """Make, open and close a survey, and read what came in: with a role in every neighbourhood it serves."""
    return _in_all(
        actor,
        {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER, Role.ADMINISTRATOR},
        neighbourhoods,
    )


def may_publish_results(actor: Actor, neighbourhoods: Collection[Neighbourhood]) -> bool:
    """Somebody else than the area team looks at the figures first: manager or researcher."""
    return _in_all(actor, {Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER}, neighbourhoods)


def may_plan_meetings(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team and its manager invite."""
    return _in_all(actor, {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR}, [neighbourhood])


def _in_all(actor: Actor, roles: set[Role], neighbourhoods: Collection[Neighbourhood]) -> bool:
    if actor.is_system:
        return True
    return bool(neighbourhoods) and all(actor.has_any(roles, n.rights_areas) for n in neighbourhoods)
