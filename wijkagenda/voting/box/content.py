"""What stands in a sealed ballot: as many bytes for every ballot of a round, so that its length tells nothing.

One byte for the version, one for the electorate, and one per option of the round, in the order of the lot: the points
it got (1 for an approval, 0 for none). A paper ballot that was blank or spoiled has zeros only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wijkagenda.voting.models import Electorate, VotingRound

VERSION = 1
ELECTORATES = (Electorate.RESIDENTS, Electorate.BUSINESSES)


class DamagedBallot(ValueError):
    """This is no ballot of this round: it must never be counted, or skipped, in silence."""


@dataclass(frozen=True)
class BallotContent:
    """`points`: one number per option, in the order of the lot."""

    electorate: Electorate
    points: tuple[int, ...]


def encode(content: BallotContent) -> bytes:
    return bytes((VERSION, ELECTORATES.index(content.electorate), *content.points))


def decode(data: bytes, options: int) -> BallotContent:
    """Read a ballot of a round with so many options; raises DamagedBallot."""
    if len(data) != options + 2 or data[0] != VERSION or data[1] >= len(ELECTORATES):
        raise DamagedBallot("a ballot is not of this round")
    return BallotContent(ELECTORATES[data[1]], tuple(data[2:]))


def content_of(
    electorate: Electorate, options: Sequence[int], choices: Collection[int], points: Sequence[int] | None = None
) -> bytes:
    """A ballot as bytes: option ids in `choices`, with their `points` or 1 each. `options`: all ids by lot.

    No choices at all is a blank paper ballot.
    """
    given = dict(zip(choices, points, strict=True)) if points is not None else dict.fromkeys(choices, 1)
    return encode(BallotContent(electorate, tuple(given.get(option, 0) for option in options)))


def content_for(
    voting_round: VotingRound, electorate: Electorate, choices: Collection[int], points: Sequence[int] | None = None
) -> bytes:
    """`content_of` for whoever has the round at hand."""
    return content_of(electorate, [option.id for option in voting_round.options], choices, points)
