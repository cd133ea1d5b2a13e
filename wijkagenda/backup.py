"""A backup of the database in which every vote is that was acknowledged.

A plain pg_dump that begins at the very moment when a box is closed or counted finds every box empty (see
`voting.box.shuffle`). So this one waits for who is busy with a box, lets nobody begin meanwhile, and compares codes
and ballots as they were at the moment of the copy. An embedded database knows no such moment, and is copied as SQLite
itself does it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg
import pysqlite3.dbapi2 as pysqlite3
import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import OperationalError

from wijkagenda.config import environment_with
from wijkagenda.db import db, sqlite_engine_options
from wijkagenda.voting.box.books import Books, books_of_boxes
from wijkagenda.voting.box.shuffle import keep_box_as_it_is, took_too_long

PATIENCE = "60s"
"""How long a backup waits for who closes or counts: that takes seconds."""


class NoBackup(RuntimeError):
    """There is no backup, and why; in a sentence for who asked for it."""


@dataclass(frozen=True)
class Backup:
    """A finished backup. `books`: of each vote not counted yet, whether codes and ballots agree in it; None when that
    could not be asked, because the database is of an older version than the program."""

    size: int
    books: list[Books] | None


def make_backup(target: Path, history: Config) -> Backup:
    """Write the whole database to `target`, a new file that only its owner can read; raises NoBackup.

    It gets its name when it is whole, so a file of that name is never half a backup.
    """
    _must_be_free(target)
    try:
        with _file_beside(target) as unfinished:
            copy = _dump if db.engine.dialect.name == "postgresql" else _copy
            books = copy(unfinished, history)
            _must_be_free(target)
            size = unfinished.stat().st_size
            unfinished.rename(target)
            _keep(target.parent)
    except OSError as error:
        raise NoBackup(f"{target} kan niet geschreven worden ({error.strerror}).") from None
    return Backup(size, books)


def _must_be_free(target: Path) -> None:
    if target.exists():
        raise NoBackup(f"{target} is er al. Geef een andere naam, of zet het oude bestand eerst weg.")
    if not target.parent.is_dir():
        raise NoBackup(f"de map {target.parent} is er niet.")


@contextmanager
def _file_beside(target: Path) -> Iterator[Path]:
    """An empty file in the same folder, for its owner alone; gone afterwards unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".unfinished")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for path in (name, f"{name}-wal", f"{name}-shm"):
            Path(path).unlink(missing_ok=True)


def _keep(path: Path) -> None:
    """Wait until what stands here would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _books(connection: sa.Connection, history: Config) -> list[Books] | None:
    """Compared with the tables as this version of the program knows them; an older database has others."""
    here = set(MigrationContext.configure(connection).get_current_heads())
    if not here:
        raise NoBackup("de database is nog leeg. Start eerst `wijkagenda db upgrade`.")
    newest = set(ScriptDirectory.from_config(history).get_heads())
    return books_of_boxes(connection) if here == newest else None


# --- PostgreSQL ------------------------------------------------------------------------------------


def _dump(unfinished: Path, history: Config) -> list[Books] | None:
    if shutil.which("pg_dump") is None:
        raise NoBackup("het programma pg_dump is hier niet. Installeer het (Debian: postgresql-client).")
    with db.engine.connect() as keeper, db.engine.connect() as moment:
        try:
            keep_box_as_it_is(keeper, patience=PATIENCE)
        except OperationalError as error:
            if not took_too_long(error):
                raise
            raise NoBackup(
                "iemand is al een minuut bezig een stembus te sluiten of te tellen. Probeer het zo nog een keer."
            ) from None
        # Only now: what this one sees is what was there when nobody was busy with a box.
        moment.execution_options(isolation_level="REPEATABLE READ")
        snapshot = moment.scalar(sa.select(sa.func.pg_export_snapshot()))
        # Both do nothing for as long as the dump takes.
        for connection in (keeper, moment):
            connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        _run_pg_dump(unfinished, str(snapshot))
        # After the dump and of the same moment: had anybody emptied a table meanwhile, this would see it empty too.
        books = _books(moment, history)
        # Had this connection been lost, somebody could have been busy with a box after all.
        keeper.execute(sa.select(1))
        return books


def _run_pg_dump(unfinished: Path, snapshot: str) -> None:
    """With the address of the settings; its password goes where other users of the machine cannot read it."""
    options = {option.keyword.decode(): option.dispchar == b"*" for option in psycopg.pq.Conninfo.get_defaults()}
    _none, given = db.engine.dialect.create_connect_args(db.engine.url)
    # The driver gets more than PostgreSQL knows.
    address = {name: value for name, value in given.items() if name in options}
    password = address.pop("password", "")
    if hidden := [name for name in address if options[name]]:
        raise NoBackup(f"DATABASE_URL heeft {', '.join(hidden)}: dat zou iedereen op deze server kunnen lezen.")
    command = ["pg_dump", "--format=custom", f"--file={unfinished}", f"--snapshot={snapshot}", "--no-password"]
    environment = environment_with(PGPASSWORD=password) if password else environment_with()
    done = subprocess.run(
        [*command, f"--dbname={make_conninfo(**address)}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        # Only the first line: what comes after it may quote rows.
        raise NoBackup(f"pg_dump kan dit niet doen ({done.stderr.partition(chr(10))[0]}).")


# --- SQLite ----------------------------------------------------------------------------------------


def _copy(unfinished: Path, history: Config) -> list[Books] | None:
    with db.engine.connect() as source:
        driver = cast(pysqlite3.Connection, source.connection.driver_connection)
        try:
            with closing(pysqlite3.connect(str(unfinished))) as target:
                driver.backup(target)
        except pysqlite3.Error as error:
            raise NoBackup(f"SQLite kan dit niet doen ({error}).") from None
    copy = sa.create_engine(f"sqlite+pysqlite:///{unfinished}", **sqlite_engine_options())
    try:
        with copy.connect() as connection:
            books = _books(connection, history)
    finally:
        copy.dispose()
    _keep(unfinished)
    return books
