"""The three maps in a real Chromium, under a policy that allows nothing but our own files."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import shapely
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect

from geo import geojson, svg
from geo.levels import Level
from geo.maps import MapKind, map_container, map_script
from geo.models import Area, as_element
from tests.factories.areas import NAMES, squares

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
NASTY = "Lamp <img src=x onerror=alert(1)> `${alert(2)}`"
TYPES = {"js": "text/javascript", "css": "text/css", "json": "application/json"}


def areas() -> list[Area]:
    return [
        Area(
            level=Level.NEIGHBOURHOOD,
            code=f"w{i}",
            year=2026,
            name=name,
            shape=as_element(shapely.MultiPolygon([shape])),
        )
        for i, (name, shape) in enumerate(zip(NAMES[:6], squares(6), strict=True))
    ]


def page(kind: MapKind, body: str) -> str:
    return f"""<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Kaart</title>
<link rel="stylesheet" href="/leaflet.css"><link rel="stylesheet" href="/size.css">
<script src="/leaflet.js" defer></script><script src="/cluster.js" defer></script>
<script src="/map.js" defer></script><script src="/kaart/{kind.value}.js" defer></script>
</head><body><h1>Kaart</h1>{body}</body></html>"""


def files() -> dict[str, str]:
    """Everything the trial server has, by path."""
    all_areas, modules = areas(), ROOT / "node_modules"
    shape = all_areas[0].polygons
    middle = shape.centroid
    points = [
        geojson.point_feature(
            shapely.Point(middle.x + dx, middle.y),
            {"kind": "wish", "number": number, "refused": number == 2, "name": f"Wens {number}: {NASTY}"},
        )
        for number, dx in ((1, -300), (2, 0), (3, 250), (4, 255))
    ]
    points.append(geojson.point_feature(middle, {"kind": "place", "name": NASTY}))
    phases = dict(zip(["w0", "w1", "w2"], ("voting", "listening", "carrying_out"), strict=True))
    city = geojson.area_collection(
        all_areas, lambda area: {"phase": phases.get(area.code, "none"), "href": f"/wijken/{area.code}"}
    )
    wijk = geojson.area_collection(all_areas, lambda area: {"role": "this" if area is all_areas[0] else "neighbour"})
    drawn = svg.linked_svg(
        svg.city_svg_paths(all_areas, 640, 640),
        640,
        640,
        label="Kaart",
        describe=lambda area: svg.AreaLink(f"/wijken/{area.code}", area.name),
    )
    rows = "".join(
        f'<li id="wens-{n}">Wens {n} <a href="#map_wishes" data-pin="{n}">Op de kaart</a></li>' for n in range(1, 5)
    )
    served = {
        "/city": page(
            MapKind.CITY,
            map_container(MapKind.CITY, label="Kaart van de stad", areas_url="/city.json", fallback=drawn),
        ),
        "/wishes": page(
            MapKind.WISHES,
            map_container(MapKind.WISHES, label=NASTY, areas_url="/wijk.json", points_url="/points.json")
            + Markup(f"<ol>{rows}</ol>"),
        ),
        "/place": page(
            MapKind.PLACE,
            map_container(
                MapKind.PLACE, label="Kies een plek", areas_url="/wijk.json", lat_input="lat", lon_input="lon"
            )
            + Markup('<input type="hidden" id="lat"><input type="hidden" id="lon">'),
        ),
        "/broken": page(MapKind.CITY, map_container(MapKind.CITY, label="Kaart", areas_url="/gone.json")),
        "/wijken/w0": "<!doctype html><title>w0</title>",
        "/city.json": geojson.dumps(city),
        "/wijk.json": geojson.dumps(wijk),
        "/points.json": geojson.dumps(geojson.collection(points)),
        "/map.js": (ROOT / "wijkagenda/static/js/map.js").read_text(),
        "/leaflet.js": (modules / "leaflet/dist/leaflet.js").read_text(),
        "/cluster.js": (modules / "leaflet.markercluster/dist/leaflet.markercluster.js").read_text(),
        "/leaflet.css": (modules / "leaflet/dist/leaflet.css").read_text(),
        "/size.css": "#map_city, #map_wishes, #map_place { height: 600px } body { min-height: 2000px }",
    }
    return served | {f"/kaart/{kind.value}.js": map_script(kind) for kind in MapKind}


@dataclass
class Trial:
    """A page of the trial server, and everything that went wrong in it."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    served = files()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = served.get(self.path)
            self.send_response(200 if found is not None else 404)
            kind = TYPES.get(self.path.rpartition(".")[2], "text/html")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=[True])
