"""News from priorities."""

from dataclasses import dataclass


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
class PriorityProposed:
    """A priority became public."""

    priority_id: int
