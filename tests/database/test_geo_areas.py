"""Storing areas, and finding what lies where, on both databases."""

import os
from pathlib import Path

import pytest
import shapely
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo import queries
from geo.crs import rd_point
from geo.errors import DoubleCode
from geo.levels import Level
from geo.models import Area, PostcodeArea, as_element, as_shape
from geo.sources import AreaOptions, AreaPlan, AreaReport, PlannedArea, read_areas, store_areas
from geo.spatial_index import in_frame
from tests.factories.areas import NAMES, squares, write_cbs, write_districts, write_layer

WIJK = Level.NEIGHBOURHOOD


@pytest.fixture
def plan(tmp_path: Path) -> AreaPlan:
    districts = write_districts(tmp_path / "stadsdelen.csv")
    return read_areas(write_cbs(tmp_path / "wijken.gpkg"), AreaOptions(city_districts=districts))


@pytest.fixture
def city(session: Session, plan: AreaPlan) -> AreaReport:
    return store_areas(session, plan)


def wijk(session: Session, name: str) -> Area:
    return session.scalars(sa.select(Area).where(Area.name == name).order_by(Area.year.desc())).first()  # type: ignore[return-value]


def square_plan(shapes: list[shapely.Polygon], names: list[str], year: int = 2026) -> AreaPlan:
    planned = [
        PlannedArea(WIJK, name.lower(), name, shapely.MultiPolygon([shape]).normalize())
        for name, shape in zip(names, shapes, strict=True)
    ]
    return AreaPlan("getekend", year, WIJK, tuple(planned))


# --- storing -------------------------------------------------------------------------------------


def test_a_first_load_adds_everything_with_its_parents(session: Session, city: AreaReport) -> None:
    assert [len(city.added), len(city.changed), len(city.unchanged), len(city.gone)] == [9, 0, 0, 0]
    assert city.water_left_out == 1 and [repair.name for repair in city.repairs] == ["Dijkzicht"]
    found = wijk(session, "Molenwijk")
    assert (found.code, found.year, found.parent.name, found.parent.parent.name) == (  # type: ignore[union-attr]
        "WK990103",
        2026,
        "Kust",
        "Markerstad",
    )
    assert "wijken.gpkg" in found.source


def test_a_stored_shape_comes_back_the_same(session: Session, plan: AreaPlan, city: AreaReport) -> None:
    session.expire_all()
    for planned in plan.areas:
        stored = queries.area_by_code(session, planned.level, planned.code)
        assert stored is not None and stored.polygons.equals_exact(planned.shape, 0.0001)


def test_a_second_load_changes_nothing(session: Session, plan: AreaPlan, city: AreaReport) -> None:
    session.expire_all()
    again = store_areas(session, plan)
    assert [len(again.added), len(again.changed), len(again.unchanged), len(again.gone)] == [0, 0, 9, 0]
    assert not session.dirty


def test_what_changed_is_told_per_area(session: Session, city: AreaReport, tmp_path: Path) -> None:
    names = ["Nieuwe Haven", *NAMES[1:6]]
    report = store_areas(session, read_areas(write_cbs(tmp_path / "nieuw.gpkg", names=names, knots=())))
    told = {change.area.name: (change.new_name, change.new_border, change.new_parent) for change in report.changed}
    assert told["Nieuwe Haven"] == (True, False, False)
    assert told["Dijkzicht"] == (False, True, False)
    assert len(report.unchanged) + len(report.changed) == 7
    assert [area.name for area in queries.find_by_name(session, "nieuwe h")] == ["Nieuwe Haven"]


def test_a_load_without_stadsdelen_leaves_them_as_they_are(session: Session, city: AreaReport, tmp_path: Path) -> None:
    report = store_areas(session, read_areas(write_cbs(tmp_path / "wijken.gpkg")))
    assert not report.changed and not report.gone
    assert wijk(session, "Molenwijk").parent.name == "Kust"  # type: ignore[union-attr]


def test_an_area_that_is_gone_is_removed(session: Session, city: AreaReport, tmp_path: Path) -> None:
    report = store_areas(session, read_areas(write_cbs(tmp_path / "w.gpkg", names=NAMES[:5])))
    assert [(gone.name, gone.kept) for gone in report.gone] == [("Bloemenhof", False)]
    assert len(queries.areas(session, WIJK)) == 5


