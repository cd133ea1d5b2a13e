"""What somebody tries who wants to vote twice, to make a figure false, or to keep a vote from being counted."""

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.paper import Pile, make_pile
from tests.factories.voting import Vote, make_vote
from wijkagenda.db import db
from wijkagenda.errors import Conflict
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import new_receipt
from wijkagenda.voting.count_sheet import queries as sheets
from wijkagenda.voting.letters.operations import ask_ballots, make_codes, mark_expired
from wijkagenda.voting.letters.queries import letter_counts
from wijkagenda.voting.letters.serials import replace_code, withdraw_stubs
from wijkagenda.voting.models import BallotType, Channel, DecidingRule, Electorate
from wijkagenda.voting.operations import open_round
from wijkagenda.voting.paper import operations
from wijkagenda.voting.paper.operations import MOST_STUBS, Stub
from wijkagenda.voting.result.queries import published_result


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], NOW, codes=4)


@pytest.fixture
def pile(session, vote: Vote) -> Pile:
    return make_pile(session, vote, NOW)


def in_the_box() -> tuple[int, int]:
    """Sealed ballots, and receipts."""
    ballots, receipts = (
        db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (SealedBallot, Receipt)
    )
    return ballots, receipts


# --- voting twice ----------------------------------------------------------------------------------


def test_one_code_over_every_way_is_one_ballot(vote: Vote, pile: Pile) -> None:
    code = vote.codes[0]
    receipt = vote.cast(code, vote.options[0], now=NOW)
    for channel in (Channel.ONLINE, Channel.KIOSK):
        with pytest.raises(Conflict):
            vote.cast(code, vote.options[1], now=NOW, channel=channel)
    assert pile.stub(code) is Stub.USED_BEFORE
    # Her own page once more, with another choice: the same answer, and nothing changes in the box.
    sealed = db.session.scalar(sa.select(SealedBallot.content))
    vote.cast(code, vote.options[2], now=NOW, receipt=receipt)
    assert db.session.scalar(sa.select(SealedBallot.content)) == sealed
    assert in_the_box() == (1, 1)


def test_a_code_with_the_receipt_of_somebody_else_puts_nothing_in_the_box(vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict):
        vote.cast(vote.codes[1], vote.options[1], now=NOW, receipt=receipt)


def test_a_stub_of_paper_is_no_receipt_for_a_vote_on_a_screen(vote: Vote, pile: Pile) -> None:
    assert pile.stub(vote.codes[0]) is Stub.TAKEN
    with pytest.raises(Conflict):
        vote.cast(vote.codes[0], vote.options[0], now=NOW, receipt=new_receipt())
    assert in_the_box() == (0, 0)


def test_the_old_and_the_new_letter_are_one_vote(vote: Vote, pile: Pile) -> None:
    batch = replace_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    ((_serial, new),) = make_codes(batch=batch, number=1, key=vote.keys(vote.voting_round.id))
    mark_expired(batch=batch)
    refused = 0
    for code in vote.codes:
        if pile.stub(code) is Stub.VOIDED:
            refused += 1
            with pytest.raises(Conflict):
                vote.cast(code, vote.options[0], now=NOW)
    assert refused == 1
    assert pile.stub(new) is Stub.TAKEN
    assert pile.batch.stubs == 4


# --- figures that would be false -------------------------------------------------------------------


def test_a_stub_that_is_tried_again_and_again_is_one_stub_on_the_count_sheet(session, vote: Vote, pile: Pile) -> None:
    other = make_pile(session, vote, NOW, third="Vierde Lid")
    for code in vote.codes[:2]:
        vote.cast(code, vote.options[0], now=NOW)
    answers = [one.stub(vote.codes[0]) for one in (pile, pile, other, pile)] + [other.stub(vote.codes[1])]
    assert answers == [Stub.USED_BEFORE] * 5
    assert (pile.batch.used_before, other.batch.used_before) == (1, 1)


def test_who_got_a_new_letter_is_one_person_in_the_turnout(session, vote: Vote) -> None:
    batch = replace_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    make_codes(batch=batch, number=1, key=vote.keys(vote.voting_round.id))
    mark_expired(batch=batch)
    for code in vote.letters(10):
        vote.cast(code, vote.options[0], now=NOW)
    vote.finish()
    published = published_result(vote.voting_round.id)
    assert published is not None
    # Four people had a letter, one of them two; ten more voted.
    assert published.resident_codes - published.resident_voided == 14


def test_a_few_votes_on_paper_cannot_be_had_by_taking_away_on_the_public_sheet(session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], NOW)
    residents = make_pile(session, vote, NOW)
    businesses = make_pile(session, vote, NOW, Electorate.BUSINESSES, third="Vierde Lid")
    residents.take(*[[vote.options[0]]] * 12)
    businesses.take(*[[vote.options[1]]] * 3)
    vote.close()
    sheet = sheets.sheet_of(vote.voting_round)
    assert sheet.paper_codes == 15
    assert not sheets.tells_piles(sheet)
    businesses.batch.stubs = 12
    assert sheets.tells_piles(sheets.sheet_of(vote.voting_round))


