"""The whole platform as a municipality runs it: gunicorn, worker, PostGIS (or SpatiaLite), Redis, SMTP.

Processes are started from the same commands as the Procfile's, on a database of their own, and
stopped by their process id.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from tests.mail_server import MailServer
from tests.services import free_port, new_database, redis_url
from wijkagenda.app import create_app
from wijkagenda.config import Settings
from wijkagenda.db import db, unit_of_work

BIN = Path(sys.executable).parent
SECRET_KEY = "only-for-walks-only-for-walks-only-for-walks"
START_SECONDS = 40


@dataclass
class Platform:
    """A running platform. `app` is a second application on the same database, for looking and preparing."""

    url: str
    mail: MailServer
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

    def command(self, *arguments: str) -> str:
        """Run `wijkagenda …` against this platform; fails with what it said."""
        done = subprocess.run(
            [BIN / "wijkagenda", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_platform(
    name: str, *, folder: Path, backend: str = "postgis", demo: bool = False, worker: bool = True, web_workers: int = 2,
    prepare: tuple[str, ...] = (),
) -> Iterator[Platform]:  # fmt: skip
    """Start everything; `prepare` is a command run before the web starts, such as ("demo", "load")."""
    port, smtp_port = free_port(), free_port()
    if backend == "postgis":
        database_url = new_database(name, template="migrated", migrate=_migrate)
    else:
        database_url = f"sqlite:///{folder / f'{name}.sqlite'}"
        _migrate(database_url)
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(smtp_port))
        url = f"http://127.0.0.1:{port}"
        environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url(),
            "SMTP_URL": "" if demo else mail.url,
            "MAIL_FROM": "wijkagenda@markerstad.example",
            "PUBLIC_URL": url,
            "MUNICIPALITY_NAME": "Markerstad",
            "WIJKAGENDA_DEMO": "1" if demo else "0",
            "LETTERS_FOLDER": str(folder / "letters"),
            "LC_ALL": "C.UTF-8",
        }
        app = create_app(Settings.from_environment(environment))
        stack.callback(_dispose, app)
        platform = Platform(url, mail, app, environment)
        if prepare:
            platform.command(*prepare)
        log = (folder / f"{name}.log").open("wb")
        stack.callback(log.close)
        gunicorn = [BIN / "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(web_workers)]
        gunicorn += ["--no-control-socket", "--timeout", "60", "wijkagenda.app:create_app()"]
        stack.enter_context(_process(gunicorn, environment, log))
        if worker:
            stack.enter_context(_process([BIN / "wijkagenda", "worker"], environment, log))
        _wait_until_healthy(url, folder / f"{name}.log")
        yield platform


def _migrate(url: str) -> None:
    scheme = {"postgresql": "postgresql+psycopg", "sqlite": "sqlite+pysqlite"}[url.partition(":")[0]]
    app = create_app(Settings(secret_key=SECRET_KEY, database_url=scheme + url[url.index(":") :], demo=True))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def _dispose(app: Flask) -> None:
    with app.app_context():
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
