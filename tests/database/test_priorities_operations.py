"""Bundling on both databases: wishes keep their words, a point lapses with a reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.priorities import EXPLANATION, make_priority
from tests.factories.progress import team_of
from tests.factories.wishes import TEXT, make_wish
from tests.query_count import count_queries
from wijkagenda.audit.queries import history_of
from wijkagenda.errors import Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.events import _handlers, subscribe
from wijkagenda.people.actors import SYSTEM
from wijkagenda.priorities import operations, queries
from wijkagenda.priorities.events import PriorityProposed, WishBundled, WishUnbundled
from wijkagenda.priorities.models import BundledWish, Feasibility, Priority, PriorityState
from wijkagenda.wishes.answers import refuse_wish
from wijkagenda.wishes.events import WishAnswered
from wijkagenda.wishes.models import AnswerKind, RefusalGround, Theme, WishState

REASON = "Dit gaat samen met een ander punt verder."


@pytest.fixture
def heard(monkeypatch):
    """Every event of this slice, in order."""
    events: list[object] = []
    for kind in (WishBundled, WishUnbundled, PriorityProposed, WishAnswered):
        monkeypatch.setitem(_handlers, kind, [*_handlers[kind]])
        subscribe(kind, events.append)
    return events


def test_bundling_answers_each_wish_and_leaves_its_text(session: Session, heard: list[object]):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    wishes = [make_wish(session, neighbourhood), make_wish(session, neighbourhood)]
    priority = make_priority(agenda_round, wishes=wishes)
    for wish in wishes:
        assert wish.state is WishState.BUNDLED
        assert wish.text == TEXT
        assert wish.answers[-1].kind is AnswerKind.TAKEN_UP
        assert wish.answers[-1].text == EXPLANATION
        assert queries.priority_of_wish(wish.id) is priority
    assert queries.wish_counts([priority.id]) == {priority.id: 2}
    assert [type(event) for event in heard] == [WishBundled, WishAnswered] * 2
    assert "priorities.bundle" in [entry.action for entry in history_of("priority", priority.id)]


def test_numbers_of_priorities_run_per_round(session: Session):
    first = make_round(session, make_neighbourhood(session))
    second = make_round(session, make_neighbourhood(session, "Rustenoord", column=1))
    assert [make_priority(first).number, make_priority(first).number, make_priority(second).number] == [1, 2, 1]


def test_a_wish_is_in_one_priority(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood)
    make_priority(agenda_round, wishes=[wish])
    with pytest.raises(Conflict):
        make_priority(agenda_round, wishes=[wish])


def test_the_database_too_keeps_a_wish_in_one_priority(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood)
    make_priority(agenda_round, wishes=[wish])
    other = make_priority(agenda_round)
    session.expunge_all()
    session.add(BundledWish(wish_id=wish.id, priority_id=other.id, bundled_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_wish_of_another_neighbourhood_cannot_be_bundled(session: Session):
    agenda_round = make_round(session, make_neighbourhood(session))
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    make_round(session, elsewhere)
    wish = make_wish(session, elsewhere)
    with pytest.raises(Invalid) as error:
        make_priority(agenda_round, wishes=[wish])
    assert error.value.params == {"number": wish.reference}
    assert wish.state is WishState.PLACED


@pytest.mark.parametrize("explanation", ["", "Ja."])
def test_bundling_needs_an_explanation(session: Session, explanation: str):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood))
    with pytest.raises(Invalid) as error:
        operations.bundle(
            actor=SYSTEM,
            now=NOW,
            priority=priority,
            wishes=[make_wish(session, neighbourhood)],
            explanation=explanation,
        )
    assert error.value.field == "explanation"


def test_bundling_nothing_is_refused(session: Session):
    priority = make_priority(make_round(session, make_neighbourhood(session)))
    with pytest.raises(Invalid):
        operations.bundle(actor=SYSTEM, now=NOW, priority=priority, wishes=[], explanation=EXPLANATION)


def test_a_wish_not_placed_yet_cannot_be_bundled(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    with pytest.raises(Conflict):
        make_priority(agenda_round, wishes=[make_wish(session, neighbourhood, placed=False)])


def test_the_team_of_another_neighbourhood_may_not_bundle(session: Session):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood))
    stranger = team_of(session, make_neighbourhood(session, "Rustenoord", column=1))
    with pytest.raises(NotAllowed):
        operations.bundle(
            actor=stranger,
            now=NOW,
            priority=priority,
            wishes=[make_wish(session, neighbourhood)],
            explanation=EXPLANATION,
        )


def test_an_unbundled_wish_is_placed_again_and_waits_for_an_answer(session: Session, heard: list[object]):
    neighbourhood = make_neighbourhood(session)
    wish = make_wish(session, neighbourhood)
    make_priority(make_round(session, neighbourhood), wishes=[wish])
    row = queries.bundled_wish(wish.id)
    assert row is not None
    operations.unbundle(actor=SYSTEM, now=NOW, bundled=row)
    assert wish.state is WishState.PLACED
    assert queries.priority_of_wish(wish.id) is None
    assert wish in queries.unbundled_wishes(neighbourhood.id)
    assert type(heard[-1]) is WishUnbundled


def test_a_dropped_priority_gives_its_wishes_back_and_says_why(session: Session):
    neighbourhood = make_neighbourhood(session)
    wishes = [make_wish(session, neighbourhood) for _ in range(3)]
    priority = make_priority(make_round(session, neighbourhood), wishes=wishes, proposed=True)
    operations.drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason=REASON)
    assert priority.state is PriorityState.DROPPED
    assert priority.dropped_because == REASON
    assert queries.unbundled_wishes(neighbourhood.id) == wishes
    assert queries.wish_counts([priority.id]) == {}


def test_dropping_without_a_reason_changes_nothing(session: Session):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood), wishes=[make_wish(session, neighbourhood)])
    with pytest.raises(Invalid):
        operations.drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason="Nee")
    assert priority.state is PriorityState.DRAFT
    assert queries.wish_counts([priority.id]) == {priority.id: 1}


def test_a_dropped_priority_does_not_come_back(session: Session):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(
        make_round(session, neighbourhood), wishes=[make_wish(session, neighbourhood)], proposed=True
    )
    operations.drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason=REASON)
    with pytest.raises(Conflict):
        operations.bundle(
            actor=SYSTEM,
            now=NOW,
            priority=priority,
            wishes=[make_wish(session, neighbourhood)],
            explanation=EXPLANATION,
        )
    with pytest.raises(Conflict):
        operations.edit_priority(
            actor=SYSTEM, now=NOW, priority=priority, title="Anders", summary="Iets heel anders.", theme=Theme.HOMES
        )


def test_proposing_needs_a_wish(session: Session):
    priority = make_priority(make_round(session, make_neighbourhood(session)), checked=Feasibility.FEASIBLE)
    with pytest.raises(Invalid):
        operations.propose_priority(actor=SYSTEM, now=NOW, priority=priority)


def test_proposing_needs_a_check(session: Session):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood), wishes=[make_wish(session, neighbourhood)])
    with pytest.raises(Invalid):
        operations.propose_priority(actor=SYSTEM, now=NOW, priority=priority)


@pytest.mark.parametrize(
    "outcomes",
    [[Feasibility.NOT_FEASIBLE], [Feasibility.FEASIBLE, Feasibility.NOT_FEASIBLE]],
    ids=["not feasible", "not feasible after all"],
)
def test_what_cannot_be_done_is_not_proposed(session: Session, outcomes: list[Feasibility]):
    neighbourhood = make_neighbourhood(session)
    priority = make_priority(make_round(session, neighbourhood), wishes=[make_wish(session, neighbourhood)])
    for number, outcome in enumerate(outcomes):
        operations.record_feasibility(
            actor=SYSTEM,
            now=NOW + timedelta(minutes=number),
            priority=priority,
            outcome=outcome,
            reason="Er liggen kabels onder dit pad.",
            team_name="team Licht",
        )
    with pytest.raises(Invalid):
        operations.propose_priority(actor=SYSTEM, now=NOW, priority=priority)


def test_a_proposed_priority_is_public(session: Session, heard: list[object]):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)
    draft = make_priority(agenda_round)
    with pytest.raises(NotFound):
        queries.public_priority(agenda_round.id, draft.number)
    priority = make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
    assert queries.public_priority(agenda_round.id, priority.number) is priority
    assert [line.priority for line in queries.public_priorities(agenda_round.id)] == [priority]
    assert queries.proposed_priorities(agenda_round.id) == [priority]
    assert PriorityProposed(priority.id) in heard


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "Kan."}, "reason"),
        ({"team_name": ""}, "team_name"),
        ({"cost_estimate": -1}, "cost_estimate"),
        ({"cost_estimate": 10**12}, "cost_estimate"),
    ],
    ids=["no reason", "by nobody", "negative cost", "absurd cost"],
)
def test_a_check_says_why_who_and_a_real_amount(session: Session, changes: dict[str, object], field: str):
    priority = make_priority(make_round(session, make_neighbourhood(session)))
    values: dict[str, object] = {"reason": "De kabels liggen er al.", "team_name": "team Licht"}
    with pytest.raises(Invalid) as error:
        operations.record_feasibility(
            actor=SYSTEM,
            now=NOW,
            priority=priority,
            outcome=Feasibility.PARTLY,
            **(values | changes),  # type: ignore[arg-type]
        )
    assert error.value.field == field


def test_a_wish_alone_can_be_checked(session: Session):
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood)
    check = operations.record_feasibility(
        actor=SYSTEM,
        now=NOW,
        wish=wish,
        outcome=Feasibility.NOT_FEASIBLE,
        reason="Op deze weg rijden ziekenwagens.",
        team_name="team Verkeer",
    )
    assert queries.checks_of_wishes([wish.id]) == {wish.id: check}
    assert wish.state is WishState.PLACED


def on_ballot(session: Session) -> tuple[Priority, BundledWish]:
    neighbourhood = make_neighbourhood(session)
    wish = make_wish(session, neighbourhood) if make_round(session, neighbourhood) else None
    assert wish is not None and wish.round is not None
    priority = make_priority(wish.round, wishes=[wish], proposed=True)
    operations.put_on_ballot(actor=SYSTEM, now=NOW, priorities=[priority])
    return priority, priority.bundled[0]


def test_what_is_voted_on_cannot_change(session: Session):
    priority, row = on_ballot(session)
    with pytest.raises(Conflict):
        operations.edit_priority(
            actor=SYSTEM, now=NOW, priority=priority, title="Anders", summary="Iets heel anders.", theme=Theme.HOMES
        )
    with pytest.raises(Conflict):
        operations.drop_priority(actor=SYSTEM, now=NOW, priority=priority, reason=REASON)
    with pytest.raises(Conflict):
        operations.unbundle(actor=SYSTEM, now=NOW, bundled=row)


def test_a_late_wish_can_join_a_point_after_the_vote_and_leave_it_again(session: Session):
    priority, _ = on_ballot(session)
    late = make_wish(session, priority.round.neighbourhood)
    later = NOW + timedelta(days=1)
    operations.bundle(actor=SYSTEM, now=later, priority=priority, wishes=[late], explanation=EXPLANATION)
    row = queries.bundled_wish(late.id)
    assert row is not None
    operations.unbundle(actor=SYSTEM, now=later, bundled=row)
    assert late.state is WishState.PLACED


def test_only_public_points_go_on_a_ballot(session: Session):
    priority = make_priority(make_round(session, make_neighbourhood(session)))
    with pytest.raises(Conflict):
        operations.put_on_ballot(actor=SYSTEM, now=NOW, priorities=[priority])


def test_a_bundled_wish_that_is_refused_after_all_leaves_its_point(session: Session):
    neighbourhood = make_neighbourhood(session)
    wish = make_wish(session, neighbourhood) if make_round(session, neighbourhood) else None
    assert wish is not None and wish.round is not None
    priority = make_priority(wish.round, wishes=[wish])
    refuse_wish(
        actor=SYSTEM, now=NOW, wish=wish, ground=RefusalGround.RULE, text="Op deze weg mag geen drempel liggen."
    )
    assert wish.state is WishState.REFUSED
    assert queries.priority_of_wish(wish.id) is None
    assert priority.bundled == []


def test_a_wish_people_voted_on_cannot_be_refused_after_all(session: Session):
    _, row = on_ballot(session)
    with pytest.raises(Conflict):
        refuse_wish(
            actor=SYSTEM,
            now=NOW,
            wish=row.wish,
            ground=RefusalGround.RULE,
            text="Op deze weg mag geen drempel liggen.",
        )


def test_lists_take_the_same_number_of_queries_for_one_point_and_for_twelve(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round = make_round(session, neighbourhood)

    def cost() -> int:
        session.flush()
        session.expire_all()
        round_id = agenda_round.id
        with count_queries() as counter:
            for line in queries.public_priorities(round_id):
                assert line.check is not None and line.wish_count and line.priority.title
        return len(counter)

    make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
    few = cost()
    for _ in range(11):
        make_priority(agenda_round, wishes=[make_wish(session, neighbourhood)], proposed=True)
    assert cost() == few


def test_words_do_not_change_once_a_vote_over_them_was_opened_a_moment_ago(session: Session):
    priority = make_priority(make_round(session, make_neighbourhood(session)))
    session.flush()
    opened = sa.update(Priority).where(Priority.id == priority.id).values(on_ballot_since=NOW)
    session.execute(opened, execution_options={"synchronize_session": False})
    with pytest.raises(Conflict):
        operations.edit_priority(
            actor=SYSTEM, now=NOW, priority=priority, title="Anders", summary="Andere woorden.", theme=Theme.HOMES
        )
