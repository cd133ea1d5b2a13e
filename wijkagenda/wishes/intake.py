"""Taking a wish in: checked, stored once however often it is sent, with a number of its own."""

import secrets
import uuid
from datetime import datetime
from typing import Any

import shapely
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from geo.models import as_element
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.events import emit
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.events import WishSubmitted
from wijkagenda.wishes.models import PlaceChoice, Wish, WishGiver, WishState, WishStep
from wijkagenda.wishes.places import check_inside, shown_point
from wijkagenda.wishes.terms import ANSWER_WITHIN
from wijkagenda.wishes.wording import checked_line, checked_text, title_from

NUMBERING_LOCK = 20_148
TRIES = 10


def take_in(
    *,
    received_at: datetime,
    submission_key: str,
    neighbourhood: Neighbourhood,
    agenda_round: AgendaRound | None,
    text: str,
    place_choice: PlaceChoice,
    point: shapely.Point | None,
    place_text: str,
    email: str | None,
    postal_address: str | None,
    language: str,
    **chosen: Any,
) -> tuple[Wish, bool]:
    """The stored wish, and whether it is new: sent before, the first one stays as it is.

    Raises ElsewherePlace for a point outside `neighbourhood`.
    """
    submission_key = _checked_key(submission_key)
    text = checked_text(text, field="text", missing=N_("Schrijf wat er beter moet. Een paar woorden is genoeg."))
    place_text = checked_line(place_text, field="place_text", limit=200)
    postal_address = checked_line(postal_address or "", field="postal_address", limit=300) or None
    email = checked_line(email or "", field="email", limit=254) or None
    if place_choice is not PlaceChoice.POINT:
        point = None
    elif point is not None:
        check_inside(point, neighbourhood)
    elif place_text:
        # An address nobody could find on the map is kept in words: the wish is what counts.
        place_choice = PlaceChoice.NO_PLACE
    else:
        raise Invalid(N_("Kies een plek op de kaart of in de lijst, of typ een adres."), field="place_text")
    values = {
        "submission_key": submission_key,
        "neighbourhood_id": neighbourhood.id,
        "round_id": agenda_round.id if agenda_round else None,
        "title": title_from(text),
        "text": text,
        "language": language,
        "place_choice": place_choice,
        "place_text": place_text,
        "point": as_element(point) if point is not None else None,
        "public_point": as_element(shown_point(point, neighbourhood)) if point is not None else None,
        "state": WishState.RECEIVED,
        "received_at": received_at,
        "answer_due_on": day_of(received_at) + ANSWER_WITHIN,
        **chosen,
    }
    wish, is_new = _insert_once(values)
    if is_new:
        note_step(wish, received_at)
        if email or postal_address:
            token = secrets.token_urlsafe(32)
            db.session.add(
                WishGiver(wish_id=wish.id, email=email, postal_address=postal_address, language=language, token=token)
            )
            db.session.flush()
        emit(WishSubmitted(wish.id))
        db.session.flush()
    return wish, is_new


def _checked_key(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except (ValueError, AttributeError, TypeError):
        raise Invalid(
            N_("Er ging iets mis met het formulier. Laad de pagina opnieuw en probeer het nog eens.")
        ) from None


def _insert_once(values: dict[str, Any]) -> tuple[Wish, bool]:
    """The wish with this submission key, and whether it is new. The unique keys decide, also in parallel."""
    for _try in range(TRIES):
        number = _next_number()
        known = _wish_by_key(values["submission_key"])
        if known is not None:
            return known, False
        wish = Wish(number=number, **values)
        try:
            with db.session.begin_nested():
                db.session.add(wish)
                db.session.flush()
        except IntegrityError:
            # Sent at the same moment by another request, or its number was just taken: look again.
            continue
        return wish, True
    raise Conflict(N_("Het is nu heel druk. Probeer het over een minuut nog eens. Uw tekst staat er nog."))


def _wish_by_key(key: str) -> Wish | None:
    return db.session.scalar(sa.select(Wish).where(Wish.submission_key == key))


def _next_number() -> int:
    """The number after the highest. SQLite holds its one write lock; PostgreSQL waits its turn here."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(NUMBERING_LOCK)))
    return (db.session.scalar(sa.select(sa.func.max(Wish.number))) or 0) + 1


def note_step(wish: Wish, at: datetime) -> None:
    """Write a dated step of the journey: the wish came into its present state."""
    db.session.add(WishStep(wish_id=wish.id, state=wish.state, at=at))
