"""Rights about agendas."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_draft(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team of this neighbourhood and its manager work on the draft."""
    return actor.is_system or actor.has_any(
        {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER},
        neighbourhood.rights_areas,
    )


def may_adopt(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The manager of this neighbourhood's city district alone."""
    return actor.has(Role.CITY_DISTRICT_MANAGER, neighbourhood.rights_areas)
