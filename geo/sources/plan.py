"""What reading a boundary file gives: the areas it means to have, before any database is touched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import shapely

from geo.errors import N_
from geo.levels import Level

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total); step is one of the Dutch texts below."""

STEP_READ = N_("Bestand lezen")
STEP_CHECK = N_("Grenzen controleren")
STEP_STORE = N_("Gebieden opslaan")
STEP_POSTCODES = N_("Postcodes lezen")
STEP_STORE_POSTCODES = N_("Postcodes opslaan")

AreaKey = tuple[Level, str]


def no_progress(_step: str, _done: int, _total: int) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class AreaOptions:
    """How to read a file; everything may be left out for a file in the layout of the CBS.

    year: else taken from the file (jrstatcode) or its name, else `year_if_unknown`.
    municipality: name or code. Chooses one where the file has several; names it where the file has none.
    city_districts: path of a table `wijkcode;stadsdeel` or `naam;stadsdeel`.
    encoding: of the names, for shapefiles that do not say it right.
    """

    layer: str | None = None
    level: Level | None = None
    code_field: str | None = None
    name_field: str | None = None
    municipality: str | None = None
    year: int | None = None
    year_if_unknown: int | None = None
    city_districts: Path | str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Repair:
    """A boundary that was invalid and is repaired. Areas in square metres."""

    code: str
    name: str
    reason: str
    m2_before: float
    m2_after: float

    @property
    def m2_change(self) -> float:
        return self.m2_after - self.m2_before


@dataclass(frozen=True)
class PlannedArea:
    """One area as it should be. `parents`: keys of possible parents, the nearest first."""

    level: Level
    code: str
    name: str
    shape: shapely.MultiPolygon
    parents: tuple[AreaKey, ...] = ()
    made_from_parts: bool = False

    @property
    def key(self) -> AreaKey:
        return (self.level, self.code)


@dataclass(frozen=True)
class AreaPlan:
    """All areas of one file and year, parents before children.

    level: of the rows in the file; municipality_code: of the whole, where it is known.
    water_left_out: number of rows that are water.
    """

    source: str
    year: int
    level: Level
    areas: tuple[PlannedArea, ...]
    municipality_code: str | None = None
    repairs: tuple[Repair, ...] = field(default=())
    water_left_out: int = 0

    def at(self, level: Level) -> list[PlannedArea]:
        return [area for area in self.areas if area.level == level]
