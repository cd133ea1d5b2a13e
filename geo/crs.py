"""The only place that converts between RD New (stored, in metres) and WGS84 (shown, in degrees).

Without the RDNAPTRANS correction grid the accuracy is about one metre, which is finer than
anything the platform shows. PROJ never fetches grids from elsewhere.
"""

import math
from functools import lru_cache

import numpy as np
import pyproj
import pyproj.network
import shapely
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidPoint

RD_NEW = 28992
WGS84 = 4326
# The square in which RD New holds, with the coastal waters that belong to municipalities.
RD_BOUNDS = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)

pyproj.network.set_network_enabled(active=False)


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _converted(shape: BaseGeometry, transformer: pyproj.Transformer) -> BaseGeometry:
    def convert(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shapely.force_2d(shape), convert)


def to_rd(shape: BaseGeometry, source_crs: str = f"EPSG:{WGS84}") -> BaseGeometry:
    """`shape` in RD New, from WGS84 (x = longitude) or another CRS that PROJ knows.

    Coordinates that do not exist in the source CRS become infinite; see `in_the_netherlands`.
    Raises pyproj's CRSError for an unknown `source_crs`.
    """
    if pyproj.CRS(source_crs).equals(pyproj.CRS(f"EPSG:{RD_NEW}")):
        return shapely.force_2d(shape)
    return _converted(shape, _transformer(source_crs, f"EPSG:{RD_NEW}"))


def to_wgs84(shape: BaseGeometry) -> BaseGeometry:
    """An RD New `shape` in WGS84, x = longitude and y = latitude."""
    return _converted(shape, _transformer(f"EPSG:{RD_NEW}", f"EPSG:{WGS84}"))


def is_known_crs(crs: str) -> bool:
    """Whether PROJ can do something with `crs`, such as "EPSG:28992" or a WKT text."""
    try:
        pyproj.CRS(crs)
    except CRSError:
        return False
    return True


def in_the_netherlands(shape: BaseGeometry) -> bool:
    """Whether an RD New `shape` lies wholly in the rectangle around the European Netherlands."""
    if shape.is_empty:
        return False
    west, south, east, north = shape.bounds
    return (
        all(math.isfinite(n) for n in shape.bounds)
        and west >= RD_BOUNDS[0]
        and south >= RD_BOUNDS[1]
        and east <= RD_BOUNDS[2]
        and north <= RD_BOUNDS[3]
    )


def rd_point(lat: float, lon: float) -> shapely.Point:
    """The RD New point of a place in WGS84 degrees, to a centimetre.

    Raises InvalidPoint for a place outside the Netherlands or numbers that are none (NaN, infinite).
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise InvalidPoint
    x, y = _transformer(f"EPSG:{WGS84}", f"EPSG:{RD_NEW}").transform(lon, lat)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InvalidPoint
    point = shapely.Point(round(x, 2), round(y, 2))
    if not in_the_netherlands(point):
        raise InvalidPoint
    return point


def lat_lon(point: shapely.Point) -> tuple[float, float]:
    """(latitude, longitude) of an RD New point, to 6 decimals (about 10 cm)."""
    shown = to_wgs84(point)
    return round(shown.y, 6), round(shown.x, 6)
