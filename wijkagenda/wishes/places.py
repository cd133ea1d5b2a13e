"""Where a wish is about: in which neighbourhood a point lies, and what the public sees of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely

from geo.crs import rd_point
from geo.errors import InvalidPoint
from geo.levels import Level
from geo.models import Area, as_shape
from geo.names import fold
from geo.queries import area_at
from geo.rounding import public_point
from wijkagenda.db import db
from wijkagenda.errors import N_, Invalid
from wijkagenda.neighbourhoods.models import Neighbourhood, Place
from wijkagenda.neighbourhoods.queries import neighbourhood_by_area
from wijkagenda.wishes.models import PlaceChoice

BORDER_METRES = 30.0
"""A tap just outside every neighbourhood (on the water along its edge) counts as inside."""
CITY_METRES = 5_000.0
"""So far around the city we name the nearest neighbourhood."""
SAME_PLACE_METRES = 5.0


@dataclass(frozen=True)
class Meant:
    """Where a wish goes and what it is about, as its giver meant it."""

    neighbourhood: Neighbourhood
    place_choice: PlaceChoice
    point: shapely.Point | None = None
    place_text: str = ""


@dataclass(frozen=True)
class Whereabouts:
    """Where a point lies. `inside` is False for the nearest neighbourhood to a point outside them all."""

    neighbourhood: Neighbourhood | None
    inside: bool


class ElsewherePlace(Invalid):
    """The point lies in another neighbourhood, or in none. Not a refusal: `whereabouts` says where to go."""

    def __init__(self, whereabouts: Whereabouts) -> None:
        super().__init__(N_("Deze plek ligt niet in deze wijk. Kies waar uw wens heen moet."), field="place_choice")
        self.whereabouts = whereabouts


def read_point(lat: str, lon: str) -> shapely.Point | None:
    """The RD New point of two typed or hidden numbers; None when both are empty. Raises Invalid."""
    if not lat.strip() and not lon.strip():
        return None
    try:
        return rd_point(float(lat), float(lon))
    except (ValueError, OverflowError, InvalidPoint):
        raise Invalid(
            N_("Deze plek ligt niet in Nederland. Kies een plek op de kaart of in de lijst."), field="place_choice"
        ) from None


def whereabouts(point: shapely.Point) -> Whereabouts:
    """In which neighbourhood `point` (RD New) lies, else the nearest within 5 km of the city."""
    inside = area_at(db.session(), point, Level.NEIGHBOURHOOD, within=BORDER_METRES)
    area: Area | None = inside or area_at(db.session(), point, Level.NEIGHBOURHOOD, within=CITY_METRES)
    found = neighbourhood_by_area(area.id) if area else None
    return Whereabouts(found, inside=inside is not None and found is not None)


def check_inside(point: shapely.Point, neighbourhood: Neighbourhood) -> None:
    """Raise ElsewherePlace, with the right neighbourhood, unless `point` lies in this one."""
    found = whereabouts(point)
    if found.neighbourhood is None or not found.inside or found.neighbourhood.id != neighbourhood.id:
        raise ElsewherePlace(found)


def shown_point(point: shapely.Point, neighbourhood: Neighbourhood) -> shapely.Point:
    """What everyone may see: rounded to 25 m, never across the border."""
    return public_point(point, as_shape(neighbourhood.area.shape))


def place_meant(
    neighbourhood: Neighbourhood,
    places: Sequence[Place],
    *,
    place_choice: PlaceChoice,
    lat: str = "",
    lon: str = "",
    place_id: str = "",
    place_text: str = "",
    send_to: str = "",
    find: Callable[[str], shapely.Point | None] = lambda _text: None,
) -> Meant:
    """What somebody meant with a pin, a place from the list or an address, in this order.

    send_to: slug of the neighbourhood they agreed to send the wish to. find: looks up an address.
    Raises ElsewherePlace where they must choose first, Invalid where nothing was chosen.
    """
    if place_choice is not PlaceChoice.POINT:
        return Meant(neighbourhood, place_choice, None, place_text)
    point = read_point(lat, lon)
    chosen = _chosen_place(places, place_id, place_text if point is None else "")
    if chosen is not None:
        at = shapely.Point(as_shape(chosen.point))
        if point is None or point.distance(at) < SAME_PLACE_METRES:
            return Meant(neighbourhood, place_choice, at, place_text or chosen.name)
    if point is None:
        if not place_text:
            raise Invalid(N_("Kies een plek op de kaart of in de lijst, of typ een adres."), field="place_text")
        point = find(place_text)
        if point is None:
            # Nobody could find it on a map: kept in words, which the team understands.
            return Meant(neighbourhood, PlaceChoice.NO_PLACE, None, place_text)
    found = whereabouts(point)
    there = found.neighbourhood
    if there is not None and found.inside and there.id == neighbourhood.id:
        return Meant(neighbourhood, place_choice, point, place_text)
    if there is not None and there.slug == send_to:
        if found.inside:
            return Meant(there, place_choice, point, place_text)
        return Meant(there, PlaceChoice.NO_PLACE, None, place_text)
    raise ElsewherePlace(found)


def _chosen_place(places: Sequence[Place], place_id: str, place_text: str) -> Place | None:
    for place in places:
        if str(place.id) == place_id:
            return place
    typed = fold(place_text)
    return next((place for place in places if typed and fold(place.name) == typed), None)
