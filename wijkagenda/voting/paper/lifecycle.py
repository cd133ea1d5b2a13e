"""Which state of a batch of paper ballots may follow which. A forbidden step raises."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.paper.models import PaperState as S

ALLOWED: dict[S, set[S]] = {
    S.TAKING: {S.FULL, S.MERGED},
    # Back only while nobody has typed anything over.
    S.FULL: {S.TAKING, S.IN_BOX},
    S.IN_BOX: set(),
    S.MERGED: set(),
}


def check_step(old: S, new: S) -> None:
    """Raise Conflict unless a batch in state `old` may go to `new`."""
    if new not in ALLOWED[old]:
        raise Conflict(N_("Dit kan niet meer met deze stapel. Laad de pagina opnieuw en kijk wat er is veranderd."))
