"""The city that is measured: made by code, the same each time, at three sizes.

Structure is made with the models; what there is much of (wishes, ballots) goes in by COPY.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from scripts.bench.city import City, Seeded, Size
from scripts.bench.seed_wishes import give_wishes
from wijkagenda.config import Settings
from wijkagenda.db import db, unit_of_work
from wijkagenda.rounds.models import PhaseKind

MEASURED, VOTING = "wijk-01", "wijk-02"
"""Slugs: the wijk whose pages are loaded, and the one in which ballots are cast."""
SMALL = Size(neighbourhoods=5, wishes=50, city_wishes=250, ballots=100)
STANDARD = Size(neighbourhoods=44, wishes=500, city_wishes=20_000, ballots=5_000)
TENFOLD = Size(neighbourhoods=44, wishes=5_000, city_wishes=200_000, ballots=50_000)


def seed(size: Size, settings: Settings, *, codes: int = 0) -> Seeded:
    """Fill an empty, migrated database (inside an application context); `codes` are left unused."""
    today = datetime.now(UTC).date()
    with unit_of_work() as session:
        city = City(session, size, settings, today)
        city.found()
        city.decide(city.neighbourhoods[0], closed=True)
        seeded = city.decide(city.neighbourhoods[1], closed=False, codes=codes)
        city.carry_out()
        for neighbourhood in city.neighbourhoods[2:]:
            city.plan_round(neighbourhood, city.random.choice(list(PhaseKind)))
        give_wishes(city)
    db.session.remove()
    # What the database does by itself, some minutes after so much was written.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return seeded
