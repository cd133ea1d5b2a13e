"""The public list and map of wishes: the same content, cheap to ask again, support counts once."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.neighbourhoods import make_neighbourhood, make_place, make_round, point_in
from tests.factories.wishes import make_refused_wish, make_wish
from tests.page_client import PageClient
from tests.pages.test_wishes_giving import today
from tests.query_count import count_queries
from wijkagenda.db import bump_data_version
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.wishes.models import Theme, WishSupport
from wijkagenda.wishes.supporter import PER_WISH

LIST = "/wijken/molenwijk/wensen"


@pytest.fixture
def wijk(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


def titles(client: PageClient, path: str = LIST) -> list[str]:
    return [link.text for link in client.get(path).soup.select("#wensen .wa-wishrow a")]


def features(client: PageClient, path: str = LIST) -> list[dict[str, Any]]:
    address = client.get(path).soup.select_one("[data-points]")["data-points"]
    return json.loads(client.get(address).text)["features"]


def test_the_list_and_the_map_hold_the_same_wishes(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_place(session, wijk)
    make_wish(session, wijk, "Een bank", point=point_in(dx=200))
    make_wish(session, wijk, "Samen eten")
    make_refused_wish(session, wijk, text="Een drempel", point=point_in(dx=700))
    make_wish(session, wijk, "Niet gelezen", point=point_in(), placed=False)
    assert titles(client) == ["Een drempel", "Samen eten", "Een bank"]
    pins = [f["properties"] for f in features(client) if f["properties"].get("kind") != "place"]
    assert pins == [
        {"number": 1, "name": "Een drempel", "href": "/wensen/W-0003", "refused": True},
        {"number": 3, "name": "Een bank", "href": "/wensen/W-0001"},
    ]
    rows = client.get(LIST).soup
    assert rows.find(id="wens-1").a.text == "Een drempel"
    assert rows.find(id="wens-3").a.text == "Een bank"


def test_a_filter_holds_for_the_list_and_the_map(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, "Een bank", theme=Theme.SAFETY, point=point_in())
    make_wish(session, wijk, "Een boom & bloem", point=point_in(dx=200))
    for query, expected in (
        ("?thema=safety", ["Een bank"]),
        ("?zoek=boom+%26", ["Een boom & bloem"]),
        ("?plek=met", ["Een boom & bloem", "Een bank"]),
        ("?plek=zonder", []),
        ("?stand=refused", []),
        ("?zoek=W-0001", ["Een bank"]),
    ):
        assert titles(client, LIST + query) == expected, query
        assert [f["properties"]["name"] for f in features(client, LIST + query)] == expected, query


@pytest.mark.parametrize(
    "query",
    ["?blad=x", "?blad=-3", "?blad=99999999999999999999", "?thema=%00", "?stand=removed", "?plek=[]", "?zoek=%25%5F%27",
     "?zoek=%00%00", "?zoek=" + "x" * 5000, "?blad=1&blad=2", "?zoek=" + "a+" * 300],
)  # fmt: skip
def test_odd_filters_give_a_page(client: PageClient, session: Session, wijk: Neighbourhood, query: str) -> None:
    make_wish(session, wijk)
    client.get(LIST + query)
    client.get(LIST + ".geojson" + query)


def test_page_two_goes_on_where_page_one_ended(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    for n in range(1, 31):
        make_wish(session, wijk, f"Wens {n}")
    first = client.get(LIST)
    assert len(titles(client)) == 25
    following = first.soup.select_one("a[rel=next]")["href"]
    assert following == LIST + "?blad=2#wensen"
    second = client.get(following)
    assert second.soup.select_one("#wensen ol")["start"] == "26"
    assert [link.text for link in second.soup.select(".wa-wishrow a")] == [f"Wens {n}" for n in (5, 4, 3, 2, 1)]


def test_no_exact_point_no_giver_and_no_house_number_is_public(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_wish(session, wijk, point=point_in(dx=212.3, dy=340.7), place_text="Molenlaan 12", email="a@post.example")
    [feature] = features(client)
    page = client.get(LIST)
    assert "Molenlaan" in page.words
    for answer in (page.text, json.dumps(feature)):
        assert "Molenlaan 12" not in answer
        assert "post.example" not in answer
    exact = session.scalar(sa.text("select st_x(st_transform(point, 4326)) from wish"))
    assert abs(feature["geometry"]["coordinates"][0] - exact) > 0.00001


def test_titles_are_shown_as_text(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    title = "<img src=x onerror=alert(1)> ${1} </script>"
    make_wish(session, wijk, title)
    assert titles(client) == [title]


def test_without_wishes_the_page_says_so(client: PageClient, wijk: Neighbourhood) -> None:
    assert "Er staan nog geen wensen op de website." in client.get(LIST).words
    assert features(client) == []


def test_the_page_offers_to_give_a_wish_only_while_one_can(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    agenda_round = make_round(session, wijk, today=today())
    assert "Doe ook een wens" in client.get(LIST).words
    session.delete(agenda_round)
    bump_data_version(session)
    assert "Doe ook een wens" not in client.get(LIST).words


def test_public_pages_hold_no_token_and_set_no_cookie(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_wish(session, wijk, point=point_in())
    for path in (LIST, LIST + ".geojson", "/wijken/molenwijk/grens.geojson", "/wijken/molenwijk/plekken.geojson"):
        page = client.get(path)
        assert "csrf_token" not in page.text
        assert "Set-Cookie" not in page.response.headers


def test_the_map_asks_again_for_one_small_query(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, point=point_in())
    first = client.get(LIST + ".geojson")
    etag = first.response.headers["ETag"]
    assert first.response.mimetype == "application/geo+json"
    with count_queries() as counter:
        again = client.get(LIST + ".geojson", status=304, headers={"If-None-Match": etag})
    assert len(counter) == 1
    assert again.text == ""
    make_wish(session, wijk, point=point_in())
    bump_data_version(session)
    changed = client.get(LIST + ".geojson", headers={"If-None-Match": etag})
    assert len(json.loads(changed.text)["features"]) == 2


def test_the_list_page_asks_as_much_for_500_wishes_as_for_50(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    asked = []
    for number in (50, 450):
        for n in range(number):
            make_wish(session, wijk, f"Wens {n}", point=point_in())
        with count_queries() as counter:
            client.get(LIST + f"?blad=2&zoek=wens+{number}")
            client.get(LIST + f".geojson?zoek=wens+{number}")
        asked.append(len(counter))
    assert asked[0] == asked[1]


def test_the_boundary_and_what_starts_a_map_are_served(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_neighbourhood(session, "Rustenoord", column=1)
    areas = json.loads(client.get("/wijken/molenwijk/grens.geojson").text)["features"]
    assert {f["properties"]["name"]: f["properties"]["role"] for f in areas} == {
        "Molenwijk": "this",
        "Rustenoord": "neighbour",
    }
    [address] = [s["src"] for s in client.get(LIST).soup.select("script[src*='/kaart/wishes']")]
    answer = client.get(address).response
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get("/kaart/wishes-oud.js").response.headers.get("Cache-Control", "")


def test_support_counts_once_per_browser(client: PageClient, app, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk)
    for _ in range(3):
        page = client.post("/wensen/w-0001/steun", headers={"Sec-Fetch-Site": "same-origin"})
        assert page.location == "/wensen/W-0001?gesteund=ja"
    PageClient(app).post("/wensen/W-0001/steun")
    assert session.scalar(sa.select(sa.func.count()).select_from(WishSupport)) == 2
    assert "2 mensen steunen dit" in client.get(LIST).words


def test_one_address_supports_a_wish_a_bounded_number_of_times_a_day(
    app: Flask, session: Session, wijk: Neighbourhood, limits: None
) -> None:
    """A script throws its cookie away each time. A library or a care home never comes this far."""
    make_wish(session, wijk)
    make_wish(session, wijk, "Een andere wens, over bankjes langs het water bij de molen.")
    for _ in range(PER_WISH.amount):
        PageClient(app).post("/wensen/W-0001/steun")
    assert "Morgen kan het weer." in PageClient(app).post("/wensen/W-0001/steun", status=409).words
    PageClient(app).post("/wensen/W-0002/steun")
    PageClient(app).post("/wensen/W-0001/steun", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert session.scalar(sa.select(sa.func.count()).select_from(WishSupport)) == PER_WISH.amount + 2


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}])
def test_another_site_cannot_make_visitors_support_a_wish(
    client: PageClient, session: Session, wijk: Neighbourhood, headers: dict[str, str]
) -> None:
    make_wish(session, wijk)
    client.post("/wensen/W-0001/steun", status=403, headers=headers)
    assert session.scalar(sa.select(sa.func.count()).select_from(WishSupport)) == 0


def test_only_public_wishes_can_be_supported(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, placed=False)
    client.post("/wensen/W-0001/steun", status=404)
    client.post("/wensen/W-0009/steun", status=404)
