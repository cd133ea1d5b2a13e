"""A point on an agenda without a vote is as settled as one that people voted on."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.agenda import MOTIVE, make_points, manager_of
from tests.factories.neighbourhoods import TODAY, make_neighbourhood
from tests.factories.wishes import make_wish
from wijkagenda.agenda import operations
from wijkagenda.agenda.models import Agenda
from wijkagenda.errors import Conflict
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.priorities.operations import bundle, drop_priority, edit_priority, put_on_ballot, unbundle

ADOPTION = {"adopted_on": TODAY, "adopted_by": "de wethouder", "mandate": "Mandaatbesluit 2026, artikel 4"}


def agenda_without_vote(session: Session, *, adopted: bool) -> tuple[Agenda, Neighbourhood]:
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    agenda = operations.draft_agenda_without_vote(
        actor=SYSTEM,
        now=NOW,
        agenda_round=agenda_round,
        ranks={point: rank for rank, point in enumerate(points, start=1)},
        reason="In deze wijk wonen 90 mensen. Zij kozen samen.",
        motives={point.id: MOTIVE for point in points},
    )
    if adopted:
        operations.adopt_agenda(actor=manager_of(session, neighbourhood), now=NOW, agenda=agenda, **ADOPTION)
    return agenda, neighbourhood


@pytest.mark.parametrize("adopted", [True, False])
def test_a_point_on_an_agenda_that_nobody_voted_on_is_settled_too(session: Session, adopted: bool):
    agenda, _ = agenda_without_vote(session, adopted=adopted)
    point = agenda.items[0].priority
    acts = [
        lambda: edit_priority(
            actor=SYSTEM, now=NOW, priority=point, title="Iets anders", summary="Iets heel anders.", theme=point.theme
        ),
        lambda: drop_priority(actor=SYSTEM, now=NOW, priority=point, reason="Dit punt kan vervallen."),
        lambda: put_on_ballot(actor=SYSTEM, now=NOW, priorities=[point]),
    ]
    if adopted:
        acts.append(lambda: unbundle(actor=SYSTEM, now=NOW, bundled=point.bundled[0]))
    for act in acts:
        with pytest.raises(Conflict, match="vastgestelde wijkagenda" if adopted else "concept"):
            act()
    assert (point.title, len(point.bundled)) == (agenda.items[0].title, 1)


def test_a_wish_that_came_after_adoption_can_still_leave_its_point(session: Session):
    agenda, neighbourhood = agenda_without_vote(session, adopted=True)
    point, later = agenda.items[0].priority, NOW + timedelta(days=3)
    late = make_wish(session, neighbourhood, "Een late wens over hetzelfde punt, drie dagen later.")
    bundle(actor=SYSTEM, now=later, priority=point, wishes=[late], explanation="Dit hoort bij dit punt.")
    unbundle(actor=SYSTEM, now=later, bundled=next(row for row in point.bundled if row.wish_id == late.id))
    assert [row.wish_id for row in point.bundled] != [late.id]
