"""Which state of a voting round may follow which. A forbidden step raises."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.models import VotingState as S

ALLOWED: dict[S, set[S]] = {
    S.DRAFT: {S.OPEN},
    # Never back to draft: letters are on their way and ballots may be in.
    S.OPEN: {S.CLOSED},
    S.CLOSED: {S.COUNTED},
    S.COUNTED: {S.PUBLISHED},
    S.PUBLISHED: set(),
}


def check_step(old: S, new: S) -> None:
    """Raise Conflict unless a round in state `old` may go to `new`."""
    if new not in ALLOWED[old]:
        raise Conflict(N_("Dit kan niet meer bij deze stemming. Laad de pagina opnieuw en kijk wat er is veranderd."))
