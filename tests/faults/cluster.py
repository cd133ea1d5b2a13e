"""A PostgreSQL of this run alone, that really writes to disk, can be killed, and comes back by its own recovery."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.services import free_port, postgres_programs

START_SECONDS = 90


class Cluster:
    """fsync, full_page_writes and synchronous_commit are on, as by default. `url` stays the same over restarts."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data, self.log = folder / "cluster", folder / "cluster.log"
        programs, password = postgres_programs(), secrets.token_urlsafe(12)
        self.user: dict[str, Any] = {}
        self.data.mkdir(mode=0o700)
        secret = folder / "cluster-password"
        secret.write_text(password)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self.user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.data, "postgres", "postgres")
            shutil.chown(secret, "postgres", "postgres")
        make = [programs / "initdb", "-D", self.data, "-U", "wijkagenda", "--pwfile", secret, "--auth=scram-sha-256"]
        make += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        secret.unlink()
        port = free_port()
        chosen = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC"}
        chosen |= {"max_connections": "100", "jit": "off"} | settings
        self.command = [
            programs / "postgres",
            "-D",
            self.data,
            *(f"--{name}={value}" for name, value in chosen.items()),
        ]
        self.server = f"postgresql://wijkagenda:{password}@127.0.0.1:{port}"
        self.url = f"{self.server}/wijkagenda"
        self.start()

    def make_database(self) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE wijkagenda")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")

    def start(self) -> None:
        """Until it answers, its recovery done. One that ends at once is tried again: what was killed may linger."""
        until = time.monotonic() + START_SECONDS
        self._launch()
        while time.monotonic() < until:
            try:
                psycopg.connect(f"{self.server}/postgres", connect_timeout=5).close()
            except psycopg.Error:
                time.sleep(0.1)
                if self.process.poll() is not None:
                    self._launch()
            else:
                return
        raise AssertionError(f"PostgreSQL did not come back:\n{self.log.read_text(errors='replace')[-3000:]}")

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd="/", start_new_session=True, **self.user
            )

    def crash(self, how: signal.Signals) -> None:
        """SIGQUIT is an immediate shutdown, SIGKILL leaves even that out. Then it starts again."""
        self.process.send_signal(how)
        self.process.wait(30)
        self.start()

    def kill_a_connection(self, random: Random) -> bool:
        """SIGKILL the process behind one connection: PostgreSQL then ends all others and recovers."""
        serving = [pid for pid in children_of(self.process.pid) if _serves(pid)]
        if not serving:
            return False
        _kill(random.choice(serving))
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        self.process.send_signal(how)
        self.process.wait(60)


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill_a_child(pid: int, random: Random) -> bool:
    """SIGKILL one child of a process of ours."""
    children = children_of(pid)
    if children:
        _kill(random.choice(children))
    return bool(children)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(pid, signal.SIGKILL)


def _serves(pid: int) -> bool:
    """Whether this process of PostgreSQL serves a connection to our database."""
    try:
        return b" wijkagenda wijkagenda " in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
