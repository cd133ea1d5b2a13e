"""Rights about progress updates: who writes never publishes."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.progress.models import ProgressUpdate


def may_write(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team of this neighbourhood; always a person, who can be asked about it."""
    return actor.is_staff and actor.has(Role.AREA_TEAM, neighbourhood.rights_areas)


def may_change(actor: Actor, neighbourhood: Neighbourhood, update: ProgressUpdate) -> bool:
    """Only the writer: whoever changed a text could not check it as another person."""
    return may_write(actor, neighbourhood) and actor.staff_id == update.written_by_id


def may_check(actor: Actor, neighbourhood: Neighbourhood, update: ProgressUpdate) -> bool:
    """The manager of this neighbourhood, unless the manager wrote it."""
    return (
        actor.is_staff
        and actor.has(Role.CITY_DISTRICT_MANAGER, neighbourhood.rights_areas)
        and actor.staff_id != update.written_by_id
    )
