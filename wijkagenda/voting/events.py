"""News from voting. Casting a ballot is no news: it must leave no trace of who and when."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VotingOpened:
    """A voting round opened."""

    voting_round_id: int


@dataclass(frozen=True)
class TallyPublished:
    """The result of a voting round is public."""

    voting_round_id: int
