"""Meldingen over de stemming: taken in, answered once, and their addresses forgotten."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.errors import Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.people.actors import SYSTEM, actor_of
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.remarks import operations, queries
from wijkagenda.voting.remarks.models import RemarkSubject, VotingReport

ANSWER = "Wij hebben uw brief opnieuw gestuurd."


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], NOW)


def melding(vote: Vote, *, now=NOW, **changes) -> VotingReport:
    given = {
        "submission_key": str(uuid.uuid4()),
        "subject": RemarkSubject.NO_LETTER,
        "text": "Mijn buurvrouw kreeg wel een brief en ik niet.",
        "email": None,
        "language": "nl",
    } | changes
    return operations.make_remark(now=now, voting_round=vote.voting_round, **given)


def test_a_melding_sent_twice_is_one(session, vote: Vote) -> None:
    key = str(uuid.uuid4())
    assert melding(vote, submission_key=key).id == melding(vote, submission_key=key, text="Nog een keer hetzelfde.").id
    assert session.query(VotingReport).count() == 1


def test_meldingen_come_in_before_during_and_after_the_vote_until_the_term_is_over(session, vote: Vote) -> None:
    before, last_day = vote.voting_round.opens_at - timedelta(days=1), vote.voting_round.complaints_until
    melding(vote, now=before)
    vote.finish()
    melding(vote, now=vote.after_closing)
    still = vote.after_closing.replace(year=last_day.year, month=last_day.month, day=last_day.day, hour=12)
    melding(vote, now=still)
    with pytest.raises(Conflict):
        melding(vote, now=still + timedelta(days=1))


def test_a_vote_in_preparation_and_a_rehearsal_take_none(session, app: Flask) -> None:
    draft = make_vote(session, app.config["SETTINGS"], NOW, opened=False)
    with pytest.raises(NotFound):
        melding(draft)
    exercise = make_vote(session, app.config["SETTINGS"], NOW, name="Havenkwartier", column=1, rehearsal=True)
    with pytest.raises(NotFound):
        melding(exercise)


@pytest.mark.parametrize("text", ["", "   ", "kort", "x" * 2001])
def test_a_melding_needs_some_words_and_not_too_many(vote: Vote, text: str) -> None:
    with pytest.raises(Invalid):
        melding(vote, text=text)


def test_the_answer_goes_by_mail_to_who_left_an_address_in_their_language(session, vote: Vote) -> None:
    remark = melding(vote, email="an@post.example", language="en")
    operations.answer_remark(actor=vote.first, now=NOW, remark=remark, answer=ANSWER)
    mail = session.query(OutboxMessage).filter_by(kind="remark_answered").one()
    assert (mail.recipient, mail.language) == ("an@post.example", "en")
    assert remark.reference in mail.subject
    assert ANSWER in mail.body
    assert "/en/wijken/" in mail.body
    with pytest.raises(Conflict):
        operations.answer_remark(actor=vote.second, now=NOW, remark=remark, answer="Een ander antwoord.")
    assert remark.answer == ANSWER


def test_without_an_address_no_mail_goes(session, vote: Vote) -> None:
    operations.answer_remark(actor=vote.first, now=NOW, remark=melding(vote), answer=ANSWER)
    assert session.query(OutboxMessage).filter_by(kind="remark_answered").count() == 0


def test_whose_plan_it_is_answers_no_melding_also_as_an_officer(session, vote: Vote) -> None:
    remark = melding(vote)
    member = session.get_one(StaffMember, vote.first.staff_id)
    grant_role(actor=SYSTEM, now=NOW, member=member, role=Role.AREA_TEAM, area_id=vote.neighbourhood.area_id)
    with pytest.raises(NotAllowed):
        operations.answer_remark(actor=actor_of(member), now=NOW, remark=remark, answer=ANSWER)


def test_addresses_go_when_the_complaint_term_is_over(session, vote: Vote) -> None:
    remark = melding(vote, email="an@post.example")
    last_day = vote.voting_round.complaints_until
    operations.forget_addresses(today=last_day)
    assert remark.email == "an@post.example"
    operations.forget_addresses(today=last_day + timedelta(days=1))
    session.refresh(remark)
    assert remark.email is None
    assert remark.text


def test_also_of_a_vote_without_a_complaint_term(session, vote: Vote) -> None:
    remark = melding(vote, email="an@post.example")
    vote.voting_round.complaints_until = None
    session.flush()
    last_day = vote.voting_round.remarks_until
    operations.forget_addresses(today=last_day)
    assert session.scalar(sa.select(VotingReport.email)) == "an@post.example"
    operations.forget_addresses(today=last_day + timedelta(days=1))
    session.refresh(remark)
    assert remark.email is None


def test_the_list_begins_with_what_waits(vote: Vote) -> None:
    first, second = melding(vote), melding(vote, now=NOW + timedelta(hours=1))
    operations.answer_remark(actor=vote.first, now=NOW, remark=first, answer=ANSWER)
    assert [remark.id for remark in queries.remarks_of(vote.voting_round.id)] == [second.id, first.id]
    assert [remark.id for remark in queries.waiting_remarks([vote.neighbourhood.id])] == [second.id]
    assert queries.is_reference(vote.voting_round.id, first.reference)
    assert not queries.is_reference(vote.voting_round.id, "M-0000-0000")
