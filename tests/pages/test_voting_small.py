"""Few votes: who won and in what order, but no figures from which a neighbour could guess; no vote, no winner."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.agenda import make_agenda, manager_of
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.agenda import operations as agendas
from wijkagenda.agenda.models import AgendaItem
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.voting.result.queries import Result, Shown, published_result, shown_votes, what_shows

FIGURE = re.compile(r"\d+ stem(?:men)?\b|stem(?:men)? \d+\b|koos dit|van de stemmers|Door loting")


@pytest.mark.parametrize(
    ("ballots", "shown"),
    [
        (0, Shown.NOTHING),
        (1, Shown.TOO_FEW),
        (2, Shown.TOO_FEW),
        (3, Shown.ORDER),
        (9, Shown.ORDER),
        (10, Shown.NUMBERS),
    ],
)
def test_figures_show_from_ten_ballots_on(ballots: int, shown: Shown) -> None:
    assert what_shows(ballots) is shown
    assert shown_votes(7, ballots) == (7 if ballots == 10 else None)
    assert shown_votes(None, ballots) is None


def finished(session: Session, app: Flask, voters: int, business: int = 0) -> Vote:
    """A published vote of last week; everybody wanted the third point, and the first voter the first one too."""
    moment = datetime.now(UTC) - timedelta(days=7)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=12, business_codes=12, closes_at=moment)
    for number, code in enumerate(vote.codes[:voters]):
        choices = vote.options[:1] * (number == 0) + vote.options[2:3]
        vote.cast(code, *choices, now=moment - timedelta(minutes=1))
    for code in vote.business_codes[:business]:
        vote.cast(code, vote.options[1], now=moment - timedelta(minutes=1))
    vote.finish()
    return vote


def result_of(vote: Vote) -> Result:
    found = published_result(vote.voting_round.id)
    assert found is not None
    return found


def adopted(session: Session, vote: Vote) -> AgendaItem:
    """The agenda of this vote, adopted."""
    moment = datetime.now(UTC)
    tally = vote.voting_round.tally
    assert tally is not None
    agenda = agendas.draft_agenda(
        actor=SYSTEM,
        now=moment,
        agenda_round=vote.voting_round.round,
        tally=tally,
        motives={option.priority_id: "Hier is dit hard nodig." for option in vote.voting_round.options},
    )
    agendas.adopt_agenda(
        actor=manager_of(session, vote.neighbourhood),
        now=moment,
        agenda=agenda,
        adopted_by="de wethouder",
        mandate="besluit 1",
        adopted_on=moment.date(),
    )
    return agenda.items[0]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))


def test_nine_ballots_show_the_order_and_no_figures_anywhere(
    client: PageClient, session: Session, app: Flask, staff: StaffMaker
) -> None:
    vote = finished(session, app, 9)
    here = f"/wijken/molenwijk/stemming/{vote.voting_round.id}"
    page = client.get(here)
    winner = vote.voting_round.options[2].title
    assert f"1. {winner}" in page.words
    assert "Minder dan 10 bewoners stemden. Daarom laten wij per punt geen aantallen zien." in page.words
    assert "bewoners stemden 9" in page.words
    assert FIGURE.findall(page.words) == []
    assert page.soup.select(".wa-bar") == []
    lines = rows(client.get(f"{here}/uitslag.csv").text)
    assert [line["plaats"] for line in lines] == ["1", "2", "3", "4"]
    assert {line["stemmen"] for line in lines} == {""}
    assert {line["stemmen_bewoners"] for line in rows(client.get("/cijfers/stemmen.csv").text)} == {""}
    assert [(line.rank, line.votes, line.tied) for line in result_of(vote).lines] == [
        (1, None, False), (2, None, False), (3, None, False), (4, None, False)
    ]  # fmt: skip

    client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, vote.neighbourhood.area_id))
    draft = client.get("/werkplek/agenda/molenwijk")
    assert f"1. {winner}" in draft.words
    assert FIGURE.findall(draft.words) == []
    item = adopted(session, vote)
    assert FIGURE.findall(client.get("/werkplek/agenda/molenwijk").words) == []
    client.sign_out()
    agenda = client.get("/wijken/molenwijk/agenda")
    assert "De volgorde is die van de uitslag. Minder dan 10 bewoners stemden." in agenda.words
    assert FIGURE.findall(agenda.words) == []
    assert FIGURE.findall(client.get("/wijken/molenwijk").words) == []
    assert item.rank == 1


def test_without_a_single_ballot_nothing_won(client: PageClient, session: Session, app: Flask) -> None:
    vote = finished(session, app, 0)
    here = f"/wijken/molenwijk/stemming/{vote.voting_round.id}"
    page = client.get(here)
    assert "Niemand stemde. Er is dus geen punt gekozen." in page.words
    assert not re.search(r"\b1\. ", page.soup.find(attrs={"aria-labelledby": "stemmen"}).get_text())
    assert FIGURE.findall(page.words) == []
    assert {line["plaats"] for line in rows(client.get(f"{here}/uitslag.csv").text)} == {""}
    assert {line["plaats"] for line in rows(client.get("/cijfers/stemmen.csv").text)} == {""}
    adopted(session, vote)
    assert "Niemand stemde. De volgorde is die van de loting." in client.get("/wijken/molenwijk/agenda").words


def test_few_residents_and_many_businesses_are_counted_together(
    client: PageClient, session: Session, app: Flask
) -> None:
    vote = finished(session, app, 3, business=12)
    page = client.get(f"/wijken/molenwijk/stemming/{vote.voting_round.id}")
    assert "Daarom zijn hun stembiljetten samen geteld." in page.words
    assert "stembiljetten geteld 15" in page.words
    assert "bewoners stemden" not in page.words


@pytest.mark.parametrize("voters", [1, 2])
def test_one_or_two_ballots_show_not_even_who_won(
    client: PageClient, session: Session, app: Flask, voters: int
) -> None:
    vote = finished(session, app, voters)
    here = f"/wijken/molenwijk/stemming/{vote.voting_round.id}"
    page = client.get(here)
    assert "Minder dan 3 bewoners stemden. Dat is te weinig voor een uitslag." in page.words
    assert "Dit is gekozen" not in page.words
    assert FIGURE.findall(page.words) == []
    by_lot = [option.title for option in vote.voting_round.options]
    assert [item.get_text() for item in page.soup.select("section[aria-labelledby=stemmen] li")] == by_lot
    for lines in (
        rows(client.get(f"{here}/uitslag.csv").text),
        rows(client.get("/cijfers/stemmen.csv").text),
    ):
        assert {line["plaats"] for line in lines} == {""}
        assert {line["gekozen"] for line in lines} == {""}
    assert [line.votes for line in result_of(vote).lines] == [None] * 4
    adopted(session, vote)
    agenda = client.get("/wijken/molenwijk/agenda")
    assert "Minder dan 3 bewoners stemden. Dat is te weinig voor een uitslag. De volgorde is die" in agenda.words
    assert [words.get_text().partition(". ")[2] for words in agenda.soup.select(".wa-agenda h2")] == by_lot


def test_the_lot_does_not_follow_the_votes_of_too_few(session: Session, app: Flask) -> None:
    """The third point by lot was chosen by both; without that the order by lot would say nothing."""
    vote = finished(session, app, 2)
    tally = vote.voting_round.tally
    assert tally is not None
    assert [line.option.position for line in tally.lines] == [1, 2, 3, 4]
    assert [line.votes for line in tally.lines] == [1, 0, 2, 0]
    assert [line.elected for line in tally.lines] == [False] * 4


def test_officers_see_the_count_and_hear_what_the_site_leaves_out(
    client: PageClient, session: Session, app: Flask, staff: StaffMaker
) -> None:
    moment = datetime.now(UTC) - timedelta(days=7)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=3, closes_at=moment)
    vote.cast(vote.codes[0], vote.options[0], now=moment - timedelta(minutes=1))
    vote.close()
    vote.count()
    client.sign_in(staff(Role.VOTING_OFFICER, vote.neighbourhood.area_id))
    page = client.get(f"/werkplek/stemmingen/{vote.voting_round.id}")
    assert f"1. {vote.voting_round.options[0].title} 1" in page.words
    assert "Minder dan 10 bewoners stemden: op de site staan dan geen aantallen per punt." in page.words


def test_the_wish_and_the_action_behind_a_small_vote_tell_the_place_only(client: PageClient, session: Session) -> None:
    here = make_neighbourhood(session)
    agenda = make_agenda(session, here)
    line = agenda.items[0].tally_line
    assert line is not None
    line.tally.codes_used = line.tally.ballots = 9
    action = make_action(agenda.items[0])
    reference = agenda.items[0].priority.bundled[0].wish.reference
    session.commit()
    wish = client.get(f"/wensen/{reference}")
    assert "Plaats 1 van 4 in de stemming" in wish.words
    about = client.get(f"/acties/{action.id}")
    assert "plaats 1 van 4 in de stemming" in about.words
    for page in (wish, about, client.get("/wijken/molenwijk"), client.get("/wijken/molenwijk/agenda")):
        assert "1.200" not in page.words
        assert FIGURE.findall(page.words) == []
    line.tally.codes_used = line.tally.ballots = 0
    session.commit()
    assert "Niemand stemde" in client.get(f"/wensen/{reference}?nog=1").words
