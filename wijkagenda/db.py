"""The database: one session, one naming convention, one place that commits.

Two databases run the same code: PostgreSQL with PostGIS (psycopg) and SQLite with SpatiaLite
(pysqlite3, because many Python builds cannot load SQLite extensions).
"""

import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, cast

# pyproj and shapely bring their own PROJ and GEOS. SQLite loads mod_spatialite with the symbols of
# Debian's PROJ and GEOS visible to all: imported after it, they would bind to those and crash.
import psycopg
import pyproj  # noqa: F401
import pysqlite3.dbapi2 as pysqlite3
import shapely  # noqa: F401
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import Pool

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_BUSY_SECONDS = 30
SQLITE_FULL = 2
RESTED_SECONDS = 5.0
"""A connection to PostgreSQL that was not used for so long is tried before it is used."""


class Base(DeclarativeBase):
    """Base of every table of the product (geo and surveys have their own)."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)

    public_data = False
    """True for tables whose rows show on public pages: a change makes cached pages stale."""


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. Naive datetimes are refused; SQLite gets UTC text, PostgreSQL timestamptz."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(enum: type[Enum]) -> sa.Enum:
    """A text column that holds only the values of `enum`, checked by the database."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        name=_snake(enum.__name__),
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class NestedUnitOfWork(RuntimeError):
    """A unit of work was begun inside another: somebody committed where they should not."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit everything done inside, or nothing. The only place in the house that commits.

    What was put aside with `after_commit` (jobs, mail) runs once the data is safe.
    On SQLite it takes the one write lock at the start, so that two writers queue, not collide.
    """
    session = db.session()
    if session.info.get("in_unit_of_work"):
        raise NestedUnitOfWork
    session.info.update(in_unit_of_work=True, after_commit=[], public_changed=False)
    try:
        begin_write()
        yield session
        session.flush()
        if session.info["public_changed"]:
            bump_data_version(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info["after_commit"] = []
        raise
    finally:
        session.info["in_unit_of_work"] = False
        actions: list[Callable[[], object]] = session.info.pop("after_commit")
    for action in actions:
        action()


def rows_changed(statement: sa.Update) -> int:
    """Run a conditional UPDATE and tell how many rows it took: who was first, when two want the same."""
    return cast("sa.CursorResult[Any]", db.session.execute(statement)).rowcount


def begin_write() -> None:
    """Announce a write: SQLite takes its write lock now instead of failing half-way."""
    session = db.session()
    if session.get_bind().dialect.name != "sqlite" or session.info.get("outer_transaction"):
        return
    if session.in_transaction():
        if session.connection().get_execution_options().get("takes_write_lock"):
            return
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("something was changed before its unit of work began")
        # A read snapshot cannot become a write without risking SQLITE_BUSY_SNAPSHOT: end it first.
        session.rollback()
    session.connection(execution_options={"takes_write_lock": True})


def after_commit(action: Callable[[], object]) -> None:
    """Run `action` once the present unit of work is committed; never when it fails."""
    db.session().info["after_commit"].append(action)


class DataVersion(Base):
    """One row that counts changes to public data; cached pages are kept per version."""

    __tablename__ = "data_version"
    id: sa.orm.Mapped[int] = sa.orm.mapped_column(primary_key=True)
    version: sa.orm.Mapped[int] = sa.orm.mapped_column(sa.BigInteger, default=0)


def bump_data_version(session: Session) -> None:
    """Make every cached public page stale, in the same transaction as the change."""
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # One statement, also for the very first change: two first writers at once must not collide.
    first = insert(DataVersion).values(id=1, version=1)
    connection.execute(first.on_conflict_do_update(index_elements=["id"], set_={"version": DataVersion.version + 1}))


def data_version(session: Session) -> int:
    """The present version of all public data (one cheap query)."""
    return session.scalar(sa.select(DataVersion.version).where(DataVersion.id == 1)) or 0


@event.listens_for(Session, "after_flush")
def _note_public_changes(session: Session, _context: object) -> None:
    for changed in (session.new, session.dirty, session.deleted):
        if any(getattr(type(row), "public_data", False) for row in changed):
            session.info["public_changed"] = True


def sqlite_engine_options() -> dict[str, Any]:
    """Engine options for SQLite: our driver, and no hidden transactions of the driver."""
    return {
        "module": pysqlite3,
        "hide_parameters": True,
        "connect_args": {"timeout": SQLITE_BUSY_SECONDS, "isolation_level": None},
    }


class UnsafeDatabase(RuntimeError):
    """The database would say "saved" before it is: votes could be lost.

    A RuntimeError, because gunicorn says those in plain words and shows a traceback of every other.
    """


FORGETS_WITH_THE_POWER = {
    "synchronous_commit": "a commit is confirmed before it is on disk",
    "fsync": "nothing is certain to be on disk",
    "full_page_writes": "a page that was half written is not mended",
}
"""Settings of PostgreSQL that must not be off, and why."""


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: object) -> None:
    """SQLite: load SpatiaLite, write safely. PostgreSQL: refuse to run without durable commits."""
    if not isinstance(connection, pysqlite3.Connection):
        _must_remember(connection, "synchronous_commit")
        return
    connection.enable_load_extension(True)
    connection.load_extension("mod_spatialite")
    connection.enable_load_extension(False)
    cursor = connection.cursor()
    # Last, and again: loading SpatiaLite sets the waiting time of a connection back to 5 seconds.
    waiting = f"busy_timeout={SQLITE_BUSY_SECONDS * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000", waiting):
        cursor.execute(f"PRAGMA {pragma}")
    synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    cursor.close()
    if synchronous < SQLITE_FULL:
        raise UnsafeDatabase("SQLite does not take synchronous=FULL; votes must survive a power cut")


def _must_remember(connection: Any, *names: str) -> None:
    cursor = connection.cursor()
    off = [name for name in names if cursor.execute(f"SHOW {name}").fetchone()[0] == "off"]
    cursor.close()
    connection.rollback()
    if off:
        why = "; ".join(f"{name} is off: {FORGETS_WITH_THE_POWER[name]}" for name in off)
        raise UnsafeDatabase(f"{why}. Votes must survive a power cut: switch it on in PostgreSQL")


def refuse_forgetful_servers(engine: Engine) -> None:
    """From now on no connection to a PostgreSQL that as a whole may lose what it confirmed."""

    @event.listens_for(engine, "connect")
    def _look(connection: Any, _record: object) -> None:
        if isinstance(connection, psycopg.Connection):
            _must_remember(connection, "fsync", "full_page_writes")


@event.listens_for(Pool, "checkin")
def _note_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _still_alive(connection: Any, record: Any, _proxy: object) -> None:
    """Never hand out a connection that PostgreSQL closed while it rested: after a restart nobody sees an error page.

    It says nothing on a connection that rests, but goodbye: so who is busy looks whether something came in, which saves
    a journey on each request. After a longer rest it is asked anyway, for a network may forget in silence.
    """
    since = record.info.get("rests_since")
    if since is None or not isinstance(connection, psycopg.Connection):
        return
    if time.monotonic() - since < RESTED_SECONDS and not _has_news(connection):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        raise InvalidatePoolError("PostgreSQL has closed this connection") from None


def _has_news(connection: psycopg.Connection[Any]) -> bool:
    """Whether something came in on a connection, or its end."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


@event.listens_for(Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        takes_lock = connection.get_execution_options().get("takes_write_lock")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if takes_lock else "BEGIN")
