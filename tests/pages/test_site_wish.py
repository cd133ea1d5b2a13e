"""The page of a wish: its journey, its reasoned no, and the giver's own page."""

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.factories.agenda import make_agenda
from tests.factories.feedback import make_giver
from tests.factories.neighbourhoods import make_neighbourhood, make_round, point_in
from tests.factories.plan import make_action
from tests.factories.wishes import make_refused_wish, make_wish
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.wishes import answers
from wijkagenda.wishes.models import RefusalGround

WHY = "Er staat een naam in. Die mogen wij niet laten zien."


@pytest.fixture
def here(session: Session) -> Neighbourhood:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    return neighbourhood


def test_a_wish_shows_its_own_words_and_its_journey(client: PageClient, session: Session, here: Neighbourhood) -> None:
    wish = make_wish(session, here)
    page = client.get(f"/wensen/{wish.reference}")
    assert wish.text in page.words
    steps = [step.get_text() for step in page.soup.select(".wa-journey h3")]
    assert steps == ["Binnengekomen", "Geplaatst", "Nu: wij zoeken uit of het kan"]
    assert "csrf" not in page.text
    assert "Set-Cookie" not in page.response.headers


def test_other_spellings_of_the_number_lead_to_one_address(
    client: PageClient, session: Session, here: Neighbourhood
) -> None:
    wish = make_wish(session, here)
    for spelling in (f"w-{wish.number}", f"W{wish.number}", str(wish.number)):
        assert client.get(f"/wensen/{spelling}", status=302).location == f"/wensen/{wish.reference}"


@pytest.mark.parametrize("reference", ["W-9999", "W-0", "W--1", "onzin", "W-1e9", "W-99999999999999999999", "%00"])
def test_a_wish_that_does_not_exist_is_a_kind_404(client: PageClient, reference: str) -> None:
    client.get(f"/wensen/{reference}", status=404)
    client.get(f"/wensen/{reference}/plek.geojson", status=404)


def test_a_wish_nobody_placed_or_that_was_removed_is_not_public(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    unread = make_wish(session, here, "Nog niet gelezen.", placed=False)
    removed = make_wish(session, here, "Jan Jansen maakt lawaai.", placed=False)
    answers.remove_wish(actor=SYSTEM, now=now, wish=removed, ground=RefusalGround.NOT_A_WISH, text=WHY)
    for wish in (unread, removed):
        for path in ("", "/plek.geojson", "/volgen"):
            client.get(f"/wensen/{wish.reference}{path}", status=404)


def test_who_disagrees_needs_no_mail_program(client: PageClient, session: Session, here: Neighbourhood) -> None:
    here.team_email, here.team_visiting = "molenwijk@markerstad.example", "wijkcentrum De Wiek, Wiekstraat 12"
    wish = make_refused_wish(session, here)
    page = client.get(f"/wensen/{wish.reference}")
    for text in ("Bel 14 0300", "wijkcentrum De Wiek, Wiekstraat 12", "molenwijk@markerstad.example"):
        assert text in page.words, text
    assert page.soup.select_one(".wa-box--keep a[href^=tel]") is not None


def test_a_no_says_the_ground_the_text_and_what_happens_instead(
    client: PageClient, session: Session, here: Neighbourhood
) -> None:
    wish = make_refused_wish(session, here)
    words = client.get(f"/wensen/{wish.reference}").words
    for text in (
        "Ons antwoord is nee.",
        "De reden: een regel",
        "ziekenwagens",
        "Wat wij wel doen",
        "Niet eens met dit",
    ):
        assert text in words


def test_what_people_write_is_never_run(client: PageClient, session: Session, here: Neighbourhood) -> None:
    wish = make_wish(
        session, here, "<script>alert(1)</script> ${7*7} {{7*7}}", place_text="<b>hier</b>", point=point_in()
    )
    page = client.get(f"/wensen/{wish.reference}")
    assert "<script>alert" not in page.text
    assert "{{7*7}}" in page.words
    client.get("/wijken/molenwijk")


def test_the_place_on_the_map_is_the_rounded_one(client: PageClient, session: Session, here: Neighbourhood) -> None:
    exact = make_wish(session, here, point=point_in(dx=511, dy=489))
    near = make_wish(session, here, point=point_in(dx=505, dy=495))
    places = [
        json.loads(client.get(f"/wensen/{wish.reference}/plek.geojson").text)["features"][0]["geometry"]
        for wish in (exact, near)
    ]
    assert places[0] == places[1]
    nowhere = make_wish(session, here)
    assert json.loads(client.get(f"/wensen/{nowhere.reference}/plek.geojson").text)["features"] == []


def test_the_giver_reads_her_wish_in_any_state(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    wish = make_wish(session, here, placed=False)
    giver = make_giver(session, wish, now=now, confirmed=False)
    page = client.get(f"/wensen/mijn/{giver.token}")
    assert "Deze wens is binnen." in page.words
    assert "Ja, mail mij over mijn wens" in page.words
    assert "noindex" in page.text
    answers.remove_wish(actor=SYSTEM, now=now, wish=wish, ground=RefusalGround.NOT_A_WISH, text=WHY)
    words = client.get(f"/wensen/mijn/{giver.token}").words
    assert WHY in words
    assert "het is geen wens voor de wijk" in words


def test_the_giver_confirms_on_her_page(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    giver = make_giver(session, make_wish(session, here), now=now, confirmed=False)
    client.submit(f"/wensen/mijn/{giver.token}", selector="main form[action*=bevestig]")
    session.expire_all()
    assert giver.confirmed_at is not None
    assert "Wij mailen u bij elke stap." in client.get(f"/wensen/mijn/{giver.token}").words


def test_an_unknown_link_of_a_giver_is_a_kind_404(client: PageClient) -> None:
    for token in ("verzonnen", "a" * 400, "%00"):
        client.get(f"/wensen/mijn/{token}", status=404)


def test_a_wish_under_an_agenda_links_to_all_that_became_of_it(client: PageClient, session: Session) -> None:
    agenda = make_agenda(session, make_neighbourhood(session))
    item = agenda.items[0]
    action = make_action(item)
    wish = item.priority.bundled[0].wish
    page = client.get(f"/wensen/{wish.reference}")
    links = {link["href"] for link in page.soup.select(".wa-journey a")}
    assert f"/acties/{action.id}" in links
    assert any(link.startswith("/wijken/molenwijk/stemming/") for link in links)
    assert any(link.startswith("/wijken/molenwijk/agenda") for link in links)
    assert any(link.startswith("/wijken/molenwijk/punten/") for link in links)
    for link in links:
        client.get(link.partition("#")[0])
    with count_queries() as count:
        client.get(f"/wensen/{wish.reference}?nog=1")
    assert len(count) <= 12
