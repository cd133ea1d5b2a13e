"""Who may do what with a voting round."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.voting.models import Tally


def may_manage_voting(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Voting officers of this neighbourhood prepare a vote and follow it."""
    return actor.is_system or _is_officer(actor, neighbourhood)


def may_count(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """A voting officer counts: always a person, whose name stands on the count sheet.

    Never somebody of the team or the manager whose plan is voted on, also when they are officers too.
    """
    interested = actor.has_any({Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER}, neighbourhood.rights_areas)
    return _is_officer(actor, neighbourhood) and not interested


def may_open_and_close(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Opening and closing the box, and everything with codes, are for who may count too; the demo does it by itself."""
    return actor.is_system or may_count(actor, neighbourhood)


def may_publish_result(actor: Actor, neighbourhood: Neighbourhood, tally: Tally) -> bool:
    """Another voting officer than the one who counted publishes."""
    return may_count(actor, neighbourhood) and actor.staff_id != tally.counted_by_id


def _is_officer(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    return actor.is_staff and actor.has(Role.VOTING_OFFICER, neighbourhood.rights_areas)
