"""Coordinates and the public point."""

import math

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.crs import in_the_netherlands, lat_lon, rd_point, to_rd, to_wgs84
from geo.errors import InvalidPoint
from geo.names import fold, slug
from geo.rounding import GRID_METRES, public_point
from tests.factories.areas import squares

numbers = st.floats(0, 2000, allow_nan=False, allow_infinity=False)


def test_the_tower_of_amersfoort_is_the_origin_of_rd() -> None:
    tower = rd_point(52.155174, 5.387206)
    assert tower.distance(shapely.Point(155_000, 463_000)) < 1


@given(st.floats(20_000, 270_000), st.floats(310_000, 610_000))
def test_to_wgs84_and_back_gives_the_same_place(x: float, y: float) -> None:
    point = shapely.Point(x, y)
    assert to_rd(to_wgs84(point)).distance(point) < 0.02
    assert rd_point(*lat_lon(point)).distance(point) < 0.2


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (4.3, 52.1),  # swapped
        (0, 0),
        (48.85, 2.35),
        (math.nan, 4.3),
        (math.inf, 4.3),
        (52.1, -math.inf),
        (91, 4.3),
        (52.1, 1e300),
        (-52.1, 4.3),
    ],
)
def test_a_place_outside_the_netherlands_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(InvalidPoint):
        rd_point(lat, lon)


def test_an_empty_shape_is_not_in_the_netherlands() -> None:
    assert not in_the_netherlands(shapely.Point())
    assert not in_the_netherlands(shapely.Point(math.inf, math.inf))


def test_names_compare_without_case_accents_and_marks() -> None:
    assert fold("'s-Gravenhage") == fold("S GRAVENHAGE")
    assert fold("Curaçaobuurt") == "curacaobuurt"
    assert fold("ĳpenveld") == "ijpenveld"
    assert slug("Vleuten - De Meern") == "vleuten-de-meern"
    assert slug("'t Ven / Noord_Oost") == "t-ven-noord-oost"


@st.composite
def areas(draw: st.DrawFn) -> shapely.Polygon:
    """Any area: convex or with needles, wide or thinner than the grid."""
    points = draw(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=9))
    shape = shapely.make_valid(shapely.Polygon(points))
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    assume(parts)
    biggest = max(parts, key=lambda part: part.area)
    assume(biggest.area > 1)
    return biggest


@given(areas(), numbers, numbers)
def test_the_public_point_lies_inside_its_area_whatever_the_shape(shape: shapely.Polygon, x: float, y: float) -> None:
    shown = public_point(shapely.Point(x, y), shape)
    assert shape.covers(shown)


@given(areas(), numbers, numbers)
def test_the_public_point_is_on_the_grid_or_tells_nothing(shape: shapely.Polygon, x: float, y: float) -> None:
    shown = public_point(shapely.Point(x, y), shape)
    on_grid = shown.x % GRID_METRES == 0 and shown.y % GRID_METRES == 0
    assert on_grid or shown == shape.representative_point()


@given(areas(), numbers, numbers)
def test_rounding_twice_is_rounding_once(shape: shapely.Polygon, x: float, y: float) -> None:
    once = public_point(shapely.Point(x, y), shape)
    assert public_point(shapely.Point(x, y), shape) == once
    if once.x % GRID_METRES == 0 and once.y % GRID_METRES == 0:
        assert public_point(once, shape) == once


@given(st.floats(-12, 12), st.floats(-12, 12))
def test_every_point_of_a_cell_shows_as_one(dx: float, dy: float) -> None:
    shape = squares(1)[0]
    middle = shapely.Point(140_400, 500_400)
    assert public_point(shapely.Point(middle.x + dx, middle.y + dy), shape) == middle


@given(st.floats(0, 800), st.floats(0, 800))
def test_the_public_point_is_the_nearest_grid_point_inside(dx: float, dy: float) -> None:
    shape = squares(1)[0]
    point = shapely.Point(140_000 + dx, 500_000 + dy)
    assume(shape.contains(point))
    shown = public_point(point, shape)
    start = shapely.Point(round(point.x / GRID_METRES) * GRID_METRES, round(point.y / GRID_METRES) * GRID_METRES)
    xs = range(139_900, 140_901, 25)
    ys = range(499_900, 500_901, 25)
    nearest = min(start.distance(p) for x in xs for y in ys if shape.contains(p := shapely.Point(x, y)))
    assert shown.distance(start) == pytest.approx(nearest)


def test_an_area_thinner_than_the_grid_gives_its_own_point() -> None:
    slit = shapely.box(1, 1, 2, 900)
    assert slit.contains(public_point(shapely.Point(1.5, 300), slit))


def test_a_point_far_outside_still_lands_inside() -> None:
    shape = squares(1)[0]
    assert shape.contains(public_point(shapely.Point(200_000, 400_000), shape))
