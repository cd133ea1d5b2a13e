"""Which field means what: the layout of the CBS by itself, other layouts by options."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.errors import FieldEmpty, FieldNeeded, MunicipalityNeeded, UnknownField, UnknownMunicipality, YearNeeded
from geo.levels import Level
from geo.names import fold, slug
from geo.sources.files import Layer
from geo.sources.plan import AreaOptions

CBS_LAYERS = {Level.NEIGHBOURHOOD: "wijk", Level.BUURT: "buurt", Level.MUNICIPALITY: "gemeente"}
# A shapefile cuts field names off after 10 letters.
CBS_CODES = {
    Level.BUURT: ("buurtcode", "bu_code"),
    Level.NEIGHBOURHOOD: ("wijkcode", "wk_code"),
    Level.MUNICIPALITY: ("gemeentecode", "gemeenteco", "gm_code"),
}
CBS_NAMES = {
    Level.BUURT: ("buurtnaam", "bu_naam"),
    Level.NEIGHBOURHOOD: ("wijknaam", "wk_naam"),
    Level.MUNICIPALITY: ("gemeentenaam", "gemeentena", "gm_naam"),
}
USUAL_NAME_FIELDS = ("naam", "name")
_CBS_NUMBER = re.compile(r"^Wijk \d{2} (?=\S)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True)
class Row:
    """One row of the file. `code` is None where the layout has no codes."""

    index: int
    code: str | None
    name: str
    wijk_code: str | None = None
    municipality_code: str | None = None
    municipality_name: str | None = None


@dataclass(frozen=True)
class Recognised:
    """The rows that count, with what could be told about the whole."""

    level: Level
    rows: list[Row]
    year: int
    water_left_out: int
    municipality_code: str | None
    municipality_name: str | None


def preferred_layers(options: AreaOptions) -> list[str]:
    """Beginnings of layer names to take by themselves, in the order of preference."""
    return [CBS_LAYERS[options.level]] if options.level in CBS_LAYERS else [CBS_LAYERS[Level.NEIGHBOURHOOD]]


def recognise(layer: Layer, options: AreaOptions) -> Recognised:
    """Find level, codes, names, municipality and year. Raises SourceError."""
    fields = {name.casefold(): name for name in layer.columns}
    level = options.level or _cbs_level(fields) or Level.NEIGHBOURHOOD
    code_field = _named(layer, options.code_field) or _first(fields, CBS_CODES.get(level, ()))
    name_field = (
        _named(layer, options.name_field)
        or _first(fields, CBS_NAMES.get(level, ()))
        or _first(fields, USUAL_NAME_FIELDS)
    )
    if name_field is None:
        raise FieldNeeded(available=", ".join(layer.columns) or "–")
    water = _column(layer, _first(fields, ("water", "h2o")))
    is_water = [str(value).strip().upper() == "JA" for value in water]
    wijken = _column(layer, _first(fields, CBS_CODES[Level.NEIGHBOURHOOD]) if level is Level.BUURT else None)
    gm_codes = _column(layer, _first(fields, CBS_CODES[Level.MUNICIPALITY]))
    gm_names = _column(layer, _first(fields, CBS_NAMES[Level.MUNICIPALITY]))
    chosen = [i for i in range(len(layer)) if not is_water[i]]
    if level is Level.MUNICIPALITY:
        gm_codes, gm_names = _column(layer, code_field), _column(layer, name_field)
    chosen = _of_municipality(chosen, gm_codes, gm_names, options)
    names, codes = _column(layer, name_field), _column(layer, code_field)
    rows = []
    for i in chosen:
        name, code = _text(names[i]), _text(codes[i])
        if name is None:
            raise FieldEmpty(row=i + 1, field=name_field)
        if code is None and code_field is not None:
            raise FieldEmpty(row=i + 1, field=code_field)
        if level is Level.NEIGHBOURHOOD:
            # "Wijk 28 Transvaalkwartier": nobody says that number; the code keeps it.
            name = _CBS_NUMBER.sub("", name)
        rows.append(Row(i, code, name, _text(wijken[i]), _text(gm_codes[i]), _text(gm_names[i])))
    known = next((row for row in rows if row.municipality_code), None)
    code = known.municipality_code if known else None
    name_of_all = known.municipality_name if known else None
    if options.municipality and not name_of_all:
        name_of_all = options.municipality
    if options.municipality and not code:
        code = slug(options.municipality)
    return Recognised(level, rows, _year(layer, options), sum(is_water), code, name_of_all or code)


def _cbs_level(fields: dict[str, str]) -> Level | None:
    return next((level for level, names in CBS_CODES.items() if _first(fields, names)), None)


def _first(fields: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((fields[name] for name in wanted if name in fields), None)


def _named(layer: Layer, field: str | None) -> str | None:
    if field is not None and field not in layer.columns:
        raise UnknownField(field=field, available=", ".join(layer.columns) or "–")
    return field


def _column(layer: Layer, field: str | None) -> Any:
    return [None] * len(layer) if field is None else layer.columns[field]


def _text(value: Any) -> str | None:
    """A cell as text: whole floats lose their ".0", empty and missing cells are None."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return " ".join(str(value).split()) or None


def _of_municipality(chosen: list[int], codes: Any, names: Any, options: AreaOptions) -> list[int]:
    """The rows of the municipality asked for; all of them where the file has only one or names none."""
    known = {(code, _text(names[i]) or code) for i in chosen if (code := _text(codes[i]))}
    if len({code for code, _ in known}) < 2 and not (known and options.municipality and names[chosen[0]] is not None):
        return chosen
    available = ", ".join(sorted(name for _, name in known)[:12]) + (" …" if len(known) > 12 else "")
    if options.municipality is None:
        raise MunicipalityNeeded(available=available)
    wanted = fold(options.municipality)
    found = {code for code, name in known if wanted in (fold(code), fold(name))}
    if not found:
        raise UnknownMunicipality(municipality=options.municipality, available=available)
    return [i for i in chosen if _text(codes[i]) in found]


def _year(layer: Layer, options: AreaOptions) -> int:
    if options.year is not None:
        return options.year
    for field, values in layer.columns.items():
        if field.casefold() in {"jrstatcode", "jaar"} and len(values):
            match = re.match(r"20\d\d", _text(values[0]) or "")
            if match:
                return int(match[0])
    match = _YEAR_IN_NAME.search(layer.path.stem) or _YEAR_IN_NAME.search(layer.name)
    if match:
        return int(match[1])
    if options.year_if_unknown is None:
        raise YearNeeded
    return options.year_if_unknown
