"""Staff plan a round and say beforehand how residents take part; residents read it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.page_client import PageClient
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import AgendaRound, PhaseKind

DAYS = {
    "listening": ("2027-01-11", "2027-03-31"),
    "bundling": ("2027-04-01", "2027-05-31"),
    "voting": ("2027-06-01", "2027-06-30"),
    "adopting": ("2027-07-01", "2027-09-30"),
    "carrying_out": ("2027-10-01", "2030-12-31"),
}
APPROACH = {
    "who": "Iedereen van 12 jaar en ouder.",
    "what": "U kiest 3 van de 8 punten.",
    "what_we_do_with_it": "Het punt met de meeste stemmen komt op plaats 1.",
    "what_can_change": "De volgorde.\nHet geld ligt vast.",
    "means": "Online of op papier.",
}


@pytest.fixture
def molenwijk(session: Session) -> Neighbourhood:
    return make_neighbourhood(session, "Molenwijk")


@pytest.fixture
def team(client: PageClient, staff: StaffMaker, molenwijk: Neighbourhood) -> PageClient:
    return client.sign_in(staff(Role.AREA_TEAM, area_id=molenwijk.area_id))


def days_form(**changes: str) -> dict[str, str]:
    values = {
        f"{kind}_{end}": day for kind, days in DAYS.items() for end, day in zip(("first", "last"), days, strict=True)
    }
    return values | changes


def test_a_round_is_planned_with_five_phases(team: PageClient, session: Session) -> None:
    form = days_form(start_year="2027", end_year="2030")
    page = team.submit("/werkplek/wijken/molenwijk/ronde/nieuw", form)
    assert "Wijkagenda 2027 – 2030" in team.follow(page).words
    planned = session.query(AgendaRound).one()
    assert [phase.kind for phase in planned.phases] == list(PhaseKind)
    assert planned.phases[2].starts_on == date(2027, 6, 1)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"voting_first": ""}, "Vul de eerste dag van Stemmen in."),
        ({"voting_last": "2027-05-31"}, "De laatste dag moet na de eerste dag komen."),
        ({"voting_first": "2027-05-31"}, "Deze fase moet beginnen na de fase ervoor."),
        ({"voting_first": "30 juni"}, "Kies een dag die bestaat."),
        ({"end_year": "2026"}, "Het eerste jaar moet voor het laatste jaar komen."),
        ({"start_year": "27"}, "Vul een jaar in, zoals 2027."),
    ],
)
def test_a_round_that_cannot_be_says_why(
    team: PageClient, session: Session, changes: dict[str, str], message: str
) -> None:
    form = days_form(start_year="2027", end_year="2030") | changes
    page = team.submit("/werkplek/wijken/molenwijk/ronde/nieuw", form, status=422)
    assert message in page.words
    assert page.errors == [] or any(message in line for line in page.errors)
    assert page.form_data()["carrying_out_last"] == "2030-12-31"
    assert session.query(AgendaRound).count() == 0


def test_two_rounds_do_not_begin_in_one_year(team: PageClient, session: Session, molenwijk: Neighbourhood) -> None:
    make_round(session, molenwijk)
    form = days_form(start_year="2027", end_year="2030")
    page = team.submit("/werkplek/wijken/molenwijk/ronde/nieuw", form, status=422)
    assert "Deze wijk heeft al een ronde die in dit jaar begint." in page.words


def test_the_days_of_the_phases_can_change(team: PageClient, session: Session, molenwijk: Neighbourhood) -> None:
    agenda_round = make_round(session, molenwijk)
    path = f"/werkplek/rondes/{agenda_round.id}/fasen"
    shown = team.get(path).form_data()
    assert shown["listening_first"] == agenda_round.phases[0].starts_on.isoformat()
    team.submit(path, days_form())
    session.refresh(agenda_round)
    assert [phase.starts_on.isoformat() for phase in agenda_round.phases] == [first for first, _ in DAYS.values()]


def test_overlapping_days_change_nothing(team: PageClient, session: Session, molenwijk: Neighbourhood) -> None:
    agenda_round = make_round(session, molenwijk)
    before = agenda_round.phases[0].ends_on
    path = f"/werkplek/rondes/{agenda_round.id}/fasen"
    page = team.submit(path, days_form(bundling_first="2027-03-01"), status=422)
    assert "Deze fase moet beginnen na de fase ervoor." in page.words
    assert page.form_data()["bundling_first"] == "2027-03-01"
    session.refresh(agenda_round)
    assert agenda_round.phases[0].ends_on == before


def test_residents_read_the_approach_once_it_is_published(
    team: PageClient, session: Session, molenwijk: Neighbourhood
) -> None:
    agenda_round = make_round(session, molenwijk)
    assert APPROACH["what"] not in team.get("/wijken/molenwijk/meedoen").words
    page = team.submit(f"/werkplek/rondes/{agenda_round.id}/aanpak", APPROACH)
    assert "De participatieaanpak staat op de site" in team.follow(page).words
    public = team.sign_out().get("/wijken/molenwijk/meedoen")
    assert public.h1 == "Zo beslist u mee in Molenwijk"
    for text in ("U kiest 3 van de 8 punten.", "Online of op papier.", "Het geld ligt vast.", "1. Luisteren"):
        assert text in public.words


@pytest.mark.parametrize("name", ["who", "what", "what_we_do_with_it", "what_can_change"])
def test_an_approach_says_everything_or_is_not_published(
    team: PageClient, session: Session, molenwijk: Neighbourhood, name: str
) -> None:
    agenda_round = make_round(session, molenwijk)
    page = team.submit(f"/werkplek/rondes/{agenda_round.id}/aanpak", APPROACH | {name: "  "}, status=422)
    assert "Vul dit in. Mensen moeten vooraf weten waar zij aan toe zijn." in page.words
    assert page.form_data()["means"] == "Online of op papier."
    session.refresh(agenda_round)
    assert agenda_round.approach and agenda_round.approach.published_at is None


@pytest.mark.parametrize("path", ["fasen", "aanpak"])
def test_the_round_of_another_neighbourhood_is_not_mine(team: PageClient, session: Session, path: str) -> None:
    other = make_round(session, make_neighbourhood(session, "Rustenoord", column=1))
    team.get(f"/werkplek/rondes/{other.id}/{path}", status=403)
    team.get(f"/werkplek/rondes/0/{path}", status=404)


def test_a_neighbourhood_without_a_round_says_so(client: PageClient, molenwijk: Neighbourhood) -> None:
    page = client.get("/wijken/molenwijk/meedoen")
    assert "De stappen zijn nog niet gepland." in page.words


def test_the_approach_in_english_has_the_same_address_under_en(client: PageClient, molenwijk: Neighbourhood) -> None:
    assert client.get("/en/wijken/molenwijk/meedoen").soup.html["lang"] == "en"  # type: ignore[index]
