"""Look-alike boundary files: an invented city in the Markermeer, in the layouts that cities use."""

import csv
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from geo.crs import to_wgs84

ORIGIN = (140_000.0, 500_000.0)
SIDE = 800.0
NAMES = ("Havenkwartier", "Sluisbuurt", "Molenwijk", "Dijkzicht", "Rietvoorn", "Bloemenhof", "IJpenveld", "Zeggeland")
DISTRICTS = ("Kust", "Binnenstad")


def squares(count: int = 6, columns: int = 3) -> list[shapely.Polygon]:
    """`count` squares of 800 m with shared, slightly bent borders, row by row from the south-west."""
    return [_square(i % columns, i // columns) for i in range(count)]


def _square(column: int, row: int) -> shapely.Polygon:
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    points: list[tuple[float, float]] = []
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        points += _border(start, end)
    return shapely.Polygon(points)


def _border(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[float, float]]:
    """Points along a border, the same ones from both sides (all but the last)."""
    first, last = sorted((start, end))
    steps = np.linspace(0, 1, 9)
    along = np.array(first)[None, :] + steps[:, None] * (np.array(last) - np.array(first))[None, :]
    bend = 0.05 * np.sin(steps * np.pi * 2)
    across = np.array([last[1] - first[1], last[0] - first[0]])
    xy = (along + bend[:, None] * across[None, :]) * SIDE + np.array(ORIGIN)
    points = [(float(x), float(y)) for x, y in xy]
    if start != first:
        points.reverse()
    return points[:-1]


def with_a_knot(square: shapely.Polygon) -> shapely.Polygon:
    """The same square, with a border that crosses itself as in real files."""
    points = list(square.exterior.coords)
    x, y = points[4]
    return shapely.Polygon([*points[:5], (x + 30, y - 20), (x - 10, y - 20), (x + 20, y + 10), *points[5:]])


def write_layer(
    path: Path,
    shapes: Sequence[Any],
    fields: dict[str, Sequence[Any]],
    *,
    crs: str | None = "EPSG:28992",
    layer: str | None = None,
    geometry_type: str = "Polygon",
    append: bool = False,
    **options: Any,
) -> Path:
    """Write any file that GDAL writes; the suffix says which."""
    if path.suffix == ".geojson" and crs == "EPSG:28992":
        shapes, crs = [to_wgs84(shape) for shape in shapes], "EPSG:4326"
    if path.suffix == ".gpkg":
        options["layer"] = layer or path.stem
    with warnings.catch_warnings():
        # Cut-off field names and a missing CRS are what some of these files are for.
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            str(path),
            shapely.to_wkb(np.array(shapes, dtype=object)),
            [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in fields.values()],
            list(fields),
            crs=crs,
            geometry_type=geometry_type,
            append=append,
            **options,
        )
    return path


def write_cbs(
    path: Path,
    *,
    names: Sequence[str] = NAMES[:6],
    knots: Iterable[int] = (3,),
    water: bool = True,
    year: str = "2026",
    **options: Any,
) -> Path:
    """A wijk file in the layout of the CBS: one boundary invalid, one row water."""
    shapes: list[Any] = squares(len(names))
    for i in knots:
        shapes[i] = with_a_knot(shapes[i])
    fields: dict[str, list[str]] = {
        "wijkcode": [f"WK9901{i:02d}" for i in range(1, len(names) + 1)],
        "jrstatcode": [f"{year}WK9901{i:02d}" for i in range(1, len(names) + 1)],
        "wijknaam": [f"Wijk {i:02d} {name}" for i, name in enumerate(names, start=1)],
        "gemeentecode": ["GM9901"] * len(names),
        "gemeentenaam": ["Markerstad"] * len(names),
        "water": ["NEE"] * len(names),
    }
    if water:
        shapes.append(shapely.box(ORIGIN[0] - SIDE, ORIGIN[1], ORIGIN[0] - 1, ORIGIN[1] + SIDE))
        for field, value in zip(
            fields, ("WK990101", f"{year}WK990101", "Markermeer", "GM9901", "Markerstad", "JA"), strict=True
        ):
            fields[field].append(value)
    options.setdefault("layer", "wijken")
    return write_layer(path, shapes, fields, **options)


def write_table(path: Path, rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """A CSV with semicolons; the first row is the heading."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def write_districts(path: Path, count: int = 6) -> Path:
    """The stadsdelen of `write_cbs`: the first half Kust, the rest Binnenstad."""
    rows = [(f"WK9901{i + 1:02d}", DISTRICTS[i * 2 // count]) for i in range(count)]
    return write_table(path, [("wijkcode", "stadsdeel"), *rows])
