"""Where a wish is about: in which neighbourhood a point lies, and what the public sees of it."""

from dataclasses import dataclass

import shapely

from geo.crs import rd_point
from geo.errors import InvalidPoint
from geo.levels import Level
from geo.models import Area, as_shape
from geo.queries import area_at
from geo.rounding import public_point
from wijkagenda.db import db
from wijkagenda.errors import N_, Invalid
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import neighbourhood_by_area

BORDER_METRES = 30.0
"""A tap just outside every neighbourhood (on the water along its edge) counts as inside."""
CITY_METRES = 5_000.0
"""So far around the city we name the nearest neighbourhood."""


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
