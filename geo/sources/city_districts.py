"""The table that says which wijk lies in which stadsdeel."""

import csv
import io
from pathlib import Path

from geo.errors import N_, CityDistrictTableError, EncodingUnreadable, SourceMissing
from geo.names import fold, slug
from geo.sources.plan import PlannedArea

NO_HEADER = N_(
    "De tabel %(path)s moet een kolom 'stadsdeel' hebben, en een kolom 'wijkcode' of 'naam'. Gevonden: %(available)s."
)
UNKNOWN_WIJK = N_("%(path)s, regel %(line)s: de wijk '%(wijk)s' staat niet in het bestand met grenzen.")
AMBIGUOUS = N_("%(path)s, regel %(line)s: er is meer dan één wijk met de naam '%(wijk)s'. Gebruik de wijkcode.")
DOUBLE_WIJK = N_("%(path)s, regel %(line)s: de wijk '%(wijk)s' staat er twee keer in.")
EMPTY_CELL = N_("%(path)s, regel %(line)s: wijk of stadsdeel is leeg.")
MISSING_WIJKEN = N_("In %(path)s staat niet in welk stadsdeel deze wijken liggen: %(wijken)s.")


def read_table(path: Path, wijken: list[PlannedArea]) -> dict[str, tuple[str, str]]:
    """wijk code → (stadsdeel code, stadsdeel name) for every one of `wijken`. Raises SourceError."""
    rows = list(csv.reader(io.StringIO(table_text(path)), delimiter=delimiter_of(path)))
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    by_code = "wijkcode" in header
    if "stadsdeel" not in header or not (by_code or "naam" in header):
        raise CityDistrictTableError(NO_HEADER, path=path.name, available=", ".join(header) or "–")
    wijk_at, city_district_at = header.index("wijkcode" if by_code else "naam"), header.index("stadsdeel")
    known: dict[str, list[str]] = {}
    for wijk in wijken:
        known.setdefault(fold(wijk.code if by_code else wijk.name), []).append(wijk.code)
    found: dict[str, tuple[str, str]] = {}
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        cells = [*(" ".join(cell.split()) for cell in cells), *[""] * len(header)]
        wijk_text, city_district = cells[wijk_at], cells[city_district_at]
        if not fold(wijk_text) or not slug(city_district):
            raise CityDistrictTableError(EMPTY_CELL, path=path.name, line=line)
        codes = known.get(fold(wijk_text), [])
        if not codes:
            raise CityDistrictTableError(UNKNOWN_WIJK, path=path.name, line=line, wijk=wijk_text)
        if len(codes) > 1:
            raise CityDistrictTableError(AMBIGUOUS, path=path.name, line=line, wijk=wijk_text)
        if codes[0] in found:
            raise CityDistrictTableError(DOUBLE_WIJK, path=path.name, line=line, wijk=wijk_text)
        found[codes[0]] = (slug(city_district), city_district)
    missing = [wijk.name for wijk in wijken if wijk.code not in found]
    if missing:
        raise CityDistrictTableError(MISSING_WIJKEN, path=path.name, wijken=", ".join(missing))
    return found


def table_text(path: Path) -> str:
    """The text of a small table: UTF-8, with or without a mark in front, else what Excel writes."""
    if not path.is_file():
        raise SourceMissing(path=str(path))
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise EncodingUnreadable(path=path.name)


def delimiter_of(path: Path) -> str:
    """Semicolon, comma or tab: whichever the first line has most of."""
    with path.open("rb") as file:
        first = file.readline(4096)
    return max(";,\t", key=lambda mark: first.count(mark.encode()))
