"""The platform on a database that can be killed: gunicorn and a worker, with a supervisor that starts them again."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.faults.cluster import Cluster, kill_a_child
from tests.live import BIN, SECRET_KEY, Installation
from tests.services import free_port
from wijkagenda.app import create_app
from wijkagenda.config import ROOT, Settings
from wijkagenda.db import db

START_SECONDS = 90


@dataclass
class Target(Installation):
    """What is voted on and killed."""

    cluster: Cluster
    port: int
    log: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: object) -> None:
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_web(self, workers: int, *options: str) -> None:
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", workers]
        command += ["--no-control-socket", "--timeout", "60", *options, "wijkagenda.app:create_app()"]
        self.start("web", *command)
        self.wait_until_healthy()

    def start_queue_worker(self) -> None:
        self.start("worker", BIN / "wijkagenda", "worker")

    def kill_web_worker(self, random: Random) -> bool:
        return kill_a_child(self.processes["web"].pid, random)

    def kill_queue_worker(self, random: Random) -> bool:
        """The worker and the process that does its present job, as a server that runs out of memory might."""
        worker = self.processes["worker"]
        kill_a_child(worker.pid, random)
        worker.kill()
        worker.wait(15)
        self.start_queue_worker()
        return True

    def wait_until_healthy(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the platform is not well:\n{self.log.read_text(errors='replace')[-3000:]}")

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@contextmanager
def target(
    redis_url: str,
    *,
    web_workers: int,
    worker: bool,
    environment: Mapping[str, str] | None = None,
    web: Sequence[str] = ("--log-level", "warning"),
    **cluster: str,
) -> Iterator[Target]:
    """An empty, migrated platform that runs on a PostgreSQL of its own; all of it is gone afterwards.

    environment: settings to change. web: more options of gunicorn. cluster: settings of PostgreSQL.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="wijkagenda-faults-", ignore_cleanup_errors=True)))
        folder.chmod(0o711)  # PostgreSQL may run as another user, who must be able to pass through
        postgres = Cluster(folder, **cluster)
        stack.callback(postgres.stop)
        postgres.make_database()
        port = free_port()
        settings = {
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis_url,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WIJKAGENDA_DEMO": "1",
            "RATE_LIMITS_OFF": "1",
            "LETTERS_FOLDER": str(folder / "letters"),
            "DATABASE_MAY_FORGET": "",
            "LC_ALL": "C.UTF-8",
        } | dict(environment or {})
        app = create_app(Settings.from_environment(settings))
        made = Target(app, settings, postgres, port, folder / "platform.log")
        stack.callback(made.stop)
        made.start("migration", BIN / "wijkagenda", "db", "upgrade")
        assert made.processes.pop("migration").wait(120) == 0, made.log.read_text()[-2000:]
        made.start_web(web_workers, *web)
        if worker:
            made.start_queue_worker()
            # It asks again for what a killed worker left undone.
            made.start("clock", BIN / "wijkagenda", "clock")
        try:
            yield made
        finally:
            with app.app_context():
                db.engine.dispose()
