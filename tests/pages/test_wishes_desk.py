"""The desk: the team reads, places, answers and enters the wishes of its own neighbourhoods."""

from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.crs import lat_lon
from geo.models import as_shape
from tests.conftest import StaffMaker
from tests.factories.neighbourhoods import make_neighbourhood, make_place, make_round, point_in
from tests.factories.wishes import TEXT, make_refused_wish, make_wish
from tests.page_client import PageClient
from tests.pages.test_wishes_giving import today
from tests.query_count import count_queries
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.wishes.models import Answer, AnswerKind, Channel, PlaceChoice, RefusalGround, Wish, WishGiver, WishState

WHY = "Door deze straat rijden ziekenwagens."


@pytest.fixture
def wijk(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def team(client: PageClient, staff: StaffMaker, wijk: Neighbourhood) -> PageClient:
    """A browser in which somebody of the area team of Molenwijk is signed in."""
    return client.sign_in(staff(Role.AREA_TEAM, wijk.area_id, "Noor Bakker"))


def only_wish(session: Session) -> Wish:
    session.expire_all()
    return session.scalars(sa.select(Wish)).one()


def do(team: PageClient, wish: Wish, action: str, typed: dict[str, str] | None = None, *, status: int = 302):
    page = team.get(f"/werkplek/wensen/{wish.reference}?doe={action}")
    data = page.form_data(selector=".wa-deskpanel form") | (typed or {})
    return team.post(f"/werkplek/wensen/{wish.reference}/{action}", data, status=status)


def test_the_list_shows_what_waits_in_my_neighbourhoods(
    team: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    other = make_neighbourhood(session, "Rustenoord", column=1)
    make_wish(session, wijk, "Een bank", placed=False)
    make_refused_wish(session, wijk, text="Een drempel")
    make_wish(session, other, "Elders")
    page = team.get("/werkplek/wensen")
    assert [link.text for link in page.soup.select("tbody th a")] == ["Een bank"]
    assert "Lezen en plaatsen" in page.words
    everything = team.get("/werkplek/wensen?toon=all&zoek=drempel")
    assert [link.text for link in everything.soup.select("tbody th a")] == ["Een drempel"]
    for odd in ("?toon=x", "?wijk=rustenoord", "?blad=zz", "?zoek=%00%25", "?toon=late"):
        assert "Elders" not in team.get("/werkplek/wensen" + odd).words


def test_the_list_asks_as_much_for_500_wishes_as_for_50(
    team: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    asked = []
    for number in (50, 450):
        for n in range(number):
            make_wish(session, wijk, f"Wens {n}")
        with count_queries() as counter:
            team.get("/werkplek/wensen")
        asked.append(len(counter))
    assert asked[0] == asked[1]


def test_the_team_sees_the_exact_point_and_the_giver(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    wish = make_wish(session, wijk, point=point_in(dx=212), place_text="Molenlaan 12", email="fatma@post.example")
    words = team.get(f"/werkplek/wensen/{wish.reference}").words
    lat, lon = lat_lon(as_shape(wish.point))
    assert f"{lat:.6f}, {lon:.6f}" in words
    assert "Molenlaan 12" in words
    assert "fatma@post.example (nog niet bevestigd)" in words


@pytest.mark.parametrize(("role", "where"), list(product([None, *Role], ["here", "elsewhere"])))
def test_each_role_gets_in_only_where_it_works(
    client: PageClient, session: Session, staff: StaffMaker, wijk: Neighbourhood, role: Role | None, where: str
) -> None:
    other = make_neighbourhood(session, "Rustenoord", column=1)
    wish = make_wish(session, wijk, email="fatma@post.example", placed=False)
    client.sign_in(staff(role, (wijk if where == "here" else other).area_id))
    allowed = role in {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER} and where == "here"
    page = client.get(f"/werkplek/wensen/{wish.reference}", status=200 if allowed else 403)
    assert ("fatma@post.example" in page.words) is allowed
    if allowed:
        return
    # Even with a token of their own they change nothing.
    token = client.get("/wensen/bevestig/" + session.scalar(sa.select(WishGiver.token))).form_data()["csrf_token"]
    for action in ("place", "remove", "refuse", "refer", "move", "reconsider"):
        client.post(f"/werkplek/wensen/{wish.reference}/{action}", {"csrf_token": token, "title": "x"}, status=403)
    client.post(f"/werkplek/wensen/{wish.reference}/vergeet-indiener", {"csrf_token": token}, status=403)
    assert session.scalar(sa.select(WishGiver.email)) == "fatma@post.example"
    assert only_wish(session).state is WishState.RECEIVED


def test_a_stranger_is_sent_to_sign_in(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    wish = make_wish(session, wijk)
    for path in ("", "/nieuw", f"/{wish.reference}"):
        assert "/werkplek/aanmelden" in client.get(f"/werkplek/wensen{path}", status=302).location


def test_placing_edits_the_title_and_not_the_text(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    wish = make_wish(session, wijk, placed=False)
    page = team.follow(do(team, wish, "place", {"title": "Lampen langs het hoofdpad", "text": "Iets anders"}))
    assert "W-0001 staat op de website." in page.words
    placed = only_wish(session)
    assert (placed.state, placed.title, placed.text) == (WishState.PLACED, "Lampen langs het hoofdpad", TEXT)


def test_a_no_needs_a_ground_and_a_text_and_keeps_what_was_typed(
    team: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    wish = make_wish(session, wijk)
    page = do(team, wish, "refuse", {"text": "nee", "what_we_do": "Er komt een bord."}, status=422)
    assert page.errors == ["Kies de reden.", "Schrijf een uitleg van minstens 10 letters. De indiener leest die."]
    assert "Er komt een bord." in page.soup.find(id="what_we_do").text
    do(team, wish, "refuse", {"ground": "rule", "text": WHY, "what_we_do": "Er komt een bord."})
    answer = session.scalar(sa.select(Answer))
    assert (answer.kind, answer.ground, answer.text) == (AnswerKind.REFUSED, RefusalGround.RULE, WHY)
    assert only_wish(session).state is WishState.REFUSED


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("place", {"title": ""}),
        ("place", {"title": "x" * 121}),
        ("remove", {"ground": "", "text": WHY}),
        ("remove", {"ground": "because", "text": WHY}),
        ("remove", {"ground": "rule", "text": "x" * 2001}),
        ("move", {"neighbourhood": ""}),
    ],
)
def test_an_incomplete_answer_changes_nothing(
    team: PageClient, session: Session, wijk: Neighbourhood, action: str, typed: dict[str, str]
) -> None:
    page = do(team, make_wish(session, wijk, placed=False), action, typed, status=422)
    assert page.errors
    assert only_wish(session).state is WishState.RECEIVED


def test_a_wish_goes_through_every_answer(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    wish = make_wish(session, wijk)
    do(team, wish, "refer", {"referred_to": "de provincie", "text": WHY})
    assert only_wish(session).state is WishState.REFERRED
    do(team, wish, "reconsider")
    do(team, wish, "remove", {"ground": "not_a_wish", "text": WHY})
    assert only_wish(session).state is WishState.REMOVED
    do(team, wish, "reconsider")
    assert only_wish(session).state is WishState.PLACED


def test_who_is_second_sees_how_it_stands_with_what_was_typed(
    team: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    wish = make_wish(session, wijk)
    page = team.get(f"/werkplek/wensen/{wish.reference}?doe=refuse")
    data = page.form_data(selector=".wa-deskpanel form") | {"ground": "money", "text": "Er is geen geld voor."}
    do(team, wish, "refer", {"referred_to": "de provincie", "text": WHY})
    do(team, wish, "refuse", {"ground": "rule", "text": WHY})
    page = team.post(f"/werkplek/wensen/{wish.reference}/refuse", data, status=409)
    assert "Er is geen geld voor." in page.soup.find(id="text").text
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 2


def test_a_wish_can_be_moved_to_a_team_one_is_not_in(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_neighbourhood(session, "Rustenoord", column=1)
    wish = make_wish(session, wijk)
    page = team.follow(do(team, wish, "move", {"neighbourhood": "rustenoord"}))
    assert page.h1 == "Wensen"
    assert "W-0001 staat nu bij Rustenoord." in page.words
    team.get(f"/werkplek/wensen/{wish.reference}", status=403)
    assert only_wish(session).neighbourhood.slug == "rustenoord"


def test_a_wish_on_paper_is_entered_after_the_listening_phase(
    team: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_round(session, wijk, PhaseKind.BUNDLING, today=today())
    make_place(session, wijk)
    page = team.get("/werkplek/wensen/nieuw")
    typed = page.form_data() | {
        "channel": "paper",
        "text": TEXT,
        "theme": "safety",
        "place_id": page.soup.select("#place_id option")[1]["value"],
        "postal_address": "Molenlaan 12\nMarkerstad",
    }
    page = team.follow(team.post("/werkplek/wensen/nieuw", typed))
    assert "Het nummer is W-0001." in page.words
    wish = only_wish(session)
    assert (wish.channel, wish.place_choice, wish.place_text) == (Channel.PAPER, PlaceChoice.POINT, "Molenplein")
    assert session.scalar(sa.select(WishGiver.postal_address)) == "Molenlaan 12 Markerstad"
    again = team.post("/werkplek/wensen/nieuw", typed)
    assert again.location.endswith("W-0001")
    assert only_wish(session).number == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"channel": ""}, "Kies hoe de wens binnenkwam."),
        ({"channel": "website"}, "Kies hoe de wens binnenkwam."),
        ({"text": ""}, "Schrijf wat er beter moet"),
        ({"theme": ""}, "Kies over welk onderwerp"),
        ({"received_on": "2999-01-01"}, "ligt in de toekomst"),
        ({"received_on": "1999-01-01"}, "te lang geleden"),
        ({"received_on": "morgen"}, ""),
        ({"email": "fatma"}, "mist een @"),
        ({"postal_address": "x" * 301}, "hooguit 300 letters"),
        ({"place_choice": "point"}, "Kies een plek op de kaart"),
        ({"place_choice": "point", "lat": "nan", "lon": "1"}, "ligt niet in Nederland"),
    ],
)
def test_an_incomplete_entry_keeps_everything(
    team: PageClient, session: Session, wijk: Neighbourhood, changes: dict[str, str], error: str
) -> None:
    typed = {"channel": "phone", "text": TEXT, "theme": "safety", "place_choice": "no_place"} | changes
    data = team.get("/werkplek/wensen/nieuw").form_data() | typed
    page = team.post("/werkplek/wensen/nieuw", data, status=422)
    assert any(error in line for line in page.errors), page.errors
    assert page.soup.find(id="text").text.lstrip("\r\n") == typed["text"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 0


def test_an_entry_about_another_wijk_is_sent_there(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_neighbourhood(session, "Rustenoord", column=1)
    lat, lon = lat_lon(point_in(1))
    data = team.get("/werkplek/wensen/nieuw").form_data() | {"channel": "street", "text": TEXT, "theme": "safety"}
    page = team.post("/werkplek/wensen/nieuw", data | {"lat": str(lat), "lon": str(lon)}, status=200)
    assert "Deze plek ligt in Rustenoord" in page.words
    page = team.follow(team.post("/werkplek/wensen/nieuw", page.form_data() | {"send_to": "rustenoord"}))
    assert "Het nummer is W-0001." in page.words
    assert only_wish(session).neighbourhood.slug == "rustenoord"


def test_who_works_in_more_neighbourhoods_chooses_one_first(
    client: PageClient, session: Session, staff: StaffMaker, wijk: Neighbourhood
) -> None:
    make_neighbourhood(session, "Rustenoord", column=1)
    client.sign_in(staff(Role.AREA_TEAM))
    page = client.get("/werkplek/wensen/nieuw")
    assert "Voor welke wijk is de wens?" in page.words
    assert [o.text for o in page.soup.select("#neighbourhood option")] == ["Molenwijk", "Rustenoord"]
    assert "Rustenoord" in client.get("/werkplek/wensen/nieuw?wijk=rustenoord").words
    client.get("/werkplek/wensen/nieuw?wijk=nergens")
    data = client.get("/werkplek/wensen/nieuw?wijk=rustenoord").form_data() | {"neighbourhood": "nergens"}
    page = client.post("/werkplek/wensen/nieuw", data, status=422)
    assert "Kies in welke wijk de wens hoort." in page.errors


def test_the_team_forgets_a_giver_who_asks_for_it(team: PageClient, session: Session, wijk: Neighbourhood) -> None:
    wish = make_wish(session, wijk, email="fatma@post.example")
    path = f"/werkplek/wensen/{wish.reference}"
    page = team.get(path)
    assert "Terug kan niet." in page.words
    selector = 'form[action$="/vergeet-indiener"]'
    page = team.follow(team.post(f"{path}/vergeet-indiener", page.form_data(selector=selector)))
    assert "Wij bewaren niet meer wie W-0001 deed." in page.words
    assert "fatma@post.example" not in page.words
    assert not page.soup.select(selector)
    assert session.scalar(sa.select(sa.func.count()).select_from(WishGiver)) == 0
