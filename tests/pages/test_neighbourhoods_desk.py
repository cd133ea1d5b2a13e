"""Staff keep the team, the places and the figures of their own neighbourhoods."""

import pytest
from sqlalchemy.orm import Session

from geo.crs import lat_lon
from tests.conftest import StaffMaker
from tests.factories.neighbourhoods import make_city_district, make_neighbourhood, make_place, point_in
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.neighbourhoods.models import Neighbourhood, Place, PlaceKind, ProfileFigure
from wijkagenda.people.models import Role


@pytest.fixture
def molenwijk(session: Session) -> Neighbourhood:
    return make_neighbourhood(session, "Molenwijk")


def place_form(**changes: str) -> dict[str, str]:
    lat, lon = lat_lon(point_in())
    values = {"name": "De Hoeksteen", "kind": "meeting_place", "address": "Lindelaan 4", "opening_hours": ""}
    return values | {"lat": str(lat), "lon": str(lon)} | changes


def figure_form(**changes: str) -> dict[str, str]:
    values = {"label": "Voelt zich ’s avonds veilig", "value": "62,5", "city_value": "70", "unit": "%"}
    return values | {"source": "Wijkonderzoek", "year": "2026", "n": "400"} | changes


def test_the_list_holds_my_neighbourhoods_and_no_others(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    make_neighbourhood(session, "Rustenoord", column=1)
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    page = client.get("/werkplek/wijken")
    assert "Molenwijk" in page.words
    assert "Rustenoord" not in page.words


def test_a_grant_in_the_city_district_counts_for_its_neighbourhoods(
    client: PageClient, session: Session, staff: StaffMaker
) -> None:
    zuid = make_city_district(session)
    make_neighbourhood(session, "Molenwijk", district=zuid)
    client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, area_id=zuid.area_id))
    assert "Molenwijk" in client.get("/werkplek/wijken").words


