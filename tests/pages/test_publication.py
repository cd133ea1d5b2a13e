"""Open data shows what the site shows, and nothing more."""

import csv
import io
import re

import pytest
from sqlalchemy.orm import Session

from geo.crs import lat_lon
from tests.factories.neighbourhoods import make_neighbourhood, make_round, point_in
from tests.factories.wishes import make_wish
from tests.page_client import PageClient


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_a_wish_that_was_not_placed_is_in_no_file(session: Session, client: PageClient) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    shown = make_wish(session, neighbourhood, point=point_in(dx=333, dy=777))
    make_wish(session, neighbourhood, placed=False)
    rows = rows_of(client.get("/cijfers/wensen.csv").text)
    assert [row["nummer"] for row in rows] == [shown.reference]
    assert (rows[0]["stand"], rows[0]["binnengekomen_via"]) == ("Geplaatst", "op de website")
    exact = lat_lon(point_in(dx=333, dy=777))
    assert (float(rows[0]["lat"]), float(rows[0]["lon"])) != tuple(round(part, 5) for part in exact)


@pytest.mark.parametrize("path", ["/cijfers/acties.csv", "/cijfers/stemmen.csv"])
def test_an_empty_city_gives_a_heading_only(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert page.response.mimetype == "text/csv"
    assert len(page.text.strip().splitlines()) == 1


def test_the_page_names_licence_and_day_and_explains_every_column(session: Session, client: PageClient) -> None:
    make_round(session, make_neighbourhood(session))
    page = client.get("/cijfers")
    assert page.soup.select_one("a[rel=license]").text == "CC BY 4.0"
    assert "Dit geldt niet voor de teksten van wensen." in page.words
    assert "gemeente Markerstad" in page.words
    assert re.search(r"stand van \d{1,2} [a-z]+ \d{4}\.", page.words)
    tables = page.soup.select("details table")
    for name, table in zip(("wijken", "wensen", "acties", "stemmen"), tables, strict=True):
        heading = client.get(f"/cijfers/{name}.csv").text.removeprefix("\ufeff").splitlines()[0].split(";")
        assert [cell.text for cell in table.select("tbody th")] == heading
        assert all(cell.text.strip() for cell in table.select("tbody td"))
