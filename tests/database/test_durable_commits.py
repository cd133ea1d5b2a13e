"""What was confirmed survives a power cut: a database that may forget is refused, before anybody is served.

The PostgreSQL of the tests has fsync off, so it is itself what must be refused.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.live import Installation, installation
from tests.services import free_port
from wijkagenda.app import create_app
from wijkagenda.config import ROOT, Settings
from wijkagenda.db import UnsafeDatabase, db


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    with installation("durable", folder=tmp_path) as made:
        yield made


def _database(place: Installation) -> psycopg.Connection:
    return psycopg.connect(place.environment["DATABASE_URL"], autocommit=True)


def _not_forgiving(place: Installation) -> dict[str, str]:
    return os.environ | place.environment | {"DATABASE_MAY_FORGET": ""}


def test_a_database_that_confirms_before_it_writes_is_refused_at_each_connection(place: Installation) -> None:
    with _database(place) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with place.app.app_context():
        db.engine.dispose()
        with pytest.raises(UnsafeDatabase, match="synchronous_commit is off"):
            db.session.execute(sa.text("SELECT 1"))


def test_a_server_that_may_forget_is_refused(place: Installation) -> None:
    app = create_app(Settings.from_environment(_not_forgiving(place)))
    with app.app_context(), pytest.raises(UnsafeDatabase, match=r"fsync is off.*full_page_writes is off"):
        db.session.execute(sa.text("SELECT 1"))


def test_the_web_does_not_start_on_it_and_says_why_without_a_traceback(place: Installation) -> None:
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{free_port()}", "--no-control-socket"]
    command += ["wijkagenda.app:create_app()"]
    done = subprocess.run(command, cwd=ROOT, env=_not_forgiving(place), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "fsync is off" in done.stderr and "Votes must survive a power cut" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_console_says_so_in_a_sentence(place: Installation) -> None:
    command = [sys.executable, "-c", "from wijkagenda.cli import main; main()", "staff", "list"]
    done = subprocess.run(command, cwd=ROOT, env=_not_forgiving(place), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "deze database is niet veilig genoeg (fsync is off" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_embedded_database_writes_before_it_confirms(tmp_path: Path) -> None:
    with installation("embedded", folder=tmp_path, backend="spatialite") as place, place.app.app_context():
        assert db.session.scalar(sa.text("PRAGMA synchronous")) == 2
        assert db.session.scalar(sa.text("PRAGMA journal_mode")) == "wal"


def test_after_a_restart_of_the_database_the_next_visitor_sees_no_error(place: Installation) -> None:
    client = place.app.test_client()
    assert client.get("/stem").status_code == 200
    with _database(place) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert ended == [(True,)]
    assert client.get("/stem").status_code == 200
