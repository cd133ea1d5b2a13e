"""Actions under an adopted agenda, on both databases: promises, partners, money and steps."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.agenda import make_agenda
from tests.factories.neighbourhoods import TODAY, make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.progress import make_update, team_of
from tests.query_count import count_queries
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.events import _handlers, subscribe
from wijkagenda.people.actors import SYSTEM
from wijkagenda.plan import operations, queries
from wijkagenda.plan.events import ActionAdded
from wijkagenda.plan.models import Action, ActionState


def edit(action: Action, **changes: Any) -> None:
    values: dict[str, Any] = {
        "title": action.title,
        "text": action.text,
        "owner": action.owner,
        "due_year": action.due_year,
        "due_quarter": action.due_quarter,
        "budget": action.budget,
        "partners": [(p.name, p.role) for p in action.partners],
    }
    operations.edit_action(actor=SYSTEM, now=NOW, action=action, **(values | changes))


def test_an_action_starts_as_not_begun_and_keeps_its_first_promise(session: Session, monkeypatch: pytest.MonkeyPatch):
    heard: list[object] = []
    monkeypatch.setitem(_handlers, ActionAdded, [])
    subscribe(ActionAdded, heard.append)
    agenda = make_agenda(session, make_neighbourhood(session))
    first, second = make_action(agenda.items[1]), make_action(agenda.items[1], counted_total=18)
    assert (first.reference, second.reference) == ("A-2.1", "A-2.2")
    assert first.state is ActionState.NOT_BEGUN
    assert (first.promised_year, first.promised_quarter, first.moved) == (2027, 2, False)
    assert (second.counted_done, second.counted_total) == (0, 18)
    assert heard == [ActionAdded(first.id), ActionAdded(second.id)]


def test_a_draft_agenda_has_no_actions(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    with pytest.raises(Conflict):
        make_action(agenda.items[0])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "La"}, "title"),
        ({"title": "L" * 121}, "title"),
        ({"text": "Kort"}, "text"),
        ({"owner": ""}, "owner"),
        ({"budget": -1}, "budget"),
        ({"budget": 10**12}, "budget"),
        ({"due_quarter": 0}, "due_quarter"),
        ({"due_quarter": 5}, "due_quarter"),
        ({"due_year": 1999}, "due_year"),
        ({"due_year": 2051}, "due_year"),
        ({"partners": [("Bewonersclub", "")]}, "partners"),
        ({"partners": [("", "snoeit")]}, "partners"),
        ({"counted_total": 0}, "counted_total"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_action_is_refused_that_is_not_a_promise_one_can_check(
    session: Session, changes: dict[str, Any], field: str
):
    agenda = make_agenda(session, make_neighbourhood(session))
    with pytest.raises(Invalid) as error:
        make_action(agenda.items[0], **changes)
    assert error.value.field == field


def test_the_team_of_another_neighbourhood_may_not_plan(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session))
    action = make_action(agenda.items[0])
    stranger = team_of(session, make_neighbourhood(session, "Rustenoord", column=1))
    with pytest.raises(NotAllowed):
        operations.add_milestone(actor=stranger, now=NOW, action=action, title="Lampen besteld", due_on=TODAY)


def test_the_date_can_be_corrected_until_the_work_begins(session: Session):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0])
    edit(action, due_quarter=3, budget=60_000, partners=[("Politie Zuid", "kijkt mee")])
    assert (action.due_quarter, action.promised_quarter, action.budget) == (3, 3, 60_000)
    assert [p.name for p in action.partners] == ["Politie Zuid"]
    make_update(session, action)
    with pytest.raises(Conflict) as error:
        edit(action, due_quarter=4)
    assert error.value.field == "due_quarter"
    edit(action, title="Twintig lampen langs het hoofdpad")
    assert action.title == "Twintig lampen langs het hoofdpad"


def test_the_total_cannot_fall_below_what_is_done(session: Session):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0], counted_total=18)
    make_update(session, action, counted=(12, 18))
    with pytest.raises(Invalid):
        edit(action, counted_total=10)
    edit(action, counted_total=20)
    assert (action.counted_done, action.counted_total) == (12, 20)
    # What was published is not taken back in silence either.
    with pytest.raises(Conflict):
        edit(action, counted_total=None)


def test_the_database_refuses_a_fifth_quarter_and_a_negative_budget(session: Session):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0])
    for name, value in (("due_quarter", 5), ("budget", -1), ("spent", -1)):
        with session.begin_nested() as savepoint:
            setattr(action, name, value)
            with pytest.raises(IntegrityError):
                session.flush()
            savepoint.rollback()
        session.refresh(action)


def test_the_database_refuses_late_without_a_reason(session: Session):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0])
    action.state = ActionState.DELAYED
    with pytest.raises(IntegrityError):
        session.flush()


def test_steps_stand_in_order_and_are_done_once(session: Session):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0])

    def step(title: str, due_on: date, **changes: Any) -> None:
        operations.add_milestone(actor=SYSTEM, now=NOW, action=action, title=title, due_on=due_on, **changes)

    step("Samen kijken in het donker", date(2027, 6, 30))
    step("Lampen plaatsen", date(2027, 6, 15), starts_on=date(2027, 4, 1))
    step("Lampen besteld", TODAY)
    session.flush()
    session.expire(action, ["milestones"])
    assert [m.title for m in action.milestones] == ["Lampen besteld", "Lampen plaatsen", "Samen kijken in het donker"]
    first = action.milestones[0]
    with pytest.raises(Invalid):
        operations.complete_milestone(actor=SYSTEM, now=NOW, milestone=first, done_on=TODAY + timedelta(days=1))
    operations.complete_milestone(actor=SYSTEM, now=NOW, milestone=first, done_on=TODAY, note="samen met 14 bewoners")
    with pytest.raises(Conflict):
        operations.complete_milestone(actor=SYSTEM, now=NOW, milestone=first, done_on=TODAY)
    with pytest.raises(Conflict):
        operations.remove_milestone(actor=SYSTEM, now=NOW, milestone=first)
    operations.remove_milestone(actor=SYSTEM, now=NOW, milestone=action.milestones[2])
    assert [m.note for m in action.milestones] == ["samen met 14 bewoners", ""]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": date(2027, 7, 1)}, "due_on"),
        ({"due_on": date(1990, 1, 1)}, "due_on"),
        ({"note": "n" * 201}, "note"),
    ],
    ids=["no title", "ends before it begins", "long ago", "long note"],
)
def test_a_step_is_refused_that_makes_no_sense(session: Session, changes: dict[str, Any], field: str):
    action = make_action(make_agenda(session, make_neighbourhood(session)).items[0])
    values: dict[str, Any] = {"title": "Lampen plaatsen", "due_on": date(2027, 6, 15)}
    with pytest.raises(Invalid) as error:
        operations.add_milestone(actor=SYSTEM, now=NOW, action=action, **(values | changes))
    assert error.value.field == field


def test_an_item_stands_as_its_actions_do(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood)
    item = agenda.items[0]
    for new_state in (ActionState.DONE, ActionState.ON_SCHEDULE, ActionState.DELAYED, ActionState.STOPPED):
        action = make_action(item)
        make_update(
            session,
            action,
            new_state=new_state,
            reason="Er liggen kabels onder het pad.",
            new_due=(2028, 1) if new_state is ActionState.DELAYED else None,
        )
    view = queries.agenda_with_items(neighbourhood.id)
    assert view is not None
    line = view.lines[0]
    assert (line.standing.done, line.standing.total, line.standing.stopped) == (1, 3, 1)
    assert line.standing.state is ActionState.DELAYED
    assert line.late is not None and (line.late.due_year, line.late.due_quarter) == (2028, 1)
    assert line.late.moved
    assert view.lines[1].standing.state is ActionState.NOT_BEGUN
    assert view.standing.total == 3


def test_the_overview_counts_actions_and_money_per_neighbourhood(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood)
    make_update(session, make_action(agenda.items[0]), spent=37_450)
    make_action(agenda.items[1], budget=None)
    make_action(agenda.items[2], budget=1_000)
    other = make_neighbourhood(session, "Rustenoord", column=1)
    make_action(make_agenda(session, other).items[0], budget=5)
    found = queries.overview_per_neighbourhood()
    assert found[neighbourhood.id].budget == 55_000
    assert found[neighbourhood.id].spent == 37_450
    assert dict(found[neighbourhood.id].standing.counts) == {ActionState.NOT_BEGUN: 2, ActionState.ON_SCHEDULE: 1}
    assert found[other.id].budget == 5
    assert len(queries.actions_in([neighbourhood.id])) == 3
    assert len(queries.actions_in()) == 4


def test_an_action_is_overdue_from_the_first_day_after_its_quarter(session: Session):
    neighbourhood = make_neighbourhood(session)
    action = make_action(make_agenda(session, neighbourhood).items[0])
    assert queries.last_day_of_quarter(2027, 2) == date(2027, 6, 30)
    assert queries.overdue_actions(date(2027, 6, 30)) == []
    assert queries.overdue_actions(date(2027, 7, 1), [neighbourhood.id]) == [action]
    make_update(session, action, new_state=ActionState.DONE)
    assert queries.overdue_actions(date(2027, 7, 1)) == []


def test_an_agenda_takes_the_same_number_of_queries_for_two_items_and_for_twelve(session: Session):
    def cost(name: str, column: int, size: int) -> int:
        neighbourhood = make_neighbourhood(session, name, column=column)
        agenda = make_agenda(session, neighbourhood, [f"Punt {n} van de wijk" for n in range(size)])
        for item in agenda.items:
            make_action(item)
            make_action(item)
        session.flush()
        session.expire_all()
        neighbourhood_id = neighbourhood.id
        with count_queries() as counter:
            view = queries.agenda_with_items(neighbourhood_id)
            assert view is not None and len(view.lines) == size
            for line in view.lines:
                assert line.evidence.votes and line.standing.total == 2 and line.late is None
                assert [partner.name for action in line.actions for partner in action.partners]
        assert len(counter) <= 9
        return len(counter)

    assert cost("Molenwijk", 0, 2) == cost("Rustenoord", 1, 12)
