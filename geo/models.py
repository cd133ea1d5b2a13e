"""Areas with their boundaries, and the postcodes that lie in them."""

from typing import Any

import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry, WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

from geo.crs import RD_NEW
from geo.levels import Level
from geo.names import fold

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of the tables of geo; tables elsewhere may point at them by column object."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


def as_element(shape: BaseGeometry) -> WKBElement:
    """A shapely geometry in RD New, ready to be stored in a geometry column."""
    return from_shape(shape, srid=RD_NEW)


def as_shape(element: Any) -> BaseGeometry:
    """The shapely geometry (RD New) of what a geometry column holds."""
    return shapely.set_srid(to_shape(element), 0)


class Area(Base):
    """One area of one year: codes and boundaries change yearly, so the key is (level, code, year).

    `made_from_parts` is true where no file gave the boundary and it is the union of its parts.
    """

    __tablename__ = "area"
    __table_args__ = (sa.UniqueConstraint("level", "code", "year"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(
        sa.Enum(
            Level,
            native_enum=False,
            create_constraint=True,
            name="level",
            length=40,
            values_callable=lambda members: [member.value for member in members],
        )
    )
    code: Mapped[str] = mapped_column(sa.String(80))
    year: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(sa.String(120))
    folded_name: Mapped[str] = mapped_column(sa.String(240), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"), index=True)
    shape: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=RD_NEW, spatial_index=True, nullable=False))
    source: Mapped[str] = mapped_column(sa.Text, default="")
    made_from_parts: Mapped[bool] = mapped_column(default=False)
    parent: Mapped["Area | None"] = relationship(remote_side=[id])

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = fold(name)
        return name

    @property
    def polygons(self) -> BaseGeometry:
        """The boundary as a shapely MultiPolygon in RD New (metres)."""
        return as_shape(self.shape)

    def __repr__(self) -> str:
        return f"<Area {self.level.value} {self.code} {self.year}>"


class PostcodeArea(Base):
    """House numbers of one postcode (1234AB) that lie in one area. Without numbers: all of them."""

    __tablename__ = "postcode_area"
    __table_args__ = (
        sa.CheckConstraint("(house_number_from IS NULL) = (house_number_to IS NULL)", name="both_numbers_or_none"),
        sa.CheckConstraint("house_number_from <= house_number_to", name="numbers_in_order"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    pc6: Mapped[str] = mapped_column(sa.String(6), index=True)
    house_number_from: Mapped[int | None] = mapped_column()
    house_number_to: Mapped[int | None] = mapped_column()
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    area: Mapped[Area] = relationship(Area)
