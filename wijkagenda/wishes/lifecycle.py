"""Which state of a wish may follow which. A forbidden step raises."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.wishes.models import WishState as S

ALLOWED: dict[S, set[S]] = {
    S.RECEIVED: {S.PLACED, S.REMOVED},
    S.PLACED: {S.BUNDLED, S.REFERRED, S.REFUSED, S.REMOVED},
    # A bundle can fall apart before the vote; a "no" or a referral can be looked at again.
    S.BUNDLED: {S.PLACED, S.REFERRED, S.REFUSED},
    S.REFERRED: {S.PLACED, S.BUNDLED, S.REFUSED},
    S.REFUSED: {S.PLACED, S.BUNDLED},
    S.REMOVED: {S.PLACED},
}


def check_step(old: S, new: S) -> None:
    """Raise Conflict unless a wish in state `old` may go to `new`."""
    if new not in ALLOWED[old]:
        raise Conflict(N_("Dit kan niet meer bij deze wens. Laad de pagina opnieuw en kijk wat er is veranderd."))