def test_the_lot_is_named_only_where_it_decided(session, app: Flask) -> None:
    """Equal votes, and the cheaper plan goes first: no lot came into it. Two that are alike in all are told apart by lot."""
    vote = make_vote(
        session, app.config["SETTINGS"], NOW, codes=12,
        costs=[30, 20, 20, 90], budget=90, rule=DecidingRule.GREEDY,
    )  # fmt: skip
    for code in vote.codes:
        vote.cast(code, *[option.id for option in vote.voting_round.options if option.cost != 90], now=NOW)
    vote.close()
    vote.count()
    lines = vote.voting_round.tally.lines  # type: ignore[union-attr]
    assert [line.option.cost for line in lines] == [20, 20, 30, 90]
    assert [line.tied for line in lines] == [True, True, False, False]


# --- a vote that could not be counted --------------------------------------------------------------


def test_a_pile_takes_no_more_stubs_than_can_be_counted(session, vote: Vote, pile: Pile) -> None:
    pile.batch.stubs = MOST_STUBS
    session.flush()
    with pytest.raises(Conflict, match="stapel"):
        pile.stub(vote.codes[0])
    other = make_pile(session, vote, NOW, third="Vierde Lid")
    assert other.stub(vote.codes[0]) is Stub.TAKEN
    with pytest.raises(Conflict, match="samen"):
        operations.merge_batches(actor=vote.first, now=NOW, batch=other.batch, into=pile.batch)
    # More ballots than stubs on a full pile can be told as they are.
    pile.fill(sheets=MOST_STUBS + 1, because="Eén biljet te veel: geloot en in de envelop gedaan.")
    assert (pile.batch.sheets, pile.batch.difference) == (MOST_STUBS, 1)


def test_points_can_be_divided_over_two_options(session, app: Flask) -> None:
    vote = make_vote(
        session, app.config["SETTINGS"], NOW, options=2, opened=False,
        ballot_type=BallotType.POINTS, rule=DecidingRule.MOST_POINTS, points=10, seats=1,
    )  # fmt: skip
    vote.make_keys()
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    (code,) = vote.letters(1)
    first, second = vote.options
    vote.cast(code, now=NOW + timedelta(hours=1), points={first: 4, second: 6})
    assert in_the_box() == (1, 1)


# --- another lot, other rules ----------------------------------------------------------------------


def test_who_changes_the_order_of_the_lot_in_the_database_changes_no_vote(session, vote: Vote) -> None:
    """A sealed ballot names its points by their place in the lot: two that change places would change votes."""
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=NOW)
    vote.close()
    first, second = vote.voting_round.options[:2]
    places = {first: first.position, second: second.position}

    def put(one: int, other: int) -> None:
        for option, position in ((first, -1), (second, other), (first, one)):
            option.position = position
            session.flush()
        session.expire_all()

    put(places[second], places[first])
    with pytest.raises(Conflict, match="loting"):
        vote.count()
    assert in_the_box() == (4, 4)
    put(places[first], places[second])
    vote.count()
    assert {line.option_id: line.votes for line in vote.voting_round.tally.lines}[first.id] == 4  # type: ignore[union-attr]


def test_a_regulation_that_is_not_the_published_one_counts_nothing(session, vote: Vote) -> None:
    vote.close()
    settled = vote.voting_round.regulation
    vote.voting_round.regulation = settled.replace("Molenwijk", "Molendorp")
    assert vote.voting_round.regulation != settled
    session.flush()
    with pytest.raises(Conflict, match="reglement"):
        vote.count()
    vote.voting_round.regulation = settled
    vote.count()


def test_a_ballot_that_is_copied_to_make_it_stand_out_stops_the_count(session, vote: Vote) -> None:
    """Who can change the database and cannot read a ballot might put one over many others, and look which choice won."""
    for code, option in zip(vote.codes, vote.options, strict=True):
        vote.cast(code, option, now=NOW)
    first, *others = session.scalars(sa.select(SealedBallot)).all()
    for ballot in others:
        ballot.content = first.content
    session.flush()
    vote.close()
    with pytest.raises(Conflict, match="beschadigd"):
        vote.count()
    assert in_the_box() == (4, 4)


# --- who has voted ---------------------------------------------------------------------------------


def test_withdrawing_a_stub_tells_nobody_whether_it_voted(session, vote: Vote) -> None:
    """An officer who withdraws one ballot after another looks at the table of codes in between."""
    batch = ask_ballots(
        actor=vote.first, now=NOW, voting_round=vote.voting_round, electorate=Electorate.RESIDENTS, size=4
    )
    made = make_codes(batch=batch, number=4, key=vote.keys(vote.voting_round.id))
    mark_expired(batch=batch)
    for _serial, code in made[::2]:
        vote.cast(code, vote.options[0], now=NOW)
    seen = [letter_counts(vote.voting_round)[Electorate.RESIDENTS]]
    for serial, _code in made:
        withdraw_stubs(
            actor=vote.first, now=NOW, voting_round=vote.voting_round, first=serial, last=serial, reason="over na de markt"
        )  # fmt: skip
        seen.append(letter_counts(vote.voting_round)[Electorate.RESIDENTS])
    changes = {(later.withdrawn - earlier.withdrawn) for earlier, later in pairwise(seen)}
    assert len(changes) == 1
    vote.close()
    assert letter_counts(vote.voting_round)[Electorate.RESIDENTS].withdrawn == 2
