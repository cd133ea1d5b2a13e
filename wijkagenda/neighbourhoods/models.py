"""City districts, neighbourhoods (wijken), places in them, and their profile in figures."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.models import Area
from wijkagenda.db import Base, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled


class CityDistrict(Base):
    """A stadsdeel: neighbourhoods under one manager."""

    __tablename__ = "city_district"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey(Area.id), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    area: Mapped[Area] = relationship(Area)
    neighbourhoods: Mapped[list["Neighbourhood"]] = relationship(
        back_populates="city_district", order_by="Neighbourhood.name"
    )


class Neighbourhood(Base):
    """A wijk: what residents find by name, postcode or map, with the team that works there."""

    __tablename__ = "neighbourhood"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey(Area.id), unique=True)
    city_district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city_district.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    residents: Mapped[int | None] = mapped_column()
    team_name: Mapped[str] = mapped_column(sa.String(200), default="")
    team_email: Mapped[str] = mapped_column(sa.String(254), default="")
    team_visiting: Mapped[str] = mapped_column(sa.String(200), default="")
    area: Mapped[Area] = relationship(Area)
    city_district: Mapped[CityDistrict | None] = relationship(back_populates="neighbourhoods")

    @property
    def rights_areas(self) -> set[int]:
        """Area ids whose role grants count here: its own and its city district's."""
        areas = {self.area_id}
        if self.city_district is not None:
            areas.add(self.city_district.area_id)
        return areas


class PlaceKind(Labelled):
    """What a named place is."""

    MEETING_PLACE = "meeting_place", N_("Ontmoetingsplek")
    SQUARE = "square", N_("Plein")
    PARK = "park", N_("Park")
    STREET = "street", N_("Straat")
    STOP = "stop", N_("Halte of station")
    OTHER = "other", N_("Plek")


class Place(Base):
    """A named place, so that people find the way on the map and can choose it from a list."""

    __tablename__ = "place"
    __table_args__ = (sa.UniqueConstraint("neighbourhood_id", "name"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[PlaceKind] = mapped_column(enum_column(PlaceKind))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    opening_hours: Mapped[str] = mapped_column(sa.String(200), default="")
    point: Mapped[Any] = mapped_column(Geometry("POINT", srid=28992))
    neighbourhood: Mapped[Neighbourhood] = relationship(Neighbourhood)


class ProfileFigure(Base):
    """One figure of the wijkprofiel, always with unit, source and year; n where it is a sample."""

    __tablename__ = "profile_figure"
    __table_args__ = (sa.UniqueConstraint("neighbourhood_id", "label", "year"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(sa.String(120))
    value: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    city_value: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    source: Mapped[str] = mapped_column(sa.String(200))
    year: Mapped[int] = mapped_column()
    n: Mapped[int | None] = mapped_column()
