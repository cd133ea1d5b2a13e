"""Counting. Pure: no database, no clock, no chance; the same ballots always give the same result.

Rule "most votes": an option's votes are the residents' ballots that name it. Most votes comes first.
Equal numbers are ordered by the lot, drawn and published when the round opened. Votes of businesses
are counted apart and change nothing in the order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wijkagenda.voting.counting import draw_lots

__all__ = ["Count", "CountedLine", "SpoiledBallot", "count_most_votes", "draw_lots"]


class SpoiledBallot(ValueError):
    """A ballot names an unknown option, one twice, or too many: it should never have been taken in."""


@dataclass(frozen=True)
class CountedLine:
    """One option in its place. `tied`: another option has as many votes, so the lot ordered them.

    `business_votes` is None when too few businesses voted to count them apart.
    """

    option_id: int
    rank: int
    votes: int
    business_votes: int | None
    tied: bool


@dataclass(frozen=True)
class Count:
    """The outcome: lines in order of rank, and how many ballots were counted."""

    lines: tuple[CountedLine, ...]
    resident_ballots: int
    business_ballots: int


def count_most_votes(
    ballots: Iterable[Sequence[int]],
    lot_order: Sequence[int],
    *,
    businesses: Iterable[Sequence[int]] = (),
    max_choices: int,
    smallest_shown: int = 0,
) -> Count:
    """Count residents' `ballots` (option ids each); `lot_order` holds every option id, first by lot first.

    Raises SpoiledBallot rather than skip one: a count must never lose a ballot in silence.
    """
    votes, resident_ballots = _votes(ballots, lot_order, max_choices)
    business_votes, business_ballots = _votes(businesses, lot_order, max_choices)
    apart = business_ballots >= max(smallest_shown, 1)
    places = {option: place for place, option in enumerate(lot_order)}
    shared = Counter(votes[option] for option in lot_order)
    ordered = sorted(lot_order, key=lambda option: (-votes[option], places[option]))
    lines = tuple(
        CountedLine(
            option_id=option,
            rank=rank,
            votes=votes[option],
            business_votes=business_votes[option] if apart else None,
            tied=shared[votes[option]] > 1,
        )
        for rank, option in enumerate(ordered, start=1)
    )
    return Count(lines=lines, resident_ballots=resident_ballots, business_ballots=business_ballots)


def _votes(ballots: Iterable[Sequence[int]], options: Sequence[int], max_choices: int) -> tuple[Counter[int], int]:
    votes: Counter[int] = Counter(dict.fromkeys(options, 0))
    number = 0
    for choices in ballots:
        if len(set(choices)) != len(choices) or not 1 <= len(choices) <= max_choices:
            raise SpoiledBallot("a ballot names an option twice, too many options, or none")
        if not set(choices) <= votes.keys():
            raise SpoiledBallot("a ballot names an option that is not on the ballot paper")
        votes.update(choices)
        number += 1
    return votes, number
