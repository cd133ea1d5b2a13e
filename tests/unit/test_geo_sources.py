"""Reading boundary files: every layout that comes in, and every way in which a file is wrong."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo import errors
from geo.crs import rd_point
from geo.levels import Level
from geo.sources import AreaOptions, AreaPlan, read_areas
from tests.factories.areas import (
    NAMES,
    ORIGIN,
    squares,
    with_a_knot,
    write_cbs,
    write_districts,
    write_layer,
    write_table,
)

YEAR = AreaOptions(year=2026)


def names_of(plan: AreaPlan, level: Level = Level.NEIGHBOURHOOD) -> list[str]:
    return [area.name for area in plan.at(level)]


@pytest.mark.parametrize("name", ["wijken.gpkg", "wijken.geojson", "wijken.shp"])
def test_the_cbs_layout_is_recognised_by_itself(tmp_path: Path, name: str) -> None:
    plan = read_areas(write_cbs(tmp_path / name))
    assert plan.level is Level.NEIGHBOURHOOD
    assert plan.year == 2026
    assert names_of(plan) == list(NAMES[:6])
    assert names_of(plan, Level.MUNICIPALITY) == ["Markerstad"]
    assert plan.municipality_code == "GM9901"
    assert plan.water_left_out == 1
    assert {area.parents for area in plan.at(Level.NEIGHBOURHOOD)} == {((Level.MUNICIPALITY, "GM9901"),)}


def test_a_zipped_shapefile_reads_like_the_file_itself(tmp_path: Path) -> None:
    write_cbs(tmp_path / "wijken.shp")
    with zipfile.ZipFile(tmp_path / "levering.zip", "w") as archive:
        for part in tmp_path.glob("wijken.*"):
            archive.write(part, f"map/{part.name}")
    assert names_of(read_areas(tmp_path / "levering.zip")) == list(NAMES[:6])


def test_a_repair_is_named_with_what_it_changed(tmp_path: Path) -> None:
    plan = read_areas(write_cbs(tmp_path / "wijken.gpkg"))
    (repair,) = plan.repairs
    assert (repair.code, repair.name) == ("WK990104", "Dijkzicht")
    assert repair.reason == "de grens kruist zichzelf"
    assert 0 < abs(repair.m2_change) < 1000
    assert all(area.shape.is_valid and area.shape.geom_type == "MultiPolygon" for area in plan.areas)


def test_the_same_file_gives_the_same_plan(tmp_path: Path) -> None:
    path = write_cbs(tmp_path / "wijken.gpkg")
    assert read_areas(path) == read_areas(path)


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    read_areas(write_cbs(tmp_path / "wijken.gpkg"), progress=lambda *step: steps.append(step))
    assert steps[-1] == ("Grenzen controleren", 6, 6)


def test_older_cbs_field_names_are_known_too(tmp_path: Path) -> None:
    fields = {"WK_CODE": ["WK990101"], "WK_NAAM": ["Havenkwartier"], "GM_CODE": ["GM9901"], "GM_NAAM": ["Markerstad"]}
    plan = read_areas(write_layer(tmp_path / "wijk_2019.shp", squares(1), fields))
    assert (plan.year, names_of(plan)) == (2019, ["Havenkwartier"])


def test_buurten_point_at_their_wijk_and_gemeenten_stand_alone(tmp_path: Path) -> None:
    buurten = write_layer(
        tmp_path / "b.gpkg",
        squares(2),
        {
            "buurtcode": ["BU99010101", "BU99010102"],
            "buurtnaam": ["Wijk 01 Oost", "West"],
            "wijkcode": ["WK990101"] * 2,
            "gemeentecode": ["GM9901"] * 2,
        },
    )
    plan = read_areas(buurten, YEAR)
    assert plan.level is Level.BUURT
    assert names_of(plan, Level.BUURT) == ["Wijk 01 Oost", "West"]
    assert plan.areas[-1].parents[0] == (Level.NEIGHBOURHOOD, "WK990101")
    whole = write_layer(
        tmp_path / "g.gpkg",
        squares(2),
        {"gemeentecode": ["GM9901", "GM9902"], "gemeentenaam": ["Markerstad", "Elders"]},
    )
    plan = read_areas(whole, AreaOptions(year=2026, municipality="markerstad"))
    assert [(area.level, area.name) for area in plan.areas] == [(Level.MUNICIPALITY, "Markerstad")]


def test_of_many_layers_the_wijken_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "wijkenbuurten_2026_v1.gpkg"
    write_layer(path, squares(1), {"gemeentecode": ["GM9901"], "gemeentenaam": ["Markerstad"]}, layer="gemeenten")
    write_cbs(path, append=True)
    assert names_of(read_areas(path)) == list(NAMES[:6])
    assert read_areas(path, AreaOptions(layer="gemeenten")).level is Level.MUNICIPALITY
    assert read_areas(path, AreaOptions(level=Level.MUNICIPALITY)).level is Level.MUNICIPALITY


def test_own_field_names_are_given_by_options(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "eigen.gpkg", squares(2), {"nr": [1.0, 2.0], "omschrijving": ["Zuid", "Noord"]})
    options = AreaOptions(
        code_field="nr", name_field="omschrijving", level=Level.BUURT, municipality="Markerstad", year=2026
    )
    plan = read_areas(path, options)
    assert [(a.level, a.code, a.name) for a in plan.areas] == [
        (Level.MUNICIPALITY, "markerstad", "Markerstad"),
        (Level.BUURT, "1", "Zuid"),
        (Level.BUURT, "2", "Noord"),
    ]


def test_codes_come_from_names_where_there_are_none(tmp_path: Path) -> None:
    shapes = squares(4)
    fields = {"naam": ["De Meern", "Noord", "Noord", "Café-wijk"]}
    plan = read_areas(write_layer(tmp_path / "a.geojson", shapes, fields), YEAR)
    assert [area.code for area in plan.areas] == ["de-meern", "noord", "noord-2", "cafe-wijk"]
    turned = {"naam": fields["naam"][::-1]}
    again = read_areas(write_layer(tmp_path / "b.geojson", shapes[::-1], turned), YEAR)
    by_shape = {area.code: area.shape.centroid.x for area in again.areas}
    assert by_shape == {area.code: area.shape.centroid.x for area in plan.areas}


def test_stadsdelen_are_made_of_their_wijken(tmp_path: Path) -> None:
    path = write_cbs(tmp_path / "wijken.gpkg")
    plan = read_areas(path, AreaOptions(city_districts=write_districts(tmp_path / "stadsdelen.csv")))
    assert [area.level for area in plan.areas] == [
        Level.MUNICIPALITY,
        *[Level.CITY_DISTRICT] * 2,
        *[Level.NEIGHBOURHOOD] * 6,
    ]
    coast = next(area for area in plan.areas if area.name == "Kust")
    parts = [area for area in plan.at(Level.NEIGHBOURHOOD) if area.parents[0] == coast.key]
    assert len(parts) == 3
    assert coast.shape.area == pytest.approx(sum(part.shape.area for part in parts), rel=1e-6)


def test_a_stadsdeel_table_may_go_by_name_and_come_from_excel(tmp_path: Path) -> None:
    rows = [("Naam", "Stadsdeel"), *((name.upper(), "Zeeë") for name in NAMES[:6]), ("", "")]
    table = write_table(tmp_path / "t.csv", rows, encoding="cp1252")
    plan = read_areas(write_cbs(tmp_path / "wijken.gpkg"), AreaOptions(city_districts=table))
    assert names_of(plan, Level.CITY_DISTRICT) == ["Zeeë"]


def test_one_municipality_is_taken_from_a_national_file(tmp_path: Path) -> None:
    fields = {
        "wijkcode": ["WK990101", "WK990201"],
        "wijknaam": ["Havenkwartier", "Elders"],
        "gemeentecode": ["GM9901", "GM9902"],
        "gemeentenaam": ["Markerstad", "Anderstad"],
    }
    path = write_layer(tmp_path / "w.gpkg", squares(2), fields)
    with pytest.raises(errors.MunicipalityNeeded, match="Anderstad, Markerstad"):
        read_areas(path, YEAR)
    with pytest.raises(errors.UnknownMunicipality, match="Rommeldam"):
        read_areas(path, AreaOptions(year=2026, municipality="Rommeldam"))
    for choice in ("markerstad", "GM9901"):
        assert names_of(read_areas(path, AreaOptions(year=2026, municipality=choice))) == ["Havenkwartier"]


def test_a_shapefile_in_utf8_that_does_not_say_so_is_read_right(tmp_path: Path) -> None:
    names = ["Curaçaobuurt", "Één", *NAMES[2:6]]
    write_cbs(tmp_path / "wijken.shp", names=names, encoding="UTF-8")
    (tmp_path / "wijken.cpg").unlink()
    assert names_of(read_areas(tmp_path / "wijken.shp")) == names


def test_slits_between_wijken_are_closed_in_the_whole(tmp_path: Path) -> None:
    left, right = shapely.box(140_000, 500_000, 140_500, 501_000), shapely.box(140_500, 500_000, 141_000, 501_000)
    bitten = left.difference(shapely.Polygon([(140_500, 500_300), (140_498, 500_320), (140_500, 500_340)]))
    fields = {"naam": ["Oost", "West"]}
    path = write_layer(tmp_path / "w.gpkg", [bitten, right], fields)
    plan = read_areas(path, AreaOptions(year=2026, municipality="Markerstad"))
    (whole,) = plan.areas[0].shape.geoms
    assert not whole.interiors


# --- what is wrong with a file -------------------------------------------------------------------


def broken(tmp_path: Path, kind: str) -> tuple[Path, AreaOptions]:
    """A file (and options) that cannot be used, by the name of what is wrong."""
    gpkg, cbs = tmp_path / "wijken.gpkg", {"wijkcode": ["WK990101", "WK990102"], "wijknaam": ["A", "B"]}
    plain: dict[str, Any] = {"naam": ["A", "B"]}
    two = squares(2)
    if kind == "missing":
        return tmp_path / "nergens.gpkg", YEAR
    if kind == "folder":
        return tmp_path, YEAR
    if kind == "spreadsheet":
        (tmp_path / "wijken.xlsx").write_bytes(b"PK")
        return tmp_path / "wijken.xlsx", YEAR
    if kind in {"garbage.gpkg", "garbage.geojson", "garbage.shp", "garbage.zip"}:
        (tmp_path / kind).write_bytes(b"\x00\x01 geen kaart" * 50)
        return tmp_path / kind, YEAR
    if kind == "half a geojson":
        write_cbs(tmp_path / "w.geojson")
        whole = (tmp_path / "w.geojson").read_bytes()
        (tmp_path / "w.geojson").write_bytes(whole[: len(whole) // 2])
        return tmp_path / "w.geojson", YEAR
    if kind == "zip without a map":
        with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
            archive.writestr("lees.txt", "niets")
        return tmp_path / "w.zip", YEAR
    if kind == "unknown layer":
        return write_cbs(gpkg), AreaOptions(layer="straten")
    if kind == "two layers":
        write_layer(gpkg, two, plain, layer="noord")
        return write_layer(gpkg, two, plain, layer="zuid", append=True), YEAR
    if kind == "unknown code field":
        return write_cbs(gpkg), AreaOptions(code_field="nummer")
    if kind == "unknown name field":
        return write_cbs(gpkg), AreaOptions(name_field="titel")
    if kind == "no name field":
        return write_layer(gpkg, two, {"kleur": ["rood", "blauw"]}), YEAR
    if kind == "double code":
        return write_layer(gpkg, two, {**cbs, "wijkcode": ["WK990101"] * 2}), YEAR
    if kind == "empty code":
        return write_layer(gpkg, two, {**cbs, "wijkcode": ["WK990101", " "]}), YEAR
    if kind == "empty name":
        return write_layer(gpkg, two, {"naam": ["A", ""]}), YEAR
    if kind == "no prj":
        write_cbs(tmp_path / "w.shp")
        (tmp_path / "w.prj").unlink()
        return tmp_path / "w.shp", YEAR
    if kind == "null crs":
        return write_layer(gpkg, two, plain, crs=None), YEAR
    if kind == "in France":
        return write_layer(gpkg, [shapely.box(2, 48, 3, 49)] * 2, plain, crs="EPSG:4326"), YEAR
    if kind == "rd in a geojson":
        shapes = [json.loads(shapely.to_geojson(shape)) for shape in two]
        features = [{"type": "Feature", "properties": {"naam": "A"}, "geometry": shape} for shape in shapes]
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (tmp_path / "w.geojson").write_text(text)
        return tmp_path / "w.geojson", YEAR
    if kind == "swapped axes":
        swapped = [shapely.box(52.1, 5.1, 52.2, 5.2)] * 2
        return write_layer(tmp_path / "w.geojson", swapped, plain, crs="EPSG:4326"), YEAR
    if kind == "one area at sea":
        away = shapely.affinity.translate(two[1], -200_000, 0)
        return write_layer(gpkg, [two[0], away], plain), YEAR
    if kind == "no rows":
        text = json.dumps({"type": "FeatureCollection", "features": []})
        (tmp_path / "w.geojson").write_text(text)
        return tmp_path / "w.geojson", YEAR
    if kind == "only water":
        return write_layer(gpkg, two, {**cbs, "water": ["JA", "JA"]}), YEAR
    if kind == "lines":
        return write_layer(gpkg, [two[0].exterior] * 2, plain, geometry_type="LineString"), YEAR
    if kind == "no geometry":
        return write_layer(gpkg, [two[0], None], plain), YEAR
    if kind == "collapsed":
        flat = shapely.Polygon([(140_000, 500_000), (140_100, 500_000), (140_050, 500_000)])
        return write_layer(gpkg, [two[0], flat], plain), YEAR
    if kind == "bad letters":
        write_cbs(tmp_path / "w.shp", names=["Caféwijk", *NAMES[1:6]], encoding="CP1252")
        (tmp_path / "w.cpg").write_text("UTF-8")
        return tmp_path / "w.shp", YEAR
    if kind == "unknown encoding":
        return write_cbs(tmp_path / "w.shp"), AreaOptions(year=2026, encoding="klingon")
    if kind == "no year":
        return write_layer(gpkg, two, plain), AreaOptions()
    if kind == "long name":
        return write_layer(gpkg, two, {"naam": ["A", "B" * 500]}), YEAR
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("missing", errors.SourceMissing, "bestaat niet"),
        ("folder", errors.SourceMissing, "bestaat niet"),
        ("spreadsheet", errors.UnknownFormat, "geen GeoPackage"),
        ("garbage.gpkg", errors.SourceUnreadable, "kan niet worden gelezen"),
        ("garbage.geojson", errors.SourceUnreadable, "kan niet worden gelezen"),
        ("garbage.shp", errors.SourceUnreadable, "kan niet worden gelezen"),
        ("garbage.zip", errors.SourceUnreadable, "kan niet worden gelezen"),
        ("half a geojson", errors.SourceUnreadable, "kan niet worden gelezen"),
        ("zip without a map", errors.UnknownFormat, "geen GeoPackage"),
        ("unknown layer", errors.UnknownLayer, "straten.*Wel aanwezig: wijken"),
        ("two layers", errors.LayerNeeded, "noord, zuid"),
        ("unknown code field", errors.UnknownField, "nummer.*Wel aanwezig: wijkcode"),
        ("unknown name field", errors.UnknownField, "titel.*wijknaam"),
        ("no name field", errors.FieldNeeded, "kleur"),
        ("double code", errors.DoubleCode, "WK990101 komt meer dan één keer voor: A, B"),
        ("empty code", errors.FieldEmpty, "Rij 2 heeft niets in het veld 'wijkcode'"),
        ("empty name", errors.FieldEmpty, "Rij 2"),
        ("no prj", errors.MissingCrs, "coördinatenstelsel"),
        ("null crs", errors.MissingCrs, "coördinatenstelsel"),
        ("in France", errors.OutsideTheNetherlands, "buiten Nederland"),
        ("rd in a geojson", errors.OutsideTheNetherlands, "buiten Nederland"),
        ("swapped axes", errors.OutsideTheNetherlands, "volgorde"),
        ("one area at sea", errors.OutsideTheNetherlands, "^B ligt buiten"),
        ("no rows", errors.SourceError, "w.geojson"),
        ("only water", errors.EmptySource, "geen enkel gebied"),
        ("lines", errors.NotPolygons, "LineString"),
        ("no geometry", errors.NotPolygons, "^B heeft geen vlak"),
        ("collapsed", errors.NotPolygons, "^B heeft geen vlak"),
        ("bad letters", errors.EncodingUnreadable, "codering"),
        ("unknown encoding", errors.EncodingUnreadable, "codering"),
        ("no year", errors.YearNeeded, "jaar"),
        ("long name", errors.TooLong, "te lang"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, kind: str, error: type[errors.SourceError], words: str
) -> None:
    path, options = broken(tmp_path, kind)
    with pytest.raises(error, match=words):
        read_areas(path, options)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "moet een kolom 'stadsdeel' hebben"),
        ([("wijk", "deel")], "Gevonden: wijk, deel"),
        ([("wijkcode", "stadsdeel"), ("WK999999", "Kust")], "regel 2: de wijk 'WK999999' staat niet"),
        ([("wijkcode", "stadsdeel"), ("WK990101", "")], "regel 2: wijk of stadsdeel is leeg"),
        ([("wijkcode", "stadsdeel"), ("WK990101",)], "regel 2: wijk of stadsdeel is leeg"),
        ([("wijkcode", "stadsdeel"), ("WK990101", "Kust"), ("wk990101", "Kust")], "regel 3: .*twee keer"),
        ([("wijkcode", "stadsdeel"), ("WK990101", "Kust")], "deze wijken liggen: Sluisbuurt, Molenwijk"),
    ],
)
def test_a_stadsdeel_table_that_does_not_fit_says_where(tmp_path: Path, rows: list[Any], words: str) -> None:
    table = write_table(tmp_path / "t.csv", rows)
    with pytest.raises(errors.CityDistrictTableError, match=words):
        read_areas(write_cbs(tmp_path / "wijken.gpkg"), AreaOptions(city_districts=table))


def test_a_stadsdeel_table_by_name_does_not_guess_between_equal_names(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "w.gpkg", squares(2), {"naam": ["Noord", "Noord"]})
    table = write_table(tmp_path / "t.csv", [("naam", "stadsdeel"), ("Noord", "Kust")])
    with pytest.raises(errors.CityDistrictTableError, match="meer dan één wijk"):
        read_areas(path, AreaOptions(year=2026, city_districts=table))


def test_a_binary_file_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00s\x00t")
    with pytest.raises(errors.EncodingUnreadable):
        read_areas(write_cbs(tmp_path / "wijken.gpkg"), AreaOptions(city_districts=tmp_path / "t.csv"))


def test_every_message_is_marked_and_can_be_filled_in() -> None:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.GeoError) and kind.message:
            assert kind.message.endswith((".", "?", ")")), kind
    error = errors.DoubleCode(code="X", names="A, B")
    assert error.message % error.params == str(error)


# --- real files ----------------------------------------------------------------------------------


@pytest.fixture
def real_areas() -> Path:
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder or not (Path(folder) / "areas").is_dir():
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real boundary files")
    return Path(folder) / "areas"


@pytest.mark.real_data
def test_the_hague_has_44_wijken_and_8_stadsdelen(real_areas: Path) -> None:
    options = AreaOptions(year_if_unknown=2023, city_districts=real_areas / "den-haag-stadsdelen.csv")
    plan = read_areas(real_areas / "den-haag-wijken.gpkg", options)
    assert len(plan.at(Level.NEIGHBOURHOOD)) == 44
    assert len(plan.at(Level.CITY_DISTRICT)) == 8
    assert names_of(plan, Level.MUNICIPALITY) == ["'s-Gravenhage"]
    assert "Hoornwijk" in {repair.name for repair in plan.repairs}
    assert all(abs(repair.m2_change) < 1 for repair in plan.repairs)
    duindorp = next(area for area in plan.areas if area.name == "Duindorp")
    assert duindorp.shape.contains(rd_point(52.0936, 4.2560))


@pytest.mark.real_data
def test_utrecht_loads_with_its_own_field_name(real_areas: Path) -> None:
    options = AreaOptions(name_field="naam", municipality="Utrecht", year=2026)
    plan = read_areas(real_areas / "utrecht-wijken.geojson", options)
    assert len(plan.at(Level.NEIGHBOURHOOD)) == 10
    assert "vleuten-de-meern" in {area.code for area in plan.areas}


def test_the_factory_makes_knots_that_are_invalid() -> None:
    square = squares(1)[0]
    assert square.is_valid and not with_a_knot(square).is_valid
    assert square.distance(shapely.Point(ORIGIN)) == 0
