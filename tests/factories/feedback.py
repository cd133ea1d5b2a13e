"""People who hear about wishes: followers and confirmed givers."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from wijkagenda.feedback.models import OutboxMessage, Subscription
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.wishes.models import Wish, WishGiver


def make_subscription(
    session: Session,
    *,
    now: datetime,
    email: str = "volger@post.example",
    wish: Wish | None = None,
    neighbourhood: Neighbourhood | None = None,
    language: str = "nl",
    confirmed: bool = True,
) -> Subscription:
    subscription = Subscription(
        email=email,
        language=language,
        wish_id=wish.id if wish else None,
        neighbourhood_id=neighbourhood.id if neighbourhood else None,
        token=f"volg-{email.partition('@')[0]}-{wish.id if wish else 'wijk'}",
        asked_at=now - timedelta(days=1),
        confirmed_at=now if confirmed else None,
    )
    session.add(subscription)
    session.flush()
    return subscription


def make_giver(
    session: Session,
    wish: Wish,
    *,
    now: datetime,
    email: str = "gever@post.example",
    language: str = "nl",
    confirmed: bool = True,
) -> WishGiver:
    giver = WishGiver(
        wish_id=wish.id,
        email=email,
        language=language,
        token=f"gever-{wish.id}",
        confirmed_at=now if confirmed else None,
    )
    session.add(giver)
    session.flush()
    return giver


def make_message(
    session: Session, *, now: datetime, key: str = "proef:1", recipient: str = "iemand@post.example"
) -> OutboxMessage:
    message = OutboxMessage(
        key=key,
        kind="wish_placed",
        recipient=recipient,
        subject="Wens W-0001 staat op de website",
        body="Wij hebben uw wens gelezen.\n",
        language="nl",
        unsubscribe_url="http://localhost/berichten/stoppen/geheim",
        created_at=now,
        next_attempt_at=now,
    )
    session.add(message)
    session.flush()
    return message
