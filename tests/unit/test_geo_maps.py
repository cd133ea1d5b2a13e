"""What leaves the kit: GeoJSON, SVG, map elements and scripts, and the address service."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from markupsafe import Markup

from geo import geojson, svg
from geo.crs import rd_point, to_rd
from geo.errors import GeocodingUnavailable
from geo.folium_maps import draw_map
from geo.geocoding import NullGeocoder, PdokGeocoder, geocoder_for
from geo.levels import Level
from geo.maps import MAP_TEXTS, MapKind, map_container, map_script, map_script_version
from geo.models import Area, as_element
from tests.factories.areas import NAMES, squares

KINDS = list(MapKind)


@pytest.fixture
def areas() -> list[Area]:
    return [
        Area(
            level=Level.NEIGHBOURHOOD,
            code=f"WK9901{i:02d}",
            year=2026,
            name=name,
            shape=as_element(shapely.MultiPolygon([shape])),
        )
        for i, (name, shape) in enumerate(zip(NAMES[:6], squares(6), strict=True), start=1)
    ]


# --- GeoJSON -------------------------------------------------------------------------------------


def test_areas_come_out_in_degrees_small_and_with_room_for_a_label(areas: list[Area]) -> None:
    document = geojson.area_collection(areas, lambda area: {"href": f"/wijken/{area.code}"})
    text = geojson.dumps(document)
    assert len(text) < 6_000
    first = json.loads(text)["features"][0]
    assert first["properties"]["name"] == "Havenkwartier"
    assert first["properties"]["href"] == "/wijken/WK990101"
    shape = to_rd(shapely.geometry.shape(first["geometry"]))
    assert shape.is_valid
    assert shape.symmetric_difference(areas[0].polygons).area < 0.03 * shape.area
    assert areas[0].polygons.contains(rd_point(*first["properties"]["label_at"]))
    numbers = re.findall(r"\d\.(\d+)", text)
    assert max(map(len, numbers)) <= 6


def test_simplifying_keeps_shared_borders_together(areas: list[Area]) -> None:
    simple = geojson.simplified_together([area.polygons for area in areas], 40)
    assert shapely.coverage_is_valid(simple)
    before = [area.polygons for area in areas]
    assert shapely.get_num_coordinates(simple).sum() < 0.7 * shapely.get_num_coordinates(before).sum()
    whole = shapely.union_all(simple)
    assert whole.geom_type == "Polygon" and not whole.interiors


def test_an_area_smaller_than_the_tolerance_does_not_vanish() -> None:
    small = shapely.MultiPolygon([shapely.box(140_000, 500_000, 140_003, 500_003)])
    (simple,) = geojson.simplified_together([small], 500)
    assert simple.area > 0
    assert geojson.simplified_together([], 10) == []


def test_a_hole_and_a_second_part_survive() -> None:
    shape = shapely.MultiPolygon(
        [
            shapely.box(140_000, 500_000, 141_000, 501_000).difference(shapely.box(140_400, 500_400, 140_600, 500_600)),
            shapely.box(142_000, 500_000, 142_500, 500_500),
        ]
    )
    shown = geojson.feature(shape, {})["geometry"]
    assert shown["type"] == "MultiPolygon"
    assert sorted(len(polygon) for polygon in shown["coordinates"]) == [1, 2]


def test_a_point_comes_out_as_longitude_and_latitude() -> None:
    shown = geojson.point_feature(shapely.Point(155_000, 463_000), {"number": 3})
    lon, lat = shown["geometry"]["coordinates"]
    assert (round(lon, 3), round(lat, 3)) == (5.387, 52.155)


# --- SVG -----------------------------------------------------------------------------------------


def points_of(d: str) -> list[tuple[float, float]]:
    assert re.fullmatch(r"(M[-\d.]+,[-\d.]+L([-\d.]+,[-\d.]+ ?)+Z)+", d)
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", d)]


def test_an_outline_fills_its_box_and_keeps_its_proportions(areas: list[Area]) -> None:
    points = points_of(svg.outline_svg_path(areas[0].polygons, 300, 100))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    assert min(ys) == pytest.approx(4, abs=0.6) and max(ys) == pytest.approx(96, abs=0.6)
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), abs=1.5)
    assert (min(xs) + max(xs)) / 2 == pytest.approx(150, abs=1)


def test_north_is_up_on_the_drawn_map(areas: list[Area]) -> None:
    paths = svg.city_svg_paths(areas, 640, 732)
    assert paths[3].label_y < paths[0].label_y
    assert paths[0].label_x < paths[1].label_x
    assert svg.city_svg_paths([], 640, 732) == []


def test_the_map_without_script_is_made_of_links(areas: list[Area]) -> None:
    areas[0].name = 'Het "<b>Plein</b>"'
    paths = svg.city_svg_paths(areas, 640, 732)
    shown = svg.linked_svg(
        paths,
        640,
        732,
        label="Kaart",
        describe=lambda area: svg.AreaLink(
            f"/wijken/{area.code}", area.name, "voting" if area.code == "WK990102" else "none"
        ),
    )
    assert shown.count("<a href=") == 6
    assert "<b>" not in shown and "style=" not in shown
    assert shown.rindex("<a ") == shown.index('<a href="/wijken/WK990102"')  # the thickest line is drawn last


# --- maps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_script_is_always_the_same_and_asks_nobody_else(kind: MapKind) -> None:
    script = map_script(kind)
    assert draw_map(kind) == script, "run .venv/bin/python -m geo.folium_maps"
    assert draw_map(kind) == script
    assert len(map_script_version(kind)) == 10
    assert "http" not in script and "<script" not in script and "$(" not in script and "$." not in script
    assert f'L.map(\n"{kind.element_id}"' in script
    assert not re.search(r"[0-9a-f]{32}", script), "folium drew an id of its own"


def test_a_map_script_needs_its_element() -> None:
    for kind in KINDS:
        assert f'WijkMap.begin("{kind.element_id}")) return;' in map_script(kind)


def test_a_map_has_no_wheel_zoom_and_no_motion() -> None:
    for kind in KINDS:
        for setting in ("scrollWheelZoom", "zoomAnimation", "fadeAnimation", "attributionControl"):
            assert f'"{setting}": false' in map_script(kind)
        assert '"maxZoom": 18' in map_script(kind)


def test_a_map_element_escapes_what_it_is_given() -> None:
    shown = map_container(
        MapKind.WISHES,
        label='Kaart van "<script>alert(1)</script>"',
        areas_url="/a.geojson?x=1&y=2",
        points_url="/p.geojson",
        list_id="wensen",
        texts=MAP_TEXTS | {"hint": "<b>'\"&"},
        fallback=Markup("<p>zonder script</p>"),
    )
    assert isinstance(shown, Markup)
    assert shown.startswith('<div id="map_wishes"') and shown.endswith("<p>zonder script</p></div>")
    assert "<script" not in shown and "<b>" not in shown and "style=" not in shown
    assert 'data-areas="/a.geojson?x=1&amp;y=2"' in shown
    assert "data-lat-input" not in shown


def test_every_text_of_a_map_has_named_places_only() -> None:
    values = {"n": 3, "name": "Molenwijk"}
    for text in MAP_TEXTS.values():
        assert "%(" not in text % values


def test_map_js_sets_no_html_from_text() -> None:
    source = (Path(__file__).parents[2] / "wijkagenda/static/js/map.js").read_text()
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "bindPopup", "http://", "https://"):
        assert forbidden not in source.replace('"http://www.w3.org/2000/svg"', "")


# --- the address service -------------------------------------------------------------------------


@contextmanager
def service(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """An address service on this machine: its URL and the paths it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/free", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(*places: dict[str, str]) -> bytes:
    return json.dumps({"response": {"docs": list(places)}}).encode()


