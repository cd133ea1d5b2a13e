"""The processes of a run: PostgreSQL with its defaults (fsync on), Redis, and gunicorn with 2 sync workers.

Databases and Redis come from tests/services.py; only the PostgreSQL under them is one that really
writes to disk, since a ceiling without that would flatter nobody but itself.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests import services

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
START_SECONDS = 30
SECRET_KEY = "only-for-measuring-only-for-measuring-only"


@contextlib.contextmanager
def own_services() -> Iterator[Path]:
    """A folder, a PostgreSQL and a Redis of this run; gone after it."""
    folder = services.new_run_folder()
    os.environ[services.RUN_FOLDER] = folder
    with contextlib.ExitStack() as stack:
        stack.callback(services.stop_run, folder)
        os.environ["TEST_DATABASE_URL"] = stack.enter_context(_postgres(Path(folder)))
        yield Path(folder)


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    programs, data, password = services.postgres_programs(), folder / "cluster", secrets.token_urlsafe(12)
    data.mkdir(mode=0o700)
    secret = folder / "cluster-password"
    secret.write_text(password)
    user: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(secret, "postgres", "postgres")
    make = [programs / "initdb", "-D", data, "-U", "wijkagenda", "--pwfile", secret, "--auth=scram-sha-256"]
    make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
    port = services.free_port()
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC"}
    command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
    with (folder / "cluster.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True, **user)  # type: ignore[call-overload]
    url = f"postgresql://wijkagenda:{password}@127.0.0.1:{port}/postgres"
    try:
        _wait_until(lambda: psycopg.connect(url, connect_timeout=2).close(), process)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _wait_until(attempt: object, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            attempt()  # type: ignore[operator]
        except (OSError, psycopg.Error):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args} did not start")


@dataclass(frozen=True)
class Server:
    """A gunicorn that listens. `process` is its master; the workers are its children."""

    address: str
    process: "subprocess.Popen[bytes]"

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def memory(self) -> "Memory":
        """Of the largest worker."""
        return max((_memory(pid) for pid in self._workers()), key=lambda memory: memory.resident)

    def cpu_seconds(self) -> float:
        """Processor time that the workers have used so far."""
        return sum(_cpu_ticks(pid) for pid in self._workers()) / os.sysconf("SC_CLK_TCK")

    @property
    def host_and_port(self) -> tuple[str, int]:
        host, _, port = self.address.removeprefix("http://").partition(":")
        return host, int(port)


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process in three ways of counting what it shares with others (code, what its master made)."""

    resident: float
    """RSS: what is shared, in full."""
    share: float
    """PSS: what is shared, divided among those who share it; adds up over the machine."""
    own: float
    """What is shared, not at all: what one more worker costs."""


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines}
    return Memory(found["Rss:"], found["Pss:"], found["Private_Clean:"] + found["Private_Dirty:"])


def _cpu_ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


@contextlib.contextmanager
def serving(target: str, *, env: dict[str, str], ready: str = "/") -> Iterator[Server]:
    """gunicorn as the Procfile starts it (with gunicorn.conf.py), with 2 sync workers, until the block ends."""
    port = services.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--workers", str(WORKERS), "--worker-class", "sync", "--log-level", "warning", target]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, start_new_session=True)
    try:
        _wait_until(lambda: urllib.request.urlopen(address + ready, timeout=5).read(), process)
        yield Server(address, process)
    finally:
        process.terminate()
        process.wait(20)


def app_environment(database_url: str, redis_url: str) -> dict[str, str]:
    """Settings of the platform under measurement. Slow-down is off: it exists to stop loads like ours."""
    return {
        "WIJKAGENDA_DEMO": "1",
        "RATE_LIMITS_OFF": "1",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }
