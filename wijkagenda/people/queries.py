"""Reads about staff."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from wijkagenda.db import db
from wijkagenda.people.models import Role, RoleGrant, StaffMember


def staff_by_id(staff_id: int) -> StaffMember | None:
    """An active staff member with grants loaded."""
    return db.session.scalar(
        sa.select(StaffMember)
        .where(StaffMember.id == staff_id, StaffMember.is_active)
        .options(selectinload(StaffMember.grants))
    )


def staff_by_email(email: str) -> StaffMember | None:
    """An active staff member by address, ignoring case."""
    return db.session.scalar(
        sa.select(StaffMember).where(StaffMember.email == email.strip().lower(), StaffMember.is_active)
    )


def all_staff() -> list[StaffMember]:
    """Everybody who can or could sign in, with grants and their areas."""
    return list(
        db.session.scalars(
            sa.select(StaffMember)
            .options(selectinload(StaffMember.grants).selectinload(RoleGrant.area))
            .order_by(StaffMember.name, StaffMember.id)
        )
    )


def staff_with_role(role: Role, area_ids: set[int]) -> list[StaffMember]:
    """Active staff who hold `role` in one of the areas, or everywhere."""
    return list(
        db.session.scalars(
            sa.select(StaffMember)
            .join(RoleGrant)
            .where(
                StaffMember.is_active,
                RoleGrant.role == role,
                sa.or_(RoleGrant.area_id.is_(None), RoleGrant.area_id.in_(area_ids)),
            )
            .distinct()
            .order_by(StaffMember.name, StaffMember.id)
        )
    )
