"""From vote to adopted agenda at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveys.operations import close_survey
from tests.conftest import NOW, StaffMaker
from tests.factories.agenda import MOTIVE, TITLES, make_agenda, make_points, make_tally
from tests.factories.consultations import fill, make_survey
from tests.factories.neighbourhoods import TODAY, make_neighbourhood, make_round
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.agenda.models import Agenda, AgendaState
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role

DESK = "/werkplek/agenda/molenwijk"
ADOPTION = {
    "adopted_on": "2026-11-16",
    "adopted_by": "het college",
    "mandate": "Mandaatbesluit 2026, artikel 4",
}


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def team(client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood) -> PageClient:
    return client.sign_in(staff(Role.AREA_TEAM, neighbourhood.area_id))


@pytest.fixture
def manager(client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood) -> PageClient:
    return client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, neighbourhood.area_id))


def token(client: PageClient, path: str = DESK) -> dict[str, Any]:
    field = client.get(path).soup.find("input", {"name": "csrf_token"})
    return {"csrf_token": field["value"]}  # type: ignore[index]


def test_the_draft_follows_the_vote_and_gets_its_words(
    session: Session, team: PageClient, neighbourhood: Neighbourhood
):
    agenda_round, points = make_points(session, neighbourhood)
    make_tally(session, agenda_round, points, [900, 800, 700, 600])
    assert "900" in team.get(DESK).words
    team.submit(DESK, {"size": "3"})
    agenda = session.query(Agenda).one()
    assert [item.title for item in agenda.items] == list(TITLES[:3])
    page = team.submit(
        DESK,
        {"introduction": "Dit wilden bewoners het liefst.", f"motive_{agenda.items[0].id}": MOTIVE},
    )
    assert "De teksten zijn bewaard." in team.follow(page).words
    session.expire_all()
    assert (agenda.items[0].motive, agenda.items[1].motive) == (MOTIVE, "")


@pytest.mark.parametrize("size", ["", "0", "5", "-1", "veel", "1" * 30])
def test_an_impossible_number_of_points_is_refused(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, size: str
):
    agenda_round, points = make_points(session, neighbourhood)
    make_tally(session, agenda_round, points, [900, 800, 700, 600])
    assert team.submit(DESK, {"size": size}, status=422).errors
    assert session.query(Agenda).count() == 0


def test_while_people_vote_nothing_of_the_result_is_shown(
    session: Session, team: PageClient, neighbourhood: Neighbourhood
):
    agenda_round, points = make_points(session, neighbourhood)
    make_tally(session, agenda_round, points, [900, 800, 700, 600], published=False)
    page = team.get(DESK)
    assert "900" not in page.words and "nog niet openbaar" in page.words


def test_without_a_vote_each_point_gets_its_own_place(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    _round, points = make_points(session, neighbourhood)
    ranks = {f"rank_{point.id}": str(n) for n, point in enumerate(points, start=1)}
    reason = "Hier wonen 90 mensen. Zij kozen samen."
    double = ranks | {f"rank_{points[1].id}": "1"}
    page = team.submit(DESK, double | {"reason": reason}, status=422)
    assert "Geef elk punt een eigen plaats, van 1 tot en met 4." in page.words
    assert page.form_data()["reason"] == reason
    team.submit(DESK, ranks | {"reason": ""}, status=422)
    team.submit(DESK, {"reason": reason}, status=422)
    team.submit(DESK, ranks | {"reason": reason, f"rank_{points[3].id}": ""})
    assert [item.title for item in session.query(Agenda).one().items] == list(TITLES[:3])


def test_a_draft_is_thrown_away_to_begin_again(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    make_agenda(session, neighbourhood, adopted=False)
    team.post(f"{DESK}/weggooien", token(team))
    assert session.query(Agenda).count() == 0


def test_a_motive_that_says_nothing_is_refused(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    page = team.submit(DESK, {f"motive_{agenda.items[0].id}": "Ja"}, status=422)
    assert page.errors == ["Schrijf een of twee zinnen."]


def test_the_manager_adopts_and_the_agenda_is_public(
    session: Session, manager: PageClient, neighbourhood: Neighbourhood
):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    page = manager.submit(f"{DESK}/vaststellen", ADOPTION)
    assert "vastgesteld en staat op de site" in manager.follow(page).words
    session.expire_all()
    assert agenda.state is AgendaState.ADOPTED
    assert "het college" in manager.get("/wijken/molenwijk/agenda").words
    manager.post(f"{DESK}/woorden", token(manager, "/werkplek/agenda/molenwijk/vaststellen"), status=409)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mandate": ""}, "Schrijf op met welk mandaat: welk besluit geeft deze bevoegdheid?"),
        ({"mandate": "ja"}, "Schrijf op met welk mandaat: welk besluit geeft deze bevoegdheid?"),
        ({"adopted_by": ""}, "Schrijf op wie de agenda vaststelt."),
        ({"adopted_on": "2999-01-01"}, "Kies de dag van het besluit: vandaag of eerder."),
        ({"adopted_on": ""}, "Kies de dag van het besluit."),
    ],
    ids=["no mandate", "a word as mandate", "by nobody", "in the future", "no day"],
)
def test_adopting_says_by_whom_when_and_with_what_power(
    session: Session, manager: PageClient, neighbourhood: Neighbourhood, changes: dict[str, str], error: str
):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    page = manager.submit(f"{DESK}/vaststellen", ADOPTION | changes, status=422)
    assert page.errors == [error]
    session.expire_all()
    assert agenda.state is AgendaState.DRAFT


def test_a_day_that_does_not_exist_is_refused(session: Session, manager: PageClient, neighbourhood: Neighbourhood):
    make_agenda(session, neighbourhood, adopted=False)
    manager.submit(f"{DESK}/vaststellen", ADOPTION | {"adopted_on": "2026-02-31"}, status=422)


def test_the_team_drafts_but_does_not_adopt(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    make_agenda(session, neighbourhood, adopted=False)
    team.get(f"{DESK}/vaststellen", status=403)
    team.post(f"{DESK}/vaststellen", ADOPTION | token(team), status=403)


def test_others_get_a_kind_no(session: Session, client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    make_round(session, elsewhere)
    for role in (Role.CITY_DISTRICT_MANAGER, Role.AREA_TEAM):
        client.sign_in(staff(role, elsewhere.area_id))
        for path in (DESK, f"{DESK}/vaststellen", f"/werkplek/agendapunt/{agenda.items[0].id}/cijfer"):
            assert client.get(path, status=403).h1 == "U mag hier niet bij"
    client.sign_in(staff(Role.RESEARCHER))
    client.get("/werkplek/agenda", status=403)
    client.sign_out()
    client.get("/werkplek/agenda", status=302)


def public_survey(session: Session, neighbourhood: Neighbourhood, people: int) -> None:
    survey = make_survey(session, neighbourhood, now=NOW - timedelta(days=30))
    fill(session, survey, people, neighbourhood=neighbourhood, kinderen="nee")
    close_survey(session, survey, today=TODAY - timedelta(days=5))
    session.query(NeighbourhoodSurvey).one().results_published_at = NOW - timedelta(days=1)
    session.flush()


def test_a_survey_figure_is_attached_and_taken_away(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    public_survey(session, neighbourhood, 20)
    path = f"/werkplek/agendapunt/{agenda.items[0].id}/cijfer"
    choices = [field["value"] for field in team.get(path).soup.select("input[name=figure]")]
    figure = next(str(value) for value in choices if str(value).endswith("|kinderen||nee"))
    team.submit(path, {"figure": figure, "statement": ""}, status=422)
    team.submit(path, {"figure": "1|x|y|z", "statement": "heeft geen kinderen"}, status=422)
    page = team.submit(path, {"figure": figure, "statement": "heeft geen kinderen in huis"})
    assert "100% heeft geen kinderen in huis (20 mensen" in team.follow(page).words
    page = team.submit(path, {"figure": figure, "statement": "heeft geen kinderen in huis"}, status=422)
    assert page.errors == ["Dit cijfer staat al bij dit punt."]
    session.expire_all()
    evidence = agenda.items[0].evidence[0]
    team.post(f"/werkplek/cijfer/{evidence.id}/weg", token(team))
    assert "heeft geen kinderen" not in team.get(DESK).words


def test_nine_answers_are_no_choice(session: Session, team: PageClient, neighbourhood: Neighbourhood):
    agenda = make_agenda(session, neighbourhood, adopted=False)
    public_survey(session, neighbourhood, 9)
    page = team.get(f"/werkplek/agendapunt/{agenda.items[0].id}/cijfer")
    assert not page.soup.select("input[name=figure]")


def test_the_list_takes_the_same_number_of_queries_for_one_neighbourhood_and_for_six(
    session: Session, client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood
):
    client.sign_in(staff(Role.AREA_TEAM))
    make_agenda(session, neighbourhood)

    def cost() -> int:
        with count_queries() as counter:
            client.get("/werkplek/agenda")
        return len(counter)

    client.get("/werkplek/agenda")
    few = cost()
    for column in range(1, 6):
        make_agenda(session, make_neighbourhood(session, f"Wijk {column}", column=column))
    assert cost() == few
