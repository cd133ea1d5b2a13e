"""The commands `wijkagenda worker` and `wijkagenda clock`."""

import signal

import click
from flask import current_app
from flask.cli import with_appcontext

from wijkagenda.config import Settings
from wijkagenda.jobs.clock import run_clock
from wijkagenda.jobs.worker import work


@click.command()
@with_appcontext
def worker() -> None:
    """Do the work that waits in the queue: mail, letters."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.redis_url is None:
        click.echo("There is no REDIS_URL: jobs run inside the page requests, and a worker has nothing to do.")
        # Stay up: whoever starts web, worker and clock together takes an end for a fault.
        signal.pause()
        return
    work(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command()
@with_appcontext
def clock() -> None:
    """Ask every minute for waiting mail, every hour to forget what may no longer be kept."""
    run_clock()
