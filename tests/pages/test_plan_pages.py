"""The adopted agenda as residents read it."""

import pytest
from sqlalchemy.orm import Session

from tests.factories.agenda import TITLES, make_agenda
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.progress import make_update
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.plan.models import ActionState


def test_the_agenda_shows_items_in_order_with_evidence_state_and_actions(session: Session, client: PageClient):
    agenda = make_agenda(session, make_neighbourhood(session), wishes=2)
    make_update(session, make_action(agenda.items[0], "Tien ondergrondse bakken"), new_state=ActionState.DONE)
    make_action(agenda.items[0], "Twee keer per week schoonmaken")
    late = make_action(agenda.items[1], "Ruimte in De Wieken")
    make_update(
        session, late, new_state=ActionState.DELAYED, reason="De zaal wordt eerst opgeknapt.", new_due=(2028, 1)
    )
    page = client.get("/wijken/molenwijk/agenda")
    assert page.h1 == "Wijkagenda Molenwijk 2027 – 2030"
    titles = [heading.get_text().split(". ", 1)[1] for heading in page.soup.select(".wa-agenda > li > div > h2")]
    assert titles == list(TITLES)
    for words in (
        "2 wensen",
        "1.200 stemmen (60% koos dit)",
        "1 van 2 acties klaar",
        "Op schema",
        "Nieuwe datum: maart 2028. De zaal wordt eerst opgeknapt.",
        "Nog niet begonnen",
        "het college van burgemeester en wethouders",
        "Mandaatbesluit Markerstad 2026, artikel 4",
        "De volgorde is die van de uitslag.",
        "1 van 3 acties zijn klaar. 1 actie is vertraagd.",
    ):
        assert words in page.words, words


def test_a_draft_agenda_is_not_public(session: Session, client: PageClient):
    make_agenda(session, make_neighbourhood(session), adopted=False)
    page = client.get("/wijken/molenwijk/agenda")
    assert "Deze wijk heeft nog geen wijkagenda." in page.words
    assert TITLES[0] not in page.words
    client.get("/wijken/molenwijk/agenda?periode=2027", status=404)


def test_the_period_in_the_address_chooses_the_agenda(session: Session, client: PageClient):
    make_agenda(session, make_neighbourhood(session))
    assert "2027 – 2030" in client.get("/wijken/molenwijk/agenda?periode=2027").h1


@pytest.mark.parametrize("period", ["2019", "abc", "", "²⁰²⁷", "20271", "-2027"])
def test_an_unknown_period_is_not_found(session: Session, client: PageClient, period: str):
    make_agenda(session, make_neighbourhood(session))
    client.get(f"/wijken/molenwijk/agenda?periode={period}", status=404)


def test_an_unknown_neighbourhood_is_not_found(session: Session, client: PageClient):
    client.get("/wijken/nergens/agenda", status=404)


def test_the_agenda_page_takes_the_same_number_of_queries_for_two_items_and_for_twelve(
    session: Session, client: PageClient
):
    def cost(name: str, column: int, size: int) -> int:
        neighbourhood = make_neighbourhood(session, name, column=column)
        agenda = make_agenda(session, neighbourhood, [f"Punt {n} van de wijk" for n in range(size)])
        for item in agenda.items:
            make_update(session, make_action(item))
            make_action(item)
        with count_queries() as counter:
            client.get(f"/wijken/{neighbourhood.slug}/agenda")
        return len(counter)

    cost("Opwarmbuurt", 9, 1)
    assert cost("Molenwijk", 0, 2) == cost("Rustenoord", 1, 12)
