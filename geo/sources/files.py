"""Opening a GeoPackage, GeoJSON or Shapefile: layer, fields, CRS, encoding. Knows no layout."""

import codecs
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geo.crs import is_known_crs
from geo.errors import (
    EmptySource,
    EncodingUnreadable,
    LayerNeeded,
    MissingCrs,
    SourceMissing,
    SourceUnreadable,
    UnknownCrs,
    UnknownFormat,
    UnknownLayer,
)

SUFFIXES = {".gpkg", ".geojson", ".json", ".shp"}
LARGEST_UNZIPPED = 4_000_000_000


@dataclass(frozen=True)
class Layer:
    """One layer as it is in the file: columns by name, one geometry (or None) per row, and its CRS."""

    path: Path
    name: str
    columns: dict[str, np.ndarray]
    shapes: Sequence[Any]
    crs: str

    def __len__(self) -> int:
        return len(self.shapes)


def open_layer(path: Path, layer: str | None, preferred: Sequence[str], encoding: str | None = None) -> Layer:
    """Read one layer of the file at `path`.

    layer: its name; None takes the only one, or the first whose name is among `preferred`.
    Raises SourceError of the kind that says what is wrong.
    """
    source = _openable(path)
    try:
        if encoding is not None:
            codecs.lookup(encoding)  # GDAL takes any word and then reads what it likes
        names = [str(row[0]) for row in pyogrio.list_layers(source)]
        name = _choose(names, layer, preferred)
        columns, geometries, crs = _read(source, name, encoding)
        if encoding is None and path.suffix.lower() in {".shp", ".zip"} and _is_utf8_read_as_latin(columns):
            columns, geometries, crs = _read(source, name, "UTF-8")
        shapes = shapely.from_wkb(geometries)
    except (UnicodeError, LookupError) as error:
        raise EncodingUnreadable(path=path.name) from error
    except (DataSourceError, DataLayerError, FeatureError, shapely.GEOSException, ValueError) as error:
        raise SourceUnreadable(path=path.name, reason=_short(error)) from error
    if any("\ufffd" in text for text in _texts(columns)):
        raise EncodingUnreadable(path=path.name)
    if len(shapes) == 0:
        raise EmptySource(path=path.name)
    if not crs:
        raise MissingCrs(path=path.name)
    if not is_known_crs(crs):
        raise UnknownCrs(path=path.name, crs=crs[:60])
    return Layer(path=path, name=name, columns=columns, shapes=shapes, crs=crs)


def _openable(path: Path) -> str:
    """What GDAL should open: the file itself, or the one boundary file in a zip."""
    if not path.is_file():
        raise SourceMissing(path=str(path))
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return str(path)
    if suffix != ".zip":
        raise UnknownFormat(path=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceUnreadable(path=path.name, reason=_short(error)) from error
    if sum(member.file_size for member in members) > LARGEST_UNZIPPED:
        raise SourceUnreadable(path=path.name, reason="zip")
    inside = [
        m.filename for m in members if Path(m.filename).suffix.lower() in SUFFIXES and "__MACOSX" not in m.filename
    ]
    if not inside:
        raise UnknownFormat(path=path.name)
    if len(inside) == 1:
        return f"/vsizip/{path.resolve()}/{inside[0]}"
    # Several shapefiles in one folder are the layers of that folder.
    folders = {str(Path(name).parent) for name in inside}
    folder = "" if folders == {"."} else f"/{sorted(folders)[0]}"
    return f"/vsizip/{path.resolve()}{folder}"


def _choose(names: list[str], layer: str | None, preferred: Sequence[str]) -> str:
    if layer is not None:
        if layer not in names:
            raise UnknownLayer(layer=layer, available=", ".join(names))
        return layer
    if len(names) == 1:
        return names[0]
    for wanted in preferred:
        for name in names:
            if name.casefold().startswith(wanted):
                return name
    if not names:
        raise ValueError("0 layers")
    raise LayerNeeded(available=", ".join(names))


def _read(source: str, layer: str, encoding: str | None) -> tuple[dict[str, np.ndarray], np.ndarray, str | None]:
    meta, _, geometries, data = pyogrio.raw.read(source, layer=layer, encoding=encoding, force_2d=True)
    if geometries is None:
        geometries = np.array([], dtype=object)
    return dict(zip((str(name) for name in meta["fields"]), data, strict=True)), geometries, meta["crs"]


def _texts(columns: dict[str, np.ndarray]) -> list[str]:
    return [
        value for column in columns.values() if column.dtype == object for value in column if isinstance(value, str)
    ]


def _is_utf8_read_as_latin(columns: dict[str, np.ndarray]) -> bool:
    """A shapefile without .cpg is read as Latin-1, while many are UTF-8: "CuraÃ§ao"."""
    foreign = [text for text in _texts(columns) if not text.isascii()]
    return bool(foreign) and all(_decodes_again(text) for text in foreign)


def _decodes_again(text: str) -> bool:
    for encoding in ("latin-1", "cp1252"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
