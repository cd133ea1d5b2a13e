"""Progress updates: written by the team, published by the manager."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.agenda import make_member, manager_of
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor, Grant
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.progress import operations
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.progress.operations import News


def team_of(session: Session, neighbourhood: Neighbourhood, member: StaffMember | None = None) -> Actor:
    """Somebody of the area team of this neighbourhood, as an actor."""
    member = member or make_member(session, "Noor Bakker")
    return Actor("staff", staff_id=member.id, name=member.name, grants=(Grant(Role.AREA_TEAM, neighbourhood.area_id),))


def make_news(**changes: object) -> News:
    values: dict[str, object] = {
        "title": "De eerste twaalf lampen branden",
        "text": "Vanaf de Molenlaan tot de vijver is het nu licht. De laatste zes komen in juni.",
        "new_state": ActionState.ON_SCHEDULE,
        "standing": "12 van de 18 lampen staan er.",
        "spent": 37_450,
    }
    return News(**(values | changes))  # type: ignore[arg-type]


def make_update(
    session: Session,
    action: Action,
    *,
    submitted: bool = True,
    published: bool = True,
    now: datetime = NOW,
    writer: Actor | None = None,
    **changes: object,
) -> ProgressUpdate:
    """An update that went so far; by people made for it."""
    neighbourhood = action.item.agenda.round.neighbourhood
    writer = writer or team_of(session, neighbourhood)
    update = operations.write_update(actor=writer, now=now, action=action, news=make_news(**changes))
    if submitted or published:
        operations.submit_update(actor=writer, now=now, update=update)
    if published:
        operations.publish_update(actor=manager_of(session, neighbourhood), now=now, update=update)
    return update
