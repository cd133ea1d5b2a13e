"""Loading a server over loopback: short, bounded, 8 connections at a time.

Pages are loaded with wrk where it is installed, else with a small client of our own (which takes
more of the processor for itself, on ceiling and page alike). Ballots differ from each other, so they
always go through our own client, on the vote ceiling as well.
"""

import json
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.servers import Server

CONNECTIONS = 8
SECONDS, SHORT_SECONDS = 3, 1
WARM_REQUESTS = 12
HEADERS = {"Host": "127.0.0.1", "Accept-Encoding": "gzip", "Accept": "text/html"}
WRK_SCRIPT = """
local path, unique, n = "%(path)s", %(unique)s, %(start)d
local glue = string.find(path, "?", 1, true) and "&" or "?"
request = function()
  if not unique then return wrk.format("GET", path) end
  n = n + 1
  return wrk.format("GET", path .. glue .. "n=" .. n)
end
done = function(summary, latency, requests)
  io.write(string.format('RESULT {"requests": %%d, "micros": %%d, "errors": %%d, "p50": %%d, "p99": %%d}\\n',
    summary.requests, summary.duration, summary.errors.status + summary.errors.connect + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


class LoadFailed(RuntimeError):
    """Something else than the page came back: a rate of that would mean nothing."""


@dataclass(frozen=True)
class Rate:
    """What one load reached. Milliseconds are those of a request from beginning to end."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    """Processor milliseconds of the web workers per request; other work on the machine hardly changes it."""


def median(rates: Sequence[Rate]) -> Rate:
    """The median of each figure over the passes."""
    return Rate(
        statistics.median(rate.per_second for rate in rates),
        statistics.median(rate.p50 for rate in rates),
        statistics.median(rate.p99 for rate in rates),
        statistics.median(rate.cpu for rate in rates),
    )


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def load_page(
    server: Server,
    path: str,
    *,
    unique: bool = False,
    headers: dict[str, str] | None = None,
    seconds: int = SECONDS,
) -> Rate:
    """Ask for one page as often as it goes. `unique`: each time under another address."""
    wanted = HEADERS | (headers or {})
    start = int(time.time() * 1000)
    for _ in range(WARM_REQUESTS):  # so that no worker meets the page for the first time under load
        _timed(server, _head("GET", path, wanted))
    load = _with_wrk if has_wrk() else _with_threads
    return load(server, path, unique, wanted, start, seconds)


def _with_wrk(server: Server, path: str, unique: bool, headers: dict[str, str], start: int, seconds: int) -> Rate:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK_SCRIPT % {"path": path, "unique": "true" if unique else "false", "start": start})
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script.name]
        command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        before = server.cpu_seconds()
        done = subprocess.run([*command, server.address + path], capture_output=True, text=True, check=True)
        cpu = server.cpu_seconds() - before
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    result = json.loads(line.removeprefix("RESULT "))
    if result["errors"]:
        raise LoadFailed(f"{path}: {result['errors']} of {result['requests']} answers were errors\n{done.stdout}")
    per_second = result["requests"] / (result["micros"] / 1e6)
    return Rate(per_second, result["p50"] / 1e3, result["p99"] / 1e3, cpu * 1e3 / max(1, result["requests"]))


def _with_threads(server: Server, path: str, unique: bool, headers: dict[str, str], start: int, seconds: int) -> Rate:
    until = time.monotonic() + seconds
    taken: list[float] = []

    def ask(first: int) -> None:
        n = first
        while time.monotonic() < until:
            n += CONNECTIONS
            address = f"{path}{'&' if '?' in path else '?'}n={n}" if unique else path
            taken.append(_timed(server, _head("GET", address, headers)))

    began, before = time.monotonic(), server.cpu_seconds()
    _together([threading.Thread(target=ask, args=(start + i,)) for i in range(CONNECTIONS)])
    return _rate(taken, time.monotonic() - began, server.cpu_seconds() - before)


def send_each(server: Server, requests: Sequence[bytes], status: bytes) -> Rate:
    """Send every request once, 8 at a time; raises when one is answered with another status."""
    waiting = list(reversed(requests))
    taken: list[float] = []
    wrong: list[bytes] = []

    def send() -> None:
        while not wrong:
            try:
                request = waiting.pop()
            except IndexError:
                return
            try:
                taken.append(_timed(server, request, status))
            except LoadFailed as problem:
                wrong.append(str(problem).encode())

    began, before = time.monotonic(), server.cpu_seconds()
    _together([threading.Thread(target=send) for _ in range(CONNECTIONS)])
    if wrong:
        raise LoadFailed(wrong[0].decode())
    return _rate(taken, time.monotonic() - began, server.cpu_seconds() - before)


def post(path: str, body: str, cookie: str = "") -> bytes:
    """A whole POST of a form, as bytes."""
    headers = HEADERS | {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    if cookie:
        headers["Cookie"] = cookie
    return _head("POST", path, headers) + body.encode()


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _timed(server: Server, request: bytes, status: bytes | None = None) -> float:
    began = time.perf_counter()
    with socket.create_connection(server.host_and_port, timeout=30) as connection:
        connection.sendall(request)
        answer = connection.recv(65536)
        while connection.recv(65536):
            pass
    taken = time.perf_counter() - began
    found = answer.split(b" ", 2)[1:2]
    if found != [status] if status else found not in ([b"200"], [b"304"]):
        raise LoadFailed(f"{request[:60]!r} was answered with {answer[:200]!r}")
    return taken


def _together(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _rate(taken: Sequence[float], seconds: float, cpu: float) -> Rate:
    cuts = statistics.quantiles(taken, n=100)
    return Rate(len(taken) / seconds, cuts[49] * 1e3, cuts[98] * 1e3, cpu * 1e3 / len(taken))


def wrk_version() -> str:
    """For the heading of the table."""
    if not has_wrk():
        return "a client of our own"
    done = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
    return " ".join((done.stdout or done.stderr).split()[:2])
