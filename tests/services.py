"""The real services the tests run against: PostGIS, Redis, a mail server, Chromium.

Each starts when the first test asks for it, once per run, and is shared by all pytest-xdist
workers; the process that began the run stops it by its process id. To use what is there already,
set TEST_DATABASE_URL (a server on which databases may be made) or TEST_REDIS_URL.

Use it as a plugin: `pytest_plugins = ["tests.services"]` in conftest.py. That file imports from here
as well, before pytest could rewrite the assertions here, of which there are none: PYTEST_DONT_REWRITE.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.mail_server import MailServer

RUN_FOLDER = "WIJKAGENDA_TEST_RUN"
START_SECONDS = 30
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class ServiceMissing(RuntimeError):
    """A service cannot start here. Tests that need it fail: they are never skipped in silence."""


# --- one run, many processes ---------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process makes the folder of this run; xdist workers inherit its name."""
    if RUN_FOLDER not in os.environ and not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = new_run_folder()
        config.add_cleanup(lambda: stop_run(os.environ.pop(RUN_FOLDER)))


def new_run_folder() -> str:
    folder = tempfile.mkdtemp(prefix="wijkagenda-test-")
    # The database server may run as another user, who must be able to pass through.
    os.chmod(folder, 0o711)
    return folder


def stop_run(folder: str) -> None:
    """End every service of a run and remove its files. Safe to call twice."""
    for record in sorted(Path(folder).glob("*.json")):
        state = json.loads(record.read_text())
        # A cluster of our own goes as a whole.
        for name in [] if state.get("pid") else state.get("databases", []):
            with contextlib.suppress(psycopg.Error):
                _drop_database(state["url"], name)
        if state.get("pid"):
            _end(state["pid"], getattr(signal, state["signal"]))
    shutil.rmtree(folder, ignore_errors=True)


def _end(pid: int, how: int) -> None:
    for number, patience in ((how, 15.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not Path(f"/proc/{pid}").exists() or _is_zombie(pid):
                return
            time.sleep(0.05)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _folder() -> Path:
    if RUN_FOLDER not in os.environ:
        raise ServiceMissing('tests.services is not loaded as a plugin: pytest_plugins = ["tests.services"]')
    return Path(os.environ[RUN_FOLDER])


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time start services or make databases."""
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _once(name: str, start: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The state of a service, started by whoever comes first. Call inside _alone()."""
    record = _folder() / f"{name}.json"
    if not record.exists():
        record.write_text(json.dumps(start()))
    return json.loads(record.read_text())


def worker_number() -> int:
    """0 without xdist or in its first worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- PostGIS -------------------------------------------------------------------------------------


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL that has PostGIS."""
    for folder in sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"), reverse=True):
        programs = Path("/usr/lib/postgresql") / folder.parts[-3] / "bin"
        if (programs / "initdb").exists():
            return programs
    raise ServiceMissing("PostGIS is not installed; `make setup-tests` installs it")


def _start_postgres() -> dict[str, Any]:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return {"url": _plain(make_url(given)), "databases": []}
    programs, data, password = postgres_programs(), _folder() / "postgres", secrets.token_urlsafe(12)
    data.mkdir(mode=0o700)
    secret = _folder() / "password"
    secret.write_text(password)
    # PostgreSQL refuses to run as root.
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(secret, "postgres", "postgres")
    secret.chmod(0o600)
    make = [programs / "initdb", "-D", data, "-U", "wijkagenda", "--pwfile", secret, "--auth=scram-sha-256"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
    secret.unlink()
    port = free_port()
    # A test cluster may vanish with the power; commits still answer as they do in production.
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    settings |= {"full_page_writes": "off", "max_connections": 300, "jit": "off", "timezone": "UTC"}
    command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
    log = _folder() / "postgres.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", start_new_session=True, **user)
    url = f"postgresql://wijkagenda:{password}@127.0.0.1:{port}/postgres"
    _wait(lambda: psycopg.connect(url, connect_timeout=2).close(), process, log)
    return {"url": url, "databases": [], "pid": process.pid, "signal": "SIGINT"}


def _wait(attempt: Callable[[], object], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Repeat `attempt` until it raises nothing."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            attempt()
        except (OSError, psycopg.Error, redis.RedisError):
            time.sleep(0.05)
        else:
            return
    process.kill()
    raise ServiceMissing(f"a service did not start:\n{log.read_text(errors='replace')[-2000:]}")


def postgis_url(*, template: str = "empty", migrate: Callable[[str], object] | None = None) -> str:
    """The URL of a database for this xdist worker alone, made at the first call.

    `migrate(url)` runs once per run on a database named `template`; every worker gets a copy. It
    must leave no connection open, since PostgreSQL does not copy a database that is in use.
    """
    return _worker_database(template, migrate)


@cache
def _worker_database(template: str, migrate: Callable[[str], object] | None) -> str:
    return new_database(f"{template}_{worker_number()}", template=template, migrate=migrate)


def new_database(name: str, *, template: str = "empty", migrate: Callable[[str], object] | None = None) -> str:
    """Copy a template (PostGIS in it) to a new database; returns its URL. Dropped after the run.

    It is numbered: a fixture that is set up twice gets two databases. Names in PostgreSQL have at most 63 bytes.
    """
    with _alone():
        server = _once("postgres", _start_postgres)
        run = _folder().name.replace("-", "_")
        source = f"{run}_{template}"
        if source not in server["databases"]:
            _create_database(server, source, "template0")
            with psycopg.connect(_url(server, source), autocommit=True) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            if migrate:
                migrate(_url(server, source))
        numbered = f"{run}_{len(server['databases'])}_{name}"[:63]
        _create_database(server, numbered, source)
        return _url(server, numbered)


def _create_database(server: dict[str, Any], name: str, template: str) -> None:
    # Noted first, so that it is dropped whatever happens next.
    server["databases"].append(name)
    (_folder() / "postgres.json").write_text(json.dumps(server))
    with psycopg.connect(server["url"], autocommit=True) as connection:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(command)


def _drop_database(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(server: dict[str, Any], name: str) -> str:
    return _plain(make_url(server["url"]).set(database=name))


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


# --- Redis, mail, Chromium -----------------------------------------------------------------------


def _start_redis() -> dict[str, Any]:
    if given := os.environ.get("TEST_REDIS_URL"):
        return {"url": given}
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissing("redis-server is not installed; `make setup-tests` installs it")
    path, log = _folder() / "redis.sock", _folder() / "redis.log"
    settings = {"port": "0", "unixsocket": path, "dir": _folder(), "save": "", "appendonly": "no"}
    command = [program, *(str(part) for name, value in settings.items() for part in (f"--{name}", value))]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    url = f"unix://{path}"
    _wait(lambda: redis.Redis.from_url(url).ping(), process, log)
    return {"url": url, "pid": process.pid, "signal": "SIGTERM"}


def redis_url() -> str:
    """A Redis database for this xdist worker alone (on a socket, as `make run` has it)."""
    with _alone():
        server = _once("redis", _start_redis)
    if server["url"].startswith("unix:"):
        return f"{server['url']}?db={worker_number()}"
    return f"{server['url'].rstrip('/')}/{worker_number()}"


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A mail server of this test: `.url`, `.messages`, `.to(address)`, `.wait_for(count)`."""
    with MailServer(free_port()) as server:
        yield server


def chromium_path() -> str:
    """The Chromium of this machine, or the one that CHROMIUM names."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise ServiceMissing("Chromium is not installed; `make setup-tests` installs it, or set CHROMIUM to its path")
    return found
