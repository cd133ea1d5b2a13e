"""News from feedback."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FollowAsked:
    """Somebody wants to follow a wish or a neighbourhood; the mailed link must confirm it."""

    subscription_id: int


@dataclass(frozen=True)
class MessageQueued:
    """A message stands in the outbox and may be sent once this transaction is committed."""

    message_id: int
