"""Bundling at the desk: by hand, without script, only in one's own neighbourhoods."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.priorities import EXPLANATION, make_priority
from tests.factories.wishes import make_refused_wish, make_wish
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.models import WishState


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def agenda_round(session: Session, neighbourhood: Neighbourhood) -> AgendaRound:
    return make_round(session, neighbourhood)


@pytest.fixture
def team(client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood) -> PageClient:
    return client.sign_in(staff(Role.AREA_TEAM, neighbourhood.area_id))


@pytest.fixture
def stranger(client: PageClient, session: Session, staff: StaffMaker) -> PageClient:
    return client.sign_in(staff(Role.AREA_TEAM, make_neighbourhood(session, "Rustenoord", column=1).area_id))


def test_ticked_wishes_go_into_a_point_and_get_their_answer(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wishes = [make_wish(session, neighbourhood) for _ in range(3)]
    priority = make_priority(agenda_round)
    path = "/werkplek/punten/molenwijk"
    page = team.submit(
        path,
        {"wishes": [wishes[0].id, wishes[2].id], "priority": priority.id, "explanation": EXPLANATION},
    )
    assert "2 wensen horen nu bij punt 1" in team.follow(page).words
    session.expire_all()
    assert [wish.state for wish in wishes] == [WishState.BUNDLED, WishState.PLACED, WishState.BUNDLED]


def test_a_new_point_can_be_made_while_bundling(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wish = make_wish(session, neighbourhood)
    page = team.submit(
        "/werkplek/punten/molenwijk",
        {
            "wishes": wish.id,
            "priority": "nieuw",
            "title": "Meer licht in het park",
            "explanation": EXPLANATION,
        },
    )
    assert "Punt 1: Meer licht in het park" in team.follow(page).h1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"wishes": []}, "Kies eerst een of meer wensen."),
        ({"explanation": ""}, "Schrijf waarom de wensen bij dit punt horen."),
        ({"explanation": "Ja"}, "Schrijf in een paar woorden waarom de wens bij dit punt hoort."),
        ({"priority": ""}, "Kies een punt."),
        ({"priority": "nieuw", "title": ""}, "Geef het punt een titel van 3 tot 120 tekens."),
    ],
    ids=["nothing ticked", "no explanation", "too short", "no point", "new point without a title"],
)
def test_a_bundle_that_is_not_complete_is_refused_and_nothing_changes(
    session: Session,
    team: PageClient,
    neighbourhood: Neighbourhood,
    agenda_round: AgendaRound,
    changes: dict[str, Any],
    error: str,
):
    wish = make_wish(session, neighbourhood)
    priority = make_priority(agenda_round)
    data = {"wishes": wish.id, "priority": priority.id, "explanation": EXPLANATION} | changes
    page = team.submit("/werkplek/punten/molenwijk", data, status=422)
    assert error in page.words
    session.expire_all()
    assert wish.state is WishState.PLACED
    assert session.query(Priority).count() == 1


def test_what_was_typed_and_ticked_is_still_there_after_an_error(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wish = make_wish(session, neighbourhood)
    make_priority(agenda_round)
    page = team.submit(
        "/werkplek/punten/molenwijk",
        {"wishes": wish.id, "priority": "nieuw", "title": "X", "explanation": EXPLANATION},
        status=422,
    )
    data = page.form_data()
    assert data["explanation"] == EXPLANATION
    assert data["wishes"] == [str(wish.id)]


@pytest.mark.parametrize("wishes", [["999999"], ["abc"], ["-1"]])
def test_a_wish_that_does_not_wait_here_cannot_be_bundled(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound, wishes: list[str]
):
    make_wish(session, neighbourhood)
    priority = make_priority(agenda_round)
    team.submit(
        "/werkplek/punten/molenwijk",
        {"wishes": wishes, "priority": priority.id, "explanation": EXPLANATION},
        status=422,
    )


def test_a_wish_and_a_point_of_another_neighbourhood_cannot_be_sent_along(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    foreign_point = make_priority(make_round(session, elsewhere))
    foreign_wish = make_wish(session, elsewhere)
    wish, point = make_wish(session, neighbourhood), make_priority(agenda_round)
    for data in (
        {"wishes": [wish.id, foreign_wish.id], "priority": point.id},
        {"wishes": wish.id, "priority": foreign_point.id},
    ):
        team.submit("/werkplek/punten/molenwijk", data | {"explanation": EXPLANATION}, status=422)
    session.expire_all()
    assert (wish.state, foreign_wish.state) == (WishState.PLACED, WishState.PLACED)


def test_a_wish_picked_elsewhere_is_ticked_already(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    make_wish(session, neighbourhood)
    wish = make_wish(session, neighbourhood)
    page = team.follow(team.get(f"/werkplek/punten?wens={wish.reference}", status=302))
    assert page.form_data()["wishes"] == [str(wish.id)]
    team.get("/werkplek/punten?wens=W-9999", status=404)


def test_a_point_is_checked_and_made_public(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    priority = make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)])
    path = f"/werkplek/punt/{priority.id}"
    page = team.post(f"{path}/openbaar", {"csrf_token": token(team, path)}, status=422)
    assert "Laat eerst bekijken of dit punt kan." in page.words
    page = team.post(
        f"{path}/toets",
        {
            "csrf_token": token(team, path),
            "outcome": "feasible",
            "reason": "De kabels liggen er al.",
            "team_name": "team Licht",
            "cost_estimate": "€ 54.000",
        },
    )
    assert "Geschatte kosten: € 54.000." in team.follow(page).words
    team.post(f"{path}/openbaar", {"csrf_token": token(team, path)})
    session.expire_all()
    assert priority.state is PriorityState.PROPOSED


def token(client: PageClient, path: str) -> str:
    return client.get(path).soup.find("input", {"name": "csrf_token"})["value"]  # type: ignore[index,return-value]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"outcome": ""}, "Kan het?"),
        ({"outcome": "misschien"}, "Kan het?"),
        ({"reason": ""}, "Schrijf de reden op."),
        ({"team_name": ""}, "Schrijf op wie dit heeft bekeken."),
        ({"cost_estimate": "-5"}, "Vul een bedrag in hele euro's in, 0 of meer."),
        ({"cost_estimate": "veel"}, "Vul een bedrag in hele euro's in"),
        ({"cost_estimate": "1.5"}, "Vul een bedrag in hele euro's in"),
        ({"cost_estimate": "9" * 40}, "Vul een bedrag in hele euro's in"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_check_that_does_not_hold_is_refused(
    session: Session, team: PageClient, agenda_round: AgendaRound, changes: dict[str, str], error: str
):
    priority = make_priority(agenda_round)
    path = f"/werkplek/punt/{priority.id}"
    data = {
        "csrf_token": token(team, path),
        "outcome": "feasible",
        "reason": "De kabels liggen er al.",
        "team_name": "team Licht",
        "cost_estimate": "",
    }
    page = team.post(f"{path}/toets", data | changes, status=422)
    assert error in page.words
    session.expire_all()
    assert priority.checks == []


def test_one_wish_can_be_checked(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wish = make_wish(session, neighbourhood)
    page = team.submit(
        f"/werkplek/haalbaarheid/{wish.reference}",
        {"outcome": "not_feasible", "reason": "Hier rijden ziekenwagens.", "team_name": "team Verkeer"},
    )
    assert "Het kan niet" in team.follow(page).words
    assert "Hier rijden ziekenwagens." in team.get(f"/werkplek/haalbaarheid/{wish.reference}").words


def test_from_a_wish_one_comes_to_the_check_of_its_point(
    session: Session, team: PageClient, agenda_round: AgendaRound, neighbourhood: Neighbourhood
):
    wish = make_wish(session, neighbourhood)
    priority = make_priority(agenda_round, wishes=[wish], proposed=True)
    page = team.get(f"/werkplek/wensen/{wish.reference}")
    link = next(a for a in page.soup.select("main a") if a.text.strip() == "Bekijk de haalbaarheidstoets")
    check = team.get(str(link["href"]))
    assert f"Deze wens hoort bij punt {priority.number}" in check.words
    assert priority.checks[-1].reason in check.words
    assert check.soup.find("a", href=f"/werkplek/punt/{priority.id}")


def test_words_change_a_wish_is_taken_out_and_a_point_lapses(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wishes = [make_wish(session, neighbourhood), make_wish(session, neighbourhood)]
    priority = make_priority(agenda_round, wishes=wishes)
    path = f"/werkplek/punt/{priority.id}"
    csrf = {"csrf_token": token(team, path)}
    team.post(path, csrf | {"title": "Licht in het park", "summary": "Twintig lampen erbij.", "theme": "safety"})
    team.post(path, csrf | {"title": "", "summary": "", "theme": "onzin"}, status=422)
    team.post(f"{path}/los/{wishes[0].id}", csrf)
    team.post(f"{path}/los/{wishes[0].id}", csrf, status=404)
    team.post(f"{path}/vervallen", csrf | {"vervallen-reason": ""}, status=422)
    team.post(f"{path}/vervallen", csrf | {"vervallen-reason": "De provincie doet dit al."})
    page = team.get(path)
    assert "Dit punt is vervallen. De provincie doet dit al." in page.words
    session.expire_all()
    assert priority.title == "Licht in het park"
    assert [wish.state for wish in wishes] == [WishState.PLACED, WishState.PLACED]


def test_a_point_of_ones_own_is_made(session: Session, team: PageClient, agenda_round: AgendaRound):
    page = team.submit(
        "/werkplek/punten/molenwijk/nieuw",
        {"title": "Meer groen", "summary": "Bomen op het Molenplein.", "theme": "streets_and_green"},
    )
    assert team.follow(page).h1 == "Punt 1: Meer groen"
    team.submit("/werkplek/punten/molenwijk/nieuw", {"title": "G", "summary": "Bomen op het plein."}, status=422)


def test_the_team_of_another_neighbourhood_gets_a_kind_no(
    session: Session, stranger: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wish = make_wish(session, neighbourhood)
    priority = make_priority(agenda_round)
    for path in (
        "/werkplek/punten/molenwijk",
        "/werkplek/punten/molenwijk/nieuw",
        f"/werkplek/punt/{priority.id}",
        f"/werkplek/haalbaarheid/{wish.reference}",
    ):
        assert stranger.get(path, status=403).h1 == "U mag hier niet bij"
    csrf = {"csrf_token": token(stranger, "/werkplek/punten/rustenoord/nieuw")}
    for path in (
        "punten/molenwijk",
        f"punt/{priority.id}",
        f"punt/{priority.id}/openbaar",
        f"punt/{priority.id}/toets",
    ):
        stranger.post(f"/werkplek/{path}", csrf, status=403)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.VOTING_OFFICER, Role.ADMINISTRATOR])
def test_other_roles_do_not_bundle(
    client: PageClient, staff: StaffMaker, neighbourhood: Neighbourhood, agenda_round: AgendaRound, role: Role
):
    client.sign_in(staff(role))
    client.get("/werkplek/punten", status=403)
    client.get("/werkplek/punten/molenwijk", status=403)


def test_a_visitor_is_asked_to_sign_in(client: PageClient, neighbourhood: Neighbourhood):
    assert "verder=" in client.get("/werkplek/punten/molenwijk", status=302).location


def test_a_neighbourhood_without_a_round_says_so(session: Session, client: PageClient, staff: StaffMaker):
    make_neighbourhood(session)
    client.sign_in(staff(Role.AREA_TEAM))
    assert "nog geen agendaronde" in client.follow(client.get("/werkplek/punten", status=302)).words


def test_the_list_takes_the_same_number_of_queries_for_two_wishes_and_for_twelve(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    def cost() -> int:
        with count_queries() as counter:
            team.get("/werkplek/punten/molenwijk")
        return len(counter)

    for _ in range(2):
        make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
        make_wish(session, neighbourhood)
    team.get("/werkplek/punten/molenwijk")
    few = cost()
    for _ in range(10):
        make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
        make_wish(session, neighbourhood)
    assert cost() == few


def test_a_refused_wish_that_is_picked_can_still_go_into_a_point(
    session: Session, team: PageClient, neighbourhood: Neighbourhood, agenda_round: AgendaRound
):
    wish = make_refused_wish(session, neighbourhood)
    priority = make_priority(agenda_round)
    path = f"/werkplek/punten/molenwijk?wens={wish.reference}"
    team.submit(path, {"priority": priority.id, "explanation": EXPLANATION})
    session.expire_all()
    assert wish.state is WishState.BUNDLED
