"""Geometry of a boundary: into RD New, repaired where it is invalid, always a MultiPolygon."""

import re
from typing import Any

import shapely

from geo.crs import in_the_netherlands, to_rd
from geo.errors import N_, NotPolygons, OutsideTheNetherlands
from geo.polygons import polygons_of
from geo.sources.plan import Repair

SMALLEST_HOLE_M2 = 1000.0
REASONS = {
    "Self-intersection": N_("de grens kruist zichzelf"),
    "Ring Self-intersection": N_("de grens raakt zichzelf"),
    "Hole lies outside shell": N_("een gat ligt buiten het gebied"),
    "Nested holes": N_("gaten liggen in elkaar"),
    "Nested shells": N_("delen liggen in elkaar"),
    "Interior is disconnected": N_("het gebied valt uit elkaar"),
    "Duplicate Rings": N_("een grens staat er dubbel in"),
    "Too few points in geometry component": N_("een grens heeft te weinig punten"),
}
OTHER_REASON = N_("de grens klopt niet")


def as_boundary(shape: Any, crs: str, code: str, name: str) -> tuple[shapely.MultiPolygon, Repair | None]:
    """`shape` as a valid MultiPolygon in RD New, on a grid of a millimetre.

    Raises NotPolygons and OutsideTheNetherlands.
    """
    if shape is None or shape.is_empty:
        raise NotPolygons(name=name, kind="–")
    if shape.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        raise NotPolygons(name=name, kind=shape.geom_type)
    in_rd = to_rd(shape, crs)
    if not in_the_netherlands(in_rd):
        raise OutsideTheNetherlands(name=name)
    repair = None
    if not in_rd.is_valid:
        reason = re.sub(r"\[.*", "", shapely.is_valid_reason(in_rd)).strip()
        whole = polygons_of(shapely.make_valid(in_rd, method="structure", keep_collapsed=False))
        repair = Repair(code, name, REASONS.get(reason, OTHER_REASON), in_rd.area, whole.area)
        in_rd = whole
    boundary = polygons_of(in_rd)
    if boundary.is_empty:
        raise NotPolygons(name=name, kind=shape.geom_type)
    return rounded(boundary), repair


def rounded(boundary: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """To whole millimetres and in one order, so that the same file always gives the same shape."""
    # Rounding may make a needle touch itself; set_precision keeps the result valid.
    return shapely.normalize(polygons_of(shapely.set_precision(boundary, 0.001)))


def joined(parts: list[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    """One boundary around `parts`. Slits that drawing left between them are closed."""
    whole = polygons_of(shapely.union_all(parts))
    return rounded(
        shapely.MultiPolygon(
            [
                shapely.Polygon(
                    part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area >= SMALLEST_HOLE_M2]
                )
                for part in whole.geoms
            ]
        )
    )
