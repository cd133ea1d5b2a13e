"""The jobs themselves: each finds its own work, may run twice, and may be killed half-way."""

import logging
from datetime import UTC, datetime

from flask import current_app

from wijkagenda.config import Settings
from wijkagenda.consultations.operations import close_ended_surveys
from wijkagenda.db import db, unit_of_work
from wijkagenda.dutch_days import day_of
from wijkagenda.feedback import operations as feedback
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.feedback.sign_in_mail import answer_question, is_question
from wijkagenda.jobs.post import NotDelivered, Post, post_of
from wijkagenda.people.operations import forget_expired_links
from wijkagenda.voting.box.destroying import destroy_keys
from wijkagenda.voting.letters.operations import forget_codes
from wijkagenda.voting.letters.run import forget_letters, make_letters
from wijkagenda.voting.paper.printing import make_ballot_papers
from wijkagenda.voting.rehearsal.operations import remove_old_rehearsals
from wijkagenda.voting.remarks.operations import forget_addresses

log = logging.getLogger("wijkagenda.jobs")

__all__ = ["close_surveys", "forget_expired", "forget_letters", "make_ballot_papers", "make_letters", "send_messages"]


def send_messages() -> None:
    """Send what stands in the outbox, one piece of work per mail, until nothing is due."""
    settings: Settings = current_app.config["SETTINGS"]
    with post_of(settings) as post:
        while send_next(post):
            pass


def send_next(post: Post, now: datetime | None = None) -> bool:
    """Claim one mail, hand it over, write down how it went. False when none is due.

    `now` is for tests; without it each moment is read when it comes.
    """
    moment = now or datetime.now(UTC)
    with unit_of_work():
        message = feedback.claim_message(now=moment)
        if message is None:
            return False
        if is_question(message) and not answer_question(message=message, now=moment):
            return True
    # Away from the session: no transaction is open while the mail server thinks.
    db.session.expunge(message)
    _deliver(post, message, now)
    return True


def _deliver(post: Post, message: OutboxMessage, now: datetime | None) -> None:
    try:
        post.deliver(message, now or datetime.now(UTC))
    except NotDelivered as problem:
        log.warning("message %s did not go: %s", message.id, problem.reason)
        with unit_of_work():
            feedback.mark_failed(
                message_id=message.id,
                now=now or datetime.now(UTC),
                error=problem.reason,
                for_good=problem.for_good,
            )
        return
    with unit_of_work():
        feedback.mark_sent(message_id=message.id, now=now or datetime.now(UTC))


def close_surveys() -> None:
    """Close surveys whose last day is over, so that their answers are shuffled and can be counted."""
    now = datetime.now(UTC)
    with unit_of_work():
        close_ended_surveys(now=now, today=day_of(now))


def forget_expired() -> None:
    """Forget what may no longer be kept: old sign-in links, addresses that nobody confirmed, letters with
    codes, and the codes of votes about which nobody can complain any more;
    with those codes go the keys of the box, and rehearsals that were left behind.
    """
    now = datetime.now(UTC)
    with unit_of_work():
        forget_expired_links(now=now)
        feedback.forget_unconfirmed(now=now)
        forget_addresses(today=day_of(now))
        destroy_keys(now=now, today=day_of(now))
        remove_old_rehearsals(now=now)
        forget_codes(now=now)
    forget_letters(now)
