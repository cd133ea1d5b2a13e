"""Draft, handed in, published: nothing is published that nobody else checked."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.progress.models import UpdateState as S

ALLOWED: dict[S, set[S]] = {
    S.DRAFT: {S.SUBMITTED},
    S.SUBMITTED: {S.DRAFT, S.PUBLISHED},
    S.PUBLISHED: set(),
}


def check_step(old: S, new: S) -> None:
    """Raise Conflict unless an update in state `old` may go to `new`."""
    if new not in ALLOWED[old]:
        raise Conflict(N_("Dit kan niet meer bij dit bericht. Laad de pagina opnieuw en kijk wat er is veranderd."))
