"""News from wishes, for whoever listens above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WishSubmitted:
    """A wish was stored. When its giver left an address, they must confirm it."""

    wish_id: int


@dataclass(frozen=True)
class GiverConfirmed:
    """The giver of a wish confirmed their address: from now on it may be used."""

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


@dataclass(frozen=True)
class WishReconsidered:
    """An answered wish is looked at again: a new answer follows."""

    wish_id: int


@dataclass(frozen=True)
class WishMoved:
    """A wish went to the neighbourhood it belongs to."""

    wish_id: int
    from_neighbourhood_id: int


@dataclass(frozen=True)
class GiverForgotten:
    """Who gave a wish asked us to forget them; their row is gone."""

    wish_id: int
    giver_id: int
