"""Who may bring in an earlier vote."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_import(actor: Actor, neighbourhood: Neighbourhood | None) -> bool:
    """Administrators, and voting officers: of this neighbourhood, or of the whole municipality for a vote of all."""
    if actor.is_system or (actor.is_staff and actor.has(Role.ADMINISTRATOR)):
        return True
    if neighbourhood is None:
        return actor.has_everywhere(Role.VOTING_OFFICER)
    return actor.is_staff and actor.has(Role.VOTING_OFFICER, neighbourhood.rights_areas)
