"""The count sheet: closed, it agrees to the last ballot for officers; with the result everybody sees it, small numbers apart."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.paper import make_pile
from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from tests.query_count import count_queries
from wijkagenda.db import db
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.voting.count_sheet.queries import CodeLine, sheet_of, tells_channels
from wijkagenda.voting.letters.serials import return_letters
from wijkagenda.voting.models import Channel, Electorate
from wijkagenda.voting.remarks.models import RemarkSubject
from wijkagenda.voting.remarks.operations import answer_remark, make_remark

ANSWER = "Wij hebben het nagekeken en het klopte."


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    """Ended yesterday: 12 on line, 2 on a kiosk, 10 on paper (one blank), one of them tried again on paper."""
    moment = datetime.now(UTC) - timedelta(days=1)
    vote = make_vote(
        session,
        app.config["SETTINGS"],
        moment,
        codes=20,
        business_codes=2,
        opens_at=moment - timedelta(days=9),
        closes_at=moment + timedelta(minutes=1),
    )
    for code in vote.codes[:12]:
        vote.cast(code, vote.options[0], now=moment)
    for code in vote.codes[12:14]:
        vote.cast(code, vote.options[1], now=moment, channel=Channel.KIOSK)
    pile = make_pile(session, vote, moment)
    pile.stub(vote.codes[0])
    pile.take(*[[vote.options[2]]] * 9, [])
    pile.fill()
    pile.enter_all(vote.first)
    pile.enter_all(vote.second)
    pile.into_the_box()
    remark = make_remark(
        now=moment,
        voting_round=vote.voting_round,
        submission_key=str(uuid.uuid4()),
        subject=RemarkSubject.SECRECY,
        text="Iemand keek over mijn schouder: <b>de heer Jansen</b>.",
        email=None,
        language="nl",
    )
    answer_remark(actor=vote.first, now=moment, remark=remark, answer=ANSWER)
    return vote


def desk(vote: Vote) -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}/telblad"


def public(vote: Vote) -> str:
    return f"/wijken/molenwijk/stemming/{vote.voting_round.id}/telblad"


def member(session, vote: Vote) -> StaffMember:
    return session.get_one(StaffMember, vote.first.staff_id)


def test_nobody_sees_a_sheet_while_people_vote(session, client: PageClient, vote: Vote) -> None:
    client.get(public(vote), status=404)
    client.sign_in(member(session, vote)).get(desk(vote), status=404)


def test_after_closing_everything_agrees(session, vote: Vote) -> None:
    vote.close()
    sheet = sheet_of(vote.voting_round)
    assert (sheet.total.made, sheet.total.all_used, sheet.in_box) == (32, 24, 24)
    assert sheet.total.used == {Channel.ONLINE: 12, Channel.KIOSK: 2, Channel.PAPER: 10}
    assert (sheet.receipts, sheet.on_screen, sheet.on_paper, sheet.used_before) == (14, 14, 10, 1)
    assert sheet.ballots_agree
    assert sheet.receipts_agree
    assert sheet.paper_agrees
    assert [line.electorate for line in sheet.electorates] == list(Electorate)
    assert (sheet.electorates[1].made, sheet.electorates[1].all_used) == (2, 0)


def test_officers_see_every_number_and_who_did_what(session, client: PageClient, vote: Vote) -> None:
    vote.close()
    client.sign_in(member(session, vote))
    page = client.get(desk(vote))
    assert "klopt niet" not in page.words
    assert page.words.count("klopt") >= 3
    assert "minder dan" not in page.words
    assert "Stembus gesloten" in page.words
    assert "Eerste Lid Molenwijk" in page.words
    client.get(public(vote), status=404)


def test_officers_see_how_many_letters_came_back_with_which_somebody_voted(
    session, client: PageClient, vote: Vote
) -> None:
    """Somebody voted with a code that was not theirs. Serial 1 and 2 have voted, 21 and 22 (businesses) have not."""
    return_letters(actor=vote.first, now=vote.opened_at, voting_round=vote.voting_round, serials=[1, 2, 22])
    vote.close()
    total = sheet_of(vote.voting_round).total
    assert (total.returned, total.returned_used, total.withdrawn) == (3, 2, 1)
    client.sign_in(member(session, vote))
    assert "Met 2 brieven die terugkwamen, is toch gestemd." in client.get(desk(vote)).words
    assert "2 letters came back and yet somebody voted with them." in client.get("/en" + desk(vote)).words
    vote.count()
    vote.publish()
    assert "die terugkwamen" not in client.get(public(vote)).words


def test_that_no_returned_letter_has_voted_stands_there_too(session, client: PageClient, vote: Vote) -> None:
    return_letters(actor=vote.first, now=vote.opened_at, voting_round=vote.voting_round, serials=[21])
    vote.close()
    assert (
        "Met brieven die terugkwamen, is niet gestemd." in client.sign_in(member(session, vote)).get(desk(vote)).words
    )


def test_with_the_result_everybody_sees_it_without_small_numbers(client: PageClient, vote: Vote) -> None:
    vote.finish()
    page = client.get(public(vote))
    cells = [row.get_text("|", strip=True) for row in page.soup.select("tbody tr")]
    residents = next(row for row in cells if row.startswith("Bewoners"))
    # Two people used a kiosk: nobody learns that by taking the others away.
    assert residents.split("|")[-4:] == ["–", "–", "–", "24"]
    assert "Uitslag bekendgemaakt" in page.words
    assert "Ongeldig of leeg: minder dan 10." in page.words
    assert vote.voting_round.regulation_hash in page.words


def test_of_a_melding_subject_number_and_answer_are_public_and_what_was_written_is_not(
    client: PageClient, vote: Vote
) -> None:
    vote.finish()
    page = client.get(public(vote))
    assert "Iemand keek mee of zette mij onder druk" in page.words
    assert ANSWER in page.words
    assert "Jansen" not in page.text
    assert "Jansen" not in client.get("/en" + public(vote)).text


def test_a_rehearsal_has_no_public_sheet(session, client: PageClient, app: Flask) -> None:
    exercise = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), rehearsal=True, codes=1)
    exercise.finish()
    client.get(public(exercise), status=404)
    client.sign_in(member(session, exercise)).get(desk(exercise), status=200)


def test_officers_of_elsewhere_do_not_see_it(client: PageClient, vote: Vote, staff) -> None:
    vote.close()
    elsewhere = make_neighbourhood(db.session(), "Havenkwartier", column=1)
    client.sign_in(staff(Role.VOTING_OFFICER, area_id=elsewhere.area_id)).get(desk(vote), status=403)
    client.sign_out().sign_in(staff(Role.AREA_TEAM, area_id=vote.neighbourhood.area_id)).get(desk(vote), status=403)


def test_the_sheet_asks_as_often_for_many_piles_as_for_one(session, vote: Vote) -> None:
    vote.close()
    session.expire_all()
    with count_queries() as few:
        sheet_of(vote.voting_round)
    for number in range(3):
        make_pile(session, vote, vote.after_closing, third=f"Lid {number}")
    session.expire_all()
    with count_queries() as many:
        sheet_of(vote.voting_round)
    assert len(many) == len(few)


def test_a_few_businesses_cannot_be_found_by_taking_residents_away(session, app: Flask, client: PageClient) -> None:
    moment = datetime.now(UTC) - timedelta(days=1)
    vote = make_vote(
        session, app.config["SETTINGS"], moment, codes=12, business_codes=3, closes_at=moment + timedelta(minutes=1)
    )
    for code in (*vote.codes, *vote.business_codes):
        vote.cast(code, vote.options[0], now=moment)
    vote.finish()
    page = client.get(public(vote))
    rows = [row.get_text("|", strip=True).split("|") for row in page.soup.select("tbody tr")]
    assert not [row for row in rows if row[0].startswith(("Bewoners", "Winkels"))]
    assert ["Samen", "15"] in [[row[0], row[-1]] for row in rows]
    assert "Samen|" not in client.sign_in(member(session, vote)).get(desk(vote)).soup.get_text("|", strip=True)


def test_where_one_electorate_hides_its_ways_the_other_does_too() -> None:
    """What is on paper in all is told beside it: with one of the two it would tell the other."""
    many = line_of(Electorate.RESIDENTS, {Channel.ONLINE: 40, Channel.KIOSK: 0, Channel.PAPER: 20})
    few = line_of(Electorate.BUSINESSES, {Channel.ONLINE: 14, Channel.KIOSK: 0, Channel.PAPER: 2})
    assert tells_channels(many, among=[many])
    assert not tells_channels(many, among=[many, few])


def line_of(electorate: Electorate, used: dict[Channel, int]) -> CodeLine:
    return CodeLine(electorate, None, made=100, withdrawn=0, replaced=0, returned=0, returned_used=0, used=used)
