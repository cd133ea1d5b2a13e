"""A voting round from draft to result, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import Vote, make_officer, make_priorities, make_vote
from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db
from wijkagenda.errors import Conflict, DomainError, Invalid, NotAllowed
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.priorities.models import PriorityState
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting import queries, results
from wijkagenda.voting.casting import cast_ballot
from wijkagenda.voting.codes import new_code, new_receipt
from wijkagenda.voting.count import draw_lots
from wijkagenda.voting.models import (
    GRACE,
    Ballot,
    CodeState,
    Electorate,
    Receipt,
    Tally,
    VotingCode,
    VotingState,
)
from wijkagenda.voting.operations import (
    close_round,
    count_round,
    edit_round,
    open_round,
    prepare_round,
    publish_result,
)
from wijkagenda.voting.register import ask_letters, void_code


@pytest.fixture
def settings(app: Flask):
    return app.config["SETTINGS"]


@pytest.fixture
def vote(session, settings) -> Vote:
    return make_vote(session, settings, NOW, codes=4)


def number_of(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_vote_is_about_the_public_priorities_of_its_round(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    assert vote.voting_round.options[0].title.startswith("Schone straten")
    assert vote.voting_round.state is VotingState.DRAFT


def test_opening_fixes_the_words_of_the_ballot(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    option = vote.voting_round.options[0]
    option.priority.title = "Beter verwoord"
    session.flush()
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    fixed = next(o for o in vote.voting_round.options if o.priority.number == 1)
    assert fixed.title == "Beter verwoord"
    fixed.priority.title = "Stiekem veranderd"
    session.flush()
    assert fixed.title == "Beter verwoord"


def test_a_priority_dropped_before_opening_is_not_on_the_ballot(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    dropped = vote.voting_round.options[1].priority
    dropped.state, dropped.dropped_because = PriorityState.DROPPED, "Dit kan niet door een wet."
    session.flush()
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    assert dropped.id not in [option.priority_id for option in vote.voting_round.options]
    assert len(vote.voting_round.options) == 3


def test_places_on_the_ballot_are_drawn_by_a_seed_that_is_kept(vote: Vote) -> None:
    numbers = [option.priority.number for option in vote.voting_round.options]
    assert numbers == draw_lots(vote.voting_round.lot_seed, [1, 2, 3, 4])
    assert [option.position for option in vote.voting_round.options] == [1, 2, 3, 4]


def test_one_option_is_no_vote(session, settings) -> None:
    vote = make_vote(session, settings, NOW, options=1, max_choices=1, opened=False)
    with pytest.raises(Invalid, match="minstens 2"):
        open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)


def test_more_choices_than_options_are_refused(session, settings) -> None:
    vote = make_vote(session, settings, NOW, options=2, max_choices=3, opened=False)
    with pytest.raises(Invalid, match="niet meer punten kiezen"):
        open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)


def test_a_vote_that_would_be_over_is_not_opened(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    with pytest.raises(Invalid, match="al gesloten"):
        open_round(actor=vote.first, now=vote.voting_round.closes_at, voting_round=vote.voting_round)


def _wanted(vote: Vote, **changes: object) -> dict[str, object]:
    wanted: dict[str, object] = {
        "title": "stemming",
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=3),
        "result_on": (NOW + timedelta(days=9)).date(),
        "max_choices": 2,
        "paper_place": "",
        "priority_ids": [option.priority_id for option in vote.voting_round.options],
    }
    return wanted | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"closes_at": NOW}, "closes_at"),
        ({"result_on": NOW.date()}, "result_on"),
        ({"max_choices": 0}, "max_choices"),
        ({"priority_ids": [987654]}, "priority_ids"),
    ],
)
def test_wrong_rules_are_refused_at_their_field(session, settings, changes, field) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    with pytest.raises(Invalid) as caught:
        edit_round(actor=vote.first, now=NOW, voting_round=vote.voting_round, **_wanted(vote, **changes))
    assert caught.value.field == field


def test_a_draft_can_change_and_an_open_vote_cannot(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    edit_round(actor=vote.first, now=NOW, voting_round=vote.voting_round, **_wanted(vote))
    assert vote.voting_round.max_choices == 2
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    with pytest.raises(Conflict):
        edit_round(actor=vote.first, now=NOW, voting_round=vote.voting_round, **_wanted(vote))
    with pytest.raises(Conflict):
        open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)


def test_one_agenda_round_has_one_vote_at_a_time(vote: Vote) -> None:
    with pytest.raises(Conflict, match="loopt al een stemming"):
        prepare_round(
            actor=vote.first,
            now=NOW,
            agenda_round=vote.voting_round.round,
            title="nog een",
            opens_at=NOW,
            closes_at=NOW + timedelta(days=1),
            result_on=(NOW + timedelta(days=2)).date(),
        )


def _strangers(vote: Vote) -> list[Actor]:
    area = vote.neighbourhood.area_id
    others = [Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER, Role.ADMINISTRATOR]
    found = [Actor("staff", 900 + i, "Iemand", (Grant(role, area),)) for i, role in enumerate(others)]
    return [Actor("visitor"), Actor("staff", 990, "Ander stembureau", (Grant(Role.VOTING_OFFICER, 123456),)), *found]


def test_only_officers_of_the_neighbourhood_do_anything_with_a_vote(vote: Vote) -> None:
    acts = {
        "now": vote.after_closing,
        "voting_round": vote.voting_round,
    }
    for actor in _strangers(vote):
        for act in (open_round, close_round, count_round, publish_result):
            with pytest.raises(NotAllowed):
                act(actor=actor, **acts)
        with pytest.raises(NotAllowed):
            void_code(actor=actor, serial=1, **acts)
        with pytest.raises(NotAllowed):
            ask_letters(actor=actor, electorate=Electorate.RESIDENTS, size=1, **acts)
        with pytest.raises(NotAllowed):
            edit_round(actor=actor, now=NOW, voting_round=vote.voting_round, **_wanted(vote))
        with pytest.raises(NotAllowed):
            prepare_round(
                actor=actor,
                now=NOW,
                agenda_round=vote.voting_round.round,
                title="x",
                opens_at=NOW,
                closes_at=NOW + timedelta(days=1),
                result_on=(NOW + timedelta(days=2)).date(),
            )


def test_counting_and_publishing_are_done_by_people_and_by_different_ones(vote: Vote) -> None:
    vote.close()
    with pytest.raises(NotAllowed):
        count_round(actor=SYSTEM, now=vote.after_closing, voting_round=vote.voting_round)
    vote.count()
    with pytest.raises(NotAllowed, match="ander stembureaulid"):
        publish_result(actor=vote.first, now=vote.after_closing, voting_round=vote.voting_round)
    vote.publish()
    assert vote.voting_round.state is VotingState.PUBLISHED


def test_the_database_itself_wants_two_people(session, vote: Vote) -> None:
    vote.close()
    vote.count()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.update(Tally).values(published_at=NOW, published_by_id=vote.first.staff_id))


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
    assert number_of(Ballot) == 0


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
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    with pytest.raises(Conflict):
        ask_letters(now=vote.voting_round.closes_at, **wanted)


def test_a_ballot_goes_in_once_with_its_receipt(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[2], vote.options[0], now=NOW)
    ballot = session.scalars(sa.select(Ballot)).one()
    assert ballot.choices == sorted([vote.options[2], vote.options[0]])
    assert number_of(Receipt) == 1
    assert receipt not in repr(session.scalars(sa.select(Receipt.receipt_hash)).all())


def test_sending_again_with_the_same_receipt_is_one_ballot_and_one_friendly_answer(vote: Vote) -> None:
    receipt = new_receipt()
    sent = {"keys": vote.keys, "code": vote.codes[0], "receipt": receipt, "now": NOW}
    assert cast_ballot(choices=[vote.options[0]], **sent).again is False
    assert cast_ballot(choices=[vote.options[0]], **sent).again is True
    # Also after closing: the answer is about what is in the box, not about time.
    late = sent | {"now": vote.after_closing + timedelta(days=9)}
    assert cast_ballot(choices=[vote.options[1]], **late).again is True
    assert number_of(Ballot) == 1


def test_a_used_code_cannot_vote_again(vote: Vote) -> None:
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict, match="al gestemd"):
        vote.cast(vote.codes[0], vote.options[1], now=NOW)
    assert number_of(Ballot) == 1


def test_somebody_elses_receipt_does_not_count_and_costs_no_code(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[0], now=NOW)
    with pytest.raises(Conflict, match="bewijs"), session.begin_nested():
        vote.cast(vote.codes[1], vote.options[1], now=NOW, receipt=receipt)
    assert number_of(Ballot) == 1
    vote.cast(vote.codes[1], vote.options[1], now=NOW)
    assert number_of(Ballot) == 2


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
    assert number_of(Ballot) == number_of(Receipt) == 0
    vote.cast(vote.codes[0], vote.options[0], vote.options[0], now=NOW)
    assert number_of(Ballot) == 1


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
    assert number_of(Ballot) == 0


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
    assert number_of(Ballot) == 3


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
    before = {ballot.id: ballot.choices for ballot in session.scalars(sa.select(Ballot))}
    receipts = set(session.scalars(sa.select(Receipt.receipt_hash)))
    session.expunge_all()
    vote.voting_round = queries.voting_round_by_id(vote.voting_round.id)
    vote.close()
    after = {row.id: row.choices for row in session.execute(sa.select(Ballot.id, Ballot.choices))}
    assert sorted(before.values()) == sorted(after.values())
    assert not before.keys() & after.keys()
    assert receipts == set(session.scalars(sa.select(Receipt.receipt_hash)))


def test_the_count_is_the_votes_of_residents_in_order(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=6, business_codes=12)
    a, b, c, d = vote.options
    for code, choices in zip(vote.codes, [(a, b), (a, b), (a,), (c, d), (b, c)], strict=False):
        vote.cast(code, *choices, now=NOW)
    for code in vote.business_codes[:10]:
        vote.cast(code, d, now=NOW)
    vote.finish()
    result = results.published_result(vote.voting_round.id)
    assert result is not None
    assert [(line.option_id, line.votes, line.business_votes, line.tied) for line in result.lines] == [
        (a, 3, 0, True),
        (b, 3, 0, True),
        (c, 2, 0, False),
        (d, 1, 10, False),
    ]
    tally = result.tally
    assert (tally.codes_issued, tally.codes_used, tally.ballots) == (18, 15, 15)
    assert (result.resident_ballots, result.resident_codes) == (5, 6)
    assert (result.counted_by, result.published_by) == ("Eerste Lid Molenwijk", "Tweede Lid Molenwijk")


def test_votes_of_nine_businesses_are_nowhere(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=2, business_codes=9)
    for code in vote.business_codes:
        vote.cast(code, vote.options[3], now=NOW)
    vote.finish()
    result = results.published_result(vote.voting_round.id)
    assert result is not None
    assert not result.shows_businesses
    assert {line.business_votes for line in result.lines} == {None}


def test_a_box_that_does_not_agree_is_not_counted(session, vote: Vote) -> None:
    for code in vote.codes[:2]:
        vote.cast(code, vote.options[0], now=NOW)
    vote.close()
    session.execute(sa.delete(Ballot).where(Ballot.id == session.scalars(sa.select(Ballot.id)).first()))
    with pytest.raises(Conflict, match="klopt niet"):
        vote.count()
    assert vote.voting_round.state is VotingState.CLOSED


def test_nothing_is_answered_before_its_time(session, vote: Vote) -> None:
    receipt = vote.cast(vote.codes[0], vote.options[0], now=NOW)
    priorities = [option.priority_id for option in vote.voting_round.options]
    agenda_round = vote.voting_round.round_id

    def answers() -> tuple[object, ...]:
        return (
            results.published_result(vote.voting_round.id),
            results.votes_of_priorities(priorities),
            results.votes_of_round(agenda_round),
        )

    counts = queries.code_counts(vote.voting_round)[Electorate.RESIDENTS]
    assert (counts.issued, counts.used, counts.ballots) == (4, None, None)
    with pytest.raises(DomainError):
        results.receipts_of(vote.voting_round)
    with pytest.raises(DomainError):
        results.has_receipt(vote.voting_round, receipt)
    assert answers() == (None, {}, [])
    vote.close()
    assert len(results.receipts_of(vote.voting_round)) == 1
    assert results.has_receipt(vote.voting_round, receipt)
    assert not results.has_receipt(vote.voting_round, new_receipt())
    assert answers() == (None, {}, [])
    vote.count()
    assert answers() == (None, {}, [])
    vote.publish()
    result, by_priority, in_order = answers()
    assert result is not None
    assert by_priority[priorities[0]].votes == 1
    assert by_priority[priorities[0]].percentage == 100
    assert [found.rank for found in in_order] == [1, 2, 3, 4]


def test_open_rounds_are_those_in_which_one_can_vote_now(session, settings) -> None:
    vote = make_vote(session, settings, NOW, codes=1)
    later = make_vote(session, settings, NOW, name="Dijkzicht", column=3, opens_at=NOW + timedelta(days=1))
    make_vote(session, settings, NOW, name="Sluisbuurt", column=5, opened=False)
    assert queries.open_rounds(NOW) == [vote.voting_round]
    assert queries.open_rounds(NOW + timedelta(days=2)) == [vote.voting_round, later.voting_round]
    assert queries.open_rounds(vote.voting_round.closes_at) == []
    assert queries.round_of(vote.voting_round.round_id) == vote.voting_round


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
