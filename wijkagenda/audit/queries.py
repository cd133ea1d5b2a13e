"""Reading the audit trail."""

from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db


def latest_entries(limit: int = 100) -> list[AuditEntry]:
    """The last acts, newest first."""
    return list(
        db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit))
    )


def history_of(subject_type: str, subject_id: int) -> list[AuditEntry]:
    """Everything done to one thing, oldest first."""
    return list(
        db.session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
            .order_by(AuditEntry.at, AuditEntry.id)
        )
    )


def first_act_on(subject_type: str, subject_id: int) -> datetime | None:
    """When something was first done to one thing."""
    return db.session.scalar(
        sa.select(sa.func.min(AuditEntry.at)).where(
            AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id)
        )
    )


def last_act_on(subject_type: str, subject_id: int) -> datetime | None:
    """When something was last done to one thing."""
    return db.session.scalar(
        sa.select(sa.func.max(AuditEntry.at)).where(
            AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id)
        )
    )
