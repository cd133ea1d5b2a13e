"""Rights about action plans."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_plan(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team of this neighbourhood and its manager keep the action plan."""
    return actor.is_system or actor.has_any(
        {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER},
        neighbourhood.rights_areas,
    )
