"""Which state of a priority may follow which, and what a vote over it settles."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.priorities.models import Priority
from wijkagenda.priorities.models import PriorityState as S

ALLOWED: dict[S, set[S]] = {
    S.DRAFT: {S.PROPOSED, S.DROPPED},
    S.PROPOSED: {S.DROPPED},
    # What was told to residents is not brought back under the same number: make a new point.
    S.DROPPED: set(),
}


def check_step(priority: Priority, new: S) -> None:
    """Raise Conflict unless `priority` may go to `new`."""
    if new not in ALLOWED[priority.state]:
        raise Conflict(N_("Dit kan niet meer bij dit punt. Laad de pagina opnieuw en kijk wat er is veranderd."))
    if new is S.DROPPED:
        check_not_on_ballot(priority)


def check_not_on_ballot(priority: Priority) -> None:
    """Raise Conflict once a vote over the priority has opened."""
    if priority.on_ballot_since is not None:
        raise Conflict(N_("Over dit punt wordt of is gestemd. Het kan niet meer veranderen."))
