"""The point the public sees: rounded, so that it points at a street and not at a front door."""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

GRID_METRES = 25.0


def public_point(point: shapely.Point, shape: BaseGeometry, grid: float = GRID_METRES) -> shapely.Point:
    """`point` (RD New) moved to the nearest grid point that lies inside `shape`, its area.

    Never on or across the border. An area too narrow to hold a grid point gives its representative
    point. The same input always gives the same point, and every point of a grid cell gives one and
    the same, so that repeated wishes do not reveal the exact place.
    """
    shapely.prepare(shape)
    west, south, east, north = shape.bounds
    reach = grid
    widest = math.hypot(max(east, point.x) - min(west, point.x), max(north, point.y) - min(south, point.y)) + grid
    # Start from the rounded point, not from the exact one: near a border the choice between grid
    # points would otherwise tell on which side of the cell the exact point lies.
    x, y = round(point.x / grid) * grid, round(point.y / grid) * grid
    while True:
        xs = _grid_lines(max(west, x - reach), min(east, x + reach), grid)
        ys = _grid_lines(max(south, y - reach), min(north, y + reach), grid)
        grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(xs, ys))
        inside = shapely.contains_xy(shape, grid_x, grid_y)
        if inside.any():
            grid_x, grid_y = grid_x[inside], grid_y[inside]
            distance = np.hypot(grid_x - x, grid_y - y)
            first = np.lexsort((grid_y, grid_x, distance))[0]
            # Beyond the circle of `reach` a nearer one may lie just outside the square searched.
            if distance[first] <= reach or reach > widest:
                return shapely.Point(float(grid_x[first]), float(grid_y[first]))
        if reach > widest:
            return shape.representative_point()
        reach *= 4


def _grid_lines(low: float, high: float, grid: float) -> np.ndarray:
    return np.arange(math.ceil(low / grid), math.floor(high / grid) + 1) * grid
