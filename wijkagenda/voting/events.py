"""News from voting. Casting a ballot is no news: it must leave no trace of who and when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class VotingOpened:
    """A voting round is set: its options are fixed, and people can vote from `opens_at` on."""

    voting_round_id: int


@dataclass(frozen=True)
class LettersAsked:
    """Letters with codes wait to be made."""

    code_batch_id: int


@dataclass(frozen=True)
class LettersDropped:
    """These runs are over before their letters were fetched: their files, with names and addresses, are to go."""

    code_batch_ids: tuple[int, ...]


@dataclass(frozen=True)
class TallyPublished:
    """The result of a voting round is public."""

    voting_round_id: int


@dataclass(frozen=True)
class CodesGuessed:
    """So many unknown codes were tried that somebody may be guessing; at most once an hour."""

    at: datetime
