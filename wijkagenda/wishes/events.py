"""News from wishes, for whoever listens above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WishSubmitted:
    """A wish was stored. When its giver left an address, they must confirm it."""

    wish_id: int


@dataclass(frozen=True)
class WishPlaced:
    """A wish was moderated and is public now."""

    wish_id: int


@dataclass(frozen=True)
class WishAnswered:
    """A wish got an answer: taken up, referred, refused or not placed."""

    wish_id: int
    answer_id: int