def trial(base: str, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Trial]:
    context = chromium.new_context(viewport={"width": 900, "height": 900}, java_script_enabled=request.param)
    trial = Trial(context.new_page(), base)
    trial.page.on("pageerror", lambda error: trial.wrong.append(str(error)))
    trial.page.on("console", lambda line: trial.wrong.append(line.text) if line.type == "error" else None)
    trial.page.on("dialog", lambda dialog: (trial.wrong.append(dialog.message), dialog.dismiss()))
    trial.page.on("request", lambda r: None if r.url.startswith(base) else trial.wrong.append(r.url))
    yield trial
    context.close()
    wrong = [text for text in trial.wrong if "favicon" not in text and "404" not in text]
    assert wrong == []


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.id || document.activeElement.textContent"))


def place(page: Page) -> list[float]:
    """(latitude, longitude) as the hidden fields have them; empty ones are 0."""
    return [float(page.locator(f"#{name}").input_value() or 0) for name in ("lat", "lon")]


def test_every_wijk_on_the_city_map_is_a_link_for_the_keyboard(trial: Trial) -> None:
    page = trial.open("/city")
    links = page.locator("path[role=link]")
    assert links.count() == 6
    assert page.locator("path[role=link][fill='url(#wa-p-listening)']").count() == 1
    assert page.get_by_role("button", name="Dichterbij").count() == 1
    assert page.locator("#map_city svg a").count() == 0, "the drawing for visitors without script is gone"
    page.get_by_role("link", name="Havenkwartier").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/wijken/w0")


@pytest.mark.parametrize("trial", [False], indirect=True)
def test_without_script_the_city_map_is_a_drawing_with_links(trial: Trial) -> None:
    page = trial.open("/city")
    assert page.locator("#map_city svg a").count() == 6
    box = page.locator("#map_city svg").bounding_box()
    assert box and box["height"] == 600


def test_a_map_without_data_says_so_and_points_at_the_list(trial: Trial) -> None:
    page = trial.open("/broken")
    assert (
        page.get_by_role("status").inner_text()
        == "De kaart kan nu niet worden getoond. De lijst heeft dezelfde inhoud."
    )


def test_enter_on_a_pin_goes_to_its_row_and_back(trial: Trial) -> None:
    page = trial.open("/wishes")
    assert page.locator(".wa-pin").count() == 2 and page.locator(".wa-pin--no").inner_text() == "2"
    page.get_by_role("button", name="Wens 2").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "wens-2"
    page.locator("[data-pin='1']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-marker-icon:focus")).to_contain_text(f"Wens 1: {NASTY}")


def test_a_circle_with_a_number_opens_by_keyboard_and_keeps_the_focus(trial: Trial) -> None:
    page = trial.open("/wishes")
    circle = page.get_by_role("button", name="2 wensen bij elkaar")
    circle.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-marker-icon:focus")).to_contain_text("Wens ")
    page.locator("[data-pin='4']").click()
    expect(page.locator(".leaflet-marker-icon:focus")).to_contain_text("Wens 4:")


def test_what_people_wrote_is_text_and_never_html(trial: Trial) -> None:
    page = trial.open("/wishes")
    assert page.locator("#map_wishes img").count() == 0
    assert page.locator(".wa-mapdot").inner_text() == NASTY


def test_a_place_is_chosen_by_keyboard_alone(trial: Trial) -> None:
    page = trial.open("/place")
    page.get_by_role("button", name="Zet de speld midden op de kaart").focus()
    page.keyboard.press("Enter")
    start = place(page)
    for key in ("ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    end = place(page)
    assert end[0] > start[0] and end[1] > start[1]
    assert page.get_by_role("status").inner_text() == "De plek ligt in Havenkwartier."
    for _ in range(60):
        page.keyboard.press("ArrowLeft")
    assert page.get_by_role("status").inner_text() == "De plek ligt buiten de wijken op deze kaart."


def test_a_place_is_chosen_by_a_tap_and_by_other_fields(trial: Trial) -> None:
    page = trial.open("/place")
    box = page.locator("#map_place").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert place(page)[0] > 52
    page.evaluate(
        "() => { for (const id of ['lat', 'lon']) document.getElementById(id).value = '';"
        " document.getElementById('lat').dispatchEvent(new Event('wijk:place')); }"
    )
    expect(page.locator(".wa-pin")).to_have_count(0)


def test_the_wheel_scrolls_the_page_and_not_the_map(trial: Trial) -> None:
    page = trial.open("/wishes")
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 300)
    expect(page.locator("h1")).not_to_be_in_viewport()
    assert page.locator(".wa-pin").count() == 2
