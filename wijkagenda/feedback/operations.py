"""Following, the outbox, and forgetting what may no longer be kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.events import emit
from wijkagenda.feedback import policy
from wijkagenda.feedback.events import FollowAsked, MessageQueued
from wijkagenda.feedback.models import OutboxMessage, Subscription
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.wishes.models import Wish, WishGiver

UNCONFIRMED_FOLLOW = timedelta(days=7)
UNCONFIRMED_GIVER = timedelta(days=30)
MOST_UNCONFIRMED = 10
"""Whoever fills in somebody else's address for everything they can find sends them ten mails a day, not a thousand."""
UNDELIVERABLE = timedelta(days=30)
LEASE = timedelta(minutes=10)
"""How long a worker may be busy with one mail before another takes it over."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360, 720))
GIVE_UP_AFTER = timedelta(days=3)
ROWS_PER_INSERT = 500


@dataclass(frozen=True)
class NewMessage:
    """A finished mail. `key` is the same when the same news is told to the same person again."""

    key: str
    kind: str
    recipient: str
    subject: str
    body: str
    language: str
    unsubscribe_url: str = ""
    wish_id: int | None = None


def follow(
    *,
    now: datetime,
    email: str,
    language: str,
    wish: Wish | None = None,
    neighbourhood: Neighbourhood | None = None,
) -> None:
    """Ask to hear about one wish or one neighbourhood; a mailed link makes it true.

    Answers the same whether or not the address already follows: nobody learns who follows what.
    """
    if wish is not None and not wish.is_public:
        raise NotFound(N_("Deze wens kennen wij niet."))
    email = email.strip().lower()
    if not email:
        raise Invalid(N_("Vul uw mailadres in."), field="email")
    target = {
        "wish_id": wish.id if wish else None,
        "neighbourhood_id": neighbourhood.id if neighbourhood else None,
    }
    _insert_once(
        Subscription.__table__,
        [{"email": email, "language": language, "token": _token(), "asked_at": now, "confirmed_at": None, **target}],
    )
    column, value = next((name, value) for name, value in target.items() if value is not None)
    subscription = db.session.scalars(
        sa.select(Subscription).where(Subscription.email == email, getattr(Subscription, column) == value)
    ).one()
    if subscription.confirmed_at is None:
        # Asked again: the week in which the link can be opened starts anew, in the language of now.
        subscription.asked_at = now
        subscription.language = language
    db.session.flush()
    if subscription.confirmed_at is not None or _unconfirmed(email, now) <= MOST_UNCONFIRMED:
        emit(FollowAsked(subscription.id))
        db.session.flush()


def _unconfirmed(email: str, now: datetime) -> int:
    """How many different things were asked for this address in the last day and not confirmed."""
    asked = sa.select(sa.func.count()).where(
        Subscription.email == email,
        Subscription.confirmed_at.is_(None),
        Subscription.asked_at > now - timedelta(days=1),
    )
    return db.session.scalar(asked) or 0


def confirm_subscription(*, token: str, now: datetime) -> Subscription:
    """Make a subscription true. Opening the link again changes nothing."""
    subscription = db.session.scalar(sa.select(Subscription).where(Subscription.token == token))
    if subscription is None:
        raise NotFound(N_("Deze link werkt niet meer. Vraag het opnieuw aan op de pagina van de wens of de wijk."))
    if subscription.confirmed_at is None:
        subscription.confirmed_at = now
    db.session.flush()
    return subscription


def stop_mail(*, token: str) -> None:
    """Forget an address: of who follows something, or both addresses of who gave a wish. Twice is fine."""
    db.session.execute(sa.delete(Subscription).where(Subscription.token == token))
    giver = db.session.scalar(sa.select(WishGiver).where(WishGiver.token == token))
    if giver is not None:
        giver.email = giver.postal_address = giver.confirmed_at = None
        forget_mail_of_giver(wish_id=giver.wish_id, giver_id=giver.id)
    db.session.flush()


def forget_mail_of_giver(*, wish_id: int, giver_id: int) -> None:
    """Empty the mails to who gave a wish that are still on their way: they hold the address too."""
    db.session.execute(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.wish_id == wish_id,
            OutboxMessage.sent_at.is_(None),
            sa.or_(OutboxMessage.kind == "wish_received", OutboxMessage.key.endswith(f":giver:{giver_id}")),
        )
        .values(
            gave_up_at=sa.func.coalesce(OutboxMessage.gave_up_at, OutboxMessage.created_at),
            recipient="",
            subject="",
            body="",
            unsubscribe_url="",
        ),
        execution_options={"synchronize_session": "fetch"},
    )


def queue_message(*, now: datetime, message: NewMessage) -> bool:
    """Put one mail in the outbox; False when its key was there already."""
    return queue_messages(now=now, messages=[message]) == 1


def queue_messages(*, now: datetime, messages: Collection[NewMessage]) -> int:
    """Put mails in the outbox, each key once for ever, also when two processes do it at once.

    Returns how many are new.
    """
    rows = [
        {
            "key": message.key,
            "kind": message.kind,
            "wish_id": message.wish_id,
            "recipient": message.recipient,
            "subject": message.subject,
            "body": message.body,
            "language": message.language,
            "unsubscribe_url": message.unsubscribe_url,
            "created_at": now,
            "next_attempt_at": now,
            "attempts": 0,
            "last_error": "",
        }
        for message in messages
    ]
    queued: list[int] = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        queued += _insert_once(OutboxMessage.__table__, rows[start : start + ROWS_PER_INSERT])
    for message_id in queued:
        emit(MessageQueued(message_id))
    return len(queued)


def claim_message(*, now: datetime) -> OutboxMessage | None:
    """The next mail that is due, for one worker alone until its lease ends; None when there is none.

    Commit before sending: then no transaction stays open while a mail server thinks. A worker that
    dies between sending and `mark_sent` leaves the mail to be sent again after the lease: every
    mail goes at least once, and twice only after such a crash. Its Message-ID stays the same.
    """
    message = db.session.scalar(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.next_attempt_at <= now,
        )
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(1)
        # SQLite has no row locks and needs none: its unit of work holds the one write lock.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if message is None:
        return None
    message.attempts += 1
    message.next_attempt_at = now + LEASE
    db.session.flush()
    return message


def mark_sent(*, message_id: int, now: datetime) -> None:
    """The mail server took it: from here we no longer know to whom and what."""
    message = db.session.get_one(OutboxMessage, message_id)
    message.sent_at = now
    message.last_error = ""
    _blank(message)
    db.session.flush()


def mark_failed(*, message_id: int, now: datetime, error: str, for_good: bool = False) -> None:
    """It did not go: try again later, each time with a longer pause, and give up after three days.

    error: a code or the kind of error; never text of the server, which may hold an address.
    """
    message = db.session.get_one(OutboxMessage, message_id)
    message.last_error = error[:120]
    message.next_attempt_at = now + PAUSES[min(message.attempts, len(PAUSES)) - 1]
    if for_good or message.next_attempt_at - message.created_at > GIVE_UP_AFTER:
        message.gave_up_at = now
    db.session.flush()


def retry_message(*, actor: Actor, now: datetime, message: OutboxMessage) -> None:
    """Try a mail that was given up once more, as if it were new."""
    if not policy.may_retry_messages(actor):
        raise NotAllowed
    if message.gave_up_at is None or not message.recipient:
        raise Conflict(N_("Dit bericht kan niet opnieuw worden verstuurd."))
    message.gave_up_at = None
    message.created_at = message.next_attempt_at = now
    message.attempts = 0
    record(actor=actor, now=now, action="feedback.retry_message", subject=message)
    emit(MessageQueued(message.id))
    db.session.flush()


def drop_message(*, actor: Actor, now: datetime, message: OutboxMessage) -> None:
    """Let go of a mail that cannot arrive; its address and text are forgotten."""
    if not policy.may_retry_messages(actor):
        raise NotAllowed
    if message.gave_up_at is None or not message.recipient:
        raise Conflict(N_("Dit bericht staat niet meer in de lijst."))
    _blank(message)
    record(actor=actor, now=now, action="feedback.drop_message", subject=message)
    db.session.flush()


def forget_unconfirmed(*, now: datetime) -> None:
    """Forget addresses nobody confirmed, and mail that could not arrive."""
    db.session.execute(
        sa.delete(Subscription).where(
            Subscription.confirmed_at.is_(None), Subscription.asked_at < now - UNCONFIRMED_FOLLOW
        )
    )
    db.session.execute(
        sa.update(WishGiver)
        .where(
            WishGiver.email.is_not(None),
            WishGiver.confirmed_at.is_(None),
            WishGiver.wish_id.in_(sa.select(Wish.id).where(Wish.received_at < now - UNCONFIRMED_GIVER)),
        )
        .values(email=None),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.gave_up_at < now - UNDELIVERABLE, OutboxMessage.recipient != "")
        .values(recipient="", subject="", body="", unsubscribe_url=""),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.flush()


def _blank(message: OutboxMessage) -> None:
    message.recipient = message.subject = message.body = message.unsubscribe_url = ""


def _token() -> str:
    return secrets.token_urlsafe(32)


def _insert_once(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert what is not there yet, safe against others who do the same now; the new ids."""
    db.session.flush()
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(rows).on_conflict_do_nothing().returning(table.c.id)
    return list(db.session.scalars(statement))
