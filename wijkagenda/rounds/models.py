"""Agenda rounds, their phases as data, and the participation approach."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.neighbourhoods.models import Neighbourhood


class PhaseKind(Labelled):
    """The five houses of the street, in order."""

    LISTENING = "listening", N_("Luisteren")
    BUNDLING = "bundling", N_("Bundelen")
    VOTING = "voting", N_("Stemmen")
    ADOPTING = "adopting", N_("Vaststellen")
    CARRYING_OUT = "carrying_out", N_("Uitvoeren")

    @property
    def number(self) -> int:
        return list(PhaseKind).index(self) + 1


class AgendaRound(Base):
    """One agenda period of one neighbourhood, such as 2027-2030."""

    __tablename__ = "agenda_round"
    __table_args__ = (
        sa.UniqueConstraint("neighbourhood_id", "start_year"),
        sa.CheckConstraint("end_year >= start_year", name="years_in_order"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    start_year: Mapped[int] = mapped_column()
    end_year: Mapped[int] = mapped_column()
    neighbourhood: Mapped[Neighbourhood] = relationship(Neighbourhood)
    phases: Mapped[list["Phase"]] = relationship(
        back_populates="round", order_by="Phase.starts_on", cascade="all, delete-orphan"
    )
    approach: Mapped["ParticipationApproach | None"] = relationship(
        back_populates="round", cascade="all, delete-orphan"
    )

    @property
    def period(self) -> str:
        return f"{self.start_year} – {self.end_year}"


class Phase(Base):
    """One phase with its first and last day. What people may do follows from it."""

    __tablename__ = "phase"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "kind"),
        sa.CheckConstraint("ends_on >= starts_on", name="days_in_order"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_round.id", ondelete="CASCADE"))
    kind: Mapped[PhaseKind] = mapped_column(enum_column(PhaseKind))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    round: Mapped[AgendaRound] = relationship(back_populates="phases")


class ParticipationApproach(Base):
    """Who is involved, when, by what means, and what is decided with it; published first."""

    __tablename__ = "participation_approach"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_round.id", ondelete="CASCADE"), unique=True)
    who: Mapped[str] = mapped_column(sa.Text)
    what: Mapped[str] = mapped_column(sa.Text)
    what_we_do_with_it: Mapped[str] = mapped_column(sa.Text)
    what_can_change: Mapped[str] = mapped_column(sa.Text)
    means: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    round: Mapped[AgendaRound] = relationship(back_populates="approach")
