"""Priorities, the wishes bundled in them, and feasibility checks with public reasons."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.models import Theme, Wish


class PriorityState(Labelled):
    """Draft is for the team; proposed is public and can go on a ballot; dropped keeps its reason."""

    DRAFT = "draft", N_("Concept")
    PROPOSED = "proposed", N_("Openbaar")
    DROPPED = "dropped", N_("Vervallen")


class Priority(Base):
    """An agenda point in draft: what is voted on.

    Once a vote over it has opened (`on_ballot_since`) its text and its being there are settled;
    late wishes may still be bundled into it.
    """

    __tablename__ = "priority"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("state <> 'dropped' OR length(dropped_because) >= 10", name="dropped_says_why"),
        sa.CheckConstraint("state <> 'proposed' OR proposed_at IS NOT NULL", name="proposed_has_moment"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_round.id"))
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.Text)
    theme: Mapped[Theme] = mapped_column(enum_column(Theme))
    state: Mapped[PriorityState] = mapped_column(enum_column(PriorityState))
    proposed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    on_ballot_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_because: Mapped[str] = mapped_column(sa.Text, default="")
    round: Mapped[AgendaRound] = relationship(AgendaRound)
    bundled: Mapped[list["BundledWish"]] = relationship(
        back_populates="priority", order_by="BundledWish.wish_id", cascade="all, delete-orphan"
    )
    checks: Mapped[list["FeasibilityCheck"]] = relationship(
        back_populates="priority", order_by="FeasibilityCheck.checked_at, FeasibilityCheck.id"
    )


class BundledWish(Base):
    """A wish inside a priority. The wish itself stays as it is; one wish is in one priority."""

    __tablename__ = "bundled_wish"
    public_data = True
    wish_id: Mapped[int] = mapped_column(sa.ForeignKey("wish.id"), primary_key=True)
    priority_id: Mapped[int] = mapped_column(sa.ForeignKey("priority.id"), index=True)
    bundled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    priority: Mapped[Priority] = relationship(back_populates="bundled")
    wish: Mapped[Wish] = relationship(Wish)


class Feasibility(Labelled):
    """What the specialists say."""

    FEASIBLE = "feasible", N_("het kan")
    PARTLY = "partly", N_("het kan voor een deel")
    NOT_FEASIBLE = "not_feasible", N_("het kan niet")


class FeasibilityCheck(Base):
    """Whether something can be done (money, time, rules). The reason is public."""

    __tablename__ = "feasibility_check"
    __table_args__ = (
        sa.CheckConstraint("(wish_id IS NULL) <> (priority_id IS NULL)", name="wish_or_priority"),
        sa.CheckConstraint("length(reason) >= 10", name="has_reason"),
        sa.CheckConstraint("cost_estimate IS NULL OR cost_estimate >= 0", name="cost_not_negative"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wish.id"), index=True)
    priority_id: Mapped[int | None] = mapped_column(sa.ForeignKey("priority.id"), index=True)
    outcome: Mapped[Feasibility] = mapped_column(enum_column(Feasibility))
    reason: Mapped[str] = mapped_column(sa.Text)
    team_name: Mapped[str] = mapped_column(sa.String(200))
    cost_estimate: Mapped[int | None] = mapped_column()  # whole euros
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wish: Mapped[Wish | None] = relationship(Wish)
    priority: Mapped[Priority | None] = relationship(back_populates="checks")
