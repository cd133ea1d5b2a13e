"""Who hears what: every subscription to a domain event, in one place."""

from flask import Flask

from wijkagenda.config import Settings
from wijkagenda.db import after_commit
from wijkagenda.events import subscribe
from wijkagenda.feedback.events import MessageQueued
from wijkagenda.jobs.queue import enqueue
from wijkagenda.jobs.work import send_messages


def connect_events(app: Flask, settings: Settings) -> None:
    """Subscribe the rooms above to the news from below."""
    subscribe(MessageQueued, _send_soon)


def _send_soon(_event: MessageQueued) -> None:
    after_commit(lambda: enqueue(send_messages))
