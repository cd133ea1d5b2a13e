"""Reads of the survey engine. Lists end in a total order that tells nothing of arrival."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from surveys.codes import code_hash
from surveys.errors import StillOpen
from surveys.models import (
    Answer,
    Participation,
    ParticipationState,
    Question,
    Response,
    Section,
    Survey,
    SurveyState,
)


def get_survey(session: Session, survey_id: int) -> Survey | None:
    """The survey with all its sections and questions, in three queries."""
    return session.scalar(
        sa.select(Survey)
        .where(Survey.id == survey_id)
        .options(selectinload(Survey.sections).selectinload(Section.questions))
    )


def response_count(session: Session, survey_id: int) -> int:
    return response_counts(session, [survey_id])[survey_id]


def response_counts(session: Session, survey_ids: Iterable[int]) -> dict[int, int]:
    """How many responses each survey has; 0 for those without."""
    wanted = list(survey_ids)
    counts = dict.fromkeys(wanted, 0)
    rows = session.execute(
        sa.select(Response.survey_id, sa.func.count())
        .where(Response.survey_id.in_(wanted))
        .group_by(Response.survey_id)
        .order_by(Response.survey_id)
    )
    counts.update((row[0], row[1]) for row in rows)
    return counts


def segment_counts(session: Session, survey_id: int) -> dict[str | None, int]:
    """How many responses per segment (None: without one)."""
    rows = session.execute(
        sa.select(Response.segment, sa.func.count())
        .where(Response.survey_id == survey_id)
        .group_by(Response.segment)
        .order_by(Response.segment)
    )
    return {row[0]: row[1] for row in rows}


def code_counts(session: Session, survey_id: int) -> dict[ParticipationState, int]:
    """How many codes are issued and not used, and how many used.

    For a survey open to everyone the used ones are the pages that came in.
    """
    counts = dict.fromkeys(ParticipationState, 0)
    rows = session.execute(
        sa.select(Participation.state, sa.func.count())
        .where(Participation.survey_id == survey_id)
        .group_by(Participation.state)
        .order_by(Participation.state)
    )
    counts.update((row[0], row[1]) for row in rows)
    return counts


def code_state(session: Session, survey: Survey, code: str, *, secret: bytes) -> ParticipationState | None:
    """Whether a code is issued or used; None when it is not one of this survey."""
    return session.scalar(
        sa.select(Participation.state).where(
            Participation.survey_id == survey.id,
            Participation.key_hash == code_hash(code, survey_id=survey.id, secret=secret),
        )
    )


def open_answers(session: Session, survey: Survey, question: Question) -> list[str]:
    """What people wrote, for staff only, in alphabetical order: the place in the list
    then says nothing of who wrote it, nor joins it to answers to other questions.

    Raises StillOpen before the survey is closed: who looks every day sees whose it is.
    """
    if survey.state is not SurveyState.CLOSED:
        raise StillOpen()
    texts = session.scalars(
        sa.select(Answer.text)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.question_id == question.id, Question.survey_id == survey.id, Answer.text.is_not(None))
    )
    return sorted((text for text in texts if text), key=lambda text: (text.casefold(), text))
