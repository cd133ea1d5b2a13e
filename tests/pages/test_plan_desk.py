"""Actions at the desk."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.agenda import make_agenda
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.progress import make_update
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.agenda.models import Agenda
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role
from wijkagenda.plan.models import Action, ActionState

TYPED: dict[str, Any] = {
    "title": "Achttien lampen langs het hoofdpad",
    "text": "Wij zetten achttien nieuwe lampen neer.",
    "owner": "Gemeente, team Licht",
    "due_year": "2027",
    "due_quarter": "2",
    "budget": "€ 54.000",
    "counted_total": "18",
    "partners-0-name": "Bewonersclub Molenpark",
    "partners-0-role": "snoeit en kijkt mee",
}


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def agenda(session: Session, neighbourhood: Neighbourhood) -> Agenda:
    return make_agenda(session, neighbourhood)


@pytest.fixture
def team(client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood) -> PageClient:
    return client.sign_in(staff(Role.AREA_TEAM, neighbourhood.area_id))


def test_an_action_is_added_with_partners_and_money(session: Session, team: PageClient, agenda: Agenda):
    page = team.submit(f"/werkplek/agendapunt/{agenda.items[1].id}/actie", TYPED)
    assert team.follow(page).h1 == "Actie A-2.1: Achttien lampen langs het hoofdpad"
    action = session.query(Action).one()
    assert (action.budget, action.counted_total, action.due_year, action.due_quarter) == (54_000, 18, 2027, 2)
    assert [(p.name, p.role) for p in action.partners] == [("Bewonersclub Molenpark", "snoeit en kijkt mee")]
    assert "Achttien lampen" in team.get("/werkplek/acties/molenwijk").words
    assert "Achttien lampen" in team.get("/werkplek/acties").words


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "L" * 121},
        {"text": ""},
        {"owner": ""},
        {"budget": "-1"},
        {"budget": "1,5"},
        {"budget": "veel"},
        {"due_quarter": "5"},
        {"due_quarter": "zomer"},
        {"due_year": "1999"},
        {"due_year": ""},
        {"counted_total": "0"},
        {"counted_total": "-3"},
        {"partners-0-role": ""},
        {"partners-0-name": "N" * 201},
    ],
    ids=lambda change: str(change)[:40],
)
def test_an_action_that_does_not_hold_is_refused_and_nothing_is_lost(
    session: Session, team: PageClient, agenda: Agenda, changes: dict[str, str]
):
    page = team.submit(f"/werkplek/agendapunt/{agenda.items[0].id}/actie", TYPED | changes, status=422)
    assert page.errors
    kept = page.form_data()
    for name, value in (TYPED | changes).items():
        if not name.startswith("due_"):
            assert kept[name] == value.replace("€ 54.000", "54000") or name == "budget"
    assert session.query(Action).count() == 0


def test_an_action_is_corrected_until_its_date_is_a_promise(session: Session, team: PageClient, agenda: Agenda):
    action = make_action(agenda.items[0])
    path = f"/werkplek/actie/{action.id}"
    team.submit(path, {"due_quarter": "3", "partners-1-name": "Politie Zuid", "partners-1-role": "kijkt mee"})
    session.expire_all()
    assert action.due_quarter == 3
    assert [p.name for p in action.partners] == ["Bewonersclub Molenpark", "Politie Zuid"]
    make_update(session, action)
    page = team.submit(path, {"due_quarter": "4"}, status=422)
    assert page.errors == ["Deze actie is al begonnen. Een nieuwe datum gaat met een voortgangsbericht."]
    team.submit(path, {"partners-0-name": "", "partners-0-role": ""})
    session.expire_all()
    assert [p.name for p in action.partners] == ["Politie Zuid"]


def test_steps_are_planned_done_and_taken_away(session: Session, team: PageClient, agenda: Agenda):
    action = make_action(agenda.items[0])
    path = f"/werkplek/actie/{action.id}"
    field = team.get(path).soup.find("input", {"name": "csrf_token"})
    csrf = {"csrf_token": field["value"]}  # type: ignore[index]
    for title, day in (("Lampen besteld", "2026-10-01"), ("Samen kijken", "2027-06-30")):
        team.post(f"{path}/stap", csrf | {"stap-title": title, "stap-due_on": day})
    for wrong in (
        {"stap-title": "", "stap-due_on": "2027-01-01"},
        {"stap-title": "Lampen", "stap-due_on": ""},
        {"stap-title": "Lampen", "stap-due_on": "2027-13-01"},
        {"stap-title": "Lampen", "stap-due_on": "1990-01-01"},
        {"stap-title": "Lampen", "stap-due_on": "2027-01-01", "stap-starts_on": "2027-02-01"},
    ):
        assert team.post(f"{path}/stap", csrf | wrong, status=422).errors
    session.expire_all()
    first, second = action.milestones
    team.post(f"/werkplek/stap/{first.id}/klaar", csrf | {f"klaar{first.id}-done_on": "2999-01-01"}, status=422)
    team.post(f"/werkplek/stap/{first.id}/klaar", csrf | {f"klaar{first.id}-done_on": "2026-10-02"})
    team.post(f"/werkplek/stap/{first.id}/klaar", csrf | {f"klaar{first.id}-done_on": "2026-10-02"}, status=422)
    team.post(f"/werkplek/stap/{first.id}/weg", csrf, status=409)
    team.post(f"/werkplek/stap/{second.id}/weg", csrf)
    page = team.get(path)
    assert "Klaar op 2 oktober 2026" in page.words and "Samen kijken" not in page.words


def test_others_get_a_kind_no(session: Session, client: PageClient, staff: StaffMaker, agenda: Agenda):
    action = make_action(agenda.items[0])
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    client.sign_in(staff(Role.AREA_TEAM, elsewhere.area_id))
    for path in (
        "/werkplek/acties/molenwijk",
        f"/werkplek/actie/{action.id}",
        f"/werkplek/agendapunt/{agenda.items[0].id}/actie",
    ):
        assert client.get(path, status=403).h1 == "U mag hier niet bij"
    assert action.title not in client.get("/werkplek/acties").words
    for role in (Role.RESEARCHER, Role.VOTING_OFFICER, Role.ADMINISTRATOR):
        client.sign_in(staff(role))
        client.get("/werkplek/acties", status=403)


@pytest.mark.parametrize("path", ["/werkplek/actie/999", "/werkplek/agendapunt/999/actie", "/werkplek/acties/nergens"])
def test_what_does_not_exist_is_not_found(team: PageClient, path: str):
    team.get(path, status=404)


def test_the_list_filters_by_state_and_takes_the_same_number_of_queries_for_two_actions_and_for_twelve(
    session: Session, team: PageClient, agenda: Agenda
):
    def cost() -> int:
        with count_queries() as counter:
            team.get("/werkplek/acties")
        return len(counter)

    make_action(agenda.items[0], "Gewone actie")
    make_update(session, make_action(agenda.items[1], "Klare actie"), new_state=ActionState.DONE)
    only_done = team.get("/werkplek/acties?stand=done").words
    assert "Klare actie" in only_done and "Gewone actie" not in only_done
    assert "Gewone actie" in team.get("/werkplek/acties?stand=onzin").words
    few = cost()
    for n in range(10):
        make_action(agenda.items[n % 4])
    assert cost() == few
