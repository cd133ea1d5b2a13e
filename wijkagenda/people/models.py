"""Staff, what they may do and where, and their one-time sign-in links."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.models import Area
from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled


class Role(Labelled):
    """What somebody does for the municipality; always together with where."""

    AREA_TEAM = "area_team", N_("Gebiedsteam")
    CITY_DISTRICT_MANAGER = "city_district_manager", N_("Stadsdeelmanager")
    VOTING_OFFICER = "voting_officer", N_("Stembureaulid")
    RESEARCHER = "researcher", N_("Onderzoeker")
    ADMINISTRATOR = "administrator", N_("Beheerder")


class StaffMember(Base):
    """Somebody who signs in. `email` is kept lower-case and is the way in."""

    __tablename__ = "staff_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    is_active: Mapped[bool] = mapped_column(default=True)
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="staff_member", order_by="RoleGrant.id", cascade="all, delete-orphan"
    )


class RoleGrant(Base):
    """One role in one area; no area means the whole municipality."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.UniqueConstraint("staff_member_id", "role", "area_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Area.id), index=True)
    staff_member: Mapped[StaffMember] = relationship(back_populates="grants")
    area: Mapped[Area | None] = relationship(Area)


class SignInLink(Base):
    """A mailed link that signs in once. Only its hash is kept."""

    __tablename__ = "sign_in_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    staff_member: Mapped[StaffMember] = relationship(StaffMember)
