"""What residents read of an agenda under way: the action, the news, the feed."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.agenda import make_agenda
from tests.factories.neighbourhoods import TODAY, make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.progress import make_update
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.people.actors import SYSTEM
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.operations import add_milestone, complete_milestone

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def action(session: Session) -> Action:
    agenda = make_agenda(session, make_neighbourhood(session), wishes=3)
    return make_action(
        agenda.items[2], counted_total=18, take_part="De werkgroep komt elke maand bij elkaar in De Wieken."
    )


def test_an_action_says_how_it_stands_what_it_costs_who_does_it_and_why(
    session: Session, client: PageClient, action: Action
):
    make_update(session, action, counted=(12, 18))
    page = client.get(f"/acties/{action.id}")
    assert page.h1 == "Achttien lampen langs het hoofdpad"
    for words in (
        "Actie bij punt 3",
        "Op schema",
        "12 van de 18 lampen staan er. Klaar in juni 2027.",
        "€ 54.000",
        "€ 37.450",
        "€ 16.550",
        "Stand op 16 november 2026",
        "Gemeente, team Licht",
        "Partner: snoeit en kijkt mee",
        "3 wensen",
        "1.000 stemmen, plaats 3 van 4",
        "De eerste twaalf lampen branden",
        "De werkgroep komt elke maand bij elkaar",
    ):
        assert words in page.words


def test_a_late_action_says_why_the_new_date_and_the_first_promise(
    session: Session, client: PageClient, action: Action
):
    make_update(
        session,
        action,
        new_state=ActionState.DELAYED,
        reason="Onder het pad liggen kabels.",
        new_due=(2028, 1),
    )
    words = client.get(f"/acties/{action.id}").words
    assert "Nieuwe datum: maart 2028." in words
    assert "Onder het pad liggen kabels." in words
    assert "Eerst beloofd: juni 2027." in words


def test_overspending_is_said(session: Session, client: PageClient, action: Action):
    make_update(session, action, spent=60_000)
    assert "Er is € 6.000 meer uitgegeven dan afgesproken." in client.get(f"/acties/{action.id}").words


def test_an_action_that_stopped_says_why_and_asks_nobody_to_join(session: Session, client: PageClient, action: Action):
    make_update(session, action, new_state=ActionState.STOPPED, reason="De vleermuizen broeden hier.")
    words = client.get(f"/acties/{action.id}").words
    assert "Gestopt" in words and "De vleermuizen broeden hier." in words
    assert "Wilt u meedenken?" not in words


def test_the_planning_shows_what_is_done_what_is_now_and_what_comes(
    session: Session, client: PageClient, action: Action
):
    make_update(session, action)
    for title, days in (("Lampen besteld", -30), ("lampen plaatsen", 60), ("Samen kijken", 200)):
        add_milestone(actor=SYSTEM, now=NOW, action=action, title=title, due_on=TODAY + timedelta(days=days))
    session.flush()
    session.expire(action, ["milestones"])
    complete_milestone(actor=SYSTEM, now=NOW, milestone=action.milestones[0], done_on=TODAY)
    steps = client.get(f"/acties/{action.id}").soup.select(".wa-journey > li")
    assert [step["class"] for step in steps] == [["is-done"], ["is-now"], ["is-later"]]


def test_what_is_not_published_is_not_shown(session: Session, client: PageClient, action: Action):
    make_update(session, action, title="Nog even wachten", published=False)
    assert "Nog even wachten" not in client.get(f"/acties/{action.id}").words
    assert "Nog even wachten" not in client.get("/wijken/molenwijk/nieuws").words
    assert "Nog even wachten" not in client.get("/wijken/molenwijk/nieuws.atom").text


def test_what_people_wrote_is_text_and_never_markup(session: Session, client: PageClient, action: Action):
    make_update(session, action, title="<b>Vet</b>", text='<script>alert("x")</script> & meer nieuws')
    for path in (f"/acties/{action.id}", "/wijken/molenwijk/nieuws", "/wijken/molenwijk/nieuws.atom"):
        page = client.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;b&gt;Vet" in page.text


def test_news_goes_in_pages_of_ten(session: Session, client: PageClient, action: Action):
    for n in range(12):
        make_update(session, action, title=f"Bericht {n}", now=NOW + timedelta(minutes=n))
    first = client.get("/wijken/molenwijk/nieuws")
    assert "Bericht 11" in first.words and "Bericht 0" not in first.words
    second = client.get("/wijken/molenwijk/nieuws?pagina=2")
    assert "Bericht 0" in second.words


@pytest.mark.parametrize("asked", ["0", "-1", "999", "abc", "1e9", "²", ""])
def test_an_odd_page_number_gives_a_page(session: Session, client: PageClient, action: Action, asked: str):
    make_update(session, action)
    assert "De eerste twaalf lampen branden" in client.get(f"/wijken/molenwijk/nieuws?pagina={asked}").words


def test_the_feed_is_atom_with_an_address_per_entry(session: Session, client: PageClient, action: Action):
    make_update(session, action)
    page = client.get("/wijken/molenwijk/nieuws.atom")
    assert page.response.mimetype == "application/atom+xml"
    entries = ElementTree.fromstring(page.text).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["De eerste twaalf lampen branden"]
    link = entries[0].find(f"{ATOM}link")
    assert link is not None and link.attrib["href"].startswith(f"http://localhost/acties/{action.id}")


def test_the_kept_feed_never_leads_to_the_host_that_somebody_named(
    session: Session, client: PageClient, action: Action
):
    make_update(session, action)
    client.get("/wijken/molenwijk/nieuws.atom", base_url="http://kwaad.example")
    page = client.get("/wijken/molenwijk/nieuws.atom")
    assert "kwaad.example" not in page.text
    assert "http://localhost/wijken/molenwijk/nieuws" in page.text


def test_a_neighbourhood_without_news_says_so(session: Session, client: PageClient):
    make_neighbourhood(session)
    assert "Er is nog geen nieuws uit Molenwijk." in client.get("/wijken/molenwijk/nieuws").words
    client.get("/wijken/molenwijk/nieuws.atom")


@pytest.mark.parametrize(
    "path", ["/acties/0", "/acties/99999", "/wijken/nergens/nieuws", "/wijken/nergens/nieuws.atom"]
)
def test_what_does_not_exist_is_not_found(session: Session, client: PageClient, path: str):
    client.get(path, status=404)


def test_pages_also_speak_english(session: Session, client: PageClient, action: Action):
    make_update(session, action)
    for path in (f"/en/acties/{action.id}", "/en/wijken/molenwijk/nieuws", "/en/wijken/molenwijk/agenda"):
        assert client.get(path).soup.html["lang"] == "en"  # type: ignore[index]


def test_the_action_page_takes_the_same_number_of_queries_with_one_update_and_with_ten(
    session: Session, client: PageClient, action: Action
):
    def cost() -> int:
        with count_queries() as counter:
            client.get(f"/acties/{action.id}")
        return len(counter)

    make_update(session, action)
    client.get(f"/acties/{action.id}")
    make_update(session, action)
    few = cost()
    for n in range(8):
        make_update(session, action, title=f"Bericht {n}")
    assert cost() == few
