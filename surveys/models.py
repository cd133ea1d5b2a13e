"""Tables of the survey engine.

Secrecy by absence: a Response holds no person, no code, no time and no row
number, and its key is random. That somebody took part stands in Participation,
and no column leads from one to the other. On SQLite both tables are kept
WITHOUT ROWID, so that the order of arrival is not in the file either; on
PostgreSQL closing a survey rewrites its responses (see operations.close_survey).
"""

from __future__ import annotations

import enum
import uuid
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from surveys.errors import N_
from surveys.texts import Texts

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of the survey tables; whoever runs migrations adds its metadata."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)

    public_data = False
    """True for tables whose rows show on public pages, so that whoever caches pages can tell."""


class SurveyState(enum.Enum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    SurveyState.DRAFT: N_("Nog niet open"),
    SurveyState.OPEN: N_("Open"),
    SurveyState.CLOSED: N_("Gesloten"),
}


class SurveyAccess(enum.Enum):
    """Who may answer: anyone, or who holds a code (each code once)."""

    OPEN = "open"
    CODE = "code"

    @property
    def label(self) -> str:
        return _ACCESS_LABELS[self]


_ACCESS_LABELS = {
    SurveyAccess.OPEN: N_("Iedereen mag meedoen"),
    SurveyAccess.CODE: N_("Meedoen met een code"),
}


class QuestionType(enum.Enum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NUMBER = "number"
    OPEN = "open"
    MATRIX = "matrix"

    @property
    def label(self) -> str:
        return _TYPE_LABELS[self]


_TYPE_LABELS = {
    QuestionType.SINGLE: N_("Eén antwoord"),
    QuestionType.MULTIPLE: N_("Meer antwoorden"),
    QuestionType.SCALE: N_("Cijfer"),
    QuestionType.NUMBER: N_("Getal"),
    QuestionType.OPEN: N_("Open vraag"),
    QuestionType.MATRIX: N_("Tabel"),
}


class ParticipationState(enum.Enum):
    ISSUED = "issued"
    USED = "used"

    @property
    def label(self) -> str:
        return _PARTICIPATION_LABELS[self]


_PARTICIPATION_LABELS = {
    ParticipationState.ISSUED: N_("Nog niet gebruikt"),
    ParticipationState.USED: N_("Gebruikt"),
}


def _enum(kind: type[enum.Enum], name: str) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


class Survey(Base):
    """A questionnaire. `closes_on` is the announced last day; `state` decides."""

    __tablename__ = "survey"
    public_data = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[Texts] = mapped_column(JSON)
    intro: Mapped[Texts] = mapped_column(JSON, default=dict)
    language: Mapped[str] = mapped_column(String(8), default="nl")
    access: Mapped[SurveyAccess] = mapped_column(_enum(SurveyAccess, "access"), default=SurveyAccess.OPEN)
    state: Mapped[SurveyState] = mapped_column(_enum(SurveyState, "state"), default=SurveyState.DRAFT, index=True)
    opened_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)

    sections: Mapped[list[Section]] = relationship(
        order_by="Section.position", back_populates="survey", cascade="all, delete-orphan"
    )

    @property
    def questions(self) -> list[Question]:
        """All questions in the order in which they are asked."""
        return [question for section in self.sections for question in section.questions]


class Section(Base):
    __tablename__ = "survey_section"
    public_data = True
    __table_args__ = (
        UniqueConstraint("id", "survey_id"),
        UniqueConstraint("survey_id", "position"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[Texts] = mapped_column(JSON, default=dict)
    intro: Mapped[Texts] = mapped_column(JSON, default=dict)

    survey: Mapped[Survey] = relationship(back_populates="sections")
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", back_populates="section", cascade="all, delete-orphan"
    )


class Question(Base):
    """One question. Which columns count depends on `type` (see question_types).

    options  [{"key", "text": {language: text}, "alone"?: true}] for single, multiple, matrix
    rows     [{"key", "text": {language: text}}] for matrix
    shown_if {"question": key of an earlier question, "is_any": [answers]} or None
    """

    __tablename__ = "survey_question"
    public_data = True
    __table_args__ = (
        ForeignKeyConstraint(["section_id", "survey_id"], ["survey_section.id", "survey_section.survey_id"]),
        UniqueConstraint("survey_id", "key"),
        UniqueConstraint("section_id", "position"),
        CheckConstraint("minimum IS NULL OR maximum IS NULL OR minimum < maximum", name="range"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    section_id: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(40))
    type: Mapped[QuestionType] = mapped_column(_enum(QuestionType, "type"))
    text: Mapped[Texts] = mapped_column(JSON)
    help: Mapped[Texts] = mapped_column(JSON, default=dict)
    required: Mapped[bool] = mapped_column(Boolean, default=False)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    max_choices: Mapped[int | None] = mapped_column(Integer)
    minimum: Mapped[float | None] = mapped_column(Float)
    maximum: Mapped[float | None] = mapped_column(Float)
    minimum_label: Mapped[Texts] = mapped_column(JSON, default=dict)
    maximum_label: Mapped[Texts] = mapped_column(JSON, default=dict)
    unit: Mapped[Texts] = mapped_column(JSON, default=dict)
    whole_numbers: Mapped[bool] = mapped_column(Boolean, default=True)
    dont_know: Mapped[bool] = mapped_column(Boolean, default=False)
    max_length: Mapped[int | None] = mapped_column(Integer)
    shown_if: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    section: Mapped[Section] = relationship(back_populates="questions")


class Response(Base):
    """One filled-in questionnaire. Deliberately nothing but a random key and,
    for a survey that serves several neighbourhoods, which one (`segment`)."""

    __tablename__ = "survey_response"
    __table_args__ = (
        Index("ix_survey_response_survey_id_segment", "survey_id", "segment"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    segment: Mapped[str | None] = mapped_column(String(40))


class Answer(Base):
    """One cell of a response; several chosen options are several rows.

    `row` is the line of a matrix, else ''. Exactly one of choice, number and
    text is filled; '' stands for "no choice" because it is part of the key.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint(
            "(choice <> '' AND number IS NULL AND text IS NULL)"
            " OR (choice = '' AND number IS NOT NULL AND text IS NULL)"
            " OR (choice = '' AND number IS NULL AND text IS NOT NULL)",
            name="one_value",
        ),
        Index("ix_survey_answer_question_id", "question_id"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey_response.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    choice: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    number: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str | None] = mapped_column(Text)


class Participation(Base):
    """That a code was issued or used, or that a page was sent in. Never what was answered.

    key_hash         of the code (access by code) or of the page's submission key (open)
    submission_hash  of the submission key with which a code was used, so that the
                     same page sent twice gets a friendly answer instead of "used"
    """

    __tablename__ = "survey_participation"
    __table_args__ = (
        CheckConstraint("state = 'used' OR submission_hash IS NULL", name="unused_is_unsent"),
        {"sqlite_with_rowid": False},
    )

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    state: Mapped[ParticipationState] = mapped_column(_enum(ParticipationState, "state"))
    submission_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
