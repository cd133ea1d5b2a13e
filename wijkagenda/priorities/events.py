"""News from priorities."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WishBundled:
    """A wish is now part of a priority (its WishAnswered follows)."""

    wish_id: int
    priority_id: int


@dataclass(frozen=True)
class WishUnbundled:
    """A wish left a priority and waits for an answer again."""

    wish_id: int
    priority_id: int


@dataclass(frozen=True)
class PriorityChanging:
    """A priority gets other words, lapses, is voted on or loses a wish that came in at `bundled_at`.

    Whoever holds on to what it says raises Conflict, and so stops it.
    """

    priority_id: int
    bundled_at: datetime | None = None


@dataclass(frozen=True)
class PriorityProposed:
    """A priority became public."""

    priority_id: int
