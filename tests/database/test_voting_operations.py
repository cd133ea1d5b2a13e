"""Preparing and opening a vote, and who may do what with it, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW
from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_vote
from wijkagenda.db import db
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.priorities.models import Feasibility, PriorityState
from wijkagenda.priorities.operations import put_on_ballot, record_feasibility
from wijkagenda.voting import queries
from wijkagenda.voting.counting import draw_lots
from wijkagenda.voting.letters.operations import ask_letters
from wijkagenda.voting.letters.serials import void_code
from wijkagenda.voting.models import (
    Electorate,
    Tally,
    VotingState,
)
from wijkagenda.voting.operations import close_round, open_round, publish_result
from wijkagenda.voting.result.operations import ByPassphrase, count_round
from wijkagenda.voting.rules.operations import edit_round, prepare_round


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


def test_opening_fixes_the_words_of_the_ballot(vote: Vote, session) -> None:
    fixed = vote.voting_round.options[0]
    title = fixed.title
    fixed.priority.title = "Stiekem veranderd"
    session.flush()
    assert fixed.title == title


def reworded(vote: Vote) -> None:
    vote.voting_round.options[1].priority.title = "Beter verwoord"


def dropped(vote: Vote) -> None:
    gone = vote.voting_round.options[1].priority
    gone.state, gone.dropped_because = PriorityState.DROPPED, "Dit kan niet door een wet."


def checked_anew(vote: Vote) -> None:
    point = vote.voting_round.options[1].priority
    record_feasibility(
        actor=SYSTEM,
        now=NOW,
        priority=point,
        outcome=Feasibility.FEASIBLE,
        reason="Er is geld.",
        team_name="team Groen",
    )


@pytest.mark.parametrize(("change", "left"), [(reworded, 4), (dropped, 3), (checked_anew, 4)])
def test_what_changed_after_the_rules_were_saved_is_read_again_before_it_is_settled(
    session, settings, change, left
) -> None:
    """Those whose plan it is may reword a point until the vote is ready, but not behind the back of the officers."""
    vote = make_vote(session, settings, NOW, opened=False)
    vote.make_keys()
    title = vote.voting_round.options[1].title
    change(vote)
    session.flush()
    with pytest.raises(Conflict) as caught:
        open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    assert caught.value.params["titles"] == title
    public = [line.priority.id for line in queries.proposed_priorities(vote.voting_round.round_id)]
    edit_round(actor=vote.first, now=NOW, voting_round=vote.voting_round, **_wanted(vote, priority_ids=public))
    open_round(actor=vote.first, now=NOW, voting_round=vote.voting_round)
    assert sorted(option.title for option in vote.voting_round.options) == sorted(
        option.priority.title for option in vote.voting_round.options
    )
    assert len(vote.voting_round.options) == left


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
    vote.open()
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
        for act in (open_round, close_round, publish_result):
            with pytest.raises(NotAllowed):
                act(actor=actor, **acts)
        with pytest.raises(NotAllowed):
            count_round(actor=actor, opened_with=ByPassphrase(FIRST_PASSPHRASE), **acts)
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
        count_round(
            actor=SYSTEM,
            now=vote.after_closing,
            voting_round=vote.voting_round,
            opened_with=ByPassphrase(FIRST_PASSPHRASE),
        )
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


def behind_our_back(row: object, **values: object) -> None:
    """What a colleague committed after this request had read the row."""
    kind = type(row)
    statement = sa.update(kind).where(kind.id == row.id).values(**values)  # type: ignore[attr-defined]
    db.session.flush()
    db.session.execute(statement, execution_options={"synchronize_session": False})


def test_a_vote_that_a_colleague_just_opened_is_neither_edited_nor_drawn_again(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    draft = vote.voting_round
    behind_our_back(draft, state=VotingState.OPEN, lot_seed="0" * 32, public_key=b"1" * 32, regulation_hash="0" * 64)
    with pytest.raises(Conflict):
        edit_round(
            actor=vote.first,
            now=NOW,
            voting_round=draft,
            title="Anders",
            opens_at=draft.opens_at,
            closes_at=draft.closes_at,
            result_on=draft.result_on,
            max_choices=1,
            paper_place="",
            priority_ids=[option.priority_id for option in draft.options],
        )
    behind_our_back(draft, state=VotingState.OPEN)
    with pytest.raises(Conflict):
        open_round(actor=vote.second, now=NOW, voting_round=draft)
    assert draft.lot_seed == "0" * 32


def test_no_letters_are_asked_for_and_no_code_is_withdrawn_once_a_colleague_has_closed(vote: Vote) -> None:
    behind_our_back(vote.voting_round, state=VotingState.CLOSED)
    with pytest.raises(Conflict):
        void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)


def test_a_priority_that_a_colleague_just_let_lapse_does_not_come_on_the_ballot(session, settings) -> None:
    vote = make_vote(session, settings, NOW, opened=False)
    lapsed = vote.voting_round.options[0].priority
    behind_our_back(lapsed, state=PriorityState.DROPPED, dropped_because="Dit gaat toch niet door.")
    with pytest.raises(Conflict):
        put_on_ballot(actor=vote.first, now=NOW, priorities=[option.priority for option in vote.voting_round.options])