def test_an_area_that_is_gone_stays_while_a_row_points_at_it(
    session: Session, city: AreaReport, tmp_path: Path
) -> None:
    session.add(PostcodeArea(pc6="9999AB", area=wijk(session, "Bloemenhof")))
    session.flush()
    report = store_areas(session, read_areas(write_cbs(tmp_path / "w.gpkg", names=NAMES[:5])))
    assert [(gone.name, gone.kept) for gone in report.gone] == [("Bloemenhof", True)]
    assert session.scalar(sa.select(sa.func.count()).select_from(PostcodeArea)) == 1
    assert wijk(session, "Bloemenhof") is not None


def test_another_municipality_does_not_make_the_first_go(session: Session, city: AreaReport, tmp_path: Path) -> None:
    path = write_layer(tmp_path / "u.geojson", squares(2), {"naam": ["Oost", "West"]})
    report = store_areas(session, read_areas(path, AreaOptions(municipality="Anderstad", year=2026)))
    assert [area.name for area in report.added] == ["Anderstad", "Oost", "West"]
    assert not report.gone


def test_a_new_year_stands_beside_the_old_one(session: Session, city: AreaReport, tmp_path: Path) -> None:
    path = write_cbs(tmp_path / "w.gpkg", names=NAMES[:4], year="2027")
    store_areas(session, read_areas(path))
    assert len(queries.areas(session, WIJK)) == 4
    assert len(queries.areas(session, WIJK, year=2026)) == 6
    found = queries.area_at(session, squares(6)[5].centroid, WIJK)
    assert found is None
    old = queries.area_at(session, squares(6)[5].centroid, WIJK, year=2026)
    assert old is not None and old.name == "Bloemenhof"


def test_a_file_that_is_wrong_leaves_the_database_as_it_was(session: Session, city: AreaReport, tmp_path: Path) -> None:
    fields = {"wijkcode": ["WK990101"] * 2, "wijknaam": ["A", "B"]}
    path = write_layer(tmp_path / "w.gpkg", squares(2), fields)
    with pytest.raises(DoubleCode):
        store_areas(session, read_areas(path, AreaOptions(year=2026)))
    assert len(queries.areas(session, WIJK)) == 6


def test_the_database_itself_refuses_a_double_code_and_a_strange_level(session: Session, city: AreaReport) -> None:
    molenwijk = wijk(session, "Molenwijk")
    for column, value in (("code", "WK990101"), ("level", "straat")):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(
                sa.text(f"UPDATE area SET {column} = :value WHERE id = :id"), {"value": value, "id": molenwijk.id}
            )


# --- finding -------------------------------------------------------------------------------------


def test_a_point_lies_in_its_wijk_and_stadsdeel(session: Session, city: AreaReport) -> None:
    for number, shape in enumerate(squares(6)):
        found = queries.area_at(session, shape.centroid, WIJK)
        assert found is not None and found.name == NAMES[number]
    above = queries.area_at(session, squares(6)[5].centroid, Level.CITY_DISTRICT)
    assert above is not None and above.name == "Binnenstad"


def test_a_point_on_a_border_always_lies_in_the_lowest_code(session: Session) -> None:
    boxes = [shapely.box(140_000 + 100 * i, 500_000, 140_100 + 100 * i, 500_100) for i in range(2)]
    store_areas(session, square_plan(boxes[::-1], ["B", "A"]))
    for y in (500_000, 500_050, 500_100):
        found = queries.area_at(session, shapely.Point(140_100, y), WIJK)
        assert found is not None and found.code == "a"


def test_a_point_on_the_outer_border_is_inside_and_beyond_it_is_nowhere(session: Session) -> None:
    store_areas(session, square_plan([shapely.box(140_000, 500_000, 140_100, 500_100)], ["A"]))
    assert queries.area_at(session, shapely.Point(140_000, 500_000), WIJK) is not None
    assert queries.area_at(session, shapely.Point(140_000, 500_050), WIJK) is not None
    assert queries.area_at(session, shapely.Point(139_999.9, 500_050), WIJK) is None
    assert queries.area_at(session, shapely.Point(), WIJK) is None


def test_a_point_in_a_gap_between_borders_finds_the_nearest_when_asked(session: Session) -> None:
    boxes = [shapely.box(140_000, 500_000, 140_100, 500_100), shapely.box(140_110, 500_000, 140_200, 500_100)]
    store_areas(session, square_plan(boxes, ["A", "B"]))
    gap = shapely.Point(140_108, 500_050)
    assert queries.area_at(session, gap, WIJK) is None
    assert queries.area_at(session, gap, WIJK, within=1) is None
    near = queries.area_at(session, gap, WIJK, within=20)
    assert near is not None and near.code == "b"
    tie = queries.area_at(session, shapely.Point(140_105, 500_050), WIJK, within=20)
    assert tie is not None and tie.code == "a"


