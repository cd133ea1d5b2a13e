"""Areas as SVG paths: the outline in a header or in print, and the city map that needs no script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from geo.geojson import label_point, simplified_together
from geo.models import Area

PIXELS_OF_DETAIL = 0.75
LINE_COLOUR = "#16231E"


@dataclass(frozen=True)
class AreaPath:
    """One area of a drawn map: the `d` of its path, and where its label goes, in the same pixels."""

    area: Area
    d: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class AreaLink:
    """Where an area on a map leads, how it is called aloud, and its phase ("voting", …, "none")."""

    url: str
    label: str
    phase: str = "none"


@dataclass(frozen=True)
class _Frame:
    """From RD New metres to pixels: fitted in, centred, north up."""

    scale: float
    left: float
    top: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], width: float, height: float, margin: float) -> "_Frame":
        west, south, east, north = bounds
        scale = min((width - 2 * margin) / max(east - west, 1.0), (height - 2 * margin) / max(north - south, 1.0))
        left = west - (width / scale - (east - west)) / 2
        top = north + (height / scale - (north - south)) / 2
        return cls(scale, left, top)

    def xy(self, x: float, y: float) -> tuple[float, float]:
        return round((x - self.left) * self.scale, 1), round((self.top - y) * self.scale, 1)


def outline_svg_path(shape: BaseGeometry, width: float, height: float, *, margin: float = 4.0) -> str:
    """The `d` of an SVG path with the outline of `shape` (RD New) in a box of `width` by `height`.

    Its proportions are kept and it stands in the middle. Detail finer than a pixel is left out.
    """
    frame = _Frame.around(shape.bounds, width, height, margin)
    (simple,) = simplified_together([shape], PIXELS_OF_DETAIL / frame.scale)
    return _path(simple, frame)


def city_svg_paths(areas: Sequence[Area], width: float, height: float, *, margin: float = 8.0) -> list[AreaPath]:
    """The paths of all `areas` in one box, in the order given; shared borders stay shared."""
    if not areas:
        return []
    shapes = [area.polygons for area in areas]
    bounds = tuple(shapely.total_bounds(shapes))
    frame = _Frame.around(bounds, width, height, margin)
    simple = simplified_together(shapes, PIXELS_OF_DETAIL / frame.scale)
    paths = []
    for area, shape, drawn in zip(areas, shapes, simple, strict=True):
        middle = label_point(shape)
        paths.append(AreaPath(area, _path(drawn, frame), *frame.xy(middle.x, middle.y)))
    return paths


def _path(shape: BaseGeometry, frame: _Frame) -> str:
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{x:g},{y:g}" for x, y in (frame.xy(*xy) for xy in ring.coords[:-1])]
            rings.append(f"M{points[0]}L{' '.join(points[1:])}Z")
    return "".join(rings)


def linked_svg(
    paths: Sequence[AreaPath], width: float, height: float, *, label: str, describe: Callable[[Area], AreaLink]
) -> Markup:
    """A whole map as an inline SVG in which every area is a link: the city map without script."""
    links = [
        Markup(
            '<a href="{}" aria-label="{}"><path class="wa-fill-{}" d="{}" stroke="{}" stroke-width="{}"/></a>'
        ).format(link.url, link.label, link.phase, path.d, LINE_COLOUR, 3 if link.phase == "voting" else 1)
        for path, link in sorted(
            ((path, describe(path.area)) for path in paths), key=lambda pair: pair[1].phase == "voting"
        )
    ]
    return Markup('<svg role="group" aria-label="{}" viewBox="0 0 {} {}" width="100%" height="100%">{}</svg>').format(
        label, f"{width:g}", f"{height:g}", Markup("").join(links)
    )
