"""From a municipality's own boundary file to its wijk pages, by the real command on an empty installation.

The same tests read real files, where WIJKAGENDA_TEST_DATA names their folder, and look-alikes made
here; on PostGIS and on SpatiaLite.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely
import sqlalchemy as sa

from geo.crs import lat_lon, rd_point
from geo.levels import Level
from geo.models import Area
from geo.queries import area_at, find_by_name
from tests.factories.areas import NAMES, squares, write_cbs, write_districts, write_layer
from tests.live import Installation, installation
from tests.page_client import PageClient
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood


@dataclass(frozen=True)
class Delivery:
    """A file as a municipality hands it over, and what must come of it."""

    file: Path
    options: tuple[object, ...]
    wijken: int
    city_districts: int
    repaired: tuple[str, ...]
    point: tuple[float, float]
    """WGS84 latitude and longitude of a place in `lies_in`."""
    lies_in: str
    search: str


@dataclass(frozen=True)
class Loaded:
    """A delivery on an installation, and what the command said."""

    delivery: Delivery
    ground: Installation
    said: str


def look_alike(folder: Path) -> Delivery:
    middle = squares(6)[4].centroid
    districts = write_districts(folder / "stadsdelen.csv")
    return Delivery(
        write_cbs(folder / "wijken.gpkg"), ("--city-districts", districts), 6, 2, ("Dijkzicht",),
        lat_lon(middle), NAMES[4], "RIETV",
    )  # fmt: skip


def look_alike_of_its_own_kind(folder: Path) -> Delivery:
    """No codes, WGS84, a field name of its own: as a municipality exports it from its own system."""
    file = write_layer(folder / "export.geojson", squares(4), {"wijk_omschrijving": list(NAMES[:4])})
    options = ("--name-field", "wijk_omschrijving", "--municipality", "Markerstad", "--year", "2025")
    return Delivery(file, options, 4, 0, (), lat_lon(squares(4)[0].centroid), NAMES[0], "havenk")


def the_hague(files: Path) -> Delivery:
    districts = files / "den-haag-stadsdelen.csv"
    return Delivery(
        files / "den-haag-wijken.gpkg", ("--city-districts", districts), 44, 8, ("Hoornwijk",),
        (52.0936, 4.2560), "Duindorp", "duind",
    )  # fmt: skip


def utrecht(files: Path) -> Delivery:
    options = ("--name-field", "naam", "--municipality", "Utrecht")
    return Delivery(
        files / "utrecht-wijken.geojson", options, 10, 0, (), (52.0908, 5.1213), "Binnenstad", "vleuten"
    )  # fmt: skip


GENERATED = {"look_alike": look_alike, "own_kind": look_alike_of_its_own_kind}
REAL = {"the_hague": the_hague, "utrecht": utrecht}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            (name, backend),
            id=f"{name}-{backend}",
            # One process loads a file once and runs all its tests.
            marks=[pytest.mark.xdist_group(f"{name}-{backend}"), *([pytest.mark.real_data] if name in REAL else [])],
        )
        for name in (*GENERATED, *REAL)
        for backend in ("postgis", "spatialite")
    ],
)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """An empty installation on which the file was loaded with one command."""
    name, backend = request.param
    folder = tmp_path_factory.mktemp(f"{name}_{backend}")
    delivery = REAL[name](request.getfixturevalue("real_areas")) if name in REAL else GENERATED[name](folder)
    with installation(f"areas_{name}", folder=folder, backend=backend) as ground:
        said = ground.command("areas", "load", delivery.file, *delivery.options)
        yield Loaded(delivery, ground, said)


def test_one_command_gives_every_wijk_its_page(loaded: Loaded) -> None:
    with loaded.ground.look() as session:
        wijken = session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.name)).all()
        assert len(wijken) == loaded.delivery.wijken
        assert session.scalar(sa.select(sa.func.count(CityDistrict.id))) == loaded.delivery.city_districts
        client = PageClient(loaded.ground.app)
        every = client.get("/wijken").words
        for wijk in wijken:
            assert client.get(f"/wijken/{wijk.slug}").h1 == wijk.name
            assert wijk.name in every


def test_a_repaired_border_is_named(loaded: Loaded) -> None:
    for name in loaded.delivery.repaired:
        assert f"Hersteld: de grens van {name} (" in loaded.said
    assert ("Hersteld" in loaded.said) == bool(loaded.delivery.repaired)


def test_a_wijk_is_found_by_name(loaded: Loaded) -> None:
    """The first hit of a few letters, in whatever case."""
    with loaded.ground.look() as session:
        found = find_by_name(session, loaded.delivery.search)
        assert found
        wijk = session.scalar(sa.select(Neighbourhood).where(Neighbourhood.area_id == found[0].id))
        assert wijk is not None
        page = PageClient(loaded.ground.app).get(f"/zoeken?q={loaded.delivery.search}", status=None)
        if page.status in {302, 303}:
            assert page.location.endswith(f"/wijken/{wijk.slug}")
        else:
            assert page.soup.select_one(f"main a[href='/wijken/{wijk.slug}']")


def test_every_wijk_stands_on_the_city_map(loaded: Loaded) -> None:
    with loaded.ground.look() as session:
        slugs = set(session.scalars(sa.select(Neighbourhood.slug)))
        client = PageClient(loaded.ground.app)
        page = client.get("/")
        source = page.soup.select_one("[data-areas]")
        assert source, "the city map has no source"
        features = client.get(source["data-areas"]).response.get_json(force=True)["features"]
        assert {feature["properties"]["href"].rpartition("/")[2] for feature in features} == slugs
        in_list = {a["href"].rpartition("/")[2] for a in page.soup.select("main a[href^='/wijken/']")}
        assert slugs <= in_list
        shape = next(
            shapely.geometry.shape(f["geometry"])
            for f in features
            if f["properties"]["name"] == loaded.delivery.lies_in
        )
        lat, lon = loaded.delivery.point
        assert shape.contains(shapely.Point(lon, lat))


def test_a_point_lands_in_its_wijk(loaded: Loaded) -> None:
    with loaded.ground.look() as session:
        found = area_at(session, rd_point(*loaded.delivery.point), Level.NEIGHBOURHOOD)
        assert found is not None and found.name == loaded.delivery.lies_in


@pytest.mark.parametrize(
    "loaded", [("look_alike", "postgis"), ("look_alike", "spatialite"), ("own_kind", "postgis")], indirect=True
)
def test_the_same_file_again_changes_nothing(loaded: Loaded) -> None:
    with loaded.ground.look() as session:
        before = session.execute(sa.select(Area.id, Area.code, Area.name).order_by(Area.id)).all()
    said = loaded.ground.command("areas", "load", loaded.delivery.file, *loaded.delivery.options)
    assert f"wijk: {loaded.delivery.wijken} gelijk" in said
    assert "nieuw" not in said and "Nieuwe" not in said
    with loaded.ground.look() as session:
        assert session.execute(sa.select(Area.id, Area.code, Area.name).order_by(Area.id)).all() == before
