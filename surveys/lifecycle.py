"""A survey goes draft -> open -> closed, and never back.

Closing is final because closing mixes the responses and makes results public:
reopening would let anyone see what the latecomers answered, by subtracting.
"""

from __future__ import annotations

from datetime import date

from surveys.errors import ForbiddenStep
from surveys.models import Survey, SurveyState

STEPS: dict[SurveyState, frozenset[SurveyState]] = {
    SurveyState.DRAFT: frozenset({SurveyState.OPEN}),
    SurveyState.OPEN: frozenset({SurveyState.CLOSED}),
    SurveyState.CLOSED: frozenset(),
}


def step(survey: Survey, to: SurveyState, *, today: date) -> None:
    """Move the survey to `to` and note the day. Raises ForbiddenStep."""
    if to not in STEPS[survey.state]:
        raise ForbiddenStep()
    survey.state = to
    if to is SurveyState.OPEN:
        survey.opened_on = today
    else:
        survey.closed_on = today
