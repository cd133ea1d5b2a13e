"""Bad files: what is offered, with which options, and the words of the answer.

Each `make` writes the file into a folder of the test and gives the arguments of `wijkagenda areas`.
"""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import shapely

from tests.factories.areas import squares, write_cbs, write_layer, write_table

TWO = {"naam": ["A", "B"]}


@dataclass(frozen=True)
class BadFile:
    what: str
    make: Callable[[Path], list[object]]
    words: str


def _load(*options: object, **changes: object) -> Callable[[Path], list[object]]:
    """A good file in the layout of the CBS, with these options."""
    return lambda folder: ["load", write_cbs(folder / "wijken.gpkg", **changes), *options]  # type: ignore[arg-type]


def _own(shapes: list[object], fields: dict[str, list[str]], **options: object) -> Callable[[Path], list[object]]:
    """A file of somebody's own making."""
    return lambda folder: ["load", write_layer(folder / "wijken.gpkg", shapes, fields, **options), "--year", "2026"]  # type: ignore[arg-type]


def _bytes(name: str, content: bytes) -> Callable[[Path], list[object]]:
    def make(folder: Path) -> list[object]:
        (folder / name).write_bytes(content)
        return ["load", folder / name, "--year", "2026"]

    return make


def _without_prj(folder: Path) -> list[object]:
    write_cbs(folder / "wijken.shp")
    (folder / "wijken.prj").unlink()
    return ["load", folder / "wijken.shp"]


def _two_layers(folder: Path) -> list[object]:
    write_layer(folder / "wijken.gpkg", squares(2), TWO, layer="noord")
    return ["load", write_layer(folder / "wijken.gpkg", squares(2), TWO, layer="zuid", append=True)]


