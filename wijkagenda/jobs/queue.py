"""The queue: work that waits until the visit is over.

Jobs are named functions without arguments that look in the database what there is to do: nothing
of a person ever stands in Redis. Without Redis (a demo without it) a job runs at once.
"""

import logging
from collections.abc import Callable

from flask import current_app
from redis import Redis, RedisError

from wijkagenda.config import Settings
from wijkagenda.traces import what_happened

NAME = "wijkagenda"
LONGEST_JOB_SECONDS = 4 * 3600
"""Letters for a whole neighbourhood take a while: about 10 a second."""
log = logging.getLogger("wijkagenda.jobs")


def connection(settings: Settings) -> Redis:
    """The Redis of this installation."""
    if settings.redis_url is None:
        raise RuntimeError("there is no Redis: REDIS_URL is not set")
    return Redis.from_url(settings.redis_url, socket_connect_timeout=2)


def enqueue(job: Callable[[], object]) -> bool:
    """Ask the worker to run `job` soon; False when the queue cannot be reached.

    A queue that is down loses nothing: the work stands in the database and the clock asks again.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.redis_url is None:
        _run_here(job)
        return True
    # Here and not above: a web process that never hands out work need not load rq.
    from rq import Queue  # noqa: PLC0415

    try:
        Queue(NAME, connection=connection(settings)).enqueue(
            job, job_timeout=LONGEST_JOB_SECONDS, result_ttl=0, failure_ttl=86_400
        )
    except RedisError:
        log.warning("the queue cannot be reached; %s waits for the clock", job.__name__)
        return False
    return True


def _run_here(job: Callable[[], object]) -> None:
    """Run a job in the request that asked for it; its trouble must not become the visitor's."""
    try:
        job()
    except Exception as error:
        if current_app.testing:
            raise
        log.error("%s failed; the clock will ask again\n%s", job.__name__, what_happened(error))
