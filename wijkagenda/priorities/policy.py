"""Rights about priorities."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role

TEAM_ROLES = frozenset({Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER})


def may_bundle(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team of this neighbourhood and its manager bundle, check and propose."""
    return actor.is_system or actor.has_any(TEAM_ROLES, neighbourhood.rights_areas)
