"""Opening the box: sealed ballots become ballots that can be counted, in one transaction and in random order."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom

import sqlalchemy as sa

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.box.content import BallotContent, DamagedBallot, decode
from wijkagenda.voting.box.models import Ballot, SealedBallot
from wijkagenda.voting.box.sealing import CannotOpen, unseal
from wijkagenda.voting.box.shuffle import put_anew, take_sealed
from wijkagenda.voting.models import SMALLEST_SHOWN, BallotType, Electorate, VotingRound

DAMAGED = N_(
    "Een stembiljet in de stembus is beschadigd. Er is niets geopend en niets geteld. Bel de beheerder en laat de "
    "stembus zoals ze is."
)


@dataclass(frozen=True)
class OpenedBox:
    """Every ballot of the round, and whether an electorate was too small to stay apart.

    `of_electorate`: how many ballots each electorate cast, before that.
    """

    ballots: list[BallotContent]
    merged: bool
    of_electorate: Mapping[Electorate, int]


def open_box(voting_round: VotingRound, private_key: bytes) -> OpenedBox:
    """Open every sealed ballot and put it back readable, under a fresh random id; the sealed ones are gone then.

    One that does not open, or that nobody could have cast, stops everything: a count must never lose a ballot in
    silence, nor let one weigh more than another. So do two that are equal: sealing is different every time, so one is
    a copy, and who copies a ballot often enough could see in the result what stands on it.
    """
    options = [option.id for option in voting_round.options]
    try:
        box = take_sealed(voting_round.id)
        if len(set(box)) != len(box):
            raise DamagedBallot("a ballot is in the box twice")
        ballots = [decode(unseal(private_key, sealed), len(options)) for sealed in box]
        for ballot in ballots:
            _must_be_possible(ballot, voting_round)
    except (CannotOpen, DamagedBallot):
        raise Conflict(DAMAGED) from None
    SystemRandom().shuffle(ballots)
    of_electorate = Counter(ballot.electorate for ballot in ballots)
    ballots, merged = _merge_small(ballots)
    put_anew(SealedBallot, voting_round.id, [])
    with_points = voting_round.ballot_type is BallotType.POINTS
    rows = []
    for ballot in ballots:
        given = [(option, points) for option, points in zip(options, ballot.points, strict=True) if points]
        given.sort()
        rows.append(
            {
                "id": secrets.token_hex(16),
                "voting_round_id": voting_round.id,
                "electorate": ballot.electorate,
                "choices": [option for option, _points in given],
                "points": [points for _option, points in given] if with_points else None,
            }
        )
    if rows:
        db.session.execute(sa.insert(Ballot), rows)
    return OpenedBox(ballots, merged, of_electorate)


def _must_be_possible(ballot: BallotContent, voting_round: VotingRound) -> None:
    """Raise DamagedBallot for more crosses or points than anybody had. On paper fewer points count too."""
    if voting_round.ballot_type is BallotType.POINTS:
        possible = sum(ballot.points) <= voting_round.points
    else:
        possible = max(ballot.points, default=0) <= 1 and sum(ballot.points) <= voting_round.max_choices
    if not possible:
        raise DamagedBallot("nobody could have cast this ballot")


def _merge_small(ballots: list[BallotContent]) -> tuple[list[BallotContent], bool]:
    """Two electorates of which one is too small to be counted apart become one: nobody can be told apart in it."""
    sizes = Counter(ballot.electorate for ballot in ballots)
    if len(sizes) < len(Electorate) or min(sizes.values()) >= SMALLEST_SHOWN:
        return ballots, False
    return [BallotContent(Electorate.RESIDENTS, ballot.points) for ballot in ballots], True
