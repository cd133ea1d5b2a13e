"""The history of migrations makes exactly the tables of the models, and goes up, down and up with data in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from sqlalchemy.orm import Session

from tests.conftest import NOW, settings_for, with_driver
from tests.factories.neighbourhoods import make_city_district, make_neighbourhood, make_place, make_round
from tests.house.sources import ROOT, files
from tests.services import new_database
from wijkagenda.app import create_app
from wijkagenda.db import db, unit_of_work
from wijkagenda.migrate import METADATAS, SLICES, init_migrations
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role

OWN_TABLES = {table.name for metadata in METADATAS for table in metadata.tables.values()}


@contextmanager
def empty_database(backend: str, folder: Path) -> Iterator[Flask]:
    """An app on a database without a single table of ours."""
    if backend == "postgis":
        url = with_driver(new_database(f"history_{folder.name.replace('-', '_')[:30]}"))
    else:
        url = f"sqlite+pysqlite:///{folder / 'history.sqlite'}"
    app = create_app(settings_for(url))
    init_migrations(app)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def history() -> Config:
    return current_app.extensions["migrate"].migrate.get_config()


def present_tables() -> set[str]:
    with db.engine.connect() as connection:
        return OWN_TABLES & set(sa.inspect(connection).get_table_names())


def put_rows() -> None:
    """Rows with a boundary, a point, a date, a moment, an enum, a foreign key across metadatas and JSON."""
    with unit_of_work():
        session: Session = db.session()
        neighbourhood = make_neighbourhood(session, district=make_city_district(session))
        make_place(session, neighbourhood)
        make_round(session, neighbourhood)
        member = add_staff_member(actor=SYSTEM, now=NOW, email="proef@markerstad.example", name="Proef Persoon")
        grant_role(actor=SYSTEM, now=NOW, member=member, role=Role.AREA_TEAM, area_id=neighbourhood.area_id)


def count_rows() -> int:
    tables = [table for metadata in METADATAS for table in metadata.sorted_tables]
    return sum(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables)


@pytest.mark.parametrize("backend", ["postgis", "spatialite"])
def test_the_history_goes_up_down_and_up_with_data(backend: str, tmp_path: Path) -> None:
    with empty_database(backend, tmp_path):
        command.upgrade(history(), "head")
        assert present_tables() == OWN_TABLES
        put_rows()
        first = count_rows()
        assert first >= 14
        db.session.remove()
        command.downgrade(history(), "base")
        assert present_tables() == set()
        command.upgrade(history(), "head")
        assert present_tables() == OWN_TABLES
        assert count_rows() == 0
        put_rows()
        assert count_rows() == first


def test_the_newest_version_has_no_drift_from_the_models(tmp_path: Path) -> None:
    """Comparing works on PostGIS only: in SpatiaLite the tables of the extension get in between."""
    with empty_database("postgis", tmp_path):
        command.upgrade(history(), "head")
        command.check(history())


def test_every_module_with_tables_is_in_the_history() -> None:
    """A table that nobody imports would silently be missing."""
    written = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files("wijkagenda", ending="models.py")
    }
    assert {module.__name__ for module in SLICES} == written
