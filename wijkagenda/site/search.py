"""Finding a wijk or a wish by what people type: a postcode, a name, a street or place, a number."""

import re
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from geo.errors import InvalidPostcode
from geo.levels import Level
from geo.names import fold
from geo.queries import find_by_name, find_by_postcode
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import Neighbourhood, Place
from wijkagenda.wishes.models import PUBLIC_STATES, Wish
from wijkagenda.wishes.wording import public_place

LONGEST = 100
MOST_SHOWN = 20
_POSTCODE = re.compile(r"^\s*([1-9]\d{3})\s?([A-Za-z]{2})?(?:\s*,?\s*(\d{1,5})\s*-?\s*[A-Za-z]{0,4}\d{0,4})?\s*$")
_WISH = re.compile(r"^\s*(?:[Ww]\s?-?\s?0*|0+)(\d{1,9})\s*$")


@dataclass(frozen=True)
class Found:
    """What a search gave. `exact`: the one page the visitor meant, so that they go straight there."""

    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    is_postcode: bool = False
    exact: Neighbourhood | Wish | None = None

    @property
    def nothing(self) -> bool:
        return not (self.neighbourhoods or self.places or self.wishes)


def clean(text: str) -> str:
    """What was typed, short enough and without signs no database takes."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST]


def search(text: str) -> Found:
    """Look it up; at most five queries. Nothing typed finds nothing."""
    text = clean(text)
    if not text:
        return Found()
    if match := _WISH.match(text):
        wish = _wish(int(match[1]))
        return Found(wishes=[wish], exact=wish) if wish else Found()
    if match := _POSTCODE.match(text):
        return _by_postcode(match[1] + (match[2] or "").upper(), int(match[3]) if match[3] else None)
    return _by_words(text)


def _by_postcode(postcode: str, number: int | None) -> Found:
    try:
        areas = find_by_postcode(db.session(), postcode, number, level=Level.NEIGHBOURHOOD)
    except InvalidPostcode:
        return Found(is_postcode=True)
    found = _on_areas([area.id for area in areas])
    return Found(neighbourhoods=found, is_postcode=True, exact=found[0] if len(found) == 1 else None)


def _by_words(text: str) -> Found:
    areas = find_by_name(db.session(), text, limit=MOST_SHOWN)
    neighbourhoods = _on_areas([area.id for area in areas])
    places = _places(text)
    exact = next((one for one in neighbourhoods if fold(one.name) == fold(text)), None)
    if exact is None and len(neighbourhoods) == 1 and not places:
        exact = neighbourhoods[0]
    return Found(neighbourhoods=neighbourhoods, places=places, wishes=_wishes(text), exact=exact)


def _on_areas(area_ids: list[int]) -> list[Neighbourhood]:
    """The neighbourhoods on these areas, in the order of the areas."""
    if not area_ids:
        return []
    found = db.session.scalars(
        sa.select(Neighbourhood)
        .where(Neighbourhood.area_id.in_(area_ids))
        .options(joinedload(Neighbourhood.city_district))
        .order_by(Neighbourhood.name)
    )
    by_area = {one.area_id: one for one in found}
    return [by_area[area_id] for area_id in area_ids if area_id in by_area]


def _places(text: str) -> list[Place]:
    """Named places whose name or address has the words in it."""
    return list(
        db.session.scalars(
            sa.select(Place)
            .where(sa.or_(Place.name.icontains(text, autoescape=True), Place.address.icontains(text, autoescape=True)))
            .options(joinedload(Place.neighbourhood))
            .order_by(Place.name, Place.id)
            .limit(MOST_SHOWN)
        )
    )


def _wishes(text: str) -> list[Wish]:
    """Public wishes that name the place or have the words in their title, newest first.

    What is not shown of a place (house number, postcode) cannot be found out by searching either.
    """
    wanted = text.casefold()
    return [
        wish
        for wish in db.session.scalars(
            sa.select(Wish)
            .where(
                Wish.state.in_(PUBLIC_STATES),
                sa.or_(Wish.title.icontains(text, autoescape=True), Wish.place_text.icontains(text, autoescape=True)),
            )
            .options(joinedload(Wish.neighbourhood))
            .order_by(Wish.number.desc())
            .limit(MOST_SHOWN)
        )
        if wanted in f"{wish.title}\n{public_place(wish.place_text)}".casefold()
    ]


def _wish(number: int) -> Wish | None:
    return db.session.scalar(
        sa.select(Wish)
        .where(Wish.number == number, Wish.state.in_(PUBLIC_STATES))
        .options(joinedload(Wish.neighbourhood))
    )
