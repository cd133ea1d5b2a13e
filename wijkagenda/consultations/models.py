"""Meetings, and which survey is held in which neighbourhood."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.models import Survey
from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.neighbourhoods.models import Neighbourhood


class MeetingState(Labelled):
    """Whether a meeting takes place. A cancelled one stays visible, with its other way in."""

    PLANNED = "planned", N_("Gaat door")
    CANCELLED = "cancelled", N_("Gaat niet door")


class Meeting(Base):
    """A meeting, theme table or help hour in a neighbourhood."""

    __tablename__ = "meeting"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(200))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[MeetingState] = mapped_column(enum_column(MeetingState), default=MeetingState.PLANNED)
    other_way: Mapped[str] = mapped_column(sa.Text, default="")
    report: Mapped[str] = mapped_column(sa.Text, default="")
    neighbourhood: Mapped[Neighbourhood] = relationship(Neighbourhood)


class NeighbourhoodSurvey(Base):
    """A survey held in a neighbourhood, with its own dates.

    One survey may serve many neighbourhoods; `segment` says in its responses which one they are about.
    """

    __tablename__ = "neighbourhood_survey"
    __table_args__ = (sa.UniqueConstraint("neighbourhood_id", "survey_id"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey(Survey.id), index=True)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    results_published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    neighbourhood: Mapped[Neighbourhood] = relationship(Neighbourhood)
    survey: Mapped[Survey] = relationship(Survey)

    @property
    def segment(self) -> str:
        return str(self.neighbourhood_id)
