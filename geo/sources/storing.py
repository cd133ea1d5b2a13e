"""A plan of areas → the database, with a report of what became of every area."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.levels import Level
from geo.models import Area, as_element
from geo.sources.plan import STEP_STORE, AreaKey, AreaPlan, PlannedArea, Progress, Repair, no_progress

SAME_BORDER_METRES = 0.002


@dataclass(frozen=True)
class ChangedArea:
    """An area that is there again, but different."""

    area: Area
    new_name: bool
    new_border: bool
    new_parent: bool


@dataclass(frozen=True)
class GoneArea:
    """An area of this year that the file no longer has. `kept` where other rows point at it."""

    level: Level
    code: str
    name: str
    kept: bool


@dataclass
class AreaReport:
    """What storing a plan did. Areas of all levels, stadsdelen and municipality included."""

    source: str
    year: int
    added: list[Area] = field(default_factory=list)
    changed: list[ChangedArea] = field(default_factory=list)
    unchanged: list[Area] = field(default_factory=list)
    gone: list[GoneArea] = field(default_factory=list)
    repairs: tuple[Repair, ...] = ()
    water_left_out: int = 0


def store_areas(session: Session, plan: AreaPlan, progress: Progress = no_progress) -> AreaReport:
    """Make the areas of the plan's year as the plan says. May be repeated: the second time nothing changes.

    Flushes, never commits: an error leaves nothing behind once the caller's transaction ends.
    An area that is gone is removed, unless any row of any table points at it: then it is kept and
    reported. Stadsdelen stay as they are when the plan has none.
    """
    report = AreaReport(plan.source, plan.year, repairs=plan.repairs, water_left_out=plan.water_left_out)
    rows = session.scalars(sa.select(Area).where(Area.year == plan.year).order_by(Area.id))
    present: dict[AreaKey, Area] = {(area.level, area.code): area for area in rows}
    before = dict(present)
    total = len(plan.areas)
    for done, planned in enumerate(plan.areas, start=1):
        area = present.get(planned.key)
        parent = _parent(planned, present)
        if area is None:
            area = _added(planned, parent, plan)
            session.add(area)
            present[planned.key] = area
            report.added.append(area)
        else:
            _update(area, planned, parent, plan, report)
        progress(STEP_STORE, done, total)
    session.flush()
    gone = _gone(plan, before)
    references = _references(session) if gone else []
    for area in gone:
        kept = _is_pointed_at(session, area, references)
        report.gone.append(GoneArea(area.level, area.code, area.name, kept))
        if not kept:
            session.delete(area)
            session.flush()
    return report


def _parent(planned: PlannedArea, present: dict[AreaKey, Area]) -> Area | None:
    return next((present[key] for key in planned.parents if key in present), None)


def _added(planned: PlannedArea, parent: Area | None, plan: AreaPlan) -> Area:
    return Area(
        level=planned.level,
        code=planned.code,
        year=plan.year,
        name=planned.name,
        parent=parent,
        shape=as_element(planned.shape),
        source=plan.source,
        made_from_parts=planned.made_from_parts,
    )


def _update(area: Area, planned: PlannedArea, parent: Area | None, plan: AreaPlan, report: AreaReport) -> None:
    # A boundary from a file of its own is better than the union of the parts, and wijken make a
    # better municipality than the buurten that happen to be in a file.
    has_better = planned.made_from_parts and (not area.made_from_parts or plan.level is Level.BUURT)
    new_border = not has_better and not area.polygons.normalize().equals_exact(planned.shape, SAME_BORDER_METRES)
    # A file that knows only the code of the municipality names it by its code.
    new_name = not has_better and area.name != planned.name and planned.name != planned.code
    # A plan that knows no stadsdelen does not take a wijk out of its stadsdeel.
    knows_better = parent is not None and (area.parent is None or parent.level.rank >= area.parent.level.rank)
    new_parent = knows_better and area.parent is not parent
    if new_name:
        area.name = planned.name
    if new_border:
        area.shape = as_element(planned.shape)
    if new_parent:
        area.parent = parent
    if not has_better and (new_name or new_border or area.made_from_parts != planned.made_from_parts):
        area.source, area.made_from_parts = plan.source, planned.made_from_parts
    if new_name or new_border or new_parent:
        report.changed.append(ChangedArea(area, new_name, new_border, new_parent))
    else:
        report.unchanged.append(area)


def _gone(plan: AreaPlan, before: dict[AreaKey, Area]) -> list[Area]:
    """Areas of the plan's levels in the same municipality that the plan does not name, the smallest first."""
    named = {area.key for area in plan.areas}
    levels = {area.level for area in plan.areas} - {Level.MUNICIPALITY}
    gone = [
        area
        for key, area in before.items()
        if area.level in levels and key not in named and _municipality_code(area) == plan.municipality_code
    ]
    return sorted(gone, key=lambda area: (-area.level.rank, area.code))


def _municipality_code(area: Area) -> str | None:
    above: Area | None = area
    while above is not None:
        if above.level is Level.MUNICIPALITY:
            return above.code
        above = above.parent
    return None


def _is_pointed_at(session: Session, area: Area, references: list[tuple[str, str]]) -> bool:
    """Whether a row of any table, also of those geo does not know, refers to `area`.

    Asked of the database itself, because foreign keys there may also cascade: trying the delete
    would take the other rows along.
    """
    for table, column in references:
        theirs = sa.table(table, sa.column(column))
        if session.scalar(sa.select(sa.exists().where(theirs.c[column] == area.id))):
            return True
    return False


def _references(session: Session) -> list[tuple[str, str]]:
    """(table, column) of every foreign key to area.id in this database."""
    keys = sa.inspect(session.connection()).get_multi_foreign_keys()
    return [
        (table, key["constrained_columns"][0])
        for (_schema, table), found in keys.items()
        for key in found
        if key["referred_table"] == Area.__tablename__
    ]
