"""The whole platform as a municipality runs it: gunicorn, worker, PostGIS (or SpatiaLite), Redis, SMTP.

Processes are started from the same commands as the Procfile's, on a database of their own, and
stopped by their process id.
"""

import itertools
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from redis import Redis
from sqlalchemy.orm import Session

from tests.mail_server import MailServer
from tests.services import free_port, new_database, redis_url, worker_number
from wijkagenda.app import create_app
from wijkagenda.config import Settings
from wijkagenda.db import db, unit_of_work
from wijkagenda.demo.city import build_city
from wijkagenda.dutch_days import local
from wijkagenda.migrate import init_migrations

BIN = Path(sys.executable).parent
SECRET_KEY = "only-for-walks-only-for-walks-only-for-walks"
START_SECONDS = 40
# Redis has 16 databases: 0 and 1 are for tests without a platform, the rest for platforms, 7 per test process.
REDIS_DATABASES = itertools.cycle(range(2 + 7 * (worker_number() % 2), 9 + 7 * (worker_number() % 2)))


@dataclass
class Installation:
    """A migrated database and its settings; nothing runs. `app` is an application on it, for looking and preparing."""

    app: Flask
    environment: dict[str, str]

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Change something in the database as a unit of work, outside the web."""
        with self.app.app_context(), unit_of_work() as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Read the database as it is now."""
        with self.app.app_context():
            yield db.session()

    def command(self, *arguments: object) -> str:
        """Run `wijkagenda …` here; fails with what it said."""
        done = self.try_command(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_command(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        """Run `wijkagenda …` here, whatever comes of it."""
        words = [str(argument) for argument in arguments]
        return subprocess.run(
            [BIN / "wijkagenda", *words], env=self.environment, capture_output=True, text=True, check=False
        )


@dataclass
class Platform(Installation):
    """An installation that runs at `url` and sends its mail to `mail`."""

    url: str = ""
    mail: MailServer = field(default_factory=lambda: MailServer(free_port()))


@contextmanager
def installation(
    name: str, *, folder: Path, backend: str = "postgis", markerstad: bool = False, **environment: str
) -> Iterator[Installation]:
    """An installation on a database of its own, in demo mode unless `environment` says otherwise.

    Empty, or with the demo city in it (`markerstad`); that is built once per run and then copied.
    """
    name = f"{name}_{worker_number()}"
    prepare = _build_markerstad if markerstad else _migrate
    if backend == "postgis":
        database_url = new_database(name, template="markerstad" if markerstad else "migrated", migrate=prepare)
    else:
        database_url = f"sqlite:///{folder / f'{name}.sqlite'}"
        prepare(database_url)
    settings = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "MAIL_FROM": "wijkagenda@markerstad.example",
        "MUNICIPALITY_NAME": "Markerstad",
        "WIJKAGENDA_DEMO": "1",
        "LETTERS_FOLDER": str(folder / "letters"),
        "LC_ALL": "C.UTF-8",
        # The PostgreSQL of the tests has fsync off; `make faults` has one with fsync on.
        "DATABASE_MAY_FORGET": "1",
    } | environment
    app = create_app(Settings.from_environment(settings))
    try:
        yield Installation(app, settings)
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def running_platform(
    name: str, *, folder: Path, backend: str = "postgis", demo: bool = False, worker: bool = True, web_workers: int = 2,
    **environment: str,
) -> Iterator[Platform]:  # fmt: skip
    """Start everything: empty and for real, or as the demo with Markerstad in it.

    `environment` changes settings, such as TRUSTED_PROXIES="1" to let requests come from many addresses.
    """
    port, smtp_port = free_port(), free_port()
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(smtp_port))
        url = f"http://127.0.0.1:{port}"
        settings = {
            "REDIS_URL": _empty_redis(),
            "SMTP_URL": "" if demo else mail.url,
            "PUBLIC_URL": url,
            "WIJKAGENDA_DEMO": "1" if demo else "0",
        } | environment
        ground = stack.enter_context(installation(name, folder=folder, backend=backend, markerstad=demo, **settings))
        platform = Platform(ground.app, ground.environment, url, mail)
        log = (folder / f"{name}.log").open("wb")
        stack.callback(log.close)
        gunicorn = [BIN / "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(web_workers)]
        gunicorn += ["--no-control-socket", "--timeout", "60", "wijkagenda.app:create_app()"]
        stack.enter_context(_process(gunicorn, platform.environment, log))
        if worker:
            stack.enter_context(_process([BIN / "wijkagenda", "worker"], platform.environment, log))
        _wait_until_healthy(url, folder / f"{name}.log")
        yield platform


def _empty_redis() -> str:
    """A queue and counters of this platform alone: another one's worker must not take its jobs."""
    url = f"{redis_url().partition('?')[0]}?db={next(REDIS_DATABASES)}"
    with Redis.from_url(url) as redis:
        redis.flushdb()
    return url


def _migrate(url: str) -> None:
    with _passing_app(url):
        upgrade()


def _build_markerstad(url: str) -> None:
    with _passing_app(url):
        upgrade()
        now = datetime.now(UTC)
        with unit_of_work():
            build_city(now, local(now).date(), lambda _text: None)


@contextmanager
def _passing_app(url: str) -> Iterator[Flask]:
    """An application on a database, that leaves no connection open."""
    scheme = {"postgresql": "postgresql+psycopg", "sqlite": "sqlite+pysqlite"}[url.partition(":")[0]]
    database_url = scheme + url[url.index(":") :]
    app = create_app(Settings(secret_key=SECRET_KEY, database_url=database_url, demo=True, database_may_forget=True))
    init_migrations(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _process(command: list[object], environment: dict[str, str], log: object) -> Iterator[None]:
    process = subprocess.Popen(
        [str(part) for part in command], env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _wait_until_healthy(url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the platform did not start:\n{log.read_text(errors='replace')[-3000:]}")
