"""News at the desk: one writes, another checks."""

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
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, actor_of
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.progress.models import ProgressUpdate, UpdateState

TYPED: dict[str, Any] = {
    "title": "De eerste twaalf lampen branden",
    "text": "Vanaf de Molenlaan tot de vijver is het nu licht.",
    "new_state": "on_schedule",
    "standing": "12 van de 18 lampen staan er.",
    "counted_done": "12",
    "spent": "37.450",
}


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def action(session: Session, neighbourhood: Neighbourhood) -> Action:
    return make_action(make_agenda(session, neighbourhood).items[0], counted_total=18)


@pytest.fixture
def writer(staff: StaffMaker, neighbourhood: Neighbourhood) -> StaffMember:
    return staff(Role.AREA_TEAM, neighbourhood.area_id, name="Noor Bakker")


@pytest.fixture
def manager(staff: StaffMaker, neighbourhood: Neighbourhood) -> StaffMember:
    return staff(Role.CITY_DISTRICT_MANAGER, neighbourhood.area_id, name="Ines Vermeer")


def token(client: PageClient, path: str) -> dict[str, str]:
    field = client.get(path).soup.find("input", {"name": "csrf_token"})
    return {"csrf_token": str(field["value"])}  # type: ignore[index]


def test_news_goes_from_writer_to_manager_to_the_site(
    session: Session, client: PageClient, action: Action, writer: StaffMember, manager: StaffMember
):
    client.sign_in(writer)
    page = client.submit(f"/werkplek/nieuws/nieuw?action_id={action.id}", TYPED)
    update = session.query(ProgressUpdate).one()
    path = f"/werkplek/nieuws/{update.id}"
    assert page.location.endswith(path)
    client.submit(f"{path}/bewerken", {"title": "Twaalf lampen branden"})
    client.post(f"{path}/inleveren", token(client, path))
    client.get(path)
    client.sign_in(manager)
    assert "Twaalf lampen branden" in client.get("/werkplek/nieuws").words
    client.post(f"{path}/terug", token(client, path) | {"text": ""}, status=422)
    client.post(f"{path}/terug", token(client, path) | {"text": "Schrijf ook wanneer de rest komt."})
    client.sign_in(writer)
    assert "Schrijf ook wanneer de rest komt." in client.get(path).words
    client.submit(f"{path}/bewerken", {"text": "De laatste zes lampen komen in juni."})
    client.post(f"{path}/inleveren", token(client, path))
    client.sign_in(manager)
    page = client.post(f"{path}/publiceren", token(client, path))
    assert "Het bericht staat op de site." in client.follow(page).words
    words = client.get(f"/acties/{action.id}").words
    assert "De laatste zes lampen komen in juni." in words and "€ 37.450" in words
    session.expire_all()
    assert (action.state, action.counted_done) == (ActionState.ON_SCHEDULE, 12)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": ""}, "Geef het bericht een titel."),
        ({"text": ""}, "Schrijf in een paar zinnen wat er is gebeurd."),
        ({"new_state": "delayed"}, "Schrijf op waarom dit later komt of stopt. Iedereen kan dat lezen."),
        ({"new_state": "delayed", "reason": "Er liggen kabels onder het pad."}, "Kies wanneer het dan klaar is."),
        ({"new_state": "stopped"}, "Schrijf op waarom dit later komt of stopt. Iedereen kan dat lezen."),
        ({"new_due_year": "2028"}, "Kies kwartaal 1, 2, 3 of 4."),
        ({"new_due_quarter": "2"}, "Kies een jaar van 2026 tot en met 2034."),
        ({"spent": "-5"}, "Vul een bedrag in hele euro's in, 0 of meer."),
        ({"counted_done": "19"}, "Er kunnen er niet meer klaar zijn dan het hele aantal."),
        ({"counted_done": "-1"}, "Vul een aantal in van 0 of meer."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_update_that_does_not_hold_is_refused(
    session: Session, client: PageClient, action: Action, writer: StaffMember, changes: dict[str, str], error: str
):
    client.sign_in(writer)
    page = client.submit(f"/werkplek/nieuws/nieuw?action_id={action.id}", TYPED | changes, status=422)
    assert page.errors == [error]
    assert page.form_data()["text"] == (TYPED | changes)["text"]
    assert session.query(ProgressUpdate).count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"new_state": "flying"}, {"new_state": ""}, {"new_due_quarter": "5"}, {"new_due_year": "x"}, {"spent": "x"}],
)
def test_a_choice_that_is_not_there_is_refused(
    client: PageClient, action: Action, writer: StaffMember, changes: dict[str, str]
):
    client.sign_in(writer)
    assert client.submit(f"/werkplek/nieuws/nieuw?action_id={action.id}", TYPED | changes, status=422).errors


