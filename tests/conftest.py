"""Fixtures for every test: the app on a real database, a transaction around each test, a client.

Tests in tests/database run on PostGIS and on SpatiaLite; all others on PostGIS.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from tests.page_client import PageClient
from tests.services import postgis_url, redis_url
from wijkagenda.app import create_app
from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.migrate import init_migrations
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.web.limits import init_limits, limiter

pytest_plugins = ["tests.services", "tests.windows"]
# A busy machine is no failure: how long an example takes says nothing about our rules.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday morning. Tests that need another moment pass it in."""


def settings_for(url: str, **changes: object) -> Settings:
    """Settings as a test server has them."""
    values: dict[str, object] = {
        "secret_key": SECRET_KEY,
        "database_url": url,
        "public_url": "http://localhost",
        "demo": True,
        "mail_from": "wijkagenda@markerstad.example",
        "rate_limits": False,
        "testing": True,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def migrate(url: str) -> None:
    """Bring an empty database to the newest version and leave no connection open."""
    app = create_app(settings_for(with_driver(url)))
    init_migrations(app)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@cache
def _app_on(backend: str, folder: Path) -> Flask:
    """One app per database and process; the connection is put in per test."""
    if backend == "postgis":
        url = with_driver(postgis_url(template="migrated", migrate=migrate))
    else:
        url = f"sqlite+pysqlite:///{folder / 'test.sqlite'}"
        migrate(url)
    app = create_app(settings_for(url))
    # Ready to count tries, for the tests that ask for it (see `limits`): afterwards it can no longer be made so.
    init_limits(app, settings_for(url, rate_limits=True))
    limiter.enabled = False
    return app


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def backend() -> str:
    """The database of this test; tests/database/conftest.py asks for both."""
    return "postgis"


@pytest.fixture
def app(backend: str, _folder: Path) -> Iterator[Flask]:
    """The app inside an application context, every change undone after the test."""
    app = _app_on(backend, _folder)
    # Pages kept under a data version of another test, whose changes were undone.
    app.extensions.pop("wijkagenda.page_cache", None)
    # All apps of a process share one counter, and a test that starts a whole platform makes an app that counts.
    limiter.enabled = False
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            db._app_engines[app][None] = connection  # type: ignore[assignment]
            own_session = db.session
            db.session = db._make_scoped_session(
                {
                    "join_transaction_mode": "create_savepoint",
                    "info": {"outer_transaction": True},
                    "expire_on_commit": False,
                }
            )
            try:
                yield app
            finally:
                db.session.remove()
                db.session = own_session
                db._app_engines[app][None] = engine
                outer.rollback()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test. Commit before looking with another one; the client does it for you."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A visitor's browser without script. Checks every page it gets; see tests/page_client.py."""
    return PageClient(app)


@pytest.fixture
def now() -> datetime:
    return NOW


StaffMaker = Callable[..., StaffMember]


@pytest.fixture
def staff(session: Session) -> StaffMaker:
    """Make somebody with a role: staff(Role.AREA_TEAM, area_id=7)."""

    def make(role: Role | None = None, area_id: int | None = None, name: str = "Proef Persoon") -> StaffMember:
        count = session.query(StaffMember).count()
        member = add_staff_member(actor=SYSTEM, now=NOW, email=f"proef{count}@markerstad.example", name=name)
        if role is not None:
            grant_role(actor=SYSTEM, now=NOW, member=member, role=role, area_id=area_id)
        return member

    return make


@pytest.fixture
def limits(app: Flask) -> Iterator[None]:
    """Tries are counted, as outside the tests; from nothing, and forgotten afterwards."""
    init_limits(Flask("counts"), settings_for("", rate_limits=True))
    limiter.reset()
    try:
        yield
    finally:
        limiter.reset()
        limiter.enabled = False


@pytest.fixture(scope="session")
def redis_address() -> str:
    return redis_url()
