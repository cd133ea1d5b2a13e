"""What stands in the database, short: to prove that nothing was changed."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.models import Base as GeoBase
from surveys.models import Base as SurveyBase
from wijkagenda.db import Base

Fingerprint = dict[str, tuple[int, int]]


def fingerprint(session: Session) -> Fingerprint:
    """Number of rows and a sum over their contents, per table (PostgreSQL). One query."""
    names = sorted(name for base in (Base, GeoBase, SurveyBase) for name in base.metadata.tables)
    parts = [
        f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM \"{name}\" t" for name in names
    ]
    return {name: (count, int(content)) for name, count, content in session.execute(sa.text(" UNION ALL ".join(parts)))}
