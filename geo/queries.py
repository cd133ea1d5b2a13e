"""Reads: which area a point, a name or a postcode belongs to, and what lies around it."""

import re

import shapely
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from geo.errors import InvalidPostcode
from geo.levels import Level
from geo.models import Area, PostcodeArea, as_element
from geo.names import fold
from geo.spatial_index import in_frame

NEIGHBOUR_METRES = 10.0
"""Generalised boundaries may leave a gap; areas this close count as neighbours."""

_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Z]{2})?", re.ASCII)
_FALSE_LETTERS = {"SA", "SD", "SS"}


def newest_year(session: Session, level: Level) -> int | None:
    """The newest year of which there are areas at `level`."""
    return session.scalar(sa.select(sa.func.max(Area.year)).where(Area.level == level))


def _of_year(level: Level, year: int | None) -> sa.ColumnElement[bool]:
    if year is not None:
        return sa.and_(Area.level == level, Area.year == year)
    other = aliased(Area)
    newest = sa.select(sa.func.max(other.year)).where(other.level == level).scalar_subquery()
    return sa.and_(Area.level == level, Area.year == newest)


def areas(session: Session, level: Level, *, year: int | None = None, parent: Area | None = None) -> list[Area]:
    """All areas at `level` of `year` (the newest if None), by name. With `parent`: its direct children."""
    query = sa.select(Area).where(_of_year(level, year)).order_by(Area.folded_name, Area.code)
    if parent is not None:
        query = query.where(Area.parent_id == parent.id)
    return list(session.scalars(query))


def area_by_code(session: Session, level: Level, code: str, *, year: int | None = None) -> Area | None:
    """The area with this code in `year` (the newest of the level if None)."""
    return session.scalar(sa.select(Area).where(_of_year(level, year), Area.code == code))


def area_at(
    session: Session, point: shapely.Point, level: Level, *, year: int | None = None, within: float = 0.0
) -> Area | None:
    """The area in which an RD New `point` lies, or None.

    A point on a border belongs to the area with the lowest code of those that share it, always the
    same one; a point on the outer border belongs inside. Outside every area the answer is None,
    or with `within` the nearest area at most so many metres away (gaps between drawn borders).
    """
    if not point.is_valid or point.is_empty:
        return None
    place = as_element(point)
    found = session.scalar(
        sa.select(Area)
        .where(_of_year(level, year), in_frame(session, Area.shape, point), sa.func.ST_Intersects(Area.shape, place))
        .order_by(Area.code)
        .limit(1)
    )
    if found is not None or within <= 0:
        return found
    distance = sa.func.ST_Distance(Area.shape, place)
    return session.scalar(
        sa.select(Area)
        .where(_of_year(level, year), in_frame(session, Area.shape, point, within), distance <= within)
        .order_by(distance, Area.code)
        .limit(1)
    )


def children_of(session: Session, area: Area) -> list[Area]:
    """The areas directly under `area`, by name."""
    query = sa.select(Area).where(Area.parent_id == area.id).order_by(Area.folded_name, Area.code)
    return list(session.scalars(query))


def neighbours_of(session: Session, area: Area) -> list[Area]:
    """Areas of the same level and year that border on `area` (a shared corner counts), by name."""
    return list(
        session.scalars(
            sa.select(Area)
            .where(
                Area.level == area.level,
                Area.year == area.year,
                Area.id != area.id,
                in_frame(session, Area.shape, area.polygons, NEIGHBOUR_METRES),
                sa.func.ST_Distance(Area.shape, as_element(area.polygons)) <= NEIGHBOUR_METRES,
            )
            .order_by(Area.folded_name, Area.code)
        )
    )


def find_by_name(
    session: Session, text: str, *, level: Level = Level.NEIGHBOURHOOD, year: int | None = None, limit: int = 20
) -> list[Area]:
    """Areas whose name has `text` in it, whatever its case and accents; names that begin with it first."""
    wanted = fold(text)
    if not wanted:
        return []
    order = sa.case(
        (Area.folded_name == wanted, 0),
        (Area.folded_name.startswith(wanted, autoescape=True), 1),
        (Area.folded_name.contains(f" {wanted}", autoescape=True), 2),
        else_=3,
    )
    query = (
        sa.select(Area)
        .where(_of_year(level, year), Area.folded_name.contains(wanted, autoescape=True))
        .order_by(order, Area.folded_name, Area.code)
        .limit(limit)
    )
    return list(session.scalars(query))


def looks_like_postcode(text: str) -> bool:
    """Whether `text` is 4 digits, with or without 2 letters after it."""
    return bool(_POSTCODE.fullmatch(text.strip().upper()))


def normal_postcode(text: str) -> str:
    """ "2512 ab" → "2512AB"; "2512" stays "2512". Raises InvalidPostcode."""
    match = _POSTCODE.fullmatch(text.strip().upper())
    if match is None or match[2] in _FALSE_LETTERS:
        raise InvalidPostcode
    return match[1] + (match[2] or "")


def find_by_postcode(
    session: Session,
    postcode: str,
    number: int | None = None,
    *,
    level: Level | None = None,
    year: int | None = None,
) -> list[Area]:
    """Areas in which `postcode` lies, by name; [] where the table does not know it.

    A house `number` narrows it down to one area where the table has that number; an unknown number
    gives all areas of the postcode. Only the 4 digits give all areas that have such a postcode.
    The areas are those of the table (buurt or wijk), or with `level` the ones above them.
    Raises InvalidPostcode.
    """
    wanted = normal_postcode(postcode)
    query = sa.select(PostcodeArea).join(PostcodeArea.area).order_by(PostcodeArea.id)
    if len(wanted) == 4:
        query = query.where(PostcodeArea.pc6 >= wanted, PostcodeArea.pc6 <= f"{wanted}ZZ")
    else:
        query = query.where(PostcodeArea.pc6 == wanted)
    if year is None:
        newest = sa.select(sa.func.max(Area.year)).join(PostcodeArea, PostcodeArea.area_id == Area.id)
        query = query.where(Area.year == newest.scalar_subquery())
    else:
        query = query.where(Area.year == year)
    rows = list(session.scalars(query))
    if number is not None:
        exact = [row for row in rows if row.house_number_from is not None and _has_number(row, number)]
        rows = exact or rows
    return _raised(session, {row.area_id for row in rows}, level)


def _has_number(row: PostcodeArea, number: int) -> bool:
    return (row.house_number_from or 0) <= number <= (row.house_number_to or 0)


def _raised(session: Session, ids: set[int], level: Level | None) -> list[Area]:
    """The areas with `ids`, or those at `level` above them, by name; one query per step up."""
    found: dict[int, Area] = {}
    while ids:
        above: set[int] = set()
        for area in session.scalars(sa.select(Area).where(Area.id.in_(ids)).order_by(Area.id)):
            if level is None or area.level == level:
                found[area.id] = area
            elif area.level.rank > level.rank and area.parent_id is not None:
                above.add(area.parent_id)
        ids = above
    return sorted(found.values(), key=lambda area: (area.folded_name, area.code))
