"""Migrations: one history for PostGIS and SpatiaLite, over the tables of geo, surveys and ours."""

from flask import Flask
from flask_migrate import Migrate

from geo.models import Base as GeoBase
from surveys.models import Base as SurveysBase
from wijkagenda.agenda import models as agenda
from wijkagenda.audit import models as audit
from wijkagenda.config import ROOT
from wijkagenda.consultations import models as consultations
from wijkagenda.db import Base, db
from wijkagenda.feedback import models as feedback
from wijkagenda.neighbourhoods import models as neighbourhoods
from wijkagenda.people import models as people
from wijkagenda.plan import models as plan
from wijkagenda.priorities import models as priorities
from wijkagenda.progress import models as progress
from wijkagenda.rounds import models as rounds
from wijkagenda.voting import models as voting
from wijkagenda.voting.archive import models as voting_archive
from wijkagenda.voting.box import models as voting_box
from wijkagenda.voting.paper import models as voting_paper
from wijkagenda.voting.remarks import models as voting_remarks
from wijkagenda.wishes import models as wishes

METADATAS = [GeoBase.metadata, SurveysBase.metadata, Base.metadata]
SLICES = (
    agenda,
    audit,
    consultations,
    feedback,
    neighbourhoods,
    people,
    plan,
    priorities,
    progress,
    rounds,
    voting,
    voting_archive,
    voting_box,
    voting_paper,
    voting_remarks,
    wishes,
)
"""Every module with tables: a table nobody imports would silently be missing from the history."""


def init_migrations(app: Flask) -> None:
    """Tell Flask-Migrate where the history is.

    For the console only: a web process never changes tables, and Alembic would cost it 8 MB.
    """
    Migrate(app, db, directory=str(ROOT / "migrations"))
