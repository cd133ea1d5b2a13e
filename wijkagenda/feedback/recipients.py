"""Who hears of a piece of news: one message per person, for the nearest reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.db import db
from wijkagenda.feedback.models import Subscription
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.wishes.models import PUBLIC_STATES, Wish, WishGiver


class Reason(Enum):
    """Why somebody gets a mail; the nearest reason comes first."""

    GAVE_THE_WISH = "giver"
    FOLLOWS_THE_WISH = "wish"
    FOLLOWS_THE_NEIGHBOURHOOD = "neighbourhood"


@dataclass(frozen=True)
class Recipient:
    """One person for one piece of news. `source` names the row that says so, never the address."""

    email: str
    language: str
    reason: Reason
    token: str
    source: str
    wish: Wish | None = None
    neighbourhood: Neighbourhood | None = None


def recipients(
    *,
    wish_ids: Any = None,
    neighbourhood_id: int | None = None,
    public_only: bool = True,
) -> list[Recipient]:
    """Givers and followers of wishes, and followers of a neighbourhood; each address once.

    wish_ids: a list, or a select of ids. With `public_only` a follower hears nothing of a wish that
    is not public; its giver always does. Only confirmed addresses. At most three queries.
    """
    found: list[Recipient] = []
    if wish_ids is not None:
        found += _givers(wish_ids)
        found += _wish_followers(wish_ids, public_only)
    if neighbourhood_id is not None:
        found += _neighbourhood_followers(neighbourhood_id)
    return _each_address_once(found)


def _givers(wish_ids: Any) -> list[Recipient]:
    givers = db.session.scalars(
        sa.select(WishGiver)
        .where(WishGiver.wish_id.in_(wish_ids), WishGiver.email.is_not(None), WishGiver.confirmed_at.is_not(None))
        .options(joinedload(WishGiver.wish))
        .order_by(WishGiver.wish_id)
    )
    return [
        Recipient(
            email=giver.email or "",
            language=giver.language,
            reason=Reason.GAVE_THE_WISH,
            token=giver.token,
            source=f"giver:{giver.id}",
            wish=giver.wish,
        )
        for giver in givers
    ]


def _wish_followers(wish_ids: Any, public_only: bool) -> list[Recipient]:
    query = (
        sa.select(Subscription)
        .join(Subscription.wish)
        .where(Subscription.wish_id.in_(wish_ids), Subscription.confirmed_at.is_not(None))
        .options(joinedload(Subscription.wish))
        .order_by(Subscription.wish_id, Subscription.id)
    )
    if public_only:
        query = query.where(Wish.state.in_(PUBLIC_STATES))
    return [_follower(subscription, Reason.FOLLOWS_THE_WISH) for subscription in db.session.scalars(query)]


def _neighbourhood_followers(neighbourhood_id: int) -> list[Recipient]:
    subscriptions = db.session.scalars(
        sa.select(Subscription)
        .where(Subscription.neighbourhood_id == neighbourhood_id, Subscription.confirmed_at.is_not(None))
        .options(joinedload(Subscription.neighbourhood))
        .order_by(Subscription.id)
    )
    return [_follower(subscription, Reason.FOLLOWS_THE_NEIGHBOURHOOD) for subscription in subscriptions]


def _follower(subscription: Subscription, reason: Reason) -> Recipient:
    return Recipient(
        email=subscription.email,
        language=subscription.language,
        reason=reason,
        token=subscription.token,
        source=f"subscription:{subscription.id}",
        wish=subscription.wish,
        neighbourhood=subscription.neighbourhood,
    )


def _each_address_once(found: Iterable[Recipient]) -> list[Recipient]:
    chosen: dict[str, Recipient] = {}
    for recipient in found:
        chosen.setdefault(recipient.email.lower(), recipient)
    return list(chosen.values())
