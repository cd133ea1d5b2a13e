"""Public wishes on the map: rounded points only, as few bytes as a phone should load."""

from dataclasses import dataclass

import shapely
import sqlalchemy as sa

from geo.crs import to_wgs84
from geo.models import as_shape
from wijkagenda.db import db
from wijkagenda.wishes.models import Wish, WishState
from wijkagenda.wishes.queries import WishFilter, filtered

POINTS_LIMIT = 5_000


@dataclass(frozen=True)
class MapPoint:
    """A public wish on the map. `position` is its place in the list with the same filter, from 1."""

    position: int
    number: int
    title: str
    state: WishState
    lat: float
    lon: float

    @property
    def reference(self) -> str:
        return f"W-{self.number:04d}"

    @property
    def is_refused(self) -> bool:
        return self.state is WishState.REFUSED


def map_points(neighbourhood_id: int, wanted: WishFilter | None = None) -> list[MapPoint]:
    """Public wishes with a point, in the order of the list, among its first 5,000. One query.

    Coordinates are WGS84 with 5 decimals (a metre): the points themselves are rounded to 25 m.
    """
    rows = db.session.execute(
        sa.select(Wish.number, Wish.title, Wish.state, Wish.public_point)
        .where(*filtered(neighbourhood_id, wanted or WishFilter()))
        .order_by(Wish.number.desc())
        .limit(POINTS_LIMIT)
    )
    placed = [(position, row) for position, row in enumerate(rows, start=1) if row.public_point is not None]
    # All at once: a conversion per point would take longer than the query.
    shown = shapely.get_parts(to_wgs84(shapely.MultiPoint([as_shape(row.public_point) for _, row in placed])))
    return [
        MapPoint(position, row.number, row.title, row.state, round(point.y, 5), round(point.x, 5))
        for (position, row), point in zip(placed, shown, strict=True)
    ]
