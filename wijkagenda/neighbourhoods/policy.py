"""Rights about neighbourhoods."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_load_areas(actor: Actor) -> bool:
    """Boundaries of the whole municipality: the system (command line) or an administrator."""
    return actor.is_system or actor.has_everywhere(Role.ADMINISTRATOR)


def may_edit_neighbourhood(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team and the manager of a neighbourhood keep its page; administrators help."""
    return actor.is_system or actor.has_any(
        {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR}, neighbourhood.rights_areas
    )


def may_keep_figures(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Figures of the profile are kept by researchers, so that nobody colours their own."""
    return actor.is_system or actor.has_any({Role.RESEARCHER, Role.ADMINISTRATOR}, neighbourhood.rights_areas)
