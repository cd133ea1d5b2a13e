"""The postcode table: which house numbers of a postcode lie in which buurt or wijk.

The national file of the CBS has nine million rows, so nothing is kept in memory: rows go through
a temporary SQLite file, which sorts them and leaves it at once when closed.
"""

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.errors import N_, EncodingUnreadable, PostcodeTableError, SourceMissing
from geo.levels import Level
from geo.models import Area, PostcodeArea
from geo.sources.city_districts import delimiter_of
from geo.sources.plan import STEP_POSTCODES, STEP_STORE_POSTCODES, Progress, no_progress

CHUNK = 5_000
NO_HEADER = N_(
    "De tabel %(path)s moet een kolom 'pc6' hebben, en een kolom 'buurt' of 'wijk' (of 'buurtcode' of 'wijkcode'). Gevonden: %(available)s."
)
BAD_POSTCODE = N_("%(path)s, regel %(line)s: '%(text)s' is geen postcode zoals 1234AB.")
BAD_NUMBER = N_("%(path)s, regel %(line)s: '%(text)s' is geen huisnummer.")
EMPTY_CODE = N_("%(path)s, regel %(line)s: de code van de buurt of wijk is leeg.")
CONTRADICTION = N_("%(path)s, regel %(line)s: %(pc6)s nummer %(number)s ligt volgens de tabel in twee gebieden.")
NO_ROWS = N_("In %(path)s staat geen enkele postcode.")
UNKNOWN_CODE = N_("%(path)s, regel %(line)s: het gebied '%(code)s' is niet geladen. Laad eerst de grenzen.")
NOTHING_MATCHES = N_("Geen enkele postcode in %(path)s ligt in een gebied dat geladen is. Laad eerst de grenzen.")
NO_AREAS = N_("Er zijn nog geen wijken of buurten geladen. Laad eerst de grenzen.")

_PC6 = re.compile(r"[1-9]\d{3}[A-Z]{2}", re.ASCII)
_NUMBER = re.compile(r"(\d{1,5})(?:[ -]?[A-Za-z0-9/ -]{0,8})?", re.ASCII)
_COLUMNS = {
    "pc6": re.compile(r"pc6|postcode6?"),
    "number": re.compile(r"huisnummer|huisnr|nummer"),
    "buurt": re.compile(r"buurt(code)?(_?20\d\d)?|bu_code|bu20\d\d"),
    "wijk": re.compile(r"wijk(code)?(_?20\d\d)?|wk_code|wk20\d\d"),
}


@dataclass
class PostcodePlan:
    """A read table; use it once with `store_postcodes` (or `close` it).

    rows: number of rows read. national: the CBS layout, in which rows of other municipalities are
    expected; in a table of one's own an unknown area is a mistake.
    """

    path: Path
    rows: int
    national: bool
    connection: sqlite3.Connection

    def close(self) -> None:
        self.connection.close()

    def codes(self) -> list[tuple[str, str, int]]:
        """(buurt code, wijk code, first line) of every area the table names."""
        query = "SELECT buurt, wijk, min(line) FROM row GROUP BY buurt, wijk ORDER BY 3"
        return list(self.connection.execute(query))


@dataclass(frozen=True)
class PostcodeReport:
    """postcodes: how many postcodes can now be found; elsewhere: rows of other municipalities, left out."""

    postcodes: int
    stored_rows: int
    elsewhere: int


