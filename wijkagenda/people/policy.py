"""Rights about people: who manages staff."""

from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_manage_staff(actor: Actor) -> bool:
    """Administrators of the whole municipality manage staff and their roles."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR)
