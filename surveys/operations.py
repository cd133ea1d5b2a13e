"""Writes: make a survey, open and close it, hand out codes, take in responses.

Everything here flushes and never commits. The caller decides who may.
"""

from __future__ import annotations

import hashlib
import random
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveys.codes import code_hash, make_code
from surveys.definition import build_survey
from surveys.errors import (
    N_,
    CodesNotAllowed,
    CodeUsed,
    ForbiddenStep,
    InvalidAnswers,
    Problem,
    SurveyNotOpen,
    UnknownCode,
)
from surveys.lifecycle import step
from surveys.models import (
    Answer,
    Participation,
    ParticipationState,
    Question,
    Response,
    Survey,
    SurveyAccess,
    SurveyState,
)
from surveys.question_types import Raw, Value, handler_of
from surveys.routing import keep_shown, shown_questions

KEY_BYTES = 16

_ANSWERS = cast(sa.Table, Answer.__table__)
_RESPONSES = cast(sa.Table, Response.__table__)
_PARTICIPATIONS = cast(sa.Table, Participation.__table__)


@dataclass(frozen=True)
class Receipt:
    """What the sender is told. `already_received`: this page had come in before, and
    counts once. It says nothing of which response is theirs; nobody can know."""

    already_received: bool


def create_survey(session: Session, definition: Mapping[str, Any]) -> Survey:
    """A draft survey from a definition (see surveys.definition). Raises DefinitionError."""
    survey = build_survey(definition)
    session.add(survey)
    session.flush()
    return survey


def open_survey(session: Session, survey: Survey, *, today: date) -> None:
    """From now on answers are taken in. Raises ForbiddenStep unless it is a draft."""
    session.refresh(survey, with_for_update=True)
    step(survey, SurveyState.OPEN, today=today)
    session.flush()


def close_survey(session: Session, survey: Survey, *, today: date) -> None:
    """No more answers; results may be shown. Raises ForbiddenStep unless it is open.

    Waits for submissions that are under way. Then it gives all responses new random
    keys and rewrites them in random order: until here PostgreSQL kept in which
    transaction a row came, and a code is used in the same one. (Traces in old
    row versions and in the write-ahead log go with vacuum and log rotation.)
    """
    session.refresh(survey, with_for_update=True)
    step(survey, SurveyState.CLOSED, today=today)
    session.flush()
    _mix_responses(session, survey.id)


def discard_survey(session: Session, survey: Survey) -> None:
    """Throw away a draft that was never opened, with its codes. Raises ForbiddenStep."""
    session.refresh(survey, with_for_update=True)
    if survey.state is not SurveyState.DRAFT:
        raise ForbiddenStep()
    session.execute(sa.delete(Participation).where(Participation.survey_id == survey.id))
    session.delete(survey)
    session.flush()


def issue_codes(session: Session, survey: Survey, *, count: int, secret: bytes) -> list[str]:
    """New codes for a survey that asks for one; shown here once, only their keyed
    hash is kept (under `secret`, which must be the same at submit).

    Raises CodesNotAllowed when the survey is open to everyone, SurveyNotOpen when
    it is closed.
    """
    if survey.access is not SurveyAccess.CODE:
        raise CodesNotAllowed()
    if survey.state is SurveyState.CLOSED:
        raise SurveyNotOpen()
    codes = [make_code() for _ in range(count)]
    rows = [
        {
            "survey_id": survey.id,
            "key_hash": code_hash(code, survey_id=survey.id, secret=secret),
            "state": ParticipationState.ISSUED,
        }
        for code in codes
    ]
    if rows:
        session.execute(sa.insert(Participation), rows)
    return codes


def submit_response(
    session: Session,
    survey: Survey,
    *,
    raw: Raw,
    submission_key: str,
    code: str | None = None,
    segment: str | None = None,
    secret: bytes = b"",
    language: str = "nl",
) -> Receipt:
    """Take in one filled-in questionnaire, once.

    raw             the form: field name -> all values (see question_types.field_name)
    submission_key  random, made by new_submission_key() when the visitor began; the
                    same page sent again carries the same one and counts once
    code, secret    for a survey with codes
    segment         which neighbourhood it is about, when a survey serves several

    Answers to questions that are not shown after all are dropped. Raises
    InvalidAnswers, SurveyNotOpen, UnknownCode, CodeUsed.
    """
    by_code = survey.access is SurveyAccess.CODE
    key, sent = _keys(survey, submission_key, code, secret)
    if _was_received(session, survey, key, sent):
        return Receipt(already_received=True)
    _hold_open(session, survey)
    answers = read_answers(survey.questions, raw, language=language)
    if not answers:
        raise InvalidAnswers([Problem("", N_("U heeft nog geen vraag beantwoord. Beantwoord ten minste één vraag."))])
    if not (_take_code(session, survey, key, sent) if by_code else _take_key(session, survey, key)):
        return Receipt(already_received=True)
    _store(session, survey, answers, segment)
    return Receipt(already_received=False)


