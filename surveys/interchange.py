"""Questionnaires in from JSON and out to it; responses out as CSV."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.definition import describe_survey
from surveys.errors import N_, DefinitionError, StillOpen, TooFewResponses
from surveys.figures import MINIMUM_N, enough, shown_segments
from surveys.models import Answer, QuestionType, Response, Survey, SurveyState
from surveys.queries import open_answers
from surveys.question_types import handler_of

MAX_JSON_BYTES = 500_000
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Some spreadsheets read the wide signs of Chinese and Japanese keyboards as the plain ones."""


def definition_from_json(document: bytes | str) -> dict[str, Any]:
    """A definition from a JSON file, for create_survey. Raises DefinitionError."""
    if len(document) > MAX_JSON_BYTES:
        raise DefinitionError(N_("Het bestand is te groot. Het mag %(most)s kB zijn."), most=MAX_JSON_BYTES // 1000)
    try:
        definition = json.loads(document)
    except (ValueError, RecursionError):
        raise DefinitionError(N_("Dit bestand is geen goede JSON.")) from None
    if not isinstance(definition, dict):
        raise DefinitionError(N_("In dit bestand staat geen vragenlijst."))
    return definition


def definition_to_json(survey: Survey) -> str:
    return json.dumps(describe_survey(survey), ensure_ascii=False, indent=2) + "\n"


def responses_csv(session: Session, survey: Survey, *, segment_names: Mapping[str, str] | None = None) -> str:
    """One line per response, in a new random order each time; without what people wrote.

    Texts are in a file of their own (open_answers_csv), because a text often tells who
    wrote it and would name the rest of the line. Multiple choice has a column per
    option (1, 0, or empty when skipped). The first column is the segment, by its name in
    `segment_names`, and empty for segments too small to be shown. Raises StillOpen and
    TooFewResponses.
    """
    if survey.state is not SurveyState.CLOSED:
        raise StillOpen()
    responses: Sequence[tuple[UUID, str | None]] = [
        (row.id, row.segment)
        for row in session.execute(sa.select(Response.id, Response.segment).where(Response.survey_id == survey.id))
    ]
    if not enough(len(responses)):
        raise TooFewResponses(minimum=MINIMUM_N)
    cells = _cells(session, survey)
    columns = [
        (question, heading, row, choice)
        for question in survey.questions
        for heading, row, choice in handler_of(question).columns(question)
    ]
    segments = _segments(responses)
    names = segment_names or {}
    lines = []
    for response_id, segment in responses:
        given = cells[response_id]
        line: list[Any] = [names.get(segment or "", segment) if segment in segments else ""] if segments else []
        for question, _, row, choice in columns:
            values = given.get((question.id, row))
            if values is None:
                line.append("")
            elif choice:
                line.append(int(choice in values))
            else:
                line.append(values[0])
        lines.append(line)
    random.SystemRandom().shuffle(lines)
    headings = (["wijk"] if segments else []) + [heading for _, heading, _, _ in columns]
    return write_csv(headings, lines)


def open_answers_csv(session: Session, survey: Survey) -> str:
    """What people wrote: question and text, alphabetical per question, joined to nothing."""
    lines = [
        [question.key, text]
        for question in survey.questions
        if question.type is QuestionType.OPEN
        for text in open_answers(session, survey, question)
    ]
    return write_csv(["vraag", "antwoord"], lines)


def write_csv(headings: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    """CSV as Dutch spreadsheets read it (semicolons), safe to open: see guard_cell."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard_cell(heading) for heading in headings])
    writer.writerows([guard_cell(cell) for cell in line] for line in lines)
    return out.getvalue()


def guard_cell(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.strip() and cell.lstrip().startswith(_STARTS_FORMULA):
        return "'" + cell
    if isinstance(cell, float) and cell == int(cell):
        return int(cell)
    return cell


def _cells(session: Session, survey: Survey) -> Mapping[UUID, dict[tuple[int, str], list[Any]]]:
    rows = session.execute(
        sa.select(Answer.response_id, Answer.question_id, Answer.row, Answer.choice, Answer.number)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.survey_id == survey.id, Answer.text.is_(None))
        .order_by(Answer.response_id, Answer.question_id, Answer.row, Answer.choice)
    )
    cells: dict[UUID, dict[tuple[int, str], list[Any]]] = defaultdict(dict)
    for response_id, question_id, row, choice, number in rows:
        cells[response_id].setdefault((question_id, row), []).append(choice or number)
    return cells


def _segments(responses: Sequence[tuple[UUID, str | None]]) -> frozenset[str | None]:
    """The segments that may stand in a file; the column is empty for smaller ones."""
    counts: dict[str | None, int] = defaultdict(int)
    for _, segment in responses:
        counts[segment] += 1
    return frozenset(segment for segment in shown_segments(counts) if segment is not None)
