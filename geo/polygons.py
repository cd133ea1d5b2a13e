"""Polygons out of whatever an operation on shapes leaves behind."""

import shapely
from shapely.geometry.base import BaseGeometry


def polygons_of(shape: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons in `shape`; lines and points that a repair leaves behind are dropped."""
    parts = [part for part in shapely.get_parts(_flat(shape)) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts)


def _flat(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type != "GeometryCollection":
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")])
