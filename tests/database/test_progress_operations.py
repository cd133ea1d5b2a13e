"""Updates on both databases: written by the team, published by somebody else, applied to the action."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.agenda import make_agenda, make_member, manager_of
from tests.factories.neighbourhoods import TODAY, make_neighbourhood
from tests.factories.plan import make_action
from tests.factories.progress import make_news, make_update, team_of
from tests.query_count import count_queries
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.events import _handlers, subscribe
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.progress import operations, queries
from wijkagenda.progress.events import UpdatePublished
from wijkagenda.progress.models import ProgressUpdate, UpdateState

REASON = "Onder het pad liggen kabels die eerst weg moeten."


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    return make_neighbourhood(session)


@pytest.fixture
def action(session: Session, neighbourhood: Neighbourhood) -> Action:
    return make_action(make_agenda(session, neighbourhood).items[0], counted_total=18)


def test_a_published_update_changes_the_action(
    session: Session, action: Action, neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
):
    heard: list[object] = []
    monkeypatch.setitem(_handlers, UpdatePublished, [])
    subscribe(UpdatePublished, heard.append)
    writer, manager = team_of(session, neighbourhood), manager_of(session, neighbourhood)
    news = make_news(counted=(12, 18), new_due=(2027, 3))
    update = operations.write_update(actor=writer, now=NOW, action=action, news=news)
    assert update.submit_due_on == TODAY + timedelta(days=7)
    operations.submit_update(actor=writer, now=NOW, update=update)
    assert action.state is ActionState.NOT_BEGUN, "nothing changes before somebody checked it"
    operations.publish_update(actor=manager, now=NOW + timedelta(days=2), update=update)
    assert action.state is ActionState.ON_SCHEDULE
    assert (action.spent, action.spent_on) == (37_450, TODAY)
    assert (action.counted_done, action.counted_total) == (12, 18)
    assert action.standing == "12 van de 18 lampen staan er."
    assert (action.due_year, action.due_quarter, action.promised_quarter) == (2027, 3, 2)
    assert heard == [UpdatePublished(update.id)]


def test_what_an_update_leaves_empty_stays_as_it_was(session: Session, action: Action):
    make_update(session, action, counted=(12, 18))
    make_update(session, action, standing="", spent=None, new_state=ActionState.DONE)
    assert action.standing == "12 van de 18 lampen staan er."
    assert (action.spent, action.counted_done, action.done_on) == (37_450, 12, TODAY)


def test_late_says_why_and_until_when_and_on_schedule_forgets_it(session: Session, action: Action):
    make_update(session, action, new_state=ActionState.DELAYED, reason=REASON, new_due=(2028, 1))
    assert (action.state, action.reason, action.moved) == (ActionState.DELAYED, REASON, True)
    make_update(session, action, reason="Deze reden hoort nergens bij.")
    assert (action.state, action.reason, action.due_year) == (ActionState.ON_SCHEDULE, "", 2028)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "A"}, "title"),
        ({"text": ""}, "text"),
        ({"new_state": ActionState.DELAYED, "reason": "", "new_due": (2028, 1)}, "reason"),
        ({"new_state": ActionState.DELAYED, "reason": REASON}, "new_due_quarter"),
        ({"new_state": ActionState.STOPPED, "reason": "Tja."}, "reason"),
        ({"new_due": (2028, 5)}, "new_due_quarter"),
        ({"new_due": (1900, 1)}, "new_due_year"),
        ({"spent": -1}, "spent"),
        ({"counted": (19, 18)}, "counted_done"),
        ({"counted": (-1, 18)}, "counted_done"),
        ({"standing": "s" * 201}, "standing"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_update_that_does_not_hold_is_refused(
    session: Session, action: Action, neighbourhood: Neighbourhood, changes: dict[str, Any], field: str
):
    with pytest.raises(Invalid) as error:
        operations.write_update(
            actor=team_of(session, neighbourhood), now=NOW, action=action, news=make_news(**changes)
        )
    assert error.value.field == field


def test_what_has_begun_is_never_not_begun_again(session: Session, action: Action):
    make_update(session, action)
    with pytest.raises(Conflict):
        make_update(session, action, new_state=ActionState.NOT_BEGUN)


def test_nobody_publishes_what_they_wrote(session: Session, action: Action, neighbourhood: Neighbourhood):
    member = make_member(session, "Doet Alles")
    both = Actor(
        "staff",
        member.id,
        member.name,
        (Grant(Role.AREA_TEAM, neighbourhood.area_id), Grant(Role.CITY_DISTRICT_MANAGER, None)),
    )
    update = make_update(session, action, published=False, writer=both)
    with pytest.raises(NotAllowed):
        operations.publish_update(actor=both, now=NOW, update=update)
    with pytest.raises(NotAllowed):
        operations.send_back(actor=both, now=NOW, update=update, text="Schrijf dit nog eens op.")
    assert update.state is UpdateState.SUBMITTED


def test_the_database_too_refuses_one_writer_and_publisher(session: Session, action: Action):
    update = make_update(session, action, published=False)
    update.state, update.published_at = UpdateState.PUBLISHED, NOW
    update.published_by_id = update.written_by_id
    with pytest.raises(IntegrityError):
        session.flush()


def test_only_the_manager_of_this_neighbourhood_publishes(
    session: Session, action: Action, neighbourhood: Neighbourhood
):
    update = make_update(session, action, published=False)
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    for actor in (team_of(session, neighbourhood), manager_of(session, elsewhere), SYSTEM):
        with pytest.raises(NotAllowed):
            operations.publish_update(actor=actor, now=NOW, update=update)


def test_only_the_team_of_this_neighbourhood_writes(session: Session, action: Action, neighbourhood: Neighbourhood):
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    for actor in (team_of(session, elsewhere), manager_of(session, neighbourhood), SYSTEM):
        with pytest.raises(NotAllowed):
            operations.write_update(actor=actor, now=NOW, action=action, news=make_news())


def test_only_the_writer_changes_a_draft_and_any_colleague_may_throw_it_away(
    session: Session, action: Action, neighbourhood: Neighbourhood
):
    update = make_update(session, action, submitted=False, published=False)
    colleague = team_of(session, neighbourhood)
    with pytest.raises(NotAllowed):
        operations.edit_update(actor=colleague, now=NOW, update=update, news=make_news())
    with pytest.raises(NotAllowed):
        operations.submit_update(actor=colleague, now=NOW, update=update)
    operations.discard_update(actor=colleague, now=NOW, update=update)
    assert queries.updates_to_submit() == []


def test_sending_back_says_what_must_change(session: Session, action: Action, neighbourhood: Neighbourhood):
    writer, manager = team_of(session, neighbourhood), manager_of(session, neighbourhood)
    update = make_update(session, action, published=False, writer=writer)
    with pytest.raises(Invalid):
        operations.send_back(actor=manager, now=NOW, update=update, text="")
    operations.send_back(actor=manager, now=NOW, update=update, text="Schrijf ook wanneer de rest komt.")
    assert (update.state, update.sent_back_because) == (UpdateState.DRAFT, "Schrijf ook wanneer de rest komt.")
    with pytest.raises(Conflict):
        operations.publish_update(actor=manager, now=NOW, update=update)
    operations.edit_update(actor=writer, now=NOW, update=update, news=make_news(title="De rest komt in juni"))
    operations.submit_update(actor=writer, now=NOW, update=update)
    operations.publish_update(actor=manager, now=NOW, update=update)
    assert update.state is UpdateState.PUBLISHED


def test_what_is_handed_in_or_public_does_not_change(session: Session, action: Action, neighbourhood: Neighbourhood):
    writer = team_of(session, neighbourhood)
    manager = manager_of(session, neighbourhood)
    update = make_update(session, action, published=False, writer=writer)
    with pytest.raises(Conflict):
        operations.edit_update(actor=writer, now=NOW, update=update, news=make_news())
    with pytest.raises(Conflict):
        operations.discard_update(actor=writer, now=NOW, update=update)
    operations.publish_update(actor=manager, now=NOW, update=update)
    with pytest.raises(Conflict):
        operations.publish_update(actor=manager, now=NOW, update=update)


def test_what_waits_stands_with_who_must_act(session: Session, action: Action, neighbourhood: Neighbourhood):
    after = date(2027, 7, 1)
    assert queries.actions_without_update(after, [neighbourhood.id]) == [action]
    draft = make_update(session, action, submitted=False, published=False)
    assert queries.actions_without_update(after) == []
    assert queries.updates_to_submit([neighbourhood.id]) == [draft]
    handed_in = make_update(session, action, published=False)
    assert queries.updates_to_publish() == [handed_in]
    assert queries.updates_to_publish([neighbourhood.id + 1]) == []


def test_news_is_newest_first_and_in_pages(session: Session, action: Action, neighbourhood: Neighbourhood):
    made = [make_update(session, action, title=f"Bericht {n}", now=NOW + timedelta(hours=n), spent=n) for n in range(5)]
    make_update(session, action, title="Nog niet openbaar", published=False)
    assert [u.title for u in queries.latest_updates(neighbourhood.id, 2)] == ["Bericht 4", "Bericht 3"]
    assert queries.latest_updates(limit=1) == [made[4]]
    first, last = queries.news_page(neighbourhood.id, 1, 2), queries.news_page(neighbourhood.id, 99, 2)
    assert ([u.title for u in first.updates], first.pages, first.total) == (["Bericht 4", "Bericht 3"], 3, 5)
    assert ([u.title for u in last.updates], last.page) == (["Bericht 0"], 3)
    assert queries.news_page(neighbourhood.id, -3, 2).page == 1
    assert queries.last_news_days() == {neighbourhood.id: TODAY}
    assert queries.updates_of_actions([action.id])[action.id][0].title == "Bericht 4"


def test_news_takes_the_same_number_of_queries_for_one_update_and_for_ten(
    session: Session, action: Action, neighbourhood: Neighbourhood
):
    def cost() -> int:
        session.flush()
        session.expire_all()
        neighbourhood_id = neighbourhood.id
        with count_queries() as counter:
            for update in queries.news_page(neighbourhood_id, 1).updates:
                assert update.action.item.rank and update.action.item.agenda.round.neighbourhood.name
        return len(counter)

    make_update(session, action)
    few = cost()
    for n in range(9):
        make_update(session, action, title=f"Bericht {n}")
    assert cost() == few


def test_an_update_that_was_published_a_moment_ago_is_not_sent_back(
    session: Session, action: Action, neighbourhood: Neighbourhood
):
    update = make_update(session, action, published=False)
    published = sa.update(ProgressUpdate).where(ProgressUpdate.id == update.id)
    values = {
        "state": UpdateState.PUBLISHED,
        "published_at": NOW,
        "published_by_id": make_member(session, "Ander Lid").id,
    }
    session.execute(published.values(**values), execution_options={"synchronize_session": False})
    manager = manager_of(session, neighbourhood)
    with pytest.raises(Conflict):
        operations.send_back(actor=manager, now=NOW, update=update, text="Schrijf erbij wanneer.")
    assert update.state is UpdateState.PUBLISHED
