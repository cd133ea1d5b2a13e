"""Lost, returned and desk letters: one person keeps one code, and nobody learns here who voted."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.audit.models import AuditEntry
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.voting.codes import code_hmac, new_code, new_receipt
from wijkagenda.voting.letters import queries, serials
from wijkagenda.voting.letters.operations import ask_letters, forget_codes, make_codes, withdraw_unprinted
from wijkagenda.voting.letters.run import letters_file, make_letters
from wijkagenda.voting.letters.serials import UsedCode, issue_at_desk, replace_code, return_letters, void_code
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeBatchState, CodeState, Electorate, VotingCode
from wijkagenda.voting.queries import find_code


@pytest.fixture
def vote(session, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vote:
    changed = replace(app.config["SETTINGS"], letters_folder=tmp_path / "letters")
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    return make_vote(session, changed, NOW, codes=4)


def code_row(session, vote: Vote, serial: int) -> VotingCode:
    session.expire_all()
    return session.scalars(
        sa.select(VotingCode).where(VotingCode.voting_round_id == vote.voting_round.id, VotingCode.serial == serial)
    ).one()


def said(vote: Vote) -> dict:
    return {"actor": vote.first, "now": NOW, "voting_round": vote.voting_round}


def counts(vote: Vote) -> queries.LetterCounts:
    return queries.letter_counts(vote.voting_round)[Electorate.RESIDENTS]


# --- replace -----------------------------------------------------------------------------------------


def test_a_replaced_letter_is_worthless_and_points_at_the_new_one(session, vote: Vote) -> None:
    batch = replace_code(**said(vote), serial=2)
    old = code_row(session, vote, 2)
    assert (old.state, old.replaced_by) == (CodeState.REPLACED, 5)
    assert (batch.size, batch.electorate, batch.state) == (1, Electorate.RESIDENTS, CodeBatchState.ASKED)
    with pytest.raises(Conflict):
        vote.cast(vote.codes[1], vote.options[0], now=NOW)


def test_the_new_letter_gets_the_promised_serial_and_its_code_votes(session, vote: Vote) -> None:
    batch = replace_code(**said(vote), serial=2)
    make_letters(lambda: NOW)
    assert code_row(session, vote, 5).code_hmac is not None
    assert batch.state is CodeBatchState.READY
    assert queries.replaced_by(batch) == {5: 2}
    assert session.scalar(sa.select(sa.func.count()).select_from(VotingCode)) == 5


def test_a_broken_off_run_keeps_the_promised_serial_but_not_its_code(session, vote: Vote) -> None:
    batch = replace_code(**said(vote), serial=2)
    ((serial, code),) = make_codes(batch=batch, number=1, key=vote.keys(vote.voting_round.id))
    withdraw_unprinted(batch=batch)
    assert code_row(session, vote, serial).code_hmac is None
    assert code_row(session, vote, 2).replaced_by == serial
    with pytest.raises(Invalid):
        find_code(code, vote.keys)
    ((again, _code),) = make_codes(batch=batch, number=1, key=vote.keys(vote.voting_round.id))
    assert again == serial


def test_the_same_form_twice_is_one_new_letter(session, vote: Vote) -> None:
    first = replace_code(**said(vote), serial=2, submission_key="a" * 36)
    assert replace_code(**said(vote), serial=2, submission_key="a" * 36) is first
    assert code_row(session, vote, 2).replaced_by == 5


def test_asking_letters_with_one_form_is_one_run(vote: Vote) -> None:
    wanted = said(vote) | {"electorate": Electorate.RESIDENTS, "size": 3, "submission_key": "b" * 36}
    assert ask_letters(**wanted) is ask_letters(**wanted)


def test_a_letter_is_replaced_once_and_then_its_successor(session, vote: Vote) -> None:
    replace_code(**said(vote), serial=2)
    make_letters(lambda: NOW)
    with pytest.raises(Conflict, match="volgnummer 5"):
        replace_code(**said(vote), serial=2)
    with pytest.raises(Conflict, match="volgnummer 5"):
        void_code(**said(vote), serial=2)
    replace_code(**said(vote), serial=5)
    assert code_row(session, vote, 5).replaced_by == 6


def test_a_letter_that_is_still_being_made_is_left_alone(vote: Vote) -> None:
    replace_code(**said(vote), serial=2)
    for act in (replace_code, void_code):
        with pytest.raises(Conflict, match="nog gemaakt"):
            act(**said(vote), serial=5)
    with pytest.raises(Invalid):
        return_letters(**said(vote), serials=[5])


def test_a_returned_letter_can_get_a_new_address(session, vote: Vote) -> None:
    return_letters(**said(vote), serials=[3])
    replace_code(**said(vote), serial=3)
    assert code_row(session, vote, 3).state is CodeState.REPLACED


def test_a_used_code_can_be_neither_voided_nor_replaced(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    for act in (replace_code, void_code):
        with pytest.raises(UsedCode, match="al gestemd"):
            act(**said(vote), serial=1)
    assert code_row(session, vote, 1).state is CodeState.USED
    assert session.scalar(sa.select(sa.func.count()).select_from(CodeBatch)) == 1


def test_who_learns_that_a_serial_voted_is_on_record(session, vote: Vote) -> None:
    serials.note_refusal(**said(vote), serial=1, asked="void")
    session.flush()
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "voting.refuse_used_code")).one()
    assert (entry.actor_id, entry.detail) == (vote.first.staff_id, {"serial": 1, "asked": "void"})


@pytest.mark.parametrize("serial", [0, 99, -1])
def test_a_serial_nobody_has_is_refused(vote: Vote, serial: int) -> None:
    for act in (replace_code, void_code):
        with pytest.raises(Invalid, match="bestaat niet"):
            act(**said(vote), serial=serial)


def test_a_run_whose_addresses_are_gone_makes_nothing(session, vote: Vote) -> None:
    batch = ask_letters(**said(vote), electorate=Electorate.RESIDENTS, size=2, addressed=True)
    lost = replace_code(**said(vote), serial=2, addressed=True)
    make_letters(lambda: NOW)
    assert (batch.state, lost.state) == (CodeBatchState.GONE, CodeBatchState.GONE)
    assert not letters_file(vote.settings, batch.id).exists()
    # The old letter stays worthless; its successor never had a code, and can be replaced in turn.
    assert code_row(session, vote, 5).state is CodeState.VOIDED
    replace_code(**said(vote), serial=5)


# --- returned ----------------------------------------------------------------------------------------


def test_returned_letters_lose_their_codes_unless_they_voted(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    assert return_letters(**said(vote), serials=[1, 2, 2, 3]) == 3
    assert [code_row(session, vote, n).state for n in (1, 2, 3, 4)] == [
        CodeState.USED,
        CodeState.VOIDED,
        CodeState.VOIDED,
        CodeState.ISSUED,
    ]
    assert return_letters(**said(vote), serials=[3, 4]) == 1


def test_nothing_shown_while_open_tells_a_used_code_from_another(session, vote: Vote) -> None:
    before = counts(vote)
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    assert counts(vote) == before
    answers = []
    for serial in (1, 2):
        new = return_letters(**said(vote), serials=[serial])
        after = counts(vote)
        answers.append((new, after.returned - before.returned, after.withdrawn, after.returned_used))
        before = after
    assert answers[0] == answers[1]


def test_after_closing_the_sheet_tells_of_returned_letters_that_voted(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    return_letters(**said(vote), serials=[1, 2])
    void_code(**said(vote), serial=3)
    vote.close()
    found = counts(vote)
    assert (found.made, found.returned, found.withdrawn, found.returned_used) == (4, 2, 1, 1)


def test_one_unknown_serial_in_a_list_changes_nothing(session, vote: Vote) -> None:
    with pytest.raises(Invalid, match="98, 99"):
        return_letters(**said(vote), serials=[1, 99, 98])
    assert not code_row(session, vote, 1).returned


def test_the_log_holds_serials_and_no_more(session, vote: Vote) -> None:
    return_letters(**said(vote), serials=[3, 1, 2])
    replace_code(**said(vote), serial=4)
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.detail for entry in entries[-2:]] == [{"serials": "1-3"}, {"serial": 4, "new_serial": 5}]


# --- at the desk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("electorate", list(Electorate))
def test_a_code_from_the_desk_votes_at_once_in_its_electorate(session, vote: Vote, electorate: Electorate) -> None:
    key = vote.keys(vote.voting_round.id)
    serial, code = issue_at_desk(**said(vote), electorate=electorate, key=key, submission_key="c" * 36)
    assert serial == 5
    row = code_row(session, vote, 5)
    assert (row.electorate, row.code_hmac) == (electorate, code_hmac(key, code))
    batch = session.get_one(CodeBatch, row.batch_id)
    assert (batch.kind, batch.state, batch.size) == (BatchKind.DESK, CodeBatchState.GONE, 1)
    vote.cast(code, vote.options[0], now=NOW, receipt=new_receipt())
    assert queries.letter_counts(vote.voting_round)[electorate].desk == 1


def test_a_desk_code_is_shown_once(session, vote: Vote) -> None:
    wanted = said(vote) | {
        "electorate": Electorate.RESIDENTS,
        "key": vote.keys(vote.voting_round.id),
        "submission_key": "d" * 36,
    }
    issue_at_desk(**wanted)
    with pytest.raises(Conflict, match="volgnummer 5"):
        issue_at_desk(**wanted)
    assert session.scalar(sa.select(sa.func.count()).select_from(VotingCode)) == 5


def test_no_code_for_businesses_where_they_do_not_vote(session, app: Flask) -> None:
    vote = make_vote(session, app.config["SETTINGS"], NOW, name="Zonderwijk", column=3, with_businesses=False)
    with pytest.raises(Invalid, match="stemmen winkels"):
        issue_at_desk(**said(vote), electorate=Electorate.BUSINESSES, key=b"a key", submission_key="e" * 36)
    with pytest.raises(Invalid, match="stemmen winkels"):
        ask_letters(**said(vote), electorate=Electorate.BUSINESSES, size=1)


def test_only_officers_of_this_vote_while_it_is_open(session, vote: Vote) -> None:
    acts = (
        lambda **said: void_code(**said, serial=1),
        lambda **said: replace_code(**said, serial=1),
        lambda **said: return_letters(**said, serials=[1]),
        lambda **said: issue_at_desk(
            **said, electorate=Electorate.RESIDENTS, key=b"a key", submission_key=new_code() + "-" * 23
        ),
    )
    other = make_vote(session, vote.settings, NOW, name="Verderop", column=5)
    for act in acts:
        with pytest.raises(NotAllowed):
            act(**said(vote) | {"actor": other.first})
    vote.close()
    for act in acts:
        with pytest.raises(Conflict):
            act(**said(vote) | {"now": vote.after_closing})


# --- forgotten ---------------------------------------------------------------------------------------


def test_codes_are_forgotten_when_nobody_can_complain_any_more(session, vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    vote.finish()
    last = vote.voting_round.result_on + timedelta(days=42)
    vote.voting_round.complaints_until = last
    session.flush()
    noon = NOW + (last - NOW.date())
    assert forget_codes(now=noon) == []
    assert forget_codes(now=noon + timedelta(days=1)) == [vote.voting_round.id]
    rows = session.scalars(sa.select(VotingCode).execution_options(populate_existing=True)).all()
    assert {row.code_hmac for row in rows} == {None}
    assert {row.state for row in rows} == {CodeState.USED, CodeState.ISSUED}
    with pytest.raises(Invalid):
        find_code(vote.codes[0], vote.keys)
    assert forget_codes(now=noon + timedelta(days=2)) == []


def test_codes_of_a_vote_go_after_the_count_and_its_term_though_nobody_made_the_result_public(
    session, vote: Vote
) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    vote.close()
    # Not counted yet: somebody may still have to type a stub of paper over.
    assert forget_codes(now=NOW + timedelta(days=400)) == []
    vote.count()
    assert forget_codes(now=vote.after_closing) == []
    assert forget_codes(now=NOW + timedelta(days=400)) == [vote.voting_round.id]
    session.expire_all()
    assert code_row(session, vote, 1).code_hmac is None
    vote.publish()


def test_codes_of_a_vote_that_is_open_are_kept_however_late(session, vote: Vote) -> None:
    vote.voting_round.complaints_until = NOW.date()
    session.flush()
    assert forget_codes(now=NOW + timedelta(days=400)) == []
    assert code_row(session, vote, 1).code_hmac is not None


def test_serials_in_the_log_are_written_short() -> None:
    assert serials.ranges([3]) == "3"
    assert serials.ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert re.fullmatch(r"1-50000", serials.ranges(list(range(1, 50_001))))
