"""Paper ballots on both databases: a stub uses one code up, two people agree about every sheet, then all goes into the box."""

from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW
from tests.factories.paper import Pile, make_pile
from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_vote
from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import SYSTEM, actor_of
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.box.models import Ballot, SealedBallot
from wijkagenda.voting.codes import new_code
from wijkagenda.voting.letters.serials import void_code
from wijkagenda.voting.models import Channel, CodeState, Electorate, VotingCode
from wijkagenda.voting.paper import entering, operations, queries
from wijkagenda.voting.paper.models import PaperBatch, PaperEntry, PaperState
from wijkagenda.voting.paper.operations import Stub
from wijkagenda.voting.result.operations import ByPassphrase, count_round

BECAUSE = "Twee keer geteld door twee mensen. Het biljet is er niet."


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], NOW, codes=4, business_codes=1)


@pytest.fixture
def pile(session, vote: Vote) -> Pile:
    return make_pile(session, vote, NOW)


@pytest.fixture
def full(pile: Pile) -> Pile:
    """Ten sheets: nine with crosses, one blank."""
    options = pile.vote.options
    pile.take(*[[options[i % 4], options[(i + 1) % 4]] for i in range(9)], [])
    pile.fill()
    return pile


def number_of(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# --- stubs -----------------------------------------------------------------------------------------


def test_a_stub_uses_its_code_up_on_paper(session, pile: Pile) -> None:
    assert pile.stub(pile.vote.codes[0]) is Stub.TAKEN
    code = session.query(VotingCode).filter_by(state=CodeState.USED).one()
    session.refresh(code)
    assert (code.channel, pile.batch.stubs, pile.batch.used_before) == (Channel.PAPER, 1, 0)
    with pytest.raises(Conflict):
        pile.vote.cast(pile.vote.codes[0], pile.vote.options[0], now=NOW)


def test_a_stub_that_was_used_on_line_is_counted_apart_and_its_sheet_does_not_count(pile: Pile) -> None:
    pile.vote.cast(pile.vote.codes[0], pile.vote.options[0], now=NOW)
    assert pile.stub(pile.vote.codes[0]) is Stub.USED_BEFORE
    assert (pile.batch.stubs, pile.batch.used_before) == (0, 1)


def test_typing_a_stub_twice_is_no_second_voter(pile: Pile) -> None:
    pile.stub(pile.vote.codes[0])
    assert pile.stub(pile.vote.codes[0]) is Stub.TYPED_BEFORE
    assert (pile.batch.stubs, pile.batch.used_before) == (1, 0)


def test_stubs_of_withdrawn_and_unknown_codes_and_of_others_go_on_no_pile(pile: Pile) -> None:
    vote = pile.vote
    void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    voided = [pile.stub(code) for code in vote.codes]
    assert Counter(voided) == {Stub.TAKEN: 3, Stub.VOIDED: 1}
    assert pile.stub(vote.business_codes[0]) is Stub.OTHER_PILE
    with pytest.raises(Invalid):
        pile.stub(new_code())
    with pytest.raises(Invalid):
        pile.stub("niets")
    assert pile.batch.stubs == 3


def test_no_audit_row_tells_that_somebody_voted_on_paper(session, pile: Pile) -> None:
    before = number_of(AuditEntry)
    assert pile.stub(pile.vote.codes[0]) is Stub.TAKEN
    assert number_of(AuditEntry) == before


def test_paper_handed_in_before_the_end_is_handled_after_closing_and_not_after_the_count(pile: Pile) -> None:
    vote = pile.vote
    vote.close()
    pile.now = vote.after_closing
    assert pile.stub(vote.codes[0]) is Stub.TAKEN
    with pytest.raises(Conflict, match="Stapel 1"):
        vote.count()
    pile.fill(sheets=1, because="Er was maar één kiezer op papier.")
    pile.sheets = [[vote.options[0]]]
    pile.enter_all(vote.second)
    pile.enter_all(pile.third)
    pile.into_the_box()
    vote.count()
    with pytest.raises(Conflict):
        pile.stub(vote.codes[1])


def test_whose_plan_it_is_never_handles_paper(session, pile: Pile) -> None:
    member = session.get_one(StaffMember, pile.vote.first.staff_id)
    grant_role(
        actor=SYSTEM, now=NOW, member=member, role=Role.CITY_DISTRICT_MANAGER, area_id=pile.vote.neighbourhood.area_id
    )
    with pytest.raises(NotAllowed):
        pile.stub(pile.vote.codes[0], actor_of(member))
    elsewhere = make_vote(session, pile.vote.settings, NOW, name="Havenkwartier", column=1)
    with pytest.raises(NotAllowed):
        pile.stub(pile.vote.codes[0], elsewhere.first)
    with pytest.raises(NotAllowed):
        pile.enter(elsewhere.first, 1, [])


# --- piles -----------------------------------------------------------------------------------------


def test_a_pile_is_full_from_ten_sheets_on(pile: Pile) -> None:
    pile.take(*[[] for _ in range(9)])
    with pytest.raises(Conflict, match="minstens 10"):
        pile.fill(because=BECAUSE)
    pile.take([])
    pile.fill()
    assert (pile.batch.state, pile.batch.sheets) == (PaperState.FULL, 10)


def test_a_small_pile_goes_with_another_of_the_same_electorate(session, pile: Pile) -> None:
    other = make_pile(session, pile.vote, NOW, third="Vierde Lid")
    businesses = make_pile(session, pile.vote, NOW, Electorate.BUSINESSES, third="Vijfde Lid")
    pile.take([], [])
    other.take([])
    with pytest.raises(Invalid):
        operations.merge_batches(actor=pile.vote.first, now=NOW, batch=pile.batch, into=businesses.batch)
    operations.merge_batches(actor=pile.vote.first, now=NOW, batch=pile.batch, into=other.batch)
    assert (pile.batch.state, pile.batch.stubs, pile.batch.merged_into) == (PaperState.MERGED, 0, 2)
    assert other.batch.stubs == 3
    assert [batch.number for batch in queries.unfinished_batches(pile.vote.voting_round.id)] == [2]


def test_fewer_than_ten_wait_for_the_end_and_go_alone_only_with_a_reason(session, pile: Pile) -> None:
    other = make_pile(session, pile.vote, NOW, third="Vierde Lid")
    pile.take([], [])
    other.take([])
    pile.now = pile.vote.voting_round.closes_at
    with pytest.raises(Conflict, match="stapel 2"):
        pile.fill(because=BECAUSE)
    operations.merge_batches(actor=pile.vote.first, now=NOW, batch=other.batch, into=pile.batch)
    with pytest.raises(Invalid, match="minder dan 10"):
        pile.fill(sheets=3)
    pile.fill(sheets=3, because="Er waren maar drie kiezers op papier.")
    pile.sheets.append([])
    with pytest.raises(NotAllowed, match="kleine stapel"):
        pile.enter(pile.vote.first, 1, [])
    pile.enter_all(pile.vote.second)
    pile.enter_all(pile.third)
    pile.into_the_box()
    assert pile.batch.state is PaperState.IN_BOX


@pytest.mark.parametrize("counted", [9, 11])
def test_another_number_of_sheets_than_of_stubs_is_settled_in_words_before_anything_is_entered(
    pile: Pile, counted: int
) -> None:
    pile.take(*[[] for _ in range(10)])
    with pytest.raises(Invalid, match="Tel nog een keer"):
        pile.fill(sheets=counted)
    with pytest.raises(Invalid):
        pile.fill(sheets=counted, because="weg")
    with pytest.raises(Conflict):
        pile.enter(pile.vote.second, 1, [])
    pile.fill(sheets=counted, because=BECAUSE)
    assert (pile.batch.sheets, pile.batch.difference) == (10, counted - 10)


def test_a_full_pile_opens_again_until_somebody_has_typed(full: Pile) -> None:
    operations.reopen_batch(actor=full.vote.first, now=NOW, batch=full.batch)
    full.take([])
    full.fill()
    full.enter(full.vote.second, 1, [])
    with pytest.raises(Conflict):
        operations.reopen_batch(actor=full.vote.first, now=NOW, batch=full.batch)


# --- typing over -----------------------------------------------------------------------------------


def test_two_people_enter_every_sheet_and_all_goes_into_the_box_at_once(full: Pile) -> None:
    full.enter_all(full.vote.first)
    with pytest.raises(Conflict):
        full.into_the_box()
    full.enter_all(full.vote.second)
    full.into_the_box()
    assert (number_of(SealedBallot), number_of(PaperEntry)) == (10, 0)
    assert queries.unfinished_batches(full.vote.voting_round.id) == []
    assert queries.paper_ballots(full.vote.voting_round.id) == 10
    full.vote.close()
    tally = count_round(
        actor=full.vote.first,
        now=full.vote.after_closing,
        voting_round=full.vote.voting_round,
        opened_with=ByPassphrase(FIRST_PASSPHRASE),
    )
    assert (tally.ballots, tally.paper_ballots, tally.blank_ballots) == (10, 10, 1)
    counted = Counter(option for ballot in db.session.scalars(sa.select(Ballot)) for option in ballot.choices)
    assert counted == Counter(option for sheet in full.sheets for option in sheet)


def test_one_person_is_never_two(full: Pile) -> None:
    full.enter_all(full.vote.first)
    full.enter_all(full.vote.first)
    assert queries.progress_of(full.batch, full.vote.first.staff_id).once == 10
    assert queries.progress_of(full.batch, full.vote.first.staff_id).twice == 0
    first = db.session.scalars(sa.select(PaperEntry)).first()
    twice = PaperEntry(
        batch_id=full.batch.id,
        sheet=first.sheet,
        turn=2,
        entered_by_id=first.entered_by_id,
        entered_at=NOW,
        content=b"x",
        mark="x",
    )
    db.session.add(twice)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_typing_error_can_be_typed_again_before_both_are_ready(full: Pile) -> None:
    wrong = [full.vote.options[3]]
    full.enter_all(full.vote.first, sheet_1=wrong)
    full.enter(full.vote.first, 1, full.sheets[0])
    full.enter_all(full.vote.second)
    assert queries.progress_of(full.batch, None).agrees


def test_a_difference_is_settled_by_a_third_person(full: Pile) -> None:
    full.enter_all(full.vote.first)
    full.enter_all(full.vote.second, sheet_4=[full.vote.options[0]])
    assert queries.progress_of(full.batch, full.third.staff_id).different == [4]
    with pytest.raises(Conflict, match="niet eens"):
        full.into_the_box()
    with pytest.raises(Conflict, match="Derde Lid"):
        full.enter(full.vote.first, 4, full.sheets[3], reason="Samen nog eens gekeken.")
    with pytest.raises(Conflict):
        full.enter(full.third, 5, [])
    full.enter(full.third, 4, full.sheets[3])
    assert queries.progress_of(full.batch, None).agrees
    full.into_the_box()
    assert number_of(SealedBallot) == 10


def test_three_different_readings_are_looked_at_again(full: Pile) -> None:
    one, two, three, four = full.vote.options
    full.enter_all(full.vote.first, sheet_4=[one])
    full.enter_all(full.vote.second, sheet_4=[two])
    full.enter(full.third, 4, [three])
    assert queries.progress_of(full.batch, None).different == [4]
    with pytest.raises(Invalid, match="minstens 10 letters"):
        full.enter(full.vote.first, 4, [four])
    full.enter(full.vote.first, 4, [one], reason="Samen nog eens gekeken.")
    assert queries.progress_of(full.batch, None).different == [4], "the same person twice is one person"
    full.enter(full.vote.second, 4, [one], reason="Samen nog eens gekeken.")
    assert queries.progress_of(full.batch, None).agrees


def test_with_two_officers_only_one_looks_again_with_a_reason(session, full: Pile) -> None:
    session.get_one(StaffMember, full.third.staff_id).is_active = False
    full.enter_all(full.vote.first)
    full.enter_all(full.vote.second, sheet_4=[])
    full.enter(full.vote.second, 4, full.sheets[3], reason="Samen met mijn collega nog eens gekeken.")
    assert queries.progress_of(full.batch, None).agrees
    noted = session.query(AuditEntry).filter_by(action="voting.look_again_at_sheet").one()
    assert noted.detail == {"number": 1, "sheet": 4, "again": True}


def test_what_is_entered_can_be_read_by_nobody_and_marks_compare_without_telling(full: Pile) -> None:
    full.enter_all(full.vote.first)
    full.enter_all(full.vote.second)
    entries = list(db.session.scalars(sa.select(PaperEntry).order_by(PaperEntry.sheet, PaperEntry.turn)))
    contents = {entry.content for entry in entries}
    assert len(contents) == 20, "equal sheets do not look equal"
    assert len({len(content) for content in contents}) == 1
    marks = Counter(entry.mark for entry in entries)
    # Sheets 1 and 5 hold the same crosses, and their marks differ all the same.
    assert set(marks.values()) == {2}
    assert len(marks) == 10
    plain = {entering.content_of_sheet(full.batch, choices=choices, blank=not choices) for choices in full.sheets}
    assert not any(content[1:] in entry.content for content in plain for entry in entries)


@pytest.mark.parametrize("sheet", [0, 11, -1])
def test_a_sheet_that_is_not_there_cannot_be_entered(full: Pile, sheet: int) -> None:
    with pytest.raises(Invalid):
        full.enter(full.vote.first, sheet, [])


def test_a_sheet_with_too_many_crosses_is_entered_as_invalid_or_not_at_all(full: Pile) -> None:
    with pytest.raises(Invalid, match="4 kruisjes"):
        entering.content_of_sheet(full.batch, choices=full.vote.options)
    with pytest.raises(Invalid):
        entering.content_of_sheet(full.batch, choices=[])
    blank = entering.content_of_sheet(full.batch, choices=full.vote.options, blank=True)
    assert set(blank[2:]) == {0}


def test_points_on_paper_are_at_most_what_the_round_gives(session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], NOW, ballot_type="points", points=10, rule="most-points")
    pile = make_pile(session, vote, NOW)
    one, two, *_ = vote.options
    assert tuple(entering.content_of_sheet(pile.batch, points={one: 7, two: 3}))[2:4] == (7, 3)
    for wrong in ({one: 8, two: 3}, {one: -1, two: 3}, {}, {one: 0}):
        with pytest.raises(Invalid):
            entering.content_of_sheet(pile.batch, points=wrong)


def test_the_database_refuses_a_pile_in_the_box_that_does_not_agree(session, full: Pile) -> None:
    with pytest.raises(IntegrityError):
        session.execute(sa.update(PaperBatch).values(state=PaperState.IN_BOX, sheets=9))
