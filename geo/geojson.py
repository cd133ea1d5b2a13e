"""Areas and points as GeoJSON in WGS84: simplified, rounded, small."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import lat_lon, to_wgs84
from geo.models import Area
from geo.polygons import polygons_of

TOLERANCE_METRES = 10.0
DECIMALS = 5
"""A fifth decimal of a degree is about one metre."""

Properties = dict[str, Any]


def simplified_together(shapes: Sequence[BaseGeometry], tolerance: float = TOLERANCE_METRES) -> list[BaseGeometry]:
    """The RD New `shapes` with fewer points, as MultiPolygons in the same order.

    A border that two of them share point for point stays shared. Where drawing left slits or
    overlaps, they stay as wide as they were, give or take the tolerance. An area that would vanish
    keeps its own boundary.
    """
    if not shapes or tolerance <= 0:
        return list(shapes)
    simple = shapely.coverage_simplify(list(shapes), tolerance)
    return [_kept(after, before) for after, before in zip(simple, shapes, strict=True)]


def _kept(after: BaseGeometry, before: BaseGeometry) -> BaseGeometry:
    if not after.is_valid:
        after = shapely.make_valid(after, method="structure", keep_collapsed=False)
    return before if after.is_empty or after.area <= 0 else polygons_of(after)


def label_point(shape: BaseGeometry) -> shapely.Point:
    """Where a label or badge has most room: the middle of the widest part of the area."""
    widest = max(shapely.get_parts(shape), key=lambda part: part.area)
    return shapely.maximum_inscribed_circle(widest, tolerance=20.0).interpolate(0)


def area_collection(
    areas: Sequence[Area],
    properties: Callable[[Area], Properties] | None = None,
    *,
    tolerance: float = TOLERANCE_METRES,
    decimals: int = DECIMALS,
) -> Properties:
    """A FeatureCollection of `areas`, simplified together.

    Each feature has `code`, `name` and `label_at` ([lat, lon]), and what `properties(area)` adds.
    """
    shapes = [area.polygons for area in areas]
    features = []
    for area, shape, simple in zip(areas, shapes, simplified_together(shapes, tolerance), strict=True):
        own = {"code": area.code, "name": area.name, "label_at": list(lat_lon(label_point(shape)))}
        features.append(feature(simple, own | (properties(area) if properties else {}), decimals=decimals))
    return collection(features)


def point_feature(point: shapely.Point, properties: Properties) -> Properties:
    """A feature of an RD New point. Give the public point, never the exact one, to the public."""
    lat, lon = lat_lon(point)
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def feature(shape: BaseGeometry, properties: Properties, *, decimals: int = DECIMALS) -> Properties:
    """A feature of an RD New shape. Polygons with one part are written as such."""
    shown = to_wgs84(shape)
    parts = shapely.get_parts(shown)
    if len(parts) == 1:
        shown = parts[0]
    geometry = shapely.geometry.mapping(shown)
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"], decimals)}
    return {"type": "Feature", "properties": properties, "geometry": rounded}


def collection(features: Iterable[Properties]) -> Properties:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def dumps(document: Properties) -> str:
    """Compact JSON text of a document."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _rounded(coordinates: Any, decimals: int) -> Any:
    """Rounded coordinates; points that fall together on the way are written once."""
    if isinstance(coordinates[0], float):
        return [round(number, decimals) for number in coordinates]
    result: list[Any] = []
    for part in coordinates:
        shown = _rounded(part, decimals)
        if not result or result[-1] != shown or len(coordinates) <= 4:
            result.append(shown)
    return result
