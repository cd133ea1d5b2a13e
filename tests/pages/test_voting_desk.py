"""The desk of voting officers: from draft to published result, each act by who may do it."""

import contextvars
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
from wijkagenda.audit.queries import history_of
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting import queries
from wijkagenda.voting.box.models import Ballot
from wijkagenda.voting.letters.run import letters_file
from wijkagenda.voting.models import CodeBatch, CodeBatchState, VotingRound, VotingState

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


def test_an_officer_prepares_edits_and_opens_a_vote(client: PageClient, session, staff) -> None:
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
    client.submit(here, SURE, to=f"{here}/klaarzetten")
    session.expire_all()
    assert (voting_round.state, voting_round.max_choices, len(voting_round.options)) == (VotingState.OPEN, 2, 4)
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


def test_every_act_asks_whether_one_is_sure(client: PageClient, session, ended: Vote) -> None:
    client.sign_in(member(session, ended))
    page = client.submit(desk(ended), {}, to=desk(ended, "/sluiten"), status=422)
    assert "Zet een vinkje als u het zeker weet." in page.words
    session.expire_all()
    assert ended.voting_round.state is VotingState.OPEN


def test_closing_counting_and_publishing_are_three_acts_of_two_people(client: PageClient, session, ended: Vote) -> None:
    client.sign_in(member(session, ended))
    client.submit(desk(ended), SURE, to=desk(ended, "/sluiten"))
    client.submit(desk(ended), SURE, to=desk(ended, "/tellen"))
    counted = client.get(desk(ended))
    assert "Een ander stembureaulid maakt de uitslag bekend." in counted.words
    refused = client.post(desk(ended, "/bekendmaken"), SURE | {"csrf_token": _token(client, ended)}, status=422)
    assert "Een ander stembureaulid" in refused.words
    client.sign_out().sign_in(member(session, ended, "second"))
    client.submit(desk(ended), SURE, to=desk(ended, "/bekendmaken"))
    assert client.get(f"/wijken/molenwijk/stemming/{ended.voting_round.id}").h1.startswith("Uitslag")


def _token(client: PageClient, vote: Vote) -> str:
    field = client.get("/stem").soup.select_one("input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def test_an_act_out_of_turn_says_so(client: PageClient, session, vote: Vote) -> None:
    client.sign_in(member(session, vote))
    token = _token(client, vote)
    for act in ("klaarzetten", "sluiten", "tellen", "bekendmaken"):
        page = client.post(desk(vote, f"/{act}"), SURE | {"csrf_token": token}, status=422)
        assert page.h1 == "Stemming Molenwijk 2026"


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


def test_letters_are_asked_made_and_fetched_once(client: PageClient, session, vote: Vote) -> None:
    client.sign_in(member(session, vote))
    asked = client.submit(
        desk(vote),
        {"electorate": "residents", "size": "2"},
        to=desk(vote, "/brieven"),
        selector='form[action$="/brieven"]',
    )
    # Without a queue the job ran at once.
    page = client.follow(asked)
    assert "Klaar om op te halen" in page.words
    batch = session.scalars(sa.select(CodeBatch).order_by(CodeBatch.id.desc())).first()
    path = letters_file(vote.settings, batch.id)
    assert path.exists()
    fetch = desk(vote, f"/brieven/{batch.id}/ophalen")
    got = client.post(fetch, page.form_data(selector='form[action$="/ophalen"]'), status=200)
    assert got.response.mimetype == "application/pdf"
    assert got.response.get_data().startswith(b"%PDF-")
    assert got.response.headers["Cache-Control"] == "no-store"
    assert not path.exists()
    session.expire_all()
    assert batch.state is CodeBatchState.GONE
    client.post(fetch, {"csrf_token": _token(client, vote)}, status=409)


def test_who_begins_to_fetch_letters_is_on_record_also_when_the_download_breaks_off(
    client: PageClient, session, vote: Vote
) -> None:
    client.sign_in(member(session, vote))
    form = {"electorate": "residents", "size": "2"}
    client.submit(desk(vote), form, to=desk(vote, "/brieven"), selector='form[action$="/brieven"]')
    batch = session.scalars(sa.select(CodeBatch).order_by(CodeBatch.id.desc())).first()
    token = {"csrf_token": _token(client, vote)}
    session.commit()
    # As far as the first bytes, and then the line goes dead.
    fetch = desk(vote, f"/brieven/{batch.id}/ophalen")
    broken = contextvars.Context().run(client.browser.post, fetch, data=token)
    broken.close()
    assert broken.status_code == 200
    assert letters_file(vote.settings, batch.id).exists()
    begun = [entry for entry in history_of("code_batch", batch.id) if entry.action == "voting.begin_fetching_letters"]
    assert [entry.actor_id for entry in begun] == [member(session, vote).id]


@pytest.mark.parametrize("size", ["", "0", "-5", "50001", "veel", "1e9"])
def test_a_number_of_letters_that_cannot_be_is_told(client: PageClient, session, vote: Vote, size: str) -> None:
    client.sign_in(member(session, vote))
    page = client.submit(
        desk(vote),
        {"electorate": "residents", "size": size},
        to=desk(vote, "/brieven"),
        selector='form[action$="/brieven"]',
        status=422,
    )
    assert page.soup.select_one("#size[aria-invalid]")


@pytest.mark.parametrize(
    ("typed", "status"), [("{round:04d}-00002", 302), ("2", 302), ("99", 422), ("twee", 422), ("", 422)]
)
def test_a_lost_letter_is_made_worthless_by_its_serial(
    client: PageClient, session, vote: Vote, typed: str, status: int
) -> None:
    client.sign_in(member(session, vote))
    client.submit(
        desk(vote),
        {"serial": typed.format(round=vote.voting_round.id)},
        to=desk(vote, "/codes/intrekken"),
        selector='form[action$="/intrekken"]',
        status=status,
    )
    voided = next(iter(queries.code_counts(vote.voting_round).values())).voided
    assert voided == (1 if status == 302 else 0)


def test_the_serial_of_another_round_is_refused(client: PageClient, session, vote: Vote) -> None:
    client.sign_in(member(session, vote))
    page = client.submit(
        desk(vote),
        {"serial": f"{vote.voting_round.id + 1:04d}-00002"},
        to=desk(vote, "/codes/intrekken"),
        selector='form[action$="/intrekken"]',
        status=422,
    )
    assert "bestaat niet" in page.words


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
    assert len(session.scalars(sa.select(Ballot.id)).all()) == 3
    with count_queries() as more:
        client.get(desk(ended))
    assert len(more) == len(few)
