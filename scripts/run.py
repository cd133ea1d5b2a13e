"""`make run`: the whole platform on this machine, with the demo city, until Ctrl-C.

Installs what is missing, starts a Redis of its own on a socket under `var/`, migrates the database
there, loads the demo city into an empty one, then starts web, worker and clock from the Procfile.
What the environment already sets (DATABASE_URL, REDIS_URL, SECRET_KEY, …) is used as it is.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from install import ROOT, VENV, CannotInstall, install

VAR = ROOT / "var"
FIRST_PORT, LAST_PORT = 8000, 8099
PROCESSES = ("web", "worker", "clock")
START_SECONDS = 60
STOP_SECONDS = 15
# A socket path longer than this does not fit in the kernel's structure.
LONGEST_SOCKET_PATH = 100
PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """Why it does not start, in one plain sentence."""


class Stopped(Exception):
    """Ctrl-C, a terminal that closed, or the request to end."""


def say(text: str) -> None:
    print(text, flush=True)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            if problem.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def claim(port: int) -> socket.socket | None:
    """Keep a port for us until the web process listens on it; None when it is taken.

    The claim is a name in the kernel, not a file: two folders that start in the same second do not
    choose the same port, and it is gone with this process.
    """
    claimed = socket.socket(socket.AF_UNIX)
    try:
        claimed.bind(f"\0wijkagenda-port-{port}")
    except OSError:
        claimed.close()
        return None
    if is_free(port):
        return claimed
    claimed.close()
    return None


def choose_port(given: str) -> tuple[int, socket.socket]:
    """The port that was asked for, or the first free one from 8000, with our claim on it."""
    if not given:
        for port in range(FIRST_PORT, LAST_PORT + 1):
            if claimed := claim(port):
                return port, claimed
        raise CannotRun(f"every port from {FIRST_PORT} to {LAST_PORT} is taken; choose one: make run PORT=9000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotRun(f"PORT={given} is not a port number (1 to 65535)")
    claimed = claim(int(given))
    if claimed is None:
        raise CannotRun(f"port {given} is taken or not allowed; choose another, or leave PORT out")
    return int(given), claimed


def secret_key() -> str:
    """Made once for this folder, readable by its owner only."""
    path = VAR / "secret_key"
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def environment(port: int, redis_url: str | None) -> dict[str, str]:
    """The settings of the demo; what is already set wins."""
    address = f"http://127.0.0.1:{port}"
    ours = {
        "WIJKAGENDA_DEMO": "1",
        "DATABASE_URL": f"sqlite:///{VAR / 'wijkagenda.sqlite'}",
        "PUBLIC_URL": address,
        "GUNICORN_CMD_ARGS": "--log-level=warning",
        "PYTHONUNBUFFERED": "1",
    }
    if "SECRET_KEY" not in os.environ:
        ours["SECRET_KEY"] = secret_key()
    if redis_url:
        ours["REDIS_URL"] = redis_url
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ours | os.environ | {"HOST": "127.0.0.1", "PORT": str(port), "PATH": path}


def is_demo(env: dict[str, str]) -> bool:
    return env["WIJKAGENDA_DEMO"].strip().lower() not in {"", "0", "false", "no", "nee", "off"}


@contextlib.contextmanager
def only_one() -> Iterator[IO[str]]:
    """Keep a second `make run` out of this folder while one is up."""
    with (VAR / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(f"it already runs from this folder {lock.read()}".strip()) from None
        lock.truncate(0)
        yield lock
        lock.truncate(0)


@contextlib.contextmanager
def own_redis() -> Iterator[str | None]:
    """A Redis for this folder alone; None where the environment names one or there is none."""
    if os.environ.get("REDIS_URL"):
        yield None
        return
    server = shutil.which("redis-server")
    if server is None:
        say("Redis is not installed: mail and other jobs run inside the page requests, which are slower for it.")
        yield None
        return
    data = VAR / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    with contextlib.ExitStack() as stack:
        place = (
            data
            if len(str(data)) < LONGEST_SOCKET_PATH - 20
            else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wijkagenda-")))
        )
        path = place / "redis.sock"
        settings = {"port": "0", "unixsocket": path, "unixsocketperm": "700", "dir": data, "appendonly": "yes"}
        settings |= {"save": "", "logfile": data / "redis.log", "daemonize": "no", "maxmemory-policy": "noeviction"}
        command = [server, *(str(part) for name, value in settings.items() for part in (f"--{name}", value))]
        process = start(command, env=dict(os.environ), stdout=subprocess.DEVNULL)
        stack.callback(stop, process)
        wait_for_redis(path, process)
        yield f"unix://{path}"


def wait_for_redis(path: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            # While its data is still loading it answers with an error.
            if connection.recv(64).startswith(b"+PONG"):
                return
        time.sleep(0.1)
    raise CannotRun(f"its Redis did not start; see {VAR / 'redis' / 'redis.log'}")


def start(command: list[str | Path], *, env: dict[str, str], stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C reaches us alone, and we end all in order.

    Should we be killed outright, the kernel asks it to end.
    """

    def end_with_us() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=stdout, start_new_session=True, preexec_fn=end_with_us)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that we started, kindly and then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wijkagenda(*arguments: str, env: dict[str, str]) -> None:
    if subprocess.run([VENV / "bin" / "wijkagenda", *arguments], cwd=ROOT, env=env, check=False).returncode:
        raise CannotRun(f"this failed: wijkagenda {' '.join(arguments)}")


