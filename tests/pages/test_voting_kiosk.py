"""A computer of the municipality on which visitors vote: no way out, nothing left behind, and counted as such."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.codes import new_code
from wijkagenda.voting.kiosk.cookie import NAME
from wijkagenda.voting.models import Channel, CodeState, VotingCode

SET_UP = "/werkplek/stemmingen/kiosk"


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=3)


@pytest.fixture
def officer(session, vote: Vote) -> StaffMember:
    return session.get_one(StaffMember, vote.first.staff_id)


@pytest.fixture
def kiosk(client: PageClient, vote: Vote, officer: StaffMember) -> PageClient:
    client.sign_in(officer)
    client.submit(SET_UP)
    return client


def cast(client: PageClient, code: str, option: int) -> Page:
    ballot = client.submit("/stem", {"code": code}, status=200)
    check = client.post("/stem/nakijken", ballot.form_data(selector="#stap") | {"choices": [option]}, status=200)
    return client.follow(client.post("/stem/versturen", check.form_data(selector="#stap")))


def test_a_vote_on_a_kiosk_is_counted_as_such_and_elsewhere_not(
    session, app: Flask, kiosk: PageClient, vote: Vote
) -> None:
    cast(kiosk, vote.codes[0], vote.options[0])
    cast(PageClient(app), vote.codes[1], vote.options[0])
    used = session.query(VotingCode).filter_by(state=CodeState.USED).order_by(VotingCode.serial)
    assert [code.channel for code in used] == [Channel.KIOSK, Channel.ONLINE]


def test_setting_up_leaves_no_receipt_of_who_voted_here_before(
    client: PageClient, vote: Vote, officer: StaffMember
) -> None:
    assert cast(client, vote.codes[0], vote.options[0]).h1 == "Uw stem is binnen"
    client.sign_in(officer)
    client.get("/stem/bewijs", status=200)
    client.submit(SET_UP)
    assert client.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_setting_up_signs_the_officer_out_and_is_noted(session, kiosk: PageClient) -> None:
    assert kiosk.get("/werkplek", status=302).location.startswith("/werkplek/aanmelden")
    assert session.query(AuditEntry).filter_by(action="voting.set_up_kiosk").count() == 1


@pytest.mark.parametrize(
    "path", ["/", "/wijken", "/wijken/molenwijk", "/stem/hulp", "/privacy", "/nergens", "/en/wijken"]
)
def test_every_other_page_leads_back_to_the_code(kiosk: PageClient, path: str) -> None:
    assert kiosk.get(path, status=302).location.endswith("/stem")


def test_the_pages_have_no_way_out_and_begin_again_by_themselves(kiosk: PageClient, vote: Vote) -> None:
    pages = [kiosk.get("/stem"), kiosk.submit("/stem", {"code": vote.codes[0]}, status=200)]
    pages.append(kiosk.submit("/stem", {"code": new_code()}, status=422))
    pages.append(cast(kiosk, vote.codes[0], vote.options[0]))
    pages.append(kiosk.submit("/stem", {"code": vote.codes[0]}, status=409))
    for page in pages:
        links = {link["href"] for link in page.soup.select("a[href]")}
        assert {link for link in links if not link.startswith(("#", "/stem", "/en/stem", "tel:"))} <= {""}, page.h1
        assert page.response.headers["Refresh"] == "300; url=/stem/opnieuw"
        assert "Opnieuw beginnen" in page.words
        assert "begint om" in page.words


def test_beginning_again_leaves_nothing_of_the_last_voter(kiosk: PageClient, vote: Vote) -> None:
    receipt = cast(kiosk, vote.codes[0], vote.options[0])
    assert receipt.h1 == "Uw stem is binnen"
    assert kiosk.get("/stem/opnieuw", status=302).location.endswith("/stem")
    assert kiosk.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_more_time_gives_everything_back_as_it_stood(kiosk: PageClient, vote: Vote) -> None:
    first = kiosk.get("/stem")
    assert first.soup.select_one("button[form=stap]")["formaction"] == "/stem/meer-tijd"
    again = kiosk.post("/stem/meer-tijd", first.form_data(selector="#stap") | {"code": "K7QM"}, status=200)
    assert again.form_data(selector="#stap")["code"] == "K7QM"
    ballot = kiosk.submit("/stem", {"code": vote.codes[0]}, status=200)
    more = str(ballot.soup.select_one("button[form=stap]")["formaction"])
    typed = ballot.form_data(selector="#stap") | {"choices": [vote.options[1]]}
    assert kiosk.post(more, typed, status=200).form_data(selector="#stap")["choices"] == [str(vote.options[1])]
    check = kiosk.post("/stem/nakijken", typed, status=200)
    more = str(check.soup.select_one("button[form=stap]")["formaction"])
    longer = kiosk.post(more, check.form_data(selector="#stap"), status=200)
    kiosk.post("/stem/versturen", longer.form_data(selector="#stap"), status=302)


def test_an_officer_turns_it_off_again(kiosk: PageClient, officer: StaffMember) -> None:
    kiosk.sign_in(officer)
    page = kiosk.get(SET_UP)
    assert "Deze computer is nu een stemcomputer" in page.words
    kiosk.post(f"{SET_UP}/uit", page.form_data(), status=302)
    kiosk.sign_out()
    assert kiosk.get("/wijken").status == 200


def test_it_ends_with_the_vote(session, kiosk: PageClient, vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    later = vote.voting_round.closes_at + timedelta(hours=1)
    monkeypatch.setattr("wijkagenda.voting.kiosk.cookie.now", lambda: later)
    assert kiosk.get("/wijken").status == 200


def test_a_cookie_that_we_did_not_sign_is_no_kiosk(session, client: PageClient, vote: Vote) -> None:
    client.browser.set_cookie(NAME, "W1sxXSwyMDAwMDAwMDAwXQ.onzin")
    assert client.get("/wijken").status == 200
    cast_page = client.submit("/stem", {"code": vote.codes[0]}, status=200)
    assert "Refresh" not in cast_page.response.headers


def test_whose_plan_it_is_sets_up_no_kiosk(session, client: PageClient, vote: Vote, officer: StaffMember) -> None:
    grant_role(
        actor=SYSTEM,
        now=vote.opened_at,
        member=officer,
        role=Role.AREA_TEAM,
        area_id=vote.neighbourhood.area_id,
    )
    client.sign_in(officer)
    assert "nu geen stemming open" in client.get(SET_UP).words
    refused = client.post(SET_UP, {"csrf_token": _key(client), "voting_round_ids": [vote.voting_round.id]}, status=422)
    assert NAME not in refused.response.headers.get("Set-Cookie", "")


def _key(client: PageClient) -> str:
    return str(client.get("/stem").form_data()["csrf_token"])


def test_without_a_vote_chosen_there_is_no_kiosk(client: PageClient, vote: Vote, officer: StaffMember) -> None:
    client.sign_in(officer)
    page = client.get(SET_UP)
    data = page.form_data() | {"voting_round_ids": []}
    assert "Kies voor welke stemming" in client.post(SET_UP, data, status=422).words


def test_beginning_again_elsewhere_signs_nobody_out(client: PageClient, vote: Vote, officer: StaffMember) -> None:
    client.sign_in(officer)
    client.get("/stem/opnieuw", status=302)
    assert client.get(SET_UP).status == 200
