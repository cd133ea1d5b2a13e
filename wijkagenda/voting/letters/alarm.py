"""The alarm that somebody may be guessing codes: on record, and mailed to the officers, once an hour."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from wijkagenda.audit.models import AuditEntry
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.events import emit
from wijkagenda.people.actors import SYSTEM
from wijkagenda.voting import queries
from wijkagenda.voting.events import CodesGuessed

ALARM_LASTS = timedelta(hours=1)
ONE_ALARM = 0x57_41


def raise_alarm(*, now: datetime) -> bool:
    """Put an alarm on record with every vote that is open, and tell the officers; False when there is one already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_ALARM, 0)))
    open_rounds = queries.open_rounds(now)
    if not open_rounds or alarm_since(now) is not None:
        return False
    for voting_round in open_rounds:
        record(actor=SYSTEM, now=now, action="voting.codes_guessed", subject=voting_round)
    emit(CodesGuessed(now))
    db.session.flush()
    return True


def alarm_since(now: datetime) -> datetime | None:
    """When the alarm of the last hour was raised; None when there is none."""
    return db.session.scalar(
        sa.select(sa.func.max(AuditEntry.at)).where(
            AuditEntry.action == "voting.codes_guessed", AuditEntry.at > now - ALARM_LASTS, AuditEntry.at <= now
        )
    )