def test_children_and_neighbours(session: Session, city: AreaReport) -> None:
    whole = queries.areas(session, Level.MUNICIPALITY)[0]
    assert [area.name for area in queries.children_of(session, whole)] == ["Binnenstad", "Kust"]
    coast = queries.children_of(session, whole)[1]
    assert [area.name for area in queries.children_of(session, coast)] == sorted(NAMES[:3])
    assert queries.areas(session, WIJK, parent=coast) == queries.children_of(session, coast)
    around = {area.name for area in queries.neighbours_of(session, wijk(session, "Havenkwartier"))}
    assert around == {"Sluisbuurt", "Dijkzicht", "Rietvoorn"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wijk", ["Molenwijk"]),
        ("MOLEN", ["Molenwijk"]),
        ("ijpen", ["IJpenveld"]),
        ("ĳpenveld", ["IJpenveld"]),
        ("dijk", ["Dijkzicht"]),
        ("oe", ["Bloemenhof"]),
        ("cafe", ["Oude Cafébuurt"]),
        ("bu", ["Oude Cafébuurt", "Sluisbuurt"]),
        ("b", ["Bloemenhof", "Oude Cafébuurt", "Sluisbuurt"]),
        ("oud", ["Oude Cafébuurt"]),
        ("%", []),
        ("_", []),
        ("   ", []),
        ("' OR 1=1 --", []),
        ("x" * 5000, []),
    ],
)
def test_wijken_are_found_by_part_of_their_name(session: Session, tmp_path: Path, text: str, names: list[str]) -> None:
    all_names = ["Havenkwartier", "Sluisbuurt", "Molenwijk", "Dijkzicht", "Oude Cafébuurt", "Bloemenhof", "IJpenveld"]
    store_areas(session, read_areas(write_cbs(tmp_path / "w.gpkg", names=all_names)))
    assert [area.name for area in queries.find_by_name(session, text)] == names


# --- the index -----------------------------------------------------------------------------------


def test_the_spatial_index_is_used(session: Session, city: AreaReport, backend: str) -> None:
    point = squares(1)[0].centroid
    query = sa.select(Area.id).where(
        in_frame(session, Area.shape, point), sa.func.ST_Intersects(Area.shape, as_element(point))
    )
    compiled = query.compile(session.connection())
    if backend == "postgis":
        # Six rows are read faster without any index; the question is whether it can be used.
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN "
    else:
        explain = "EXPLAIN QUERY PLAN "
    statement, values = str(compiled), compiled.params
    values = {key: compiled.construct_params()[key] for key in values}
    rows = session.connection().exec_driver_sql(
        explain + statement,
        tuple(_bound(compiled, values)) if compiled.positional else {k: _text(v) for k, v in values.items()},
    )
    plan = " ".join(str(row) for row in rows)
    if backend == "postgis":
        assert "idx_area_shape" in plan
    else:
        assert "idx_area_shape VIRTUAL TABLE INDEX" in plan
        assert "SCAN area" not in plan
        assert "SEARCH area USING INTEGER PRIMARY KEY" in plan


def _bound(compiled: sa.Compiled, values: dict[str, object]) -> list[object]:
    return [_text(values[name]) for name in compiled.positiontup]  # type: ignore[attr-defined]


def _text(value: object) -> object:
    return str(value) if hasattr(value, "desc") else value


# --- real files ----------------------------------------------------------------------------------


@pytest.mark.real_data
def test_duindorp_is_found_and_the_hague_is_whole(session: Session) -> None:
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder or not (Path(folder) / "areas").is_dir():
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real boundary files")
    files = Path(folder) / "areas"
    options = AreaOptions(year=2023, city_districts=files / "den-haag-stadsdelen.csv")
    plan = read_areas(files / "den-haag-wijken.gpkg", options)
    assert len(store_areas(session, plan).added) == 1 + 8 + 44
    assert len(store_areas(session, plan).unchanged) == 1 + 8 + 44
    found = queries.area_at(session, rd_point(52.0936, 4.2560), WIJK)
    assert found is not None and found.name == "Duindorp"
    assert "Scheveningen" in {area.name for area in queries.neighbours_of(session, found)}
    assert queries.find_by_name(session, "duin")[0].name == "Duindorp"
    utrecht = read_areas(files / "utrecht-wijken.geojson", AreaOptions(year=2023, municipality="Utrecht"))
    report = store_areas(session, utrecht)
    assert len(report.added) == 11 and not report.gone


def test_every_shape_reads_back_as_a_multipolygon(session: Session, city: AreaReport) -> None:
    for element in session.scalars(sa.select(Area.shape)):
        assert as_shape(element).geom_type == "MultiPolygon"
