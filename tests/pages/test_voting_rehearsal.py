"""A rehearsal is an exercise: from beginning to end no page, file or search shows anything of it."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.agenda.queries import published_tally, rounds_with_public_results
from wijkagenda.voting.models import VotingState
from wijkagenda.voting.queries import open_rounds
from wijkagenda.voting.result.queries import published_result

SECRET = "oefenstemming die niemand mag zien"


def rehearsal(session: Session, app: Flask, **rules: object) -> Vote:
    moment = datetime.now(UTC) - timedelta(days=7)
    vote = make_vote(session, app.config["SETTINGS"], moment, opened=False, closes_at=moment, **rules)
    vote.voting_round.rehearsal = True
    vote.voting_round.title = SECRET
    vote.open()
    vote.codes = vote.letters(12)
    session.commit()
    return vote


def addresses(vote: Vote) -> list[str]:
    """Public pages and files on which a vote of this wijk could show."""
    here = f"/wijken/{vote.neighbourhood.slug}"
    return [
        "/", "/wijken", "/stem", "/stem/hulp", f"/zoeken?q={SECRET.split()[0]}", "/cijfers", "/cijfers/stemmen.csv",
        "/zelf-natellen", "/stemmingen/archief", here, f"{here}/agenda", f"{here}/punten", f"{here}/meedoen",
        f"{here}/nieuws", f"{here}/nieuws.atom", f"{here}/wensen", *points(vote),
    ]  # fmt: skip


def points(vote: Vote) -> list[str]:
    return [f"/wijken/{vote.neighbourhood.slug}/punten/{one.priority.number}" for one in vote.voting_round.options]


def own_addresses(vote: Vote) -> list[str]:
    here = f"/wijken/{vote.neighbourhood.slug}/stemming/{vote.voting_round.id}"
    return [here, f"{here}/uitslag.csv", f"{here}/bewijzen", f"{here}/bewijzen.csv", f"{here}/natellen",
            f"{here}/stembiljetten.pb"]  # fmt: skip


def test_no_public_page_shows_a_rehearsal_in_any_state(client: PageClient, session: Session, app: Flask) -> None:
    vote = rehearsal(session, app)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=vote.voting_round.closes_at - timedelta(minutes=1))
    for step in (lambda: None, vote.close, vote.count, vote.publish):
        step()
        session.commit()
        for path in addresses(vote):
            page = client.get(path)
            assert SECRET not in page.text, path
            assert f"/stemming/{vote.voting_round.id}" not in page.text, path
        for path in own_addresses(vote):
            assert SECRET not in client.get(path, status=404).text, path
    assert vote.voting_round.state is VotingState.PUBLISHED


def test_a_published_rehearsal_is_no_result_for_anybody_who_asks(client: PageClient, session: Session, app) -> None:
    vote = rehearsal(session, app)
    vote.finish()
    session.commit()
    agenda_round = vote.voting_round.round_id
    assert published_result(vote.voting_round.id) is None
    assert published_tally(agenda_round) is None
    assert agenda_round not in rounds_with_public_results()


def test_one_cannot_find_an_open_rehearsal_among_the_votes(client: PageClient, session: Session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC))
    assert [found.id for found in open_rounds(datetime.now(UTC))] == [vote.voting_round.id]
    vote.voting_round.rehearsal = True
    session.commit()
    assert open_rounds(datetime.now(UTC)) == []
    assert "U kunt nu stemmen" not in client.get(f"/wijken/{vote.neighbourhood.slug}").words
