"""The desk of voting officers: from draft to published result, each act by who may do it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import Vote, make_priorities, make_vote
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.models import VotingRound, VotingState

SURE = {"sure": "y"}


@pytest.fixture(autouse=True)
def own_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(app.config["SETTINGS"], letters_folder=tmp_path / "letters")
    monkeypatch.setitem(app.config, "SETTINGS", changed)


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=3)


@pytest.fixture
def ended(session, app: Flask) -> Vote:
    moment = datetime.now(UTC) - timedelta(days=1)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=3, closes_at=moment)
    vote.cast(vote.codes[0], vote.options[0], now=moment - timedelta(minutes=1))
    return vote


def member(session, vote: Vote, which: str = "first") -> StaffMember:
    return session.get_one(StaffMember, getattr(vote, which).staff_id)


def desk(vote: Vote, rest: str = "") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}{rest}"


def test_an_officer_prepares_and_edits_a_vote(client: PageClient, session, staff) -> None:
    neighbourhood = make_neighbourhood(session, "Rietvoorn", column=7)
    agenda_round = make_round(session, neighbourhood, PhaseKind.VOTING)
    make_priorities(session, agenda_round, datetime.now(UTC), 5)
    client.sign_in(staff(Role.VOTING_OFFICER, neighbourhood.area_id))
    assert "Rietvoorn" in client.get("/werkplek/stemmingen").words
    days = {"opens_on": "2026-12-01", "closes_on": "2046-12-20", "result_on": "2046-12-24"}
    saved = client.submit(f"/werkplek/stemmingen/nieuw/{agenda_round.id}", days)
    page = client.follow(saved)
    assert page.h1.startswith("Stemming Rietvoorn")
    voting_round = session.scalars(sa.select(VotingRound)).one()
    assert len(voting_round.options) == 5
    here = f"/werkplek/stemmingen/{voting_round.id}"
    fewer = [str(option.priority_id) for option in voting_round.options[:4]]
    client.submit(f"{here}/bewerken", {"max_choices": "2", "priority_ids": fewer})
    session.expire_all()
    assert (voting_round.state, voting_round.max_choices, len(voting_round.options)) == (VotingState.DRAFT, 2, 4)
    assert "23.59" in client.get(here).words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Geef de stemming een naam."),
        ({"title": "x" * 121}, "hoogstens 120"),
        ({"opens_on": ""}, "Kies de eerste dag."),
        ({"opens_on": "32-13-2026"}, "Kies een dag die bestaat."),
        ({"closes_on": "2026-11-01"}, "moet later sluiten"),
        ({"result_on": "2026-11-01"}, "kan niet komen voordat"),
        ({"max_choices": "0"}, "getal van 1 tot 50"),
        ({"max_choices": "veel"}, "getal"),
        ({"priority_ids": ["987654"]}, "priority_ids"),
    ],
)
def test_wrong_rules_come_back_with_what_was_typed(client: PageClient, session, app, changes, words) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), opened=False)
    client.sign_in(member(session, vote))
    typed = {"paper_place": "wijkcentrum", "opens_on": "2026-11-10", "closes_on": "2026-12-20"} | changes
    page = client.submit(desk(vote, "/bewerken"), typed, status=422)
    assert "wijkcentrum" in page.text
    assert words in page.words or words in page.text


def _token(client: PageClient, vote: Vote) -> str:
    field = client.get("/stem").soup.select_one("input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def test_officers_of_other_areas_and_other_roles_stay_out(client: PageClient, session, staff, vote: Vote) -> None:
    elsewhere = make_neighbourhood(session, "Zeggeland", column=9)
    client.sign_in(staff(Role.VOTING_OFFICER, elsewhere.area_id))
    assert "Stemming Molenwijk" not in client.get("/werkplek/stemmingen").words
    client.get(desk(vote), status=403)
    client.get(desk(vote, "/bewerken"), status=403)
    client.get(f"/werkplek/stemmingen/nieuw/{vote.voting_round.round_id}", status=403)
    for role in (Role.CITY_DISTRICT_MANAGER, Role.AREA_TEAM, Role.RESEARCHER, Role.ADMINISTRATOR):
        client.sign_out().sign_in(staff(role, vote.neighbourhood.area_id))
        client.get("/werkplek/stemmingen", status=403)
        client.get(desk(vote), status=403)


def test_nobody_at_the_desk_watches_a_vote_that_is_open(client: PageClient, session, vote: Vote) -> None:
    client.sign_in(member(session, vote))
    before = client.get(desk(vote)).words
    vote.cast(vote.codes[0], vote.options[0], now=datetime.now(UTC))
    assert client.get(desk(vote)).words == before


def test_between_closing_and_counting_no_box_looks_empty(client: PageClient, session, ended: Vote) -> None:
    """The sealed ballots do not say whose they are: the books are on the page to count, not beside the codes."""
    client.sign_in(member(session, ended))
    ended.close()
    page = client.get(desk(ended))
    assert [head.get_text() for head in page.soup.select("thead th")] == [
        "Voor wie", "Gemaakt", "Ingetrokken of vervangen", "Gebruikt",
    ]  # fmt: skip
    assert page.soup.select_one("tbody tr").get_text(" ", strip=True).endswith("3 0 1")


def test_the_lists_stay_flat_as_the_city_grows(client: PageClient, session, app: Flask, staff) -> None:
    client.sign_in(staff(Role.VOTING_OFFICER))
    numbers = []
    for column in range(3):
        make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name=f"Wijk {column}", column=column, codes=1)
        client.get("/werkplek/stemmingen")
        with count_queries() as counter:
            client.get("/werkplek/stemmingen")
            client.get("/stem")
        numbers.append(len(counter))
    assert numbers[1] == numbers[2]


def test_the_public_result_costs_the_same_for_many_ballots(client: PageClient, session, ended: Vote) -> None:
    client.sign_in(member(session, ended))
    with count_queries() as few:
        client.get(desk(ended))
    for code in ended.codes[1:]:
        ended.cast(code, ended.options[1], now=ended.voting_round.closes_at - timedelta(minutes=1))
    assert len(session.scalars(sa.select(SealedBallot.id)).all()) == 3
    with count_queries() as more:
        client.get(desk(ended))
    assert len(more) == len(few)