def read_postcodes(path: Path | str, progress: Progress = no_progress) -> PostcodePlan:
    """Read a CSV of postcodes: `pc6`, perhaps `huisnummer`, and a buurt or wijk code.

    The layout `PC6;Huisnummer;Buurt2023;Wijk2023;Gemeente2023` of the CBS is recognised, with its
    numeric codes. Raises PostcodeTableError with the line number.
    """
    path = Path(path)
    if not path.is_file():
        raise SourceMissing(path=str(path))
    connection = sqlite3.connect("")  # an empty name is a temporary file that nobody else can open
    try:
        connection.execute("CREATE TABLE row (pc6 TEXT, number INTEGER, buurt TEXT, wijk TEXT, line INTEGER)")
        national, count = False, 0
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                national, count = _fill(connection, path, encoding, progress)
                break
            except UnicodeDecodeError:
                connection.execute("DELETE FROM row")
        else:
            raise EncodingUnreadable(path=path.name)
        if count == 0:
            raise PostcodeTableError(NO_ROWS, path=path.name)
        connection.execute("CREATE INDEX by_postcode ON row (pc6, number)")
    except BaseException:
        connection.close()
        raise
    return PostcodePlan(path, count, national, connection)


def _fill(connection: sqlite3.Connection, path: Path, encoding: str, progress: Progress) -> tuple[bool, int]:
    with path.open(encoding=encoding, newline="") as file:
        lines = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter_of(path))
        try:
            header = [cell.strip().casefold() for cell in next(lines, [])]
            at = {
                key: next((i for i, cell in enumerate(header) if pattern.fullmatch(cell)), None)
                for key, pattern in _COLUMNS.items()
            }
            if at["pc6"] is None or (at["buurt"] is None and at["wijk"] is None):
                raise PostcodeTableError(NO_HEADER, path=path.name, available=", ".join(header)[:200] or "–")
            rows = _rows(lines, at, path, progress)
            connection.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?)", rows)
        except csv.Error as error:
            raise PostcodeTableError(BAD_POSTCODE, path=path.name, line=lines.line_num, text=str(error)) from error
    count = connection.execute("SELECT count(*) FROM row").fetchone()[0]
    return any(cell.startswith(("gemeente", "gm_")) for cell in header), count


def _rows(
    lines: Iterable[list[str]], at: dict[str, int | None], path: Path, progress: Progress
) -> Iterator[tuple[str, int | None, str, str, int]]:
    for line, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        cell = {key: cells[i].strip() if i is not None and i < len(cells) else "" for key, i in at.items()}
        pc6 = cell["pc6"].replace(" ", "").upper()
        if not _PC6.fullmatch(pc6):
            raise PostcodeTableError(BAD_POSTCODE, path=path.name, line=line, text=cell["pc6"][:20])
        number = _NUMBER.fullmatch(cell["number"]) if cell["number"] else None
        if cell["number"] and number is None:
            raise PostcodeTableError(BAD_NUMBER, path=path.name, line=line, text=cell["number"][:20])
        buurt, wijk = _cbs_code("BU", cell["buurt"], 8), _cbs_code("WK", cell["wijk"], 6)
        if not buurt and not wijk:
            raise PostcodeTableError(EMPTY_CODE, path=path.name, line=line)
        if line % 100_000 == 0:
            progress(STEP_POSTCODES, line, 0)
        yield pc6, int(number[1]) if number else None, buurt, wijk, line


def _cbs_code(prefix: str, text: str, digits: int) -> str:
    """CBS files drop the letters and the leading zeros: 5180101 is BU05180101."""
    return f"{prefix}{int(text):0{digits}d}" if text.isdecimal() and len(text) <= digits else text


def store_postcodes(
    session: Session, plan: PostcodePlan, *, year: int | None = None, progress: Progress = no_progress
) -> PostcodeReport:
    """Replace the postcodes of the areas of `year` (the newest loaded if None) by those of the plan.

    A row goes to its buurt where buurten are loaded, else to its wijk. Flushes, never commits.
    Raises PostcodeTableError before anything is changed.
    """
    try:
        year, area_of, elsewhere = _match(session, plan, year)
        old = sa.select(Area.id).where(Area.year == year)
        session.execute(sa.delete(PostcodeArea).where(PostcodeArea.area_id.in_(old)))
        stored, postcodes, chunk = 0, 0, []
        for pc6, ranges in _ranges(plan, area_of):
            postcodes += 1
            for first, last, area_id in ranges:
                row = {"pc6": pc6, "house_number_from": first, "house_number_to": last, "area_id": area_id}
                chunk.append(row)
            if len(chunk) >= CHUNK:
                session.execute(sa.insert(PostcodeArea), chunk)
                stored, chunk = stored + len(chunk), []
                progress(STEP_STORE_POSTCODES, stored, 0)
        if chunk:
            session.execute(sa.insert(PostcodeArea), chunk)
        session.flush()
        return PostcodeReport(postcodes, stored + len(chunk), elsewhere)
    finally:
        plan.close()