def test_an_address_becomes_a_place() -> None:
    found = {"weergavenaam": "Molenlaan 3, Markerstad", "centroide_rd": "POINT(140100.5 500200)"}
    away = {"weergavenaam": "Oranjestad", "centroide_rd": "POINT(-7000000 0)"}
    odd = {"weergavenaam": "Zonder punt", "centroide_rd": ""}
    with service(200, answer(found, away, odd)) as (url, asked):
        places = geocoder_for(url).find('  Molenlaan 3 "OR type:*  ', municipality='Marker"stad')
    assert [(place.label, place.point) for place in places] == [
        ("Molenlaan 3, Markerstad", shapely.Point(140_100.5, 500_200))
    ]
    query = parse_qs(urlsplit(asked[0]).query)
    assert query["q"][0].split() == ["Molenlaan", "3", "OR", "type"]
    assert query["fq"][1] == 'gemeentenaam:"Markerstad"'


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (404, b"{}"), (200, b"<html>"), (200, b"{}"), (200, b"[]"), (200, b" " * 1_000_001), (200, b"\xff")],
)
def test_a_service_that_fails_is_told_in_words(status: int, body: bytes) -> None:
    with service(status, body) as (url, _), pytest.raises(GeocodingUnavailable, match="lukt nu niet"):
        PdokGeocoder(url, timeout=2).find("Molenlaan")


def test_a_service_that_is_away_is_told_in_words() -> None:
    with service(200, b"") as (url, _):
        pass
    with pytest.raises(GeocodingUnavailable):
        PdokGeocoder(url, timeout=1).find("Molenlaan")


def test_nothing_is_asked_of_anybody_without_configuration_or_text() -> None:
    assert isinstance(geocoder_for(None), NullGeocoder)
    assert geocoder_for("").find("Molenlaan") == []
    with service(200, answer()) as (url, asked):
        assert PdokGeocoder(url).find("   ") == []
    assert asked == []
    with pytest.raises(ValueError, match="http"):
        PdokGeocoder("file:///etc/passwd")
