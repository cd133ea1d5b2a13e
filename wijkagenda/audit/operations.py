"""Writing the audit trail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import Base, db
from wijkagenda.people.actors import Actor


def record(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    subject: Base | Any,
    detail: dict[str, Any] | None = None,
) -> None:
    """Note that `actor` did `action` ("wishes.refuse_wish") to `subject` (a flushed row)."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.staff_id,
            action=action,
            subject_type=subject.__tablename__,
            subject_id="-".join(str(part) for part in sa.inspect(subject).identity or ()),
            detail=detail,
        )
    )
