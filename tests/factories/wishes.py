"""Wishes in the state a test needs, made by the real operations."""

import uuid
from datetime import datetime

import shapely
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.neighbourhoods import TODAY
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.rounds.queries import current_round
from wijkagenda.wishes import answers, operations
from wijkagenda.wishes.models import GivenAs, PlaceChoice, RefusalGround, Theme, Wish

TEXT = "In de avond durf ik niet door het park. Kunnen er lampen komen langs het grote pad?"


def make_wish(
    session: Session,
    neighbourhood: Neighbourhood,
    text: str = TEXT,
    *,
    now: datetime = NOW,
    point: shapely.Point | None = None,
    place_text: str = "",
    placed: bool = True,
    theme: Theme = Theme.STREETS_AND_GREEN,
    email: str | None = None,
    **changes: object,
) -> Wish:
    """A wish from the website, placed unless said otherwise; on the map when it has a point."""
    wish = operations.submit_wish(
        actor=SYSTEM,
        now=now,
        submission_key=str(uuid.uuid4()),
        neighbourhood=neighbourhood,
        agenda_round=current_round(neighbourhood.id, TODAY),
        text=text,
        theme=theme,
        given_as=changes.pop("given_as", GivenAs.RESIDENT),  # type: ignore[arg-type]
        place_choice=PlaceChoice.POINT if point is not None else PlaceChoice.NO_PLACE,
        point=point,
        place_text=place_text,
        email=email,
        **changes,  # type: ignore[arg-type]
    )
    if placed:
        operations.place_wish(actor=SYSTEM, now=now, wish=wish)
    return wish


def make_refused_wish(session: Session, neighbourhood: Neighbourhood, **changes: object) -> Wish:
    """A placed wish with a reasoned no."""
    wish = make_wish(session, neighbourhood, **changes)  # type: ignore[arg-type]
    answers.refuse_wish(
        actor=SYSTEM,
        now=NOW,
        wish=wish,
        ground=RefusalGround.RULE,
        text="Door deze straat rijden ziekenwagens. Op zo'n weg mag geen drempel liggen.",
        what_we_do="In maart komt er een bord dat de snelheid laat zien.",
    )
    return wish