def test_the_list_takes_as_many_queries_for_one_neighbourhood_as_for_many(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    client.sign_in(staff(Role.ADMINISTRATOR))
    client.get("/werkplek/wijken")
    with count_queries() as one:
        client.get("/werkplek/wijken")
    for column in range(1, 9):
        make_neighbourhood(session, f"Wijk {column}", column=column, district=make_city_district(session, f"D{column}"))
    with count_queries() as many:
        client.get("/werkplek/wijken")
    assert len(many) == len(one)


def test_the_team_introduces_itself(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    page = client.submit(
        "/werkplek/wijken/molenwijk",
        {"team_name": "gebiedsteam Molenwijk", "team_visiting": "dinsdag van 10.00 tot 12.00", "residents": "8500"},
    )
    assert "Dit staat nu op de pagina van de wijk." in client.follow(page).words
    session.refresh(molenwijk)
    assert (molenwijk.team_visiting, molenwijk.residents) == ("dinsdag van 10.00 tot 12.00", 8500)


def test_a_wrong_address_of_the_team_loses_nothing_that_was_typed(
    client: PageClient, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    typed = {"team_name": "team Noord", "team_email": "geen adres", "team_visiting": "altijd", "residents": "-1"}
    page = client.submit("/werkplek/wijken/molenwijk", typed, status=422)
    assert "Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example" in page.words
    assert "Vul een aantal in tussen 0 en 2.000.000." in page.words
    assert {name: page.form_data()[name] for name in typed} == typed


@pytest.mark.parametrize("path", ["", "/plekken", "/ronde", "/ronde/nieuw"])
def test_the_team_of_another_neighbourhood_is_refused(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood, path: str
) -> None:
    other = make_neighbourhood(session, "Rustenoord", column=1)
    client.sign_in(staff(Role.AREA_TEAM, area_id=other.area_id))
    client.get(f"/werkplek/wijken/molenwijk{path}", status=403)


def test_an_unknown_neighbourhood_is_not_found(client: PageClient, staff: StaffMaker) -> None:
    client.sign_in(staff(Role.ADMINISTRATOR))
    assert "Deze wijk kennen wij niet." in client.get("/werkplek/wijken/nergens", status=404).words


def test_a_place_is_put_on_the_map_and_taken_off(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    page = client.submit("/werkplek/wijken/molenwijk/plekken", place_form(), selector="section form")
    assert "De Hoeksteen" in client.follow(page).words
    place = session.query(Place).one()
    assert place.kind is PlaceKind.MEETING_PLACE
    client.submit("/werkplek/wijken/molenwijk/plekken", selector="table form")
    assert session.query(Place).count() == 0


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": ""}, "Vul de naam van de plek in."),
        ({"name": "x" * 121}, "Maak de naam korter dan 120 letters."),
        ({"lat": "", "lon": ""}, "Zet een speld op de kaart, of vul beide coördinaten in."),
        ({"lat": "boven", "lon": "5"}, "Dit is geen getal. Bijvoorbeeld: 52,55012."),
        ({"lat": "nan", "lon": "5"}, "Deze coördinaten liggen niet in Nederland."),
        ({"lat": "48,85", "lon": "2,35"}, "Deze coördinaten liggen niet in Nederland."),
        ({"lat": "52,0", "lon": "5,0"}, "Deze plek ligt niet in deze wijk."),
        ({"kind": "kasteel"}, "Kies alleen iets uit de lijst."),
    ],
)
def test_a_place_that_cannot_be_says_why(
    client: PageClient,
    session: Session,
    staff: StaffMaker,
    molenwijk: Neighbourhood,
    changes: dict[str, str],
    message: str,
) -> None:
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    page = client.submit(
        "/werkplek/wijken/molenwijk/plekken", place_form(**changes), selector="section form", status=422
    )
    assert message in page.words
    assert page.form_data(selector="section form")["address"] == "Lindelaan 4"
    assert session.query(Place).count() == 0


def test_a_name_is_given_to_one_place_only(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    make_place(session, molenwijk, "De Hoeksteen")
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    page = client.submit("/werkplek/wijken/molenwijk/plekken", place_form(), selector="section form", status=422)
    assert "Er is al een plek met deze naam." in page.words


def test_a_place_of_another_neighbourhood_stays(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    elsewhere = make_place(session, make_neighbourhood(session, "Rustenoord", column=1))
    make_place(session, molenwijk)
    client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))
    path = f"/werkplek/wijken/molenwijk/plekken/{elsewhere.id}/weghalen"
    client.submit("/werkplek/wijken/molenwijk/plekken", selector="table form", to=path, status=404)
    assert session.query(Place).count() == 2


def test_researchers_keep_the_figures(
    client: PageClient, session: Session, staff: StaffMaker, molenwijk: Neighbourhood
) -> None:
    client.sign_in(staff(Role.RESEARCHER))
    path = "/werkplek/wijken/molenwijk/cijfers"
    client.submit(path, figure_form(), selector="section form")
    figure = session.query(ProfileFigure).one()
    assert (float(figure.value), figure.n) == (62.5, 400)
    assert "62,5 %" in client.get(path).words
    again = client.get(f"{path}?cijfer={figure.id}").form_data(selector="section form")
    assert (again["value"], again["label"]) == ("62,5", "Voelt zich ’s avonds veilig")
    client.submit(path, figure_form(value="63"), selector="section form")
    assert [float(f.value) for f in session.query(ProfileFigure)] == [63.0]
    client.submit(path, selector="table form")
    assert session.query(ProfileFigure).count() == 0


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"value": "veel"}, "Dit is geen getal. Bijvoorbeeld: 7,5."),
        ({"value": ""}, "Vul het cijfer van de wijk in."),
        ({"value": "99999999999"}, "Dit getal is te groot."),
        ({"source": " "}, "Waar komt dit cijfer vandaan? Vul de bron in."),
        ({"year": "26"}, "Vul een jaar in, zoals 2026."),
        ({"n": "0"}, "Vul een aantal in van 1 of meer."),
    ],
)
def test_a_figure_that_cannot_be_says_why(
    client: PageClient,
    session: Session,
    staff: StaffMaker,
    molenwijk: Neighbourhood,
    changes: dict[str, str],
    message: str,
) -> None:
    client.sign_in(staff(Role.RESEARCHER))
    path = "/werkplek/wijken/molenwijk/cijfers"
    page = client.submit(path, figure_form(**changes), selector="section form", status=422)
    assert message in page.words
    assert page.form_data(selector="section form")["unit"] == "%"
    assert session.query(ProfileFigure).count() == 0


def test_a_researcher_does_not_edit_the_team(client: PageClient, staff: StaffMaker, molenwijk: Neighbourhood) -> None:
    client.sign_in(staff(Role.RESEARCHER))
    assert client.get("/werkplek/wijken/molenwijk").soup.select("main form") == []
