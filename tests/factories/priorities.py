"""Priorities as a test needs them, made by the real operations."""

from collections.abc import Sequence

from tests.conftest import NOW
from wijkagenda.people.actors import SYSTEM
from wijkagenda.priorities import operations
from wijkagenda.priorities.models import Feasibility, Priority
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.models import Theme, Wish

EXPLANATION = "U heeft gelijk: het is er donker. Uw wens hoort nu bij dit punt."


def make_priority(
    agenda_round: AgendaRound,
    title: str = "Meer licht en beter zicht in het Molenpark",
    *,
    wishes: Sequence[Wish] = (),
    checked: Feasibility | None = None,
    proposed: bool = False,
) -> Priority:
    """A draft priority; with wishes, a check, and public when asked."""
    priority = operations.create_priority(
        actor=SYSTEM,
        now=NOW,
        agenda_round=agenda_round,
        title=title,
        summary="Achttien lampen en lage struiken langs het hoofdpad.",
        theme=Theme.SAFETY,
    )
    if wishes:
        operations.bundle(actor=SYSTEM, now=NOW, priority=priority, wishes=wishes, explanation=EXPLANATION)
    if checked or proposed:
        operations.record_feasibility(
            actor=SYSTEM,
            now=NOW,
            priority=priority,
            outcome=checked or Feasibility.FEASIBLE,
            reason="De kabels liggen er al. Het geld is er in 2027.",
            team_name="team Licht",
            cost_estimate=54_000,
        )
    if proposed:
        operations.propose_priority(actor=SYSTEM, now=NOW, priority=priority)
    return priority
