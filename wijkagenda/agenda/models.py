"""Agendas and their items. Every item says where it comes from."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.models import Question
from wijkagenda.db import Base, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.priorities.models import Priority
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import TallyLine


class AgendaState(Labelled):
    """A draft is worked on by the team; an adopted agenda is public and does not change."""

    DRAFT = "draft", N_("Concept")
    ADOPTED = "adopted", N_("Vastgesteld")


class Agenda(Base):
    """What the municipality promises a neighbourhood for one round."""

    __tablename__ = "agenda"
    __table_args__ = (
        sa.CheckConstraint(
            "state = 'draft' OR (adopted_on IS NOT NULL AND adopted_by <> '' AND mandate <> '')",
            name="adoption_says_by_whom",
        ),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_round.id"), unique=True)
    state: Mapped[AgendaState] = mapped_column(enum_column(AgendaState))
    introduction: Mapped[str] = mapped_column(sa.Text, default="")
    without_vote_because: Mapped[str] = mapped_column(sa.Text, default="")
    adopted_on: Mapped[date | None] = mapped_column()
    adopted_by: Mapped[str] = mapped_column(sa.String(200), default="")
    mandate: Mapped[str] = mapped_column(sa.String(300), default="")
    round: Mapped[AgendaRound] = relationship(AgendaRound)
    items: Mapped[list["AgendaItem"]] = relationship(
        back_populates="agenda", order_by="AgendaItem.rank", cascade="all, delete-orphan"
    )


class AgendaItem(Base):
    """One agenda point: its rank, its motive, and the count line that gave it its rank."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("agenda_id", "rank"),
        sa.CheckConstraint("rank >= 1", name="rank_from_one"),
        sa.UniqueConstraint("agenda_id", "priority_id"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda.id", ondelete="CASCADE"))
    priority_id: Mapped[int] = mapped_column(sa.ForeignKey("priority.id"), index=True)
    tally_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tally_line.id"))
    rank: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))
    motive: Mapped[str] = mapped_column(sa.Text, default="")
    agenda: Mapped[Agenda] = relationship(back_populates="items")
    priority: Mapped[Priority] = relationship(Priority)
    tally_line: Mapped[TallyLine | None] = relationship(TallyLine)
    evidence: Mapped[list["SurveyEvidence"]] = relationship(
        back_populates="item", order_by="SurveyEvidence.id", cascade="all, delete-orphan"
    )


class SurveyEvidence(Base):
    """A survey result under an agenda item, frozen when it was attached: percent, n and date.

    Never of fewer than 10 answers. `row` is the line of a table question, else ''.
    """

    __tablename__ = "survey_evidence"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "question_id", "row", "choice"),
        sa.CheckConstraint("n >= 10", name="enough_answers"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id))
    row: Mapped[str] = mapped_column(sa.String(40), default="")
    choice: Mapped[str] = mapped_column(sa.String(120))
    statement: Mapped[str] = mapped_column(sa.String(200))
    percent: Mapped[Decimal] = mapped_column(sa.Numeric(5, 1))
    n: Mapped[int] = mapped_column()
    measured_on: Mapped[date] = mapped_column()
    item: Mapped[AgendaItem] = relationship(back_populates="evidence")
