"""A rehearsal through the pages, as officers and a voter walk it; every page about it says that it is one."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.models import VotingRound, VotingState

MARK = "Oefening: stemmen tellen hier niet."
SURE = {"sure": "y"}


@pytest.fixture
def vote(session: Session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), opened=False)


@pytest.fixture
def exercise(session: Session, client: PageClient, vote: Vote) -> Vote:
    """Begun on the desk by the first officer, keys made."""
    client.sign_in(session.get_one(StaffMember, vote.first.staff_id))
    here = f"/werkplek/stemmingen/{vote.voting_round.id}/oefening"
    assert "Oefencodes werken nooit in de echte stemming" in client.get(here).words
    begun = client.follow(client.submit(here))
    assert MARK in begun.words
    voting_round = session.scalars(sa.select(VotingRound).where(VotingRound.rehearsal)).one()
    found = Vote(session, vote.settings, vote.neighbourhood, voting_round, vote.first, vote.second, datetime.now(UTC))
    found.make_keys()
    return found


def desk(vote: Vote, rest: str = "") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}{rest}"


def codes_on(page: Page) -> list[str]:
    return [tag.text for tag in page.soup.select(".wa-code")]


def cast(client: PageClient, code: str) -> list[Page]:
    """Every page a voter sees, from the code to the receipt."""
    paper = client.post("/stem/kiezen", client.get("/stem").form_data() | {"code": code}, status=200)
    option = paper.soup.select_one("input[name=choices]")
    assert option is not None
    form = paper.soup.select_one("form:has(input[name=choices])")
    assert form is not None
    sent = {str(f["name"]): str(f.get("value", "")) for f in form.select("input[type=hidden]")}
    checked = client.post("/stem/nakijken", sent | {"choices": str(option["value"])}, status=200)
    going = checked.soup.select_one("form[action$='/stem/versturen']")
    assert going is not None
    sent = {str(f["name"]): str(f.get("value", "")) for f in going.select("input[type=hidden]")}
    receipt = client.follow(client.post("/stem/versturen", sent))
    return [paper, checked, receipt]


def test_the_whole_rehearsal_by_its_pages(client: PageClient, session: Session, vote: Vote, exercise: Vote) -> None:
    client.submit(desk(exercise, "/klaarzetten"), SURE)
    printed = client.submit(desk(exercise, "/oefencodes"), {"number": "3"}, status=200)
    assert printed.response.headers["Cache-Control"] == "no-store"
    codes = codes_on(printed)
    assert len(codes) == 3
    pages = cast(client, codes[0])
    used = client.post("/stem/kiezen", client.get("/stem").form_data() | {"code": codes[0]}, status=409)
    for page in (*pages, used, printed):
        assert MARK in page.words
    # Long before its last day.
    client.submit(desk(exercise, "/sluiten"), SURE)
    exercise.opened_at = datetime.now(UTC)
    client.submit(desk(exercise, "/tellen"), {"passphrase": "eerste wachtzin van deze proefstemming"})
    client.sign_out().sign_in(session.get_one(StaffMember, vote.second.staff_id))
    assert "ziet alleen het stembureau de telling" in client.get(desk(exercise, "/bekendmaken")).words
    client.submit(desk(exercise, "/bekendmaken"), SURE)
    done = client.get(desk(exercise))
    assert MARK in done.words
    assert "Bekijk de uitslag op de site" not in done.words
    gone = desk(exercise)
    client.submit(f"{gone}/opruimen", {}, status=422)
    client.submit(f"{gone}/opruimen", SURE)
    client.get(gone, status=404)
    assert MARK not in client.get(desk(vote)).words
    assert session.scalars(sa.select(VotingRound.id).where(VotingRound.rehearsal)).all() == []


def test_every_desk_page_of_a_rehearsal_is_marked(client: PageClient, exercise: Vote) -> None:
    for path in ("", "/sleutels", "/klaarzetten", "/sluiten", "/tellen", "/bekendmaken", "/oefencodes", "/opruimen"):
        assert MARK in client.get(desk(exercise, path)).words, path
        assert "Rehearsal: votes do not count here." in client.get(f"/en{desk(exercise, path)}").words, path


def test_the_real_vote_is_not_marked_and_cannot_be_taken_away(
    client: PageClient, session: Session, vote: Vote, exercise: Vote
) -> None:
    page = client.get(desk(vote, "/opruimen"))
    assert MARK not in page.words
    assert page.soup.select("main form") == []
    token = str(client.get(desk(vote, "/oefening")).soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    client.post(desk(vote, "/opruimen"), SURE | {"csrf_token": token}, status=422)
    client.post(desk(vote, "/oefencodes"), {"csrf_token": token, "electorate": "residents", "number": "2"}, status=422)
    again = client.submit(desk(vote, "/oefening"), status=422)
    assert "Ruim die eerst op" in again.words
    assert session.get(VotingRound, vote.voting_round.id) is not None


@pytest.mark.parametrize("number", ["", "0", "-1", "51", "veel", "1e9"])
def test_a_number_of_test_codes_that_cannot_be_is_told(client: PageClient, exercise: Vote, number: str) -> None:
    client.submit(desk(exercise, "/klaarzetten"), SURE)
    page = client.submit(desk(exercise, "/oefencodes"), {"number": number}, status=422)
    assert page.soup.select_one("#number[aria-invalid]")


def test_test_codes_are_made_while_the_rehearsal_is_open_only(client: PageClient, exercise: Vote) -> None:
    page = client.submit(desk(exercise, "/oefencodes"), {"number": "2"}, status=422)
    assert "zolang de oefening open is" in page.words


def test_opening_the_real_vote_says_that_the_rehearsal_goes(
    client: PageClient, session: Session, vote: Vote, exercise: Vote
) -> None:
    vote.make_keys()
    assert "De oefening bij deze stemming wordt opgeruimd" in client.get(desk(vote, "/klaarzetten")).words
    gone = desk(exercise)
    client.submit(desk(vote, "/klaarzetten"), SURE)
    session.expire_all()
    assert vote.voting_round.state is VotingState.OPEN
    client.get(gone, status=404)