def _match(session: Session, plan: PostcodePlan, year: int | None) -> tuple[int, dict[tuple[str, str], int], int]:
    levels = (Level.BUURT, Level.NEIGHBOURHOOD)
    if year is None:
        year = session.scalar(sa.select(sa.func.max(Area.year)).where(Area.level.in_(levels)))
    query = sa.select(Area.level, Area.code, Area.id).where(Area.year == year, Area.level.in_(levels))
    loaded = {(level, code): id_ for level, code, id_ in session.execute(query)}
    if year is None or not loaded:
        raise PostcodeTableError(NO_AREAS)
    area_of: dict[tuple[str, str], int] = {}
    for buurt, wijk, line in plan.codes():
        # The code of a CBS wijk is the beginning of that of its buurten.
        above = wijk or (f"WK{buurt[2:8]}" if buurt.startswith("BU") else "")
        found = loaded.get((Level.BUURT, buurt)) or loaded.get((Level.NEIGHBOURHOOD, above))
        if found is not None:
            area_of[buurt, wijk] = found
        elif not plan.national:
            raise PostcodeTableError(UNKNOWN_CODE, path=plan.path.name, line=line, code=buurt or wijk)
    if not area_of:
        raise PostcodeTableError(NOTHING_MATCHES, path=plan.path.name)
    counts = plan.connection.execute("SELECT buurt, wijk, count(*) FROM row GROUP BY buurt, wijk")
    elsewhere = sum(count for buurt, wijk, count in counts if (buurt, wijk) not in area_of)
    _refuse_contradictions(plan, area_of)
    return year, area_of, elsewhere


def _refuse_contradictions(plan: PostcodePlan, area_of: dict[tuple[str, str], int]) -> None:
    doubles = plan.connection.execute(
        "SELECT pc6, number, buurt, wijk, line FROM row JOIN"
        " (SELECT pc6, number FROM row WHERE number IS NOT NULL GROUP BY pc6, number HAVING count(*) > 1)"
        " USING (pc6, number) ORDER BY pc6, number, line"
    )
    for (pc6, number), rows in groupby(doubles, key=lambda row: row[:2]):
        first: int | None = None
        for *_, buurt, wijk, line in rows:
            area = area_of.get((buurt, wijk))
            if first is not None and area is not None and area != first:
                raise PostcodeTableError(CONTRADICTION, path=plan.path.name, line=line, pc6=pc6, number=number)
            first = first or area


def _ranges(
    plan: PostcodePlan, area_of: dict[tuple[str, str], int]
) -> Iterator[tuple[str, list[tuple[int | None, int | None, int]]]]:
    """Per postcode the (first, last, area id) of each run of house numbers; one row where it lies in one area."""
    rows = plan.connection.execute("SELECT pc6, number, buurt, wijk FROM row ORDER BY pc6, number")
    for pc6, group in groupby(rows, key=lambda row: row[0]):
        placed = [(number, area_of[buurt, wijk]) for _, number, buurt, wijk in group if (buurt, wijk) in area_of]
        if not placed:
            continue
        whole = {area for number, area in placed if number is None}
        if len({area for _, area in placed}) == 1:
            yield pc6, [(None, None, placed[0][1])]
            continue
        ranges: list[tuple[int | None, int | None, int]] = [(None, None, area) for area in sorted(whole)]
        for area, run in groupby((p for p in placed if p[0] is not None), key=lambda p: p[1]):
            numbers = [number for number, _ in run]
            ranges.append((numbers[0], numbers[-1], area))
        yield pc6, ranges
