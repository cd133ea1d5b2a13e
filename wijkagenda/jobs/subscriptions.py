"""Who hears what: every subscription to a domain event, in one place."""

from flask import Flask, current_app

from wijkagenda.agenda.operations import keep_what_the_agenda_says
from wijkagenda.config import Settings
from wijkagenda.db import after_commit, db
from wijkagenda.events import subscribe
from wijkagenda.feedback.code_alarm import warn_officers
from wijkagenda.feedback.events import MessageQueued
from wijkagenda.feedback.handlers import HANDLERS
from wijkagenda.jobs.queue import enqueue
from wijkagenda.jobs.work import make_letters, send_messages
from wijkagenda.priorities.events import PriorityChanging
from wijkagenda.priorities.operations import leave_when_answered_otherwise
from wijkagenda.voting.events import CodesGuessed, LettersAsked, LettersDropped
from wijkagenda.voting.letters.run import throw_away
from wijkagenda.wishes.events import WishAnswered


def connect_events(app: Flask, settings: Settings) -> None:
    """Subscribe the rooms above to the news from below."""
    # Before feedback tells anybody: where the wish now stands must be true by then.
    subscribe(WishAnswered, leave_when_answered_otherwise)
    subscribe(PriorityChanging, keep_what_the_agenda_says)
    for event_type, handler in HANDLERS:
        subscribe(event_type, handler)
    subscribe(MessageQueued, _send_soon)
    subscribe(LettersAsked, _make_letters_soon)
    subscribe(LettersDropped, _throw_away_soon)
    subscribe(CodesGuessed, warn_officers)


def _send_soon(_event: MessageQueued) -> None:
    waiting = db.session().info.get("after_commit")
    # A thousand messages in one piece of work ask for the worker once. Without a unit of work
    # (nothing will be committed here) there is nothing to ask; the clock finds what was queued.
    if waiting is not None and _send_now not in waiting:
        after_commit(_send_now)


def _send_now() -> None:
    enqueue(send_messages)


def _make_letters_soon(_event: LettersAsked) -> None:
    waiting = db.session().info.get("after_commit")
    if waiting is not None and _make_letters_now not in waiting:
        after_commit(_make_letters_now)


def _make_letters_now() -> None:
    enqueue(make_letters)


def _throw_away_soon(event: LettersDropped) -> None:
    def now() -> None:
        for batch_id in event.code_batch_ids:
            throw_away(current_app.config["SETTINGS"], batch_id)

    if db.session().info.get("after_commit") is not None:
        after_commit(now)
