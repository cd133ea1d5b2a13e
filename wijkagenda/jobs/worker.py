"""The worker: takes jobs from the queue, each in a process of its own."""

import logging
import time
from typing import Any

from flask import Flask
from redis import RedisError
from rq import Worker
from rq.job import Job
from rq.queue import Queue

from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.jobs.queue import NAME, connection
from wijkagenda.traces import what_happened

PAUSE_SECONDS = 2
log = logging.getLogger("wijkagenda.jobs")


class JobFailed(Exception):
    """A job broke. Its message says where, and holds no data: it is kept in Redis for a day, and logged."""


class QuietJob(Job):
    """A job whose failure is told without what stood in the database or was typed."""

    def perform(self) -> Any:
        try:
            return super().perform()
        except Exception as error:
            raise JobFailed(what_happened(error)) from None


class AppWorker(Worker):
    """Runs each job inside the app. Set `app` before work begins."""

    app: Flask
    job_class = QuietJob

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The child process: a connection that two processes share garbles both, so it makes its own."""
        with self.app.app_context():
            db.engine.dispose(close=False)
            super().main_work_horse(job, queue)


def work(app: Flask) -> None:
    """Take jobs until told to stop. A Redis that is away is waited for."""
    settings: Settings = app.config["SETTINGS"]
    while True:
        try:
            worker = AppWorker([NAME], connection=connection(settings))
            worker.app = app
            worker.work(logging_level="WARNING")
        except RedisError:
            log.warning("the queue cannot be reached; trying again")
            time.sleep(PAUSE_SECONDS)
        else:
            return
