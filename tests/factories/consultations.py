"""Surveys held in a neighbourhood, filled in by as many people as a test needs."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from surveys import operations as engine
from surveys.models import Survey, SurveyState
from tests.factories.surveys import filled_form, survey_definition
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.neighbourhoods.models import Neighbourhood


def make_survey(
    session: Session,
    *neighbourhoods: Neighbourhood,
    now: datetime,
    state: SurveyState = SurveyState.OPEN,
    **changes: Any,
) -> Survey:
    """A survey of these neighbourhoods, from ten days before `now` to ten days after it."""
    survey = engine.create_survey(session, survey_definition(**changes))
    for neighbourhood in neighbourhoods:
        session.add(
            NeighbourhoodSurvey(
                neighbourhood_id=neighbourhood.id,
                survey_id=survey.id,
                opens_at=now - timedelta(days=10),
                closes_at=now + timedelta(days=10),
            )
        )
    if state is not SurveyState.DRAFT:
        engine.open_survey(session, survey, today=now.date())
    if state is SurveyState.CLOSED:
        engine.close_survey(session, survey, today=now.date())
    session.flush()
    return survey


def fill(
    session: Session, survey: Survey, times: int, *, neighbourhood: Neighbourhood, start: int = 0, **answers: Any
) -> None:
    """`times` people who answer the same."""
    for number in range(start, start + times):
        engine.submit_response(
            session,
            survey,
            raw=filled_form(**answers),
            submission_key=f"{neighbourhood.id}-{number}",
            segment=str(neighbourhood.id),
        )


def make_meeting(session: Session, neighbourhood: Neighbourhood, *, starts_at: datetime, **changes: Any) -> Meeting:
    values: dict[str, Any] = {
        "title": "Inloopavond",
        "place": "De Hoeksteen, Lindelaan 4",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
    }
    meeting = Meeting(neighbourhood_id=neighbourhood.id, **(values | changes))
    session.add(meeting)
    session.flush()
    return meeting
