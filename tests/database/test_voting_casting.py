"""Codes and ballots: one code, one ballot, one receipt, in time; on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.db import db
from wijkagenda.errors import Conflict, Invalid
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import new_code, new_receipt
from wijkagenda.voting.letters.operations import ask_letters
from wijkagenda.voting.letters.serials import void_code
from wijkagenda.voting.models import GRACE, Electorate, VotingCode


@pytest.fixture
def settings(app: Flask):
    return app.config["SETTINGS"]


@pytest.fixture
def vote(session, settings) -> Vote:
    return make_vote(session, settings, NOW, codes=4)


def number_of(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_only_the_hmac_of_a_code_is_stored(session, vote: Vote) -> None:
    for table in VotingCode.metadata.sorted_tables:
        if any(isinstance(column.type, sa.types.UserDefinedType) for column in table.columns):
            continue
        everything = repr(session.execute(sa.select(table)).all())
        assert not any(code in everything for code in vote.codes), table.name


def test_serials_go_on_over_batches(session, vote: Vote) -> None:
    vote.letters(3, Electorate.BUSINESSES)
    serials = session.scalars(sa.select(VotingCode.serial).order_by(VotingCode.serial)).all()
    assert serials == [1, 2, 3, 4, 5, 6, 7]


def test_a_voided_code_cannot_vote(session, vote: Vote) -> None:
    void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    with pytest.raises(Conflict, match="ingetrokken"):
        vote.cast(vote.codes[0], vote.options[0], now=NOW)
    assert number_of(SealedBallot) == 0


def test_a_used_code_cannot_be_voided(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict, match="gebruikte code"):
        void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    with pytest.raises(Invalid, match="bestaat niet"):
        void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=99)


def test_letters_need_a_number_that_can_be_printed(vote: Vote) -> None:
    for size in (0, -1, 50_001):
        with pytest.raises(Invalid):
            ask_letters(
                actor=vote.first, now=NOW, voting_round=vote.voting_round, electorate=Electorate.RESIDENTS, size=size
            )


def test_no_letters_before_opening_or_after_closing(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    wanted = {"actor": vote.first, "voting_round": vote.voting_round, "electorate": Electorate.RESIDENTS, "size": 5}
    with pytest.raises(Conflict):
        ask_letters(now=NOW, **wanted)
    vote.open()
    with pytest.raises(Conflict):
        ask_letters(now=vote.voting_round.closes_at, **wanted)


def test_a_ballot_goes_in_once_with_its_receipt(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[2], vote.options[0], now=NOW)
    assert vote.look_inside() == [sorted([vote.options[2], vote.options[0]])]
    assert number_of(Receipt) == 1
    assert receipt not in repr(session.scalars(sa.select(Receipt.receipt_hash)).all())


def test_sending_again_with_the_same_receipt_is_one_ballot_and_one_friendly_answer(vote: Vote) -> None:
    receipt = new_receipt()
    sent = {"keys": vote.keys, "code": vote.codes[0], "receipt": receipt, "now": NOW}
    cast_ballot(choices=[vote.options[0]], **sent)
    cast_ballot(choices=[vote.options[0]], **sent)
    # Also after closing: the answer is about what is in the box, not about time.
    late = sent | {"now": vote.after_closing + timedelta(days=9)}
    cast_ballot(choices=[vote.options[1]], **late)
    assert number_of(SealedBallot) == number_of(Receipt) == 1
    assert vote.look_inside() == [[vote.options[0]]]


def test_a_used_code_cannot_vote_again(vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict, match="al gestemd"):
        vote.cast(vote.codes[0], vote.options[1], now=NOW)
    assert number_of(SealedBallot) == 1


def test_somebody_elses_receipt_does_not_count_and_costs_no_code(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict, match="bewijs"), session.begin_nested():
        vote.cast(vote.codes[1], vote.options[1], now=NOW, receipt=receipt)
    assert number_of(SealedBallot) == 1
    vote.cast(vote.codes[1], vote.options[1], now=NOW)
    assert number_of(SealedBallot) == 2


def _bad_ballots(vote: Vote, foreign: int) -> list[tuple[object, str]]:
    first = vote.options[0]
    return [
        ([], "minstens 1"),
        (vote.options, "U koos 4 punten"),
        ([first, 999_999], "staat niet op dit stembiljet"),
        ([foreign], "staat niet op dit stembiljet"),
        ([-1], "staat niet op dit stembiljet"),
    ]


def test_choices_that_cannot_be_are_refused_and_cost_no_code(session, settings, vote: Vote) -> None:
    other = make_vote(session, settings, NOW, name="Dijkzicht", column=3)
    for choices, words in _bad_ballots(vote, other.options[0]):
        with pytest.raises(Invalid, match=words):
            vote.cast(vote.codes[0], *choices, now=NOW)
    assert number_of(SealedBallot) == number_of(Receipt) == 0
    vote.cast(vote.codes[0], vote.options[0], vote.options[0], now=NOW)
    assert number_of(SealedBallot) == 1


def test_an_unknown_code_and_the_code_of_another_key_are_nobodys(vote: Vote) -> None:
    with pytest.raises(Invalid, match="kennen wij niet"):
        vote.cast(new_code(), vote.options[0], now=NOW)
    with pytest.raises(Invalid, match="kennen wij niet"):
        cast_ballot(
            keys=lambda _round_id: b"another key",
            code=vote.codes[0],
            choices=[vote.options[0]],
            receipt=new_receipt(),
            now=NOW,
        )


def test_a_made_up_receipt_is_refused(vote: Vote) -> None:
    with pytest.raises(Invalid, match="bewijs"):
        vote.cast(vote.codes[0], vote.options[0], now=NOW, receipt="AAAAAAAAAAAB")
    assert number_of(SealedBallot) == 0


def test_the_clock_of_the_server_decides(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=6, opens_at=NOW, closes_at=NOW + timedelta(days=1))
    closing, a_second, keys = vote.voting_round.closes_at, timedelta(seconds=1), vote.keys

    def send(code: str, now, check_opened_at=None) -> None:
        cast_ballot(
            keys=keys,
            code=code,
            choices=[vote.options[0]],
            receipt=new_receipt(),
            now=now,
            check_opened_at=check_opened_at,
        )

    with pytest.raises(Conflict, match="nog niet begonnen"):
        send(vote.codes[0], NOW - a_second)
    send(vote.codes[0], NOW)
    send(vote.codes[1], closing - a_second)
    with pytest.raises(Conflict, match="gesloten"):
        send(vote.codes[2], closing)
    with pytest.raises(Conflict, match="gesloten"):
        send(vote.codes[2], closing + a_second, check_opened_at=closing)
    send(vote.codes[2], closing + GRACE - a_second, check_opened_at=closing - a_second)
    with pytest.raises(Conflict, match="gesloten"):
        send(vote.codes[3], closing + GRACE, check_opened_at=closing - a_second)
    assert number_of(SealedBallot) == 3