def read_answers(questions: list[Question], raw: Raw, *, language: str = "nl") -> dict[str, Value]:
    """The valid answers to the questions that are shown, by key.

    Goes through the questions in order, so that routing only hears valid answers.
    Raises InvalidAnswers with all problems at once.
    """
    answers: dict[str, Value | None] = {}
    problems: list[Problem] = []
    for question in questions:
        if question not in shown_questions(questions, answers):
            continue
        try:
            answers[question.key] = handler_of(question).parse(question, raw, language)
        except InvalidAnswers as invalid:
            problems.extend(invalid.problems)
    if problems:
        raise InvalidAnswers(problems)
    return keep_shown(questions, answers)


def new_submission_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def was_received(
    session: Session, survey: Survey, *, submission_key: str, code: str | None = None, secret: bytes = b""
) -> bool:
    """Whether this page came in before; submit_response would answer `already_received`."""
    return _was_received(session, survey, *_keys(survey, submission_key, code, secret))


def _keys(survey: Survey, submission_key: str, code: str | None, secret: bytes) -> tuple[bytes, bytes]:
    """The hash under which a participation stands, and the hash of the page that was sent."""
    sent = hashlib.sha256(submission_key.encode()).digest()
    if survey.access is SurveyAccess.CODE:
        return code_hash(code or "", survey_id=survey.id, secret=secret), sent
    return sent, sent


def _was_received(session: Session, survey: Survey, key: bytes, sent: bytes) -> bool:
    """Asked before anything else: a page that came in keeps getting its friendly
    answer, also when the survey has closed since."""
    found = session.execute(
        sa.select(Participation.state, Participation.submission_hash).where(
            Participation.survey_id == survey.id, Participation.key_hash == key
        )
    ).one_or_none()
    if found is None:
        return False
    return found.state is ParticipationState.USED and (key == sent or found.submission_hash == sent)


def _hold_open(session: Session, survey: Survey) -> None:
    """Raises SurveyNotOpen; else it stays open until this transaction ends."""
    state = session.scalar(sa.select(Survey.state).where(Survey.id == survey.id).with_for_update(read=True))
    if state is not SurveyState.OPEN:
        raise SurveyNotOpen()


def _take_code(session: Session, survey: Survey, key: bytes, sent: bytes) -> bool:
    """Use the code; False when the same page used it a moment ago."""
    this = (Participation.survey_id == survey.id, Participation.key_hash == key)
    used = session.execute(
        sa.update(Participation)
        .where(*this, Participation.state == ParticipationState.ISSUED)
        .values(state=ParticipationState.USED, submission_hash=sent)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount == 1:  # type: ignore[attr-defined]
        return True
    by = session.execute(sa.select(Participation.submission_hash).where(*this)).one_or_none()
    if by is None:
        raise UnknownCode()
    if by.submission_hash != sent:
        raise CodeUsed()
    return False


def _take_key(session: Session, survey: Survey, key: bytes) -> bool:
    """Note the submission key; False when it was there. Two at the same moment
    queue on the primary key, so exactly one of them is told True."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    noted = session.execute(
        insert(_PARTICIPATIONS)
        .values(survey_id=survey.id, key_hash=key, state=ParticipationState.USED)
        .on_conflict_do_nothing()
        # Not rowcount: for an INSERT the driver of PostgreSQL does not always tell it.
        .returning(_PARTICIPATIONS.c.survey_id)
    )
    return noted.first() is not None


def _store(session: Session, survey: Survey, answers: Mapping[str, Value], segment: str | None) -> None:
    response_id = uuid.uuid4()
    session.execute(sa.insert(Response), [{"id": response_id, "survey_id": survey.id, "segment": segment}])
    rows = [
        {
            "response_id": response_id,
            "question_id": question.id,
            "row": cell.row,
            "choice": cell.choice,
            "number": cell.number,
            "text": cell.text,
        }
        for question in survey.questions
        if question.key in answers
        for cell in handler_of(question).cells(answers[question.key])
    ]
    session.execute(sa.insert(Answer), rows)


def _mix_responses(session: Session, survey_id: int) -> None:
    old = list(session.execute(sa.select(Response.id, Response.segment).where(Response.survey_id == survey_id)))
    if not old:
        return
    random.SystemRandom().shuffle(old)
    fresh = {row.id: uuid.uuid4() for row in old}
    session.execute(
        sa.insert(Response),
        [{"id": fresh[row.id], "survey_id": survey_id, "segment": row.segment} for row in old],
    )
    session.connection().execute(
        sa.update(_ANSWERS)
        .where(_ANSWERS.c.response_id == sa.bindparam("old_id"))
        .values(response_id=sa.bindparam("new_id")),
        [{"old_id": row.id, "new_id": fresh[row.id]} for row in old],
    )
    session.connection().execute(
        sa.delete(_RESPONSES).where(_RESPONSES.c.id == sa.bindparam("old_id")),
        [{"old_id": row.id} for row in old],
    )
    session.expire_all()
