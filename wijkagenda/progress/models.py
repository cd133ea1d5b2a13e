"""Progress updates about actions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.people.models import StaffMember
from wijkagenda.plan.models import Action, ActionState


class UpdateState(Labelled):
    """Nothing is published that nobody checked."""

    DRAFT = "draft", N_("Concept")
    SUBMITTED = "submitted", N_("Wacht op goedkeuren")
    PUBLISHED = "published", N_("Openbaar")


class ProgressUpdate(Base):
    """News about an action; publishing it changes the action's state, money and due date.

    What is left empty (money, date, count) stays as it was. `submit_due_on` is the day by which
    its writer hands it in.
    """

    __tablename__ = "progress_update"
    __table_args__ = (
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND published_by_id IS NOT NULL)",
            name="published_by_somebody",
        ),
        sa.CheckConstraint("new_state NOT IN ('delayed', 'stopped') OR reason <> ''", name="late_says_why"),
        sa.CheckConstraint("new_due_quarter BETWEEN 1 AND 4", name="quarter"),
        sa.CheckConstraint("(new_due_quarter IS NULL) = (new_due_year IS NULL)", name="whole_date"),
        sa.CheckConstraint("spent >= 0", name="spent_not_negative"),
        sa.CheckConstraint("counted_done BETWEEN 0 AND counted_total", name="counted_within_total"),
        sa.CheckConstraint("published_by_id IS NULL OR published_by_id <> written_by_id", name="checked_by_another"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    new_state: Mapped[ActionState] = mapped_column(enum_column(ActionState))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    standing: Mapped[str] = mapped_column(sa.String(200), default="")
    spent: Mapped[int | None] = mapped_column()
    counted_done: Mapped[int | None] = mapped_column()
    counted_total: Mapped[int | None] = mapped_column()
    new_due_year: Mapped[int | None] = mapped_column()
    new_due_quarter: Mapped[int | None] = mapped_column()
    state: Mapped[UpdateState] = mapped_column(enum_column(UpdateState))
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submit_due_on: Mapped[date | None] = mapped_column()
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    sent_back_because: Mapped[str] = mapped_column(sa.Text, default="")
    action: Mapped[Action] = relationship(Action)
    written_by: Mapped[StaffMember] = relationship(StaffMember, foreign_keys=[written_by_id])
    published_by: Mapped[StaffMember | None] = relationship(StaffMember, foreign_keys=[published_by_id])

    @property
    def reference(self) -> str:
        """How staff call it: N-0041."""
        return f"N-{self.id:04d}"
