"""The points in draft as residents read them."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.priorities import make_priority
from tests.factories.wishes import make_wish
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.people.actors import SYSTEM
from wijkagenda.priorities.operations import drop_priority


def test_points_show_their_wishes_and_whether_they_can_be_done(session: Session, client: PageClient):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    wishes = [make_wish(session, neighbourhood) for _ in range(3)]
    make_priority(agenda_round, wishes=wishes, proposed=True)
    make_priority(agenda_round, "Nog in de maak")
    page = client.get("/wijken/molenwijk/punten")
    for words in ("Meer licht en beter zicht", "3 wensen", "Het kan", "over veiligheid", "Er is 1 punt"):
        assert words in page.words
    assert "Nog in de maak" not in page.words
    one = client.get(page.soup.select_one(".wa-agenda a")["href"])  # type: ignore[index]
    for words in ("De kabels liggen er al.", "team Licht", "€ 54.000", *[wish.reference for wish in wishes]):
        assert words in one.words
    assert one.soup.select_one(f'a[href="/wensen/{wishes[0].reference}"]')


def test_a_dropped_point_stays_with_its_reason(session: Session, client: PageClient):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    priority = make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
    drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason="De provincie maakt hier een fietspad.")
    for path in ("/wijken/molenwijk/punten", f"/wijken/molenwijk/punten/{priority.number}"):
        words = client.get(path).words
        assert "Dit punt is vervallen" in words
        assert "De provincie maakt hier een fietspad." in words


def test_a_point_that_was_dropped_in_draft_never_becomes_public(session: Session, client: PageClient):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood), "Geheim punt")
    drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason="Dit was een vergissing van ons.")
    assert "Geheim punt" not in client.get("/wijken/molenwijk/punten").words
    client.get(f"/wijken/molenwijk/punten/{priority.number}", status=404)


def test_without_points_the_page_says_what_happens(session: Session, client: PageClient):
    make_neighbourhood(session)
    assert "Er zijn nog geen punten in Molenwijk." in client.get("/wijken/molenwijk/punten").words


@pytest.mark.parametrize(
    "path", ["/wijken/nergens/punten", "/wijken/molenwijk/punten/99", "/wijken/molenwijk/punten?periode=1900"]
)
def test_what_does_not_exist_is_not_found(session: Session, client: PageClient, path: str):
    make_round(session, make_neighbourhood(session))
    client.get(path, status=404)


def test_the_list_takes_the_same_number_of_queries_for_two_points_and_for_twelve(session: Session, client: PageClient):
    def cost(name: str, column: int, size: int) -> int:
        neighbourhood = make_neighbourhood(session, name, column=column)
        agenda_round = make_round(session, neighbourhood)
        for n in range(size):
            make_priority(
                agenda_round, f"Punt {n} van de wijk", wishes=[make_wish(session, neighbourhood)], proposed=True
            )
        with count_queries() as counter:
            client.get(f"/wijken/{neighbourhood.slug}/punten")
        return len(counter)

    cost("Opwarmbuurt", 9, 1)
    assert cost("Molenwijk", 0, 2) == cost("Rustenoord", 1, 12)
