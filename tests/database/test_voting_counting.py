"""Closing, counting and publishing, and what may be known when; on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import Vote, make_officer, make_priorities, make_vote
from wijkagenda.agenda.queries import published_tally, rounds_with_public_results
from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db
from wijkagenda.errors import Conflict, DomainError
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting import queries
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.codes import new_receipt
from wijkagenda.voting.models import CodeState, Electorate, VotingCode, VotingState
from wijkagenda.voting.operations import (
    close_round,
)
from wijkagenda.voting.result import queries as results
from wijkagenda.voting.rules.operations import prepare_round


@pytest.fixture
def settings(app: Flask):
    return app.config["SETTINGS"]


@pytest.fixture
def vote(session, settings) -> Vote:
    return make_vote(session, settings, NOW, codes=4)


def number_of(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_vote_closes_only_when_nobody_can_still_be_sending(vote: Vote) -> None:
    with pytest.raises(Conflict, match="10 minuten"):
        close_round(actor=vote.first, now=vote.after_closing - timedelta(seconds=1), voting_round=vote.voting_round)
    vote.close()
    assert vote.voting_round.state is VotingState.CLOSED
    with pytest.raises(Conflict, match="gesloten"):
        vote.cast(vote.codes[0], vote.options[0], now=NOW)


def test_the_steps_of_a_vote_follow_each_other(vote: Vote) -> None:
    with pytest.raises(Conflict):
        vote.count()
    with pytest.raises(Conflict):
        vote.publish()
    vote.close()
    with pytest.raises(Conflict):
        vote.publish()
    with pytest.raises(Conflict):
        vote.close()
    vote.count()
    with pytest.raises(Conflict):
        vote.count()
    vote.publish()
    with pytest.raises(Conflict):
        vote.publish()


def test_closing_keeps_every_ballot_and_receipt_under_fresh_keys(session, vote: Vote) -> None:
    for code, option in zip(vote.codes, vote.options, strict=True):
        vote.cast(code, option, now=NOW)
    before, keys = vote.look_inside(), set(session.scalars(sa.select(SealedBallot.id)))
    receipts = set(session.scalars(sa.select(Receipt.receipt_hash)))
    session.expunge_all()
    vote.voting_round = queries.voting_round_by_id(vote.voting_round.id)
    vote.close()
    assert sorted(vote.look_inside()) == sorted(before)
    assert not keys & set(session.scalars(sa.select(SealedBallot.id)))
    assert receipts == set(session.scalars(sa.select(Receipt.receipt_hash)))


def test_counting_puts_every_ballot_back_readable_and_leaves_no_sealed_one(session, vote: Vote) -> None:
    for code, option in zip(vote.codes, vote.options, strict=True):
        vote.cast(code, option, vote.options[0], now=NOW)
    sealed, keys = vote.look_inside(), set(session.scalars(sa.select(SealedBallot.id)))
    vote.close()
    assert number_of(Ballot) == 0
    vote.count()
    assert sorted(session.scalars(sa.select(Ballot.choices))) == sorted(sealed)
    assert not keys & set(session.scalars(sa.select(Ballot.id)))
    assert number_of(SealedBallot) == 0


def test_the_count_is_the_votes_of_residents_in_order(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=11, business_codes=12)
    a, b, c, d = vote.options
    for code, choices in zip(vote.codes, [(a, b), (a, b), (a,), (c, d), (b, c)] * 2, strict=False):
        vote.cast(code, *choices, now=NOW)
    for code in vote.business_codes[:10]:
        vote.cast(code, d, now=NOW)
    vote.finish()
    result = results.published_result(vote.voting_round.id)
    assert result is not None
    assert [(line.option_id, line.votes, line.business_votes, line.tied) for line in result.tally.lines] == [
        (a, 6, 0, True),
        (b, 6, 0, True),
        (c, 4, 0, False),
        (d, 2, 10, False),
    ]
    tally = result.tally
    assert (tally.codes_issued, tally.codes_used, tally.ballots) == (23, 20, 20)
    assert (result.deciding_ballots, result.resident_codes) == (10, 11)
    assert (result.counted_by, result.published_by) == ("Eerste Lid Molenwijk", "Tweede Lid Molenwijk")


def test_ballots_of_nine_businesses_are_counted_with_the_residents_and_cannot_be_told_apart(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=12, business_codes=9)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=NOW)
    for code in vote.business_codes:
        vote.cast(code, vote.options[3], now=NOW)
    vote.finish()
    result = results.published_result(vote.voting_round.id)
    assert result is not None
    assert result.tally.merged
    assert not result.shows_businesses
    assert {line.business_votes for line in result.lines} == {None}
    assert sorted(line.votes for line in result.tally.lines) == [0, 0, 9, 12]
    assert set(session.scalars(sa.select(Ballot.electorate))) == {Electorate.RESIDENTS}


def test_a_box_that_does_not_agree_is_not_counted(session, vote: Vote) -> None:
    for code in vote.codes[:2]:
        vote.cast(code, vote.options[0], now=NOW)
    vote.close()
    lost = session.scalars(sa.select(SealedBallot.id)).first()
    session.execute(sa.delete(SealedBallot).where(SealedBallot.id == lost))
    with pytest.raises(Conflict, match="klopt niet"):
        vote.count()
    assert vote.voting_round.state is VotingState.CLOSED


def test_nothing_is_answered_before_its_time(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[0], now=NOW)
    agenda_round = vote.voting_round.round_id

    def answers() -> tuple[object, ...]:
        return (
            results.published_result(vote.voting_round.id),
            published_tally(agenda_round),
            rounds_with_public_results(),
        )

    counts = queries.code_counts(vote.voting_round)[Electorate.RESIDENTS]
    assert (counts.issued, counts.used) == (4, None)
    with pytest.raises(DomainError):
        results.receipts_of(vote.voting_round)
    with pytest.raises(DomainError):
        results.has_receipt(vote.voting_round, receipt)
    assert answers() == (None, None, set())
    vote.close()
    assert len(results.receipts_of(vote.voting_round)) == 1
    assert results.has_receipt(vote.voting_round, receipt)
    assert not results.has_receipt(vote.voting_round, new_receipt())
    assert answers() == (None, None, set())
    vote.count()
    assert answers() == (None, None, set())
    vote.publish()
    result, tally, public = answers()
    assert result is not None
    assert result.tally is tally is vote.voting_round.tally
    assert [(line.rank, line.votes) for line in result.lines] == [(1, None), (2, None), (3, None), (4, None)]
    assert public == {agenda_round}


def test_open_rounds_are_those_in_which_one_can_vote_now(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=1)
    later = make_vote(session, settings, NOW, name="Dijkzicht", column=3, opens_at=NOW + timedelta(days=1))
    make_vote(session, settings, NOW, name="Sluisbuurt", column=5, opened=False)
    assert queries.open_rounds(NOW) == [vote.voting_round]
    assert queries.open_rounds(NOW + timedelta(days=2)) == [vote.voting_round, later.voting_round]
    assert queries.open_rounds(vote.voting_round.closes_at) == []


def test_every_act_is_in_the_audit_trail_and_no_vote_is(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=2)
    before = number_of(AuditEntry)
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    assert number_of(AuditEntry) == before
    vote.finish()
    acts = session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action.like("voting.%")).order_by(AuditEntry.id)
    ).all()
    assert acts == [
        "voting.prepare_round",
        "voting.join_keys",
        "voting.join_keys",
        "voting.make_round_key",
        "voting.prove_key",
        "voting.prove_key",
        "voting.prove_recovery",
        "voting.open_round",
        "voting.ask_letters",
        "voting.close_round",
        "voting.count_round",
        "voting.publish_result",
    ]


def test_an_agenda_round_with_public_points_waits_for_a_vote(session, settings) -> None:
    neighbourhood = make_neighbourhood(session, "Rietvoorn", column=7)
    agenda_round = make_round(session, neighbourhood, PhaseKind.BUNDLING)
    assert agenda_round not in queries.rounds_without_vote()
    make_priorities(session, agenda_round, NOW)
    assert agenda_round in queries.rounds_without_vote()
    officer = make_officer(session, neighbourhood.area_id, NOW)
    prepare_round(
        actor=officer,
        now=NOW,
        agenda_round=agenda_round,
        title="stemming",
        opens_at=NOW,
        closes_at=NOW + timedelta(days=1),
        result_on=(NOW + timedelta(days=2)).date(),
    )
    assert agenda_round not in queries.rounds_without_vote()


def test_a_code_in_any_state_but_issued_is_refused_by_the_books(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    states = session.scalars(sa.select(VotingCode.state).order_by(VotingCode.serial)).all()
    assert states == [CodeState.USED, CodeState.ISSUED, CodeState.ISSUED, CodeState.ISSUED]