def _half_a_file(folder: Path) -> list[object]:
    whole = write_cbs(folder / "wijken.geojson").read_bytes()
    (folder / "wijken.geojson").write_bytes(whole[: len(whole) // 2])
    return ["load", folder / "wijken.geojson"]


def _zip_that_climbs(folder: Path) -> list[object]:
    with zipfile.ZipFile(folder / "wijken.zip", "w") as archive:
        archive.writestr("../../../wijken.shp", b"geen kaart")
    return ["load", folder / "wijken.zip", "--year", "2026"]


def _rd_that_says_wgs84(folder: Path) -> list[object]:
    features = [
        {"type": "Feature", "properties": {"naam": "A"}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in squares(2)
    ]
    (folder / "w.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return ["load", folder / "w.geojson", "--year", "2026"]


def _districts(*rows: tuple[str, ...]) -> Callable[[Path], list[object]]:
    """A good boundary file with a table of stadsdelen that does not fit."""

    def make(folder: Path) -> list[object]:
        table = write_table(folder / "stadsdelen.csv", rows)
        return ["load", write_cbs(folder / "wijken.gpkg"), "--city-districts", table]

    return make


def _postcodes(*rows: tuple[str, ...]) -> Callable[[Path], list[object]]:
    return lambda folder: ["postcodes", write_table(folder / "postcodes.csv", rows)]


FAR = [shapely.box(2, 48, 3, 49)] * 2
FLAT = [squares(1)[0], shapely.Polygon([(140_000, 500_000), (140_100, 500_000), (140_050, 500_000)])]
CBS = {"wijkcode": ["WK990101", "WK990101"], "wijknaam": ["A", "B"]}
HEAD = ("wijkcode", "stadsdeel")

BAD_FILES = [
    BadFile("no such file", lambda folder: ["load", folder / "nergens.gpkg"], "bestaat niet"),
    BadFile("a folder", lambda folder: ["load", folder], "bestaat niet"),
    BadFile("a spreadsheet", _bytes("wijken.xlsx", b"PK"), "geen GeoPackage, GeoJSON of Shapefile"),
    BadFile("an empty file", _bytes("wijken.gpkg", b""), "kan niet worden gelezen"),
    BadFile("noise", _bytes("wijken.gpkg", b"\x00\x01 geen kaart" * 50), "kan niet worden gelezen"),
    BadFile("half a file", _half_a_file, "kan niet worden gelezen"),
    BadFile("geojson that is a list", _bytes("wijken.geojson", b"[1, 2]"), "kan niet worden gelezen"),
    BadFile("no rows", _bytes("w.geojson", b'{"type":"FeatureCollection","features":[]}'), "w.geojson"),
    BadFile("a zip that climbs out of its folder", _zip_that_climbs, "wijken.zip"),
    BadFile("a layer that is not there", _load("--layer", "straten"), "'straten' staat niet in het bestand"),
    BadFile("two layers, none chosen", _two_layers, "meer dan één laag"),
    BadFile("an unknown code field", _load("--code-field", "nummer"), "'nummer' staat niet in het bestand"),
    BadFile("an unknown name field", _load("--name-field", "titel"), "'titel' staat niet in het bestand"),
    BadFile("no field with a name", _own(squares(2), {"kleur": ["rood", "blauw"]}), "In welk veld staat de naam?"),
    BadFile("a name that is empty", _own(squares(2), {"naam": ["A", ""]}), "Rij 2 heeft niets in het veld 'naam'"),
    BadFile("a name of 500 letters", _own(squares(2), {"naam": ["A", "B" * 500]}), "is te lang"),
    BadFile("the same code twice", _own(squares(2), CBS), "WK990101 komt meer dan één keer voor: A, B"),
    BadFile("a shapefile without .prj", _without_prj, "in welk coördinatenstelsel"),
    BadFile("a layer without coordinate system", _own(squares(2), TWO, crs=None), "in welk coördinatenstelsel"),
    BadFile("areas in France", _own(FAR, TWO, crs="EPSG:4326"), "ligt buiten Nederland"),
    BadFile("RD numbers that say they are degrees", _rd_that_says_wgs84, "ligt buiten Nederland"),
    BadFile("lines", _own([s.exterior for s in squares(2)], TWO, geometry_type="LineString"), "LineString"),
    BadFile("a row without a border", _own([squares(1)[0], None], TWO), "B heeft geen vlak"),
    BadFile("a border that is flat", _own(FLAT, TWO), "B heeft geen vlak"),
    BadFile("an unknown municipality", _load("--municipality", "Rommeldam"), "Rommeldam staat niet in het bestand"),
    BadFile("a year that cannot be", _load("--year", "26"), "1900<=x<=2200"),
    BadFile("a level that does not exist", _load("--level", "straat"), "'straat' is not one of"),
    BadFile(
        "stadsdelen: no such table",
        lambda folder: ["load", write_cbs(folder / "w.gpkg"), "--city-districts", folder / "weg.csv"],
        "bestaat niet",
    ),
    BadFile("stadsdelen: an empty table", _districts(), "moet een kolom 'stadsdeel' hebben"),
    BadFile("stadsdelen: other columns", _districts(("wijk", "deel")), "Gevonden: wijk, deel"),
    BadFile("stadsdelen: an unknown wijk", _districts(HEAD, ("WK999999", "Kust")), "regel 2: de wijk 'WK999999'"),
    BadFile("stadsdelen: an empty cell", _districts(HEAD, ("WK990101", "")), "regel 2: wijk of stadsdeel is leeg"),
    BadFile("stadsdelen: a wijk twice", _districts(HEAD, *[("WK990101", "Kust")] * 2), "staat er twee keer in"),
    BadFile("stadsdelen: wijken forgotten", _districts(HEAD, ("WK990101", "Kust")), "Sluisbuurt, Molenwijk"),
    BadFile("postcodes: no such file", lambda folder: ["postcodes", folder / "weg.csv"], "bestaat niet"),
    BadFile("postcodes: other columns", _postcodes(("straat", "plaats")), "moet een kolom 'pc6' hebben"),
    BadFile("postcodes: no rows", _postcodes(("pc6", "wijk")), "geen enkele postcode"),
    BadFile("postcodes: no postcode", _postcodes(("pc6", "wijk"), ("13AB", "WK999901")), "regel 2: '13AB'"),
    BadFile(
        "postcodes: no house number",
        _postcodes(("pc6", "huisnummer", "wijk"), ("1311AB", "naast 3", "WK999901")),
        "regel 2: 'naast 3' is geen huisnummer",
    ),
    BadFile("postcodes: no wijk", _postcodes(("pc6", "wijk"), ("1311AB", "")), "regel 2"),
    BadFile(
        "postcodes: an unknown wijk", _postcodes(("pc6", "wijk"), ("1311AB", "WK000000")), "'WK000000' is niet geladen"
    ),
    BadFile(
        "postcodes: one address in two wijken",
        _postcodes(("pc6", "huisnummer", "wijk"), ("1311AB", "3", "WK999901"), ("1311AB", "3", "WK999902")),
        "ligt volgens de tabel in twee gebieden",
    ),
]
