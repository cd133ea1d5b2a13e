"""Opening, closing, counting and publishing on the desk: who may, in which order, and what each page says first."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import FIRST_PASSPHRASE, SECOND_PASSPHRASE, Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.audit.queries import history_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.box.models import Ballot, SealedBallot
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import VotingState

SURE = {"sure": "y"}


@pytest.fixture
def ended(session: Session, app: Flask) -> Vote:
    """The last day is over, and nobody has closed the box yet."""
    moment = datetime.now(UTC) - timedelta(days=1)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=3, closes_at=moment)
    for code in vote.codes[:2]:
        vote.cast(code, vote.options[0], now=moment - timedelta(minutes=1))
    return vote


@pytest.fixture
def closed(ended: Vote) -> Vote:
    ended.close()
    return ended


def officer(session: Session, vote: Vote, which: str = "first") -> StaffMember:
    return session.get_one(StaffMember, getattr(vote, which).staff_id)


def here(vote: Vote, rest: str = "") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}{rest}"


def token(client: PageClient) -> dict[str, str]:
    field = client.get("/stem").soup.select_one("input[name=csrf_token]")
    assert field is not None
    return {"csrf_token": str(field["value"])}


def state(session: Session, vote: Vote) -> VotingState:
    session.expire_all()
    return vote.voting_round.state


def test_closing_counting_and_publishing_are_three_acts_of_two_people(
    client: PageClient, session: Session, ended: Vote
) -> None:
    client.sign_in(officer(session, ended))
    assert "Sluit de stembus" in client.get(here(ended)).words
    assert "Weer openen kan niet." in client.get(here(ended, "/sluiten")).words
    client.submit(here(ended, "/sluiten"), SURE)
    assert "bij elke gebruikte code hoort precies één stembiljet" in client.get(here(ended, "/tellen")).words
    client.submit(here(ended, "/tellen"), {"passphrase": FIRST_PASSPHRASE})
    counted = client.get(here(ended))
    assert "Een ander stembureaulid maakt de uitslag bekend." in counted.words
    refused = client.post(here(ended, "/bekendmaken"), SURE | token(client), status=422)
    assert "Een ander stembureaulid" in refused.words
    client.sign_out().sign_in(officer(session, ended, "second"))
    assert "Kijk de telling na" in client.get(here(ended, "/bekendmaken")).words
    client.submit(here(ended, "/bekendmaken"), SURE)
    assert client.get(f"/wijken/molenwijk/stemming/{ended.voting_round.id}").h1.startswith("Uitslag")


def test_every_act_asks_first(client: PageClient, session: Session, ended: Vote) -> None:
    client.sign_in(officer(session, ended))
    page = client.submit(here(ended, "/sluiten"), {}, status=422)
    assert "Zet een vinkje als u het zeker weet." in page.words
    assert state(session, ended) is VotingState.OPEN
    ended.close()
    client.submit(here(ended, "/tellen"), {}, status=422)
    assert state(session, ended) is VotingState.CLOSED
    ended.count()
    client.sign_out().sign_in(officer(session, ended, "second"))
    client.submit(here(ended, "/bekendmaken"), {}, status=422)
    assert state(session, ended) is VotingState.COUNTED


def test_an_act_out_of_turn_says_so(client: PageClient, session: Session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=1)
    client.sign_in(officer(session, vote))
    sent = token(client) | SURE | {"passphrase": FIRST_PASSPHRASE}
    for act, words in (
        ("/klaarzetten", "al klaargezet"),
        ("/sluiten", "nog te vroeg"),
        ("/tellen", "als de stembus gesloten is"),
        ("/bekendmaken", "nog niet geteld"),
    ):
        assert words in client.get(here(vote, act)).words
        client.post(here(vote, act), sent, status=422)
    assert state(session, vote) is VotingState.OPEN


def test_the_other_holder_counts_when_a_passphrase_is_lost(client: PageClient, session: Session, closed: Vote) -> None:
    client.sign_in(officer(session, closed))
    wrong = client.submit(here(closed, "/tellen"), {"passphrase": "dit was hem dacht ik zeker"}, status=422)
    assert "gaat de stembus niet open" in wrong.words
    assert "dit was hem dacht ik zeker" not in wrong.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 0
    client.sign_out().sign_in(officer(session, closed, "second"))
    client.submit(here(closed, "/tellen"), {"passphrase": SECOND_PASSPHRASE})
    assert state(session, closed) is VotingState.COUNTED


def test_the_recovery_sheet_counts_and_why_stays_on_record(client: PageClient, session: Session, closed: Vote) -> None:
    client.sign_in(officer(session, closed))
    by_sheet = {"selector": "form:has(input[value=sheet])"}
    typed = {"recovery": grouped(closed.recovery).lower()}
    page = client.submit(here(closed, "/tellen"), typed, status=422, **by_sheet)
    assert "Schrijf op waarom u het herstelblad gebruikt." in page.words
    why = "Beide sleutelhouders weten hun wachtzin niet meer."
    broken = typed["recovery"][:-1] + ("0" if typed["recovery"][-1] != "0" else "1")
    page = client.submit(here(closed, "/tellen"), {"recovery": broken, "reason": why}, status=422, **by_sheet)
    assert why in page.text
    assert typed["recovery"] not in page.text
    assert broken not in page.text
    client.submit(here(closed, "/tellen"), {"recovery": " ", "reason": why}, status=422, **by_sheet)
    client.submit(here(closed, "/tellen"), typed | {"reason": why}, **by_sheet)
    assert state(session, closed) is VotingState.COUNTED
    counted = [e for e in history_of("voting_round", closed.voting_round.id) if e.action == "voting.count_round"]
    assert [entry.detail for entry in counted] == [{"opened_with": "recovery sheet", "reason": why}]
    assert closed.recovery not in str([entry.detail for entry in session.scalars(sa.select(AuditEntry))])


def test_a_box_that_does_not_agree_is_not_opened_and_the_page_says_what_to_do(
    client: PageClient, session: Session, closed: Vote
) -> None:
    session.execute(
        sa.delete(SealedBallot).where(SealedBallot.id == sa.select(sa.func.min(SealedBallot.id)).scalar_subquery())
    )
    client.sign_in(officer(session, closed))
    page = client.get(here(closed, "/tellen"))
    assert "Er wordt niet geteld" in page.words
    assert "Bel de beheerder" in page.words
    assert page.soup.select("main form") == []
    refused = client.post(here(closed, "/tellen"), token(client) | {"passphrase": FIRST_PASSPHRASE}, status=422)
    assert "De stembus klopt niet" in refused.words
    assert state(session, closed) is VotingState.CLOSED


def test_who_guesses_at_the_count_must_wait(client: PageClient, session: Session, closed: Vote, limits: None) -> None:
    client.sign_in(officer(session, closed))
    sent = token(client)
    for _turn in range(10):
        client.post(here(closed, "/tellen"), sent | {"passphrase": "een zin die het niet is"}, status=422)
    page = client.post(here(closed, "/tellen"), sent | {"passphrase": FIRST_PASSPHRASE}, status=422)
    assert "Wacht 10 minuten" in page.words
    assert state(session, closed) is VotingState.CLOSED


def test_a_clock_that_stands_behind_is_told_before_closing(client: PageClient, session: Session, ended: Vote) -> None:
    # An act of somebody while the clock of the server stood an hour ahead.
    last = history_of("voting_round", ended.voting_round.id)[-1]
    last.at = datetime.now(UTC) + timedelta(hours=1)
    client.sign_in(officer(session, ended))
    assert "De klok is of was dus fout." in client.get(here(ended, "/sluiten")).words
    page = client.submit(here(ended, "/sluiten"), SURE, status=422)
    assert "Vergelijk de tijd met uw eigen klok." in page.words
    assert state(session, ended) is VotingState.OPEN
    client.submit(here(ended, "/sluiten"), SURE | {"clock_checked": "y"})
    assert state(session, ended) is VotingState.CLOSED
    closing = [e for e in history_of("voting_round", ended.voting_round.id) if e.action == "voting.close_round"]
    assert 3000 < closing[0].detail["clock_behind_seconds"] <= 3600  # type: ignore[index]


def test_the_whole_way_in_english_without_dutch_words_left(client: PageClient, session: Session, ended: Vote) -> None:
    client.sign_in(officer(session, ended))
    for path, words in (
        ("/sleutels", "key holder"),
        ("/klaarzetten", "made ready"),
        ("/sluiten", "cannot be opened again"),
        ("/tellen", "ballot box is closed"),
        ("/bekendmaken", "not been counted"),
        ("/oefening", "rehears"),
        ("/oefencodes", "test codes"),
        ("/opruimen", "not a rehearsal"),
    ):
        assert words in client.get(f"/en{here(ended, path)}").words.lower(), path


def test_points_that_changed_are_told_before_the_vote_is_made_ready(client: PageClient, session: Session, app) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), opened=False)
    vote.make_keys()
    title = vote.voting_round.options[0].title
    vote.voting_round.options[0].priority.title = "Heel anders verwoord"
    session.commit()
    client.sign_in(session.get_one(StaffMember, vote.first.staff_id))
    here = f"/werkplek/stemmingen/{vote.voting_round.id}/klaarzetten"
    page = client.get(here)
    assert title in page.words
    assert page.soup.select_one(f"a[href$='/stemmingen/{vote.voting_round.id}/bewerken']") is not None
    assert title in client.post(here, page.form_data(selector="form") | {"sure": "y"}, status=422).words
