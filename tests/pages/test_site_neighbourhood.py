"""The page of a wijk: the right sentence in every phase, the same number of queries however much there is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.agenda import make_agenda
from tests.factories.consultations import make_meeting, make_survey
from tests.factories.neighbourhoods import (
    TODAY,
    make_city_district,
    make_neighbourhood,
    make_place,
    make_round,
    point_in,
)
from tests.factories.plan import make_action
from tests.factories.voting import Vote, make_vote
from tests.factories.wishes import make_refused_wish, make_wish
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.agenda.models import SurveyEvidence
from wijkagenda.neighbourhoods.models import PlaceKind, ProfileFigure
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.web.clock import today

NOW = datetime.now(UTC)
NOW_SENTENCES = {
    PhaseKind.LISTENING: "U kunt nu een wens doen. Nog 20 dagen.",
    PhaseKind.BUNDLING: "Wij bundelen uw wensen.",
    PhaseKind.VOTING: "Wij bereiden de stemming voor.",
    PhaseKind.ADOPTING: "Wij stellen de wijkagenda vast.",
    PhaseKind.CARRYING_OUT: "Wij voeren de agenda uit.",
}


@pytest.mark.parametrize("kind", list(PhaseKind))
def test_each_phase_says_what_one_can_do(client: PageClient, session: Session, kind: PhaseKind) -> None:
    here = make_neighbourhood(session)
    make_round(session, here, kind, today=today())
    page = client.get("/wijken/molenwijk")
    field = page.soup.select_one(".wa-now")
    assert NOW_SENTENCES[kind] in field.text
    assert ("wa-now--calm" in field["class"]) is (kind is not PhaseKind.LISTENING)
    assert page.soup.select_one(".wa-street__step--now").text.startswith(f"{kind.number}.")
    assert page.h1 == "Molenwijk"


def test_a_wijk_without_a_round_says_so(client: PageClient, session: Session) -> None:
    make_neighbourhood(session, district=make_city_district(session))
    page = client.get("/wijken/molenwijk")
    assert "Deze wijk heeft nog geen wijkagenda." in page.words
    assert "Stadsdeel Zuid" in page.words
    assert page.soup.select_one(".wa-street") is None


def test_a_round_that_begins_later_says_when(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here, PhaseKind.LISTENING, today=today() + timedelta(days=100))
    assert "Wij beginnen op" in client.get("/wijken/molenwijk").words


def test_between_two_phases_nobody_is_invited(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    agenda_round = make_round(session, here, PhaseKind.LISTENING, today=today())
    agenda_round.phases[0].ends_on = today() - timedelta(days=1)
    page = client.get("/wijken/molenwijk")
    assert "U kunt geen wens meer doen." in page.words
    assert page.soup.find("a", href="/wijken/molenwijk/wens") is None


def test_an_open_survey_is_offered(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here, PhaseKind.LISTENING, today=today())
    make_survey(session, here, now=NOW)
    page = client.get("/wijken/molenwijk")
    assert page.soup.select_one(".wa-now").find("a", href="/wijken/molenwijk/vragenlijst") is not None


def test_an_unknown_wijk_is_a_kind_404(client: PageClient) -> None:
    for slug in ("nergens", "a" * 500, "..%2f..%2fetc", "molenwijk'--"):
        client.get(f"/wijken/{slug}", status=404)


def test_wishes_show_in_the_list_as_on_the_map_and_hidden_ones_nowhere(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here)
    placed = make_wish(session, here, "Een lamp bij de vijver.", point=point_in(), place_text="Vijverweg 12")
    refused = make_refused_wish(session, here, text="Een drempel in de Wiekstraat.")
    hidden = make_wish(session, here, "Mijn buurman heet Jan.", placed=False)
    page = client.get("/wijken/molenwijk")
    rows = page.soup.select("#wensenlijst li")
    assert [row.a["href"] for row in rows] == [f"/wensen/{refused.reference}", f"/wensen/{placed.reference}"]
    assert rows[1]["id"] == "wens-2"
    assert "Vijverweg 12" not in page.words
    assert "Vijverweg" in page.words
    assert hidden.title not in page.words
    assert "2 wensen uit Molenwijk" in page.words


def test_the_adopted_agenda_shows_where_each_item_comes_from(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    agenda = make_agenda(session, here)
    make_action(agenda.items[0])
    page = client.get("/wijken/molenwijk")
    row = page.soup.select_one(".wa-agenda li")
    assert "1 wens" in " ".join(row.text.split())
    assert "stemmen" in row.text
    assert "0 van 1 actie" in row.text


def test_a_figure_of_the_survey_has_its_n_and_its_date(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    item = make_agenda(session, here).items[0]
    question = make_survey(session, here, now=NOW).sections[0].questions[0]
    for choice, percent in (("nee", 70), ("ja", 30)):
        session.add(
            SurveyEvidence(
                item_id=item.id, question_id=question.id, choice=choice, statement="heeft geen kinderen in huis",
                percent=percent, n=20, measured_on=date(2026, 5, 3),
            )
        )  # fmt: skip
    session.flush()
    row = client.get("/wijken/molenwijk").soup.select_one(".wa-agenda li")
    assert "70% in het onderzoek van 3 mei 2026 (20 mensen)" in " ".join(row.text.split())


def test_an_agenda_adopted_before_its_last_day_is_not_still_being_adopted(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    agenda = make_agenda(session, here)
    adopting = next(phase for phase in agenda.round.phases if phase.kind is PhaseKind.ADOPTING)
    shift = today() - adopting.starts_on
    for phase in agenda.round.phases:
        phase.starts_on += shift
        phase.ends_on += shift
    field = client.get("/wijken/molenwijk").soup.select_one(".wa-now")
    assert "De wijkagenda is vastgesteld" in field.text
    assert field.find("a", href="/wijken/molenwijk/agenda") is not None


def test_the_wijk_leads_to_its_points_and_to_how_one_takes_part(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here, PhaseKind.LISTENING, today=today())
    assert client.get("/wijken/molenwijk").soup.find("a", href="/wijken/molenwijk/punten") is None
    there = make_neighbourhood(session, "Wiekwijk", column=1)
    make_agenda(session, there)
    assert client.get("/wijken/wiekwijk").soup.find("a", href="/wijken/wiekwijk/punten") is not None


def test_the_days_of_the_wishes_are_those_of_the_wishes(client: PageClient, session: Session) -> None:
    """Not of the phase: that has days still to come, and there are wishes of earlier rounds."""
    here = make_neighbourhood(session)
    make_round(session, here, PhaseKind.LISTENING, today=today())
    first, last = make_wish(session, here), make_wish(session, here, "Een tweede wens.")
    first.received_at = datetime(2022, 3, 1, 12, tzinfo=UTC)
    last.received_at = datetime(2026, 7, 2, 12, tzinfo=UTC)
    assert "Gedaan van 1 maart 2022 tot en met 2 juli 2026." in client.get("/wijken/molenwijk").words


def test_meetings_places_figures_and_the_team_are_there(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_meeting(session, here, starts_at=NOW + timedelta(days=2), title="Hulp bij stemmen")
    make_place(session, here, "De Wieken").kind = PlaceKind.MEETING_PLACE
    session.add(
        ProfileFigure(
            neighbourhood_id=here.id,
            label="Voelt zich onveilig",
            value=34,
            unit="%",
            source="Onderzoek",
            year=2026,
            n=612,
        )
    )
    words = client.get("/wijken/molenwijk").words
    for text in (
        "Hulp bij stemmen",
        "De Wieken",
        "34%",
        "Onderzoek, 2026, 612 mensen deden mee",
        "Gebiedsteam Molenwijk",
    ):
        assert text in words


def test_a_public_page_holds_no_token_and_sets_no_cookie(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    make_round(session, here)
    page = client.get("/wijken/molenwijk")
    assert "Set-Cookie" not in page.response.headers
    assert "csrf" not in page.text


def test_a_wijk_takes_as_many_queries_with_much_as_with_little(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    agenda = make_agenda(session, here)
    make_action(agenda.items[0])
    make_wish(session, here)
    client.get("/wijken/molenwijk")
    with count_queries() as few:
        client.get("/wijken/molenwijk?nog=1")
    for number in range(40):
        make_wish(session, here, f"Wens nummer {number}", point=point_in(dx=100 + number))
    for item in agenda.items:
        for number in range(2, 8):
            make_action(item, f"Actie {number}")
    for day in range(9):
        make_meeting(session, here, starts_at=NOW + timedelta(days=day + 1))
    for column in range(1, 10):
        make_neighbourhood(session, f"Wijk {column}", column=column)
    with count_queries() as many:
        client.get("/wijken/molenwijk?nog=2")
    assert len(many) == len(few)
    assert len(few) <= 12


# --- around a vote -----------------------------------------------------------------------------------


@pytest.fixture
def vote(app: Flask, session: Session) -> Vote:
    """A vote that is open now, in a round whose voting phase is now."""
    made = make_vote(session, app.config["SETTINGS"], NOW, opened=False)
    for phase in made.voting_round.round.phases:
        phase.starts_on += today() - TODAY
        phase.ends_on += today() - TODAY
    return made


def test_an_open_vote_is_the_one_yellow_field(client: PageClient, vote: Vote) -> None:
    vote.open()
    page = client.get("/wijken/molenwijk")
    field = page.soup.select_one(".wa-now")
    assert field.h2.text == "U kunt nu stemmen. Nog 6 dagen."
    assert field.find("a", href="/stem") is not None
    assert "wa-now--calm" not in field["class"]
    city = client.get("/")
    assert "Brief met een stemcode?" in city.words
    assert city.soup.select_one(".wa-card").a["href"] == "/stem"


def test_a_vote_in_the_making_is_not_offered(client: PageClient, vote: Vote) -> None:
    page = client.get("/wijken/molenwijk")
    assert "Wij bereiden de stemming voor." in page.words
    assert "Brief met een stemcode?" not in client.get("/").words


def test_a_vote_that_opens_later_says_when(client: PageClient, vote: Vote) -> None:
    vote.voting_round.opens_at = NOW + timedelta(days=2)
    vote.open()
    assert "U kunt binnenkort stemmen." in client.get("/wijken/molenwijk").words


def test_a_closed_vote_says_when_the_result_comes_and_then_shows_it(client: PageClient, vote: Vote) -> None:
    vote.opened_at = NOW - timedelta(days=2)
    vote.open()
    vote.voting_round.closes_at = NOW - timedelta(minutes=10)
    assert "De stemming is gesloten. Wij tellen de stemmen." in client.get("/wijken/molenwijk").words
    vote.finish()
    page = client.get("/wijken/molenwijk?nog=1")
    link = page.soup.select_one(".wa-now a")
    assert link["href"] == f"/wijken/molenwijk/stemming/{vote.voting_round.id}"
    client.get(link["href"])
