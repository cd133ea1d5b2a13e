"""A melding over de stemming, from the form of a visitor to the answer on the desk."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.voting.remarks.models import VotingReport

TYPED = {"subject": "code", "text": "Mijn code <b>werkt</b> niet.\nOok niet na drie keer.", "email": "an@post.example"}


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC))


def form(vote: Vote) -> str:
    return f"/wijken/molenwijk/stemming/{vote.voting_round.id}/melding"


def desk(vote: Vote, more: str = "") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}/meldingen{more}"


def test_who_sends_a_melding_gets_a_number_and_nothing_of_it_in_an_address(
    session, client: PageClient, vote: Vote
) -> None:
    sent = client.submit(form(vote), TYPED)
    remark = session.query(VotingReport).one()
    page = client.follow(sent)
    assert remark.reference in page.words
    assert "an@post" not in sent.location
    assert (remark.text, remark.email, remark.language) == (TYPED["text"], TYPED["email"], "nl")
    client.get(f"{form(vote)}/ontvangen?nummer=M-0000-0000", status=404)


def test_the_same_form_twice_is_one_melding(session, client: PageClient, vote: Vote) -> None:
    data = client.get(form(vote)).form_data() | TYPED
    client.post(form(vote), data, status=302)
    client.post(form(vote), data, status=302)
    assert session.query(VotingReport).count() == 1


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"subject": ""}, "Kies waar uw melding over gaat."),
        ({"subject": "onzin"}, "Kies"),
        ({"text": "kort"}, "in minstens 10 letters"),
        ({"text": "x" * 2100}, "100 letters te lang"),
        ({"email": "geen adres"}, "mailadres klopt niet"),
        ({"email": "a" * 250 + "@post.example"}, "mailadres is te lang"),
    ],
)
def test_what_is_wrong_comes_back_as_typed(
    session, client: PageClient, vote: Vote, changed: dict[str, str], words: str
) -> None:
    page = client.submit(form(vote), TYPED | changed, status=422)
    assert words in page.words or page.errors
    data = page.form_data()
    for name in ("text", "email"):
        assert data[name] == (TYPED | changed)[name]
    assert session.query(VotingReport).count() == 0


def test_somebody_who_sends_many_is_slowed_down(client: PageClient, vote: Vote, limits: None) -> None:
    for _again in range(10):
        client.submit(form(vote), TYPED)
    client.submit(form(vote), TYPED, status=429)


def test_an_officer_reads_it_as_text_finds_it_in_the_work_list_and_answers(
    session, client: PageClient, vote: Vote
) -> None:
    client.submit("/en" + form(vote), TYPED)
    remark = session.query(VotingReport).one()
    client.sign_in(session.get_one(StaffMember, vote.first.staff_id))
    work = client.get("/werkplek")
    link = work.soup.find("a", href=desk(vote, f"/{remark.id}"))
    assert link is not None
    assert "Melding beantwoorden" in work.words
    page = client.get(desk(vote, f"/{remark.id}"))
    assert "<b>werkt</b>" in page.words
    assert "an@post.example" not in page.text
    wrong = client.submit(desk(vote, f"/{remark.id}"), {"answer": "ja"}, status=422)
    assert wrong.form_data()["answer"] == "ja"
    client.submit(desk(vote, f"/{remark.id}"), {"answer": "Wij hebben u een nieuwe brief gestuurd."})
    assert "Beantwoord" in client.get(desk(vote)).words
    assert "Melding beantwoorden" not in client.get("/werkplek").words


def test_only_the_voting_office_of_this_neighbourhood_reads_it(session, client: PageClient, vote: Vote, staff) -> None:
    client.submit(form(vote), TYPED)
    remark = session.query(VotingReport).one()
    elsewhere = make_neighbourhood(session, "Havenkwartier", column=1)
    for member in (
        staff(Role.VOTING_OFFICER, area_id=elsewhere.area_id),
        staff(Role.CITY_DISTRICT_MANAGER, area_id=vote.neighbourhood.area_id),
    ):
        client.sign_out().sign_in(member)
        for path in ("", f"/{remark.id}"):
            client.get(desk(vote, path), status=403)


def test_a_melding_of_another_vote_is_not_found(session, client: PageClient, app: Flask, vote: Vote) -> None:
    other = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Havenkwartier", column=1)
    client.submit(form(vote), TYPED)
    remark = session.query(VotingReport).one()
    client.sign_in(session.get_one(StaffMember, other.first.staff_id))
    client.get(desk(other, f"/{remark.id}"), status=404)
    client.get(f"/wijken/havenkwartier/stemming/{vote.voting_round.id}/melding", status=404)
