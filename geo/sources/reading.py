"""A boundary file → a plan of areas. No database, and nothing half-done: a plan or an error."""

from collections import Counter, defaultdict
from pathlib import Path

import shapely

from geo.errors import N_, CityDistrictTableError, DoubleCode, EmptySource, TooLong
from geo.levels import Level
from geo.names import slug
from geo.sources.boundaries import as_boundary, joined
from geo.sources.city_districts import read_table
from geo.sources.files import Layer, open_layer
from geo.sources.layouts import Recognised, Row, preferred_layers, recognise
from geo.sources.plan import (
    STEP_CHECK,
    STEP_READ,
    AreaKey,
    AreaOptions,
    AreaPlan,
    PlannedArea,
    Progress,
    Repair,
    no_progress,
)

NAME_LIMIT, CODE_LIMIT = 120, 80
ONLY_FOR_WIJKEN = N_("Een tabel met stadsdelen hoort bij een bestand met wijken.")


def read_areas(path: Path | str, options: AreaOptions | None = None, progress: Progress = no_progress) -> AreaPlan:
    """What the boundary file at `path` says there should be.

    A municipality (from its code in the file, or `options.municipality`) and stadsdelen (from the
    table) are made as the union of their parts. Raises SourceError; the message says what to do.
    """
    path, options = Path(path), options or AreaOptions()
    progress(STEP_READ, 0, 1)
    layer = open_layer(path, options.layer, preferred_layers(options), options.encoding)
    found = recognise(layer, options)
    if not found.rows:
        raise EmptySource(path=path.name)
    progress(STEP_READ, 1, 1)
    areas, repairs = _areas_of(layer, found, progress)
    if options.city_districts is not None:
        if found.level is not Level.NEIGHBOURHOOD:
            raise CityDistrictTableError(ONLY_FOR_WIJKEN)
        areas = _with_city_districts(areas, Path(options.city_districts), found)
    if found.municipality_code and found.level is not Level.MUNICIPALITY:
        parts = [area.shape for area in areas if area.level is found.level]
        name = found.municipality_name or found.municipality_code
        whole = PlannedArea(Level.MUNICIPALITY, found.municipality_code, name, joined(parts), made_from_parts=True)
        areas = [whole, *areas]
    return AreaPlan(
        source=f"{path.name} ({layer.name})",
        year=found.year,
        level=found.level,
        areas=tuple(areas),
        municipality_code=found.municipality_code,
        repairs=tuple(repairs),
        water_left_out=found.water_left_out,
    )


def _areas_of(layer: Layer, found: Recognised, progress: Progress) -> tuple[list[PlannedArea], list[Repair]]:
    boundaries = []
    repairs = []
    for done, row in enumerate(found.rows, start=1):
        boundary, repair = as_boundary(layer.shapes[row.index], layer.crs, row.code or slug(row.name), row.name)
        boundaries.append(boundary)
        repairs += [repair] if repair else []
        progress(STEP_CHECK, done, len(found.rows))
    codes = _codes(found.rows, boundaries)
    areas = [
        PlannedArea(found.level, code, row.name, boundary, _parents(found, row))
        for code, row, boundary in zip(codes, found.rows, boundaries, strict=True)
    ]
    for area in areas:
        if len(area.name) > NAME_LIMIT or len(area.code) > CODE_LIMIT:
            raise TooLong(text=max(area.name, area.code, key=len)[:130])
    return areas, repairs


def _codes(rows: list[Row], boundaries: list[shapely.MultiPolygon]) -> list[str]:
    """The codes of the file, checked; or made from the names. Equal names are told apart west to east."""
    given = [row.code for row in rows if row.code is not None]
    for code, times in Counter(given).items():
        if times > 1:
            raise DoubleCode(code=code, names=", ".join(row.name for row in rows if row.code == code))
    if len(given) == len(rows):
        return given
    by_slug: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by_slug[slug(row.name) or "gebied"].append(i)
    codes = [""] * len(rows)
    for name, same in by_slug.items():
        same.sort(key=lambda i: boundaries[i].bounds)
        for number, i in enumerate(same, start=1):
            codes[i] = name if number == 1 else f"{name}-{number}"
    for code, times in Counter(codes).items():
        if times > 1:
            raise DoubleCode(code=code, names=", ".join(r.name for r, c in zip(rows, codes, strict=True) if c == code))
    return codes


def _parents(found: Recognised, row: Row) -> tuple[AreaKey, ...]:
    parents: list[AreaKey] = []
    if row.wijk_code:
        parents.append((Level.NEIGHBOURHOOD, row.wijk_code))
    if found.municipality_code and found.level is not Level.MUNICIPALITY:
        parents.append((Level.MUNICIPALITY, found.municipality_code))
    return tuple(parents)


def _with_city_districts(wijken: list[PlannedArea], table: Path, found: Recognised) -> list[PlannedArea]:
    """The wijken with their stadsdeel as parent, after the stadsdelen themselves."""
    city_district_of = read_table(table, wijken)
    above: tuple[AreaKey, ...] = ((Level.MUNICIPALITY, found.municipality_code),) if found.municipality_code else ()
    city_districts = []
    for code, name in sorted(dict(city_district_of.values()).items()):
        parts = [wijk.shape for wijk in wijken if city_district_of[wijk.code][0] == code]
        city_districts.append(PlannedArea(Level.CITY_DISTRICT, code, name, joined(parts), above, made_from_parts=True))
    children = [
        PlannedArea(
            wijk.level,
            wijk.code,
            wijk.name,
            wijk.shape,
            ((Level.CITY_DISTRICT, city_district_of[wijk.code][0]), *wijk.parents),
        )
        for wijk in wijken
    ]
    return [*city_districts, *children]
