"""What a closed survey says: counts and percentages per question.

Only after closing: whoever could look before and after one more response would
see that response. Nothing under MINIMUM_N answers, and for a survey that serves
several neighbourhoods nothing that subtracting the others would tell. There are
no crosstabs. Every response counts as one (`weighted` is False).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.errors import StillOpen
from surveys.figures import (
    Counted,
    QuestionResult,
    SectionResult,
    SurveyResult,
    enough,
    shown_segments,
)
from surveys.models import Answer, Question, QuestionType, Response, Survey, SurveyState
from surveys.queries import segment_counts
from surveys.question_types import handler_of
from surveys.texts import in_language

Place = tuple[int, str]
"""A question id and a row of it."""


def survey_result(
    session: Session, survey: Survey, *, segment: str | None = None, language: str = "nl"
) -> SurveyResult:
    """The figures that may be shown, of the whole survey or of one segment.

    Five queries at most, however many responses. Raises StillOpen until it is closed.
    """
    if survey.state is not SurveyState.CLOSED:
        raise StillOpen()
    per_segment = segment_counts(session, survey.id)
    n = per_segment.get(segment, 0) if segment is not None else sum(per_segment.values())
    hidden = not enough(n) or (segment is not None and segment not in shown_segments(per_segment))
    counted = {} if hidden else _counted(session, survey.id, segment)
    sections = tuple(
        SectionResult(
            title=in_language(section.title, language),
            questions=tuple(_question_result(question, counted, language) for question in section.questions),
        )
        for section in survey.sections
    )
    return SurveyResult(
        survey_id=survey.id,
        title=in_language(survey.title, language),
        segment=segment,
        n=0 if hidden else n,
        too_few=hidden,
        date=survey.closed_on,
        sections=sections,
    )


def _question_result(question: Question, counted: dict[Place, Counted], language: str) -> QuestionResult:
    rows = {row: counts for (question_id, row), counts in counted.items() if question_id == question.id}
    return QuestionResult(
        key=question.key,
        type=question.type.value,
        text=in_language(question.text, language),
        help=in_language(question.help, language),
        unit=in_language(question.unit, language),
        several=question.type is QuestionType.MULTIPLE,
        figures=handler_of(question).figures(question, rows, language),
    )


def _counted(session: Session, survey_id: int, segment: str | None) -> dict[Place, Counted]:
    """Counts per question and row. For a segment, places are left out where
    showing it would tell a small segment by subtraction."""
    people = _people(session, survey_id)
    choices: dict[Place, list[tuple[str, int]]] = defaultdict(list)
    numbers: dict[Place, list[tuple[float, int]]] = defaultdict(list)
    for question_id, row, choice, number, times in _values(session, survey_id, segment):
        if choice:
            choices[question_id, row].append((choice, times))
        elif number is not None:
            numbers[question_id, row].append((number, times))
    counted = {}
    for place, per_segment in people.items():
        if segment is None:
            n = sum(per_segment.values())
        elif segment in shown_segments(per_segment):
            n = per_segment[segment]
        else:
            continue
        counted[place] = Counted(n, tuple(choices[place]), tuple(numbers[place]))
    return counted


def _people(session: Session, survey_id: int) -> dict[Place, dict[str | None, int]]:
    """How many responses answered each question and row, per segment."""
    rows = session.execute(
        sa.select(
            Answer.question_id,
            Answer.row,
            Response.segment,
            sa.func.count(Answer.response_id.distinct()),
        )
        .join(Response, Response.id == Answer.response_id)
        .where(Response.survey_id == survey_id)
        .group_by(Answer.question_id, Answer.row, Response.segment)
        .order_by(Answer.question_id, Answer.row, Response.segment)
    )
    people: dict[Place, dict[str | None, int]] = defaultdict(dict)
    for question_id, row, segment, n in rows:
        people[question_id, row][segment] = n
    return people


def _values(
    session: Session, survey_id: int, segment: str | None
) -> Iterable[sa.Row[int, str, str, float | None, int]]:
    query = (
        sa.select(Answer.question_id, Answer.row, Answer.choice, Answer.number, sa.func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(Response.survey_id == survey_id, Answer.text.is_(None))
        .group_by(Answer.question_id, Answer.row, Answer.choice, Answer.number)
        .order_by(Answer.question_id, Answer.row, Answer.choice, Answer.number)
    )
    if segment is not None:
        query = query.where(Response.segment == segment)
    return session.execute(query)
