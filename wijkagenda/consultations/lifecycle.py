"""A meeting is planned and may be cancelled. A cancelled one stays so: who heard "no" once must not guess.

The states of a survey are in surveys.lifecycle.
"""

from wijkagenda.consultations.models import Meeting, MeetingState
from wijkagenda.errors import N_, Conflict

STEPS = {
    MeetingState.PLANNED: frozenset({MeetingState.CANCELLED}),
    MeetingState.CANCELLED: frozenset[MeetingState](),
}


def step(meeting: Meeting, to: MeetingState) -> None:
    """Move the meeting to `to`; Conflict when that step does not exist."""
    if to not in STEPS[meeting.state]:
        raise Conflict(N_("Deze bijeenkomst is al afgezegd."))
    meeting.state = to