def commands() -> dict[str, str]:
    """What the Procfile starts, by name."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines if line.strip())}


def stopped(processes: dict[str, subprocess.Popen[bytes]]) -> str | None:
    """The name of one that has ended."""
    return next((name for name, process in processes.items() if process.poll() is not None), None)


def wait_for_health(address: str, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    problem = "no answer"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if name := stopped(processes):
            raise CannotRun(f"{name} stopped at once; the lines above say why")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as answer:
            problem = f"{answer.code} {answer.read(300).decode(errors='replace').strip()}"
        except OSError:
            pass
        time.sleep(0.2)
    raise CannotRun(f"{address}/health is not well after {START_SECONDS} seconds: {problem}")


def serve(address: str, env: dict[str, str], lock: IO[str]) -> None:
    """Web, worker and clock, until one of them or somebody ends it."""
    given = commands()
    # Without a runner in between: each ends with us, also when we are killed or our terminal is gone.
    processes = {name: start(["/bin/sh", "-c", f"exec {given[name]}"], env=env) for name in PROCESSES}
    try:
        wait_for_health(address, processes)
        lock.write(f"at {address}")
        lock.flush()
        say(f"\n  Wijkagenda is up: {address}\n")
        if is_demo(env):
            wijkagenda("demo", "people", env=env)
        say("\n  Stop with Ctrl-C.\n")
        while (name := stopped(processes)) is None:
            time.sleep(0.5)
        raise CannotRun(f"{name} stopped; the lines above say why")
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            stop(process)


def run() -> None:
    install()
    VAR.mkdir(exist_ok=True)
    with only_one() as lock, contextlib.ExitStack() as stack:
        port, claimed = choose_port(os.environ.get("PORT", ""))
        stack.enter_context(claimed)
        address = f"http://127.0.0.1:{port}"
        redis_url = stack.enter_context(own_redis())
        env = environment(port, redis_url)
        wijkagenda("db", "upgrade", env=env)
        if is_demo(env):
            wijkagenda("demo", "load", "--if-empty", env=env)
        serve(address, env, lock)


def main() -> int:
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def on_signal(*_: object) -> None:
        # Once is enough: what follows is the orderly end.
        for number in asked:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in asked:
        signal.signal(number, on_signal)
    try:
        run()
    except Stopped:
        # A terminal that was closed cannot be told.
        with contextlib.suppress(OSError):
            say("\nStopped. What was entered is kept under var/.")
        return 0
    except (CannotRun, CannotInstall) as problem:
        print(f"make run: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"make run: {problem.strerror}: {problem.filename}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
