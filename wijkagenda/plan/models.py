"""Actions under agenda items: owner, partners, money, planning."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.agenda.models import AgendaItem
from wijkagenda.db import Base, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled


class ActionState(Labelled):
    """How an action stands; what the team says and the manager publishes."""

    NOT_BEGUN = "not_begun", N_("Nog niet begonnen")
    ON_SCHEDULE = "on_schedule", N_("Op schema")
    DELAYED = "delayed", N_("Vertraagd")
    DONE = "done", N_("Klaar")
    STOPPED = "stopped", N_("Gestopt")


class Action(Base):
    """Something that will be done. Money is in whole euros; late says why and the new date.

    `promised_…` is the quarter promised first and never changes; `due_…` is the one that holds now.
    `counted_done` of `counted_total` (12 of 18 lamps) is there when the work can be counted.
    `take_part` says how residents can join the work group, if they can.
    """

    __tablename__ = "action"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "number"),
        sa.CheckConstraint("due_quarter BETWEEN 1 AND 4", name="quarter"),
        sa.CheckConstraint("promised_quarter BETWEEN 1 AND 4", name="promised_quarter"),
        sa.CheckConstraint("counted_done BETWEEN 0 AND counted_total", name="counted_within_total"),
        sa.CheckConstraint("budget IS NULL OR budget >= 0", name="budget_not_negative"),
        sa.CheckConstraint("spent >= 0", name="spent_not_negative"),
        sa.CheckConstraint("state NOT IN ('delayed', 'stopped') OR reason <> ''", name="late_says_why"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    owner: Mapped[str] = mapped_column(sa.String(200))
    budget: Mapped[int | None] = mapped_column()
    spent: Mapped[int] = mapped_column(default=0)
    spent_on: Mapped[date | None] = mapped_column()
    due_year: Mapped[int] = mapped_column()
    due_quarter: Mapped[int] = mapped_column()
    promised_year: Mapped[int] = mapped_column()
    promised_quarter: Mapped[int] = mapped_column()
    state: Mapped[ActionState] = mapped_column(enum_column(ActionState))
    standing: Mapped[str] = mapped_column(sa.String(200), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    counted_done: Mapped[int | None] = mapped_column()
    counted_total: Mapped[int | None] = mapped_column()
    take_part: Mapped[str] = mapped_column(sa.Text, default="")
    done_on: Mapped[date | None] = mapped_column()
    item: Mapped[AgendaItem] = relationship(AgendaItem)
    partners: Mapped[list["ActionPartner"]] = relationship(
        back_populates="action", order_by="ActionPartner.id", cascade="all, delete-orphan"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="action",
        order_by="Milestone.due_on, Milestone.id",
        cascade="all, delete-orphan",
    )

    @property
    def is_over(self) -> bool:
        return self.state in {ActionState.DONE, ActionState.STOPPED}

    @property
    def moved(self) -> bool:
        """True when the quarter that holds now is not the one promised first."""
        return (self.due_year, self.due_quarter) != (self.promised_year, self.promised_quarter)

    @property
    def reference(self) -> str:
        """How staff call it: A-2.3 is action 3 of agenda item 2. Loads the item."""
        return f"A-{self.item.rank}.{self.number}"


class ActionPartner(Base):
    """A partner of an action and what they do."""

    __tablename__ = "action_partner"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(200))
    action: Mapped[Action] = relationship(back_populates="partners")


class Milestone(Base):
    """A dated step in an action; `starts_on` when it takes a while."""

    __tablename__ = "milestone"
    __table_args__ = (sa.CheckConstraint("starts_on <= due_on", name="days_in_order"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_on: Mapped[date | None] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    done_on: Mapped[date | None] = mapped_column()
    action: Mapped[Action] = relationship(back_populates="milestones")
