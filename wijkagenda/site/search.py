"""Finding a wijk or a wish by what people type: a postcode, a name, a street or place, a number."""

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from geo.errors import InvalidPostcode
from geo.levels import Level
from geo.names import fold
from geo.queries import find_by_name, find_by_postcode
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import Neighbourhood, Place
from wijkagenda.plain_text import plain, plain_text
from wijkagenda.wishes.models import PUBLIC_STATES, Wish
from wijkagenda.wishes.wording import public_place

LONGEST = 100
MOST_SHOWN = 20
MOST_MEANT = 3
SHORTEST_MEANT = 4
ENDINGS = ("straat", "laan", "plein", "kade", "park", "weg", "wijk", "hof")
ALIKE = 0.75
"""How much of two names must be the same: one letter wrong in four, two in eight."""
_POSTCODE = re.compile(r"^\s*([1-9]\d{3})[\s.-]*([A-Za-z]{2})?(?:\s*,?\s*(\d{1,5})\s*-?\s*[A-Za-z]{0,4}\d{0,4})?\s*$")
_WISH = re.compile(r"^\s*(?:[Ww]\s?-?\s?0*|0+)(\d{1,9})\s*$")


@dataclass(frozen=True)
class Found:
    """What a search gave. `exact`: the one page the visitor meant, so that they go straight there."""

    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    is_postcode: bool = False
    meant: list[Neighbourhood | Place] = field(default_factory=list)
    """When nothing was found: what the visitor may have meant, the most alike first."""
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
    if not found and len(postcode) > 4:
        # The letters are easily mistaken; the digits say about where.
        near = find_by_postcode(db.session(), postcode[:4], level=Level.NEIGHBOURHOOD)
        return Found(is_postcode=True, meant=[*_on_areas([area.id for area in near])])
    return Found(neighbourhoods=found, is_postcode=True, exact=found[0] if len(found) == 1 else None)


def _by_words(text: str) -> Found:
    areas = find_by_name(db.session(), text, limit=MOST_SHOWN)
    neighbourhoods = _on_areas([area.id for area in areas])
    places = _places(text)
    exact = next((one for one in neighbourhoods if fold(one.name) == fold(text)), None)
    if exact is None and len(neighbourhoods) == 1 and not places:
        exact = neighbourhoods[0]
    found = Found(neighbourhoods=neighbourhoods, places=places, wishes=_wishes(text), exact=exact)
    return replace(found, meant=_meant(text)) if found.nothing else found


def _meant(text: str) -> list[Neighbourhood | Place]:
    """Names that look like what was typed, whole or one word of it: the list of a city is short."""
    folded = fold(text)
    typed = {folded, folded.removesuffix(" wijk")}
    if len(folded) < SHORTEST_MEANT:
        return []
    named: list[Neighbourhood | Place] = [
        *db.session.scalars(
            sa.select(Neighbourhood).options(joinedload(Neighbourhood.city_district)).order_by(Neighbourhood.name)
        ),
        *db.session.scalars(sa.select(Place).options(joinedload(Place.neighbourhood)).order_by(Place.name, Place.id)),
    ]
    scored = [(max(_alike(one_way, words) for one_way in typed for words in _spoken(one)), one) for one in named]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [one for _score, one in best[:MOST_MEANT]]


def _spoken(one: Neighbourhood | Place) -> list[str]:
    """The ways people say a name: whole, its longer words, and the street of a place without its number."""
    names = [one.name] + ([re.sub(r"\d.*", "", one.address)] if isinstance(one, Place) else [])
    whole = [fold(name) for name in names]
    return whole + [word for name in whole for word in name.split() if len(word) > SHORTEST_MEANT]


def _alike(one: str, other: str) -> float:
    """From 0 to 1, spaces apart: "molen wijk" is "molenwijk". An ending that both have says nothing."""
    one, other = one.replace(" ", ""), other.replace(" ", "")
    for ending in ENDINGS:
        if one.endswith(ending) and other.endswith(ending) and ending not in {one, other}:
            one, other = one.removesuffix(ending), other.removesuffix(ending)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


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
            .where(
                sa.or_(
                    *(plain(part).contains(plain_text(text), autoescape=True) for part in (Place.name, Place.address))
                )
            )
            .options(joinedload(Place.neighbourhood))
            .order_by(Place.name, Place.id)
            .limit(MOST_SHOWN)
        )
    )


def _wishes(text: str) -> list[Wish]:
    """Public wishes that name the place or have the words in their title, newest first.

    What is not shown of a place (house number, postcode) cannot be found out by searching either.
    """
    wanted = plain_text(text)
    return [
        wish
        for wish in db.session.scalars(
            sa.select(Wish)
            .where(
                Wish.state.in_(PUBLIC_STATES),
                sa.or_(*(plain(part).contains(wanted, autoescape=True) for part in (Wish.title, Wish.place_text))),
            )
            .options(joinedload(Wish.neighbourhood))
            .order_by(Wish.number.desc())
            .limit(MOST_SHOWN)
        )
        if wanted in plain_text(f"{wish.title}\n{public_place(wish.place_text)}")
    ]


def _wish(number: int) -> Wish | None:
    return db.session.scalar(
        sa.select(Wish)
        .where(Wish.number == number, Wish.state.in_(PUBLIC_STATES))
        .options(joinedload(Wish.neighbourhood))
    )
