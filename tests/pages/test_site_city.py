"""The city, its list, its search and its maps; as many queries for many wijken as for few."""

import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from geo.models import Area, PostcodeArea
from tests.factories.neighbourhoods import make_city_district, make_neighbourhood, make_place, make_round
from tests.factories.wishes import make_wish
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.web.clock import today

SIMPLE = ["/zo-werkt-het", "/hulp", "/privacy", "/toegankelijkheid", "/zelf-natellen", "/onze-regels", "/cijfers"]


def make_city(session: Session, count: int, *, first: int = 0) -> list[Neighbourhood]:
    district = make_city_district(session, f"Stadsdeel {first}")
    found = []
    for number in range(first, first + count):
        one = make_neighbourhood(session, f"Wijk {number}", column=number, district=district)
        make_round(session, one, list(PhaseKind)[number % 5], today=today())
        found.append(one)
    return found


def test_an_empty_installation_shows_its_pages(client: PageClient) -> None:
    for path in ["/", "/wijken", "/zoeken", *SIMPLE, "/en/", "/en/wijken"]:
        client.get(path)


@pytest.mark.parametrize("path", SIMPLE)
def test_pages_that_explain_are_the_same_for_everyone(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert "Set-Cookie" not in page.response.headers
    assert "csrf" not in page.text


def test_the_privacy_page_says_what_the_administrator_can_and_cannot_see_of_a_vote(client: PageClient) -> None:
    dutch, english = client.get("/privacy").words, client.get("/en/privacy").words
    assert "kan niemand lezen wat er in de stembus zit, ook de technisch beheerder niet" in dutch
    assert "wel zien met welk volgnummer er is gestemd" in dutch
    assert "technical administrator" in english


def test_the_city_names_every_wijk_and_where_one_can_take_part(client: PageClient, session: Session) -> None:
    make_city(session, 5)
    page = client.get("/")
    assert [page.soup.find("a", href=f"/wijken/wijk-{n}", string=f"Wijk {n}") is not None for n in range(5)] == [
        True
    ] * 5
    cards = page.soup.select(".wa-card")
    assert len(cards) == 1
    assert "Doe een wens." in cards[0].text
    assert cards[0].a["href"] == "/wijken/wijk-0/wens"


def test_the_city_map_is_a_drawing_with_links_before_any_script_runs(client: PageClient, session: Session) -> None:
    make_city(session, 5)
    page = client.get("/")
    links = page.soup.select(".wa-map svg a")
    assert sorted(link["href"] for link in links) == [f"/wijken/wijk-{n}" for n in range(5)]
    assert "Wijk 0: Luisteren" in {link["aria-label"] for link in links}
    assert any("/kaart/city-" in script["src"] for script in page.soup.find_all("script"))


def test_the_line_for_voters_shows_only_while_a_vote_is_open(client: PageClient, session: Session) -> None:
    make_city(session, 3)
    assert "Brief met een stemcode?" not in client.get("/").words


def test_the_legend_counts_and_filters(client: PageClient, session: Session) -> None:
    make_city(session, 6)
    page = client.get("/")
    assert page.soup.find("a", href="/wijken?fase=listening") is not None
    listening = client.get("/wijken?fase=listening")
    assert listening.soup.find("a", href="/wijken/wijk-0") is not None
    assert listening.soup.find("a", href="/wijken/wijk-1") is None
    assert "2 wijken in deze stap: Luisteren." in listening.words
    make_neighbourhood(session, "Nieuwland", column=20)
    assert "1 wijk in deze stap: Nog geen wijkagenda." in client.get("/wijken?fase=geen").words


@pytest.mark.parametrize("value", ["onzin", "", "%00", "listening'--", "x" * 3000])
def test_an_unknown_phase_shows_all(client: PageClient, session: Session, value: str) -> None:
    make_city(session, 2)
    assert "2 wijken, per stadsdeel." in client.get(f"/wijken?fase={value}").words


def test_the_map_data_holds_every_wijk_with_its_phase(client: PageClient, session: Session) -> None:
    make_city(session, 2)
    page = client.get("/kaart/wijken.geojson")
    assert page.response.mimetype == "application/geo+json"
    features = json.loads(page.text)["features"]
    assert {f["properties"]["phase"] for f in features} == {"listening", "bundling"}
    assert {f["properties"]["href"] for f in features} == {"/wijken/wijk-0", "/wijken/wijk-1"}


def test_the_script_of_the_map_may_be_kept_for_ever_under_its_own_address(client: PageClient) -> None:
    page = client.get("/")
    assert (
        client.get("/kaart/city-oud.js").response.headers.get("Cache-Control") != "public, max-age=31536000, immutable"
    )
    assert "WijkMap" in client.get("/kaart/city-oud.js").text
    assert page.status == 200


@pytest.mark.parametrize("path", ["/", "/wijken", "/kaart/wijken.geojson", "/cijfers", "/cijfers/wijken.csv"])
def test_the_city_takes_as_many_queries_for_many_wijken_as_for_few(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    make_city(session, 5)
    client.get(path)
    with count_queries() as few:
        client.get(f"{path}?nog=1")
    make_city(session, 39, first=5)
    with count_queries() as many:
        client.get(f"{path}?nog=2")
    assert len(many) == len(few)
    assert len(few) <= 9


def test_a_spreadsheet_of_the_city_holds_no_formula(client: PageClient, session: Session) -> None:
    (one,) = make_city(session, 1)
    one.name = '=HYPERLINK("x")'
    lines = client.get("/cijfers/wijken.csv").text.splitlines()
    assert lines[0].startswith("\ufeffwijk;code;")
    assert lines[1].startswith("\"'=HYPERLINK")


# --- searching ---------------------------------------------------------------------------------------


def test_a_name_leads_straight_to_its_wijk(client: PageClient, session: Session) -> None:
    make_neighbourhood(session, "Molenwijk")
    make_neighbourhood(session, "Oude Molenwijk", column=1)
    assert client.get("/zoeken?q=molenwijk", status=302).location == "/wijken/molenwijk"
    assert client.get("/zoeken?q=OUDE%20MOLEN", status=302).location == "/wijken/oude-molenwijk"
    both = client.get("/zoeken?q=molen")
    assert "2 wijken" in both.words


def test_a_postcode_leads_straight_to_its_wijk_or_asks_for_the_number(client: PageClient, session: Session) -> None:
    west, east = make_neighbourhood(session, "West"), make_neighbourhood(session, "Oost", column=1)
    session.add_all(
        [
            PostcodeArea(pc6="1234AB", area_id=west.area_id),
            PostcodeArea(pc6="1234CD", house_number_from=1, house_number_to=9, area_id=west.area_id),
            PostcodeArea(pc6="1234CD", house_number_from=10, house_number_to=99, area_id=east.area_id),
        ]
    )
    assert client.get("/zoeken?q=1234ab", status=302).location == "/wijken/west"
    assert client.get("/zoeken?q=1234 CD 12", status=302).location == "/wijken/oost"
    assert client.get("/zoeken?q=1234CD,%2012-a", status=302).location == "/wijken/oost"
    assert "Typ uw huisnummer erbij" in client.get("/zoeken?q=1234cd").words
    assert "Deze postcode kennen wij niet." in client.get("/zoeken?q=9999ZZ").words


def test_a_number_leads_straight_to_a_public_wish(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here)
    wish = make_wish(session, here)
    hidden = make_wish(session, here, placed=False)
    assert client.get(f"/zoeken?q={wish.reference}", status=302).location == f"/wensen/{wish.reference}"
    assert client.get(f"/zoeken?q=w{wish.number}", status=302).location == f"/wensen/{wish.reference}"
    assert client.get(f"/zoeken?q={wish.number:06d}", status=302).location == f"/wensen/{wish.reference}"
    assert "Niets gevonden" in client.get(f"/zoeken?q={hidden.reference}").words


def test_places_and_wishes_are_found_by_word(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here)
    make_place(session, here, "Wiekplein")
    make_wish(session, here, "Een bank op het Wiekplein.")
    page = client.get("/zoeken?q=wiekplein")
    assert "1 plek" in page.words
    assert "1 wens" in page.words


@pytest.mark.parametrize(
    "text",
    [
        "qqq",
        "%",
        "_",
        "'",
        "\\",
        "<script>alert(1)</script>",
        "%00",
        "1234AA 99999999",
        "W-999999999999",
        "0000AA",
        "é" * 400,
    ],
)
def test_what_cannot_be_found_is_told_kindly(client: PageClient, session: Session, text: str) -> None:
    make_neighbourhood(session)
    page = client.get("/zoeken", query_string={"q": text} if text != "%00" else {"q": "\x00"})
    assert "<script>alert" not in page.text


def test_boundaries_that_change_change_the_drawing(client: PageClient, session: Session) -> None:
    (one,) = make_city(session, 1)
    before = client.get("/").soup.select_one(".wa-map svg path")["d"]
    two = make_neighbourhood(session, "Anders", column=3)
    area = session.get_one(Area, two.area_id)
    assert area is not None
    after = client.get("/?nog=1").soup.select_one(".wa-map svg path")["d"]
    assert before != after
    assert one.name


@pytest.mark.parametrize("typed", ["moolenwijk", "Molen wijk", "MOLNWIJK", "mólenwijk wijk", "molenwjik"])
def test_a_name_with_a_mistake_is_asked_back(client: PageClient, session: Session, typed: str) -> None:
    make_neighbourhood(session, "Molenwijk")
    make_neighbourhood(session, "Rustenoord", column=1)
    page = client.get("/zoeken", query_string={"q": typed})
    assert "Bedoelt u misschien:" in page.words
    assert [link.text for link in page.soup.select("section[role=status] .wa-title-link")] == ["Molenwijk"]


def test_a_place_or_street_with_a_mistake_is_asked_back(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_place(session, here, "Buurthuis De Wiek").address = "Wiekstraat 12"
    session.flush()
    for typed in ("Wiekstraad", "buurthuis de wiekk"):
        page = client.get("/zoeken", query_string={"q": typed})
        assert "Buurthuis De Wiek Wiekstraat 12 · in Molenwijk" in page.words


def test_streets_that_share_only_an_ending_are_not_alike(client: PageClient, session: Session) -> None:
    make_place(session, make_neighbourhood(session), "Kolkstraat")
    page = client.get("/zoeken?q=kerkstraat")
    assert "Niets gevonden" in page.words
    assert "Bedoelt u misschien" not in page.words


def test_letters_of_a_postcode_with_a_mistake_give_the_wijken_of_its_digits(
    client: PageClient, session: Session
) -> None:
    west = make_neighbourhood(session, "West")
    session.add(PostcodeArea(pc6="1234AB", area_id=west.area_id))
    assert client.get("/zoeken?q=1234-AB", status=302).location == "/wijken/west"
    page = client.get("/zoeken?q=1234AX")
    assert "Bedoelt u misschien: West" in page.words


def test_accents_make_no_difference_when_searching(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here)
    make_place(session, here, "Café De Één")
    make_wish(session, here, "Een terras bij het café op de brug.")
    page = client.get("/zoeken?q=cafe")
    assert "1 plek" in page.words
    assert "1 wens" in page.words
    assert "1 wens" in client.get("/zoeken?q=CAFÉ").words