def test_nobody_publishes_what_they_wrote(
    session: Session, client: PageClient, action: Action, writer: StaffMember, neighbourhood: Neighbourhood, now: Any
):
    grant_role(actor=SYSTEM, now=now, member=writer, role=Role.CITY_DISTRICT_MANAGER, area_id=neighbourhood.area_id)
    update = make_update(session, action, published=False, writer=actor_of(writer))
    client.sign_in(writer)
    path = f"/werkplek/nieuws/{update.id}"
    assert "Iemand anders dan de schrijver kijkt het na." in client.get(path).words
    csrf = token(client, f"/werkplek/nieuws/nieuw?action_id={action.id}")
    for step in ("publiceren", "terug"):
        page = client.post(f"{path}/{step}", csrf | {"text": "Schrijf dit nog eens."}, status=403)
        assert "U schreef dit bericht zelf. Iemand anders moet het nakijken." in page.words
    session.expire_all()
    assert update.state is UpdateState.SUBMITTED


def test_the_team_does_not_publish_and_the_manager_does_not_write(
    session: Session, client: PageClient, action: Action, writer: StaffMember, manager: StaffMember
):
    update = make_update(session, action, published=False)
    client.sign_in(writer)
    csrf = token(client, f"/werkplek/nieuws/nieuw?action_id={action.id}")
    client.post(f"/werkplek/nieuws/{update.id}/publiceren", csrf, status=403)
    client.sign_in(manager)
    client.get(f"/werkplek/nieuws/nieuw?action_id={action.id}", status=403)


def test_a_colleague_cannot_change_a_draft_but_can_throw_it_away(
    session: Session, client: PageClient, action: Action, writer: StaffMember
):
    update = make_update(session, action, submitted=False, published=False)
    client.sign_in(writer)
    path = f"/werkplek/nieuws/{update.id}"
    client.get(f"{path}/bewerken", status=403)
    client.post(f"{path}/inleveren", token(client, path), status=403)
    client.post(f"{path}/weg", token(client, path))
    client.get(path, status=404)


def test_others_get_a_kind_no(session: Session, client: PageClient, staff: StaffMaker, action: Action):
    update = make_update(session, action, published=False)
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    for role in (Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER):
        client.sign_in(staff(role, elsewhere.area_id))
        assert client.get(f"/werkplek/nieuws/{update.id}", status=403).h1 == "U mag hier niet bij"
        client.get(f"/werkplek/nieuws/nieuw?action_id={action.id}", status=403)
        assert update.title not in client.get("/werkplek/nieuws").words
    for role in (Role.RESEARCHER, Role.VOTING_OFFICER, Role.ADMINISTRATOR):
        client.sign_in(staff(role))
        client.get("/werkplek/nieuws", status=403)


@pytest.mark.parametrize("asked", ["", "?action_id=", "?action_id=abc", "?action_id=²"])
def test_without_an_action_one_is_chosen_first(client: PageClient, action: Action, writer: StaffMember, asked: str):
    client.sign_in(writer)
    page = client.get(f"/werkplek/nieuws/nieuw{asked}")
    assert page.h1 == "Over welke actie gaat het bericht?" and action.title in page.words


def test_what_does_not_exist_is_not_found(client: PageClient, writer: StaffMember):
    client.sign_in(writer)
    client.get("/werkplek/nieuws/999", status=404)
    client.get("/werkplek/nieuws/nieuw?action_id=999", status=404)


def test_the_list_takes_the_same_number_of_queries_for_two_updates_and_for_twelve(
    session: Session, client: PageClient, action: Action, writer: StaffMember
):
    client.sign_in(writer)

    def add() -> None:
        make_update(session, action)
        make_update(session, action, published=False)
        make_update(session, action, submitted=False, published=False)

    def cost() -> int:
        session.commit()
        with count_queries() as counter:
            client.get("/werkplek/nieuws")
        return len(counter)

    add()
    client.get("/werkplek/nieuws")
    few = cost()
    for _ in range(3):
        add()
    assert cost() == few
