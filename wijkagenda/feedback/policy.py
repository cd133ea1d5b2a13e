"""Rights about telling people."""

from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role


def may_see_outbox(actor: Actor) -> bool:
    """All staff may see that mail waits or did not arrive; addresses and texts are not shown."""
    return actor.is_system or actor.is_staff


def may_retry_messages(actor: Actor) -> bool:
    """Administrators of the whole municipality have mail that was given up sent again, or let it go."""
    return actor.is_system or actor.has_everywhere(Role.ADMINISTRATOR)
