"""The clock: asks for the work that must happen again and again, also when nobody visits."""

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from types import FrameType

from wijkagenda.db import db
from wijkagenda.jobs.queue import enqueue
from wijkagenda.jobs.work import close_surveys, forget_expired, make_ballot_papers, make_letters, send_messages
from wijkagenda.traces import what_happened

log = logging.getLogger("wijkagenda.jobs")


@dataclass
class Task:
    """A job and how often it is asked for. Two clocks beside each other do no harm."""

    job: Callable[[], object]
    every_seconds: float
    due_at: float = 0.0


def tasks() -> list[Task]:
    """What the clock asks for. The first round comes at once."""
    return [
        Task(send_messages, 60),
        Task(make_letters, 60),
        Task(make_ballot_papers, 60),
        Task(close_surveys, 900),
        Task(forget_expired, 3600),
    ]


def tick(waiting: list[Task], at: float) -> float:
    """Ask for all that is due at `at` (seconds on a clock that never goes back); when to come again."""
    for task in waiting:
        if task.due_at <= at:
            task.due_at = at + task.every_seconds
            _ask(task.job)
    return min(task.due_at for task in waiting)


def _ask(job: Callable[[], object]) -> None:
    """Leave it to the worker; do it here when the queue is away, so that mail still goes."""
    try:
        if not enqueue(job):
            job()
    except Exception as error:
        # One bad round must not stop the clock.
        log.error("%s failed; it is asked again later\n%s", job.__name__, what_happened(error))
    finally:
        db.session.remove()


def run_clock() -> None:
    """Tick until told to stop."""
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    waiting = tasks()
    while not stop.is_set():
        next_at = tick(waiting, time.monotonic())
        stop.wait(max(0.1, next_at - time.monotonic()))
