"""Rights about people: who manages staff."""

from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_manage_staff(actor: Actor) -> bool:
    """Administrators of the whole municipality manage staff and their roles.

    Who manages staff can give any role anywhere, so one who helps a single area cannot.
    """
    return actor.is_system or actor.has_everywhere(Role.ADMINISTRATOR)
