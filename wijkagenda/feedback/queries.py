"""Reads about following and the outbox. The journey of a wish stands in `journey.py`."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.feedback.models import DemoMail, OutboxMessage, Subscription
from wijkagenda.wishes.models import WishGiver

LIST_LIMIT = 200


def subscription_by_token(token: str) -> Subscription:
    """What the link in a mail is about, with its wish or neighbourhood; NotFound when it is gone."""
    found = db.session.scalar(
        sa.select(Subscription)
        .where(Subscription.token == token)
        .options(joinedload(Subscription.wish), joinedload(Subscription.neighbourhood))
    )
    if found is None:
        raise NotFound(N_("Deze link werkt niet meer. Vraag het opnieuw aan op de pagina van de wens of de wijk."))
    return found


def what_stops(token: str) -> Subscription | WishGiver | None:
    """Whose mail the link in a mail stops; None when it was stopped before."""
    subscription = db.session.scalar(
        sa.select(Subscription)
        .where(Subscription.token == token)
        .options(joinedload(Subscription.wish), joinedload(Subscription.neighbourhood))
    )
    if subscription is not None:
        return subscription
    return db.session.scalar(
        sa.select(WishGiver)
        .where(WishGiver.token == token, WishGiver.email.is_not(None))
        .options(joinedload(WishGiver.wish))
    )


@dataclass(frozen=True)
class OutboxStand:
    """How many mails wait, and those that were given up, newest first."""

    waiting: int
    given_up: list[OutboxMessage]


def outbox_stand() -> OutboxStand:
    """What the desk shows of the outbox: never an address, never a text."""
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.gave_up_at.is_(None))
    )
    given_up = db.session.scalars(
        sa.select(OutboxMessage)
        .where(OutboxMessage.gave_up_at.is_not(None), OutboxMessage.recipient != "")
        .options(joinedload(OutboxMessage.wish))
        .order_by(OutboxMessage.gave_up_at.desc(), OutboxMessage.id.desc())
        .limit(LIST_LIMIT)
    )
    return OutboxStand(waiting or 0, list(given_up))


def message_by_id(message_id: int) -> OutboxMessage:
    """One message of the outbox; NotFound when there is none."""
    found = db.session.get(OutboxMessage, message_id)
    if found is None:
        raise NotFound(N_("Dit bericht bestaat niet."))
    return found


def demo_mails(recipient: str = "") -> list[DemoMail]:
    """The mailbox of the demo, newest first; of one address if given."""
    query = sa.select(DemoMail).order_by(DemoMail.sent_at.desc(), DemoMail.id.desc()).limit(LIST_LIMIT)
    if recipient:
        query = query.where(DemoMail.recipient == recipient.strip().lower())
    return list(db.session.scalars(query))


def demo_mail(mail_id: int) -> DemoMail:
    """One mail of the demo; NotFound when there is none."""
    found = db.session.get(DemoMail, mail_id)
    if found is None:
        raise NotFound(N_("Deze mail bestaat niet."))
    return found
