"""Reads about what was in the box: receipts after closing, votes after publication, nothing before."""

from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, selectinload, undefer

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.box.models import Receipt
from wijkagenda.voting.codes import receipt_hash
from wijkagenda.voting.counting import Outcome
from wijkagenda.voting.models import (
    FEWEST_FOR_ORDER,
    SMALLEST_SHOWN,
    Tally,
    TallyLine,
    VotingOption,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.queries import AFTER_CLOSING


class Shown(Enum):
    """How much of a count may be seen outside the voting office."""

    NUMBERS = "numbers"
    ORDER = "order"
    TOO_FEW = "too-few"
    NOTHING = "nothing"

    @property
    def has_order(self) -> bool:
        """Whether somebody won, for all to see. Without an order the points stand as the lot put them."""
        return self in {Shown.NUMBERS, Shown.ORDER}


def what_shows(ballots: int) -> Shown:
    """The one rule of small numbers: what of a count with so many deciding ballots is public.

    Fewer than SMALLEST_SHOWN: who won, in order, but no figure per point and no mark of a tie, for neighbours could
    guess who chose what. Fewer than FEWEST_FOR_ORDER: not even that, for the winners of one ballot are that ballot, and
    who cast one of two knows the other. None at all: nobody voted. Every page and file that shows a count asks this.
    """
    if ballots >= SMALLEST_SHOWN:
        return Shown.NUMBERS
    if ballots >= FEWEST_FOR_ORDER:
        return Shown.ORDER
    return Shown.TOO_FEW if ballots else Shown.NOTHING


def shown_votes(votes: int | None, ballots: int | None) -> int | None:
    """The votes of a point, when they may be seen; see `what_shows`."""
    return votes if ballots is not None and what_shows(ballots) is Shown.NUMBERS else None


DECIDING_BALLOTS = sa.case((VotingRound.businesses_decide, Tally.ballots), else_=Tally.ballots - Tally.business_ballots)
"""How many ballots decided, in a query over Tally and VotingRound; see `deciding_ballots`."""


def deciding_ballots(tally: Tally) -> int:
    """How many ballots decided: the residents', or all of them where the regulation lets businesses decide too."""
    return tally.ballots if tally.voting_round.businesses_decide else tally.ballots - tally.business_ballots


def receipts_of(voting_round: VotingRound, *, skip: int = 0, most: int | None = None) -> list[str]:
    """The hashes of all receipts, or of `most` after the first `skip`; NotFound while people can still vote.

    In the order of the hashes, which says nothing about when anybody voted.
    """
    _must_be_closed(voting_round)
    return list(
        db.session.scalars(
            sa.select(Receipt.receipt_hash)
            .where(Receipt.voting_round_id == voting_round.id)
            .order_by(Receipt.receipt_hash)
            .offset(skip)
            .limit(most)
        )
    )


def receipt_count(voting_round: VotingRound, *, before: str | None = None) -> int:
    """How many receipts there are, or how many stand before a hash in the list; NotFound as long as it is open."""
    _must_be_closed(voting_round)
    query = sa.select(sa.func.count()).select_from(Receipt).where(Receipt.voting_round_id == voting_round.id)
    if before is not None:
        query = query.where(Receipt.receipt_hash < before)
    return db.session.scalar(query) or 0


def has_receipt(voting_round: VotingRound, receipt: str) -> bool:
    """True when this receipt is in the list of a closed round."""
    _must_be_closed(voting_round)
    found = db.session.get(Receipt, receipt_hash(receipt))
    return found is not None and found.voting_round_id == voting_round.id


def _must_be_closed(voting_round: VotingRound) -> None:
    if voting_round.state not in AFTER_CLOSING or voting_round.rehearsal:
        raise NotFound(N_("De lijst met bewijzen staat hier als de stemming gesloten is."))


@dataclass(frozen=True)
class ResultLine:
    """What may be seen of one option in its place; `votes` is None when too few residents voted."""

    option: VotingOption
    rank: int
    votes: int | None
    business_votes: int | None
    tied: bool
    points: int | None = None
    elected: bool = False


@dataclass(frozen=True)
class Result:
    """A published count as the public sees it, with the names that stand under it."""

    tally: Tally
    lines: list[ResultLine]
    counted_by: str
    published_by: str

    @property
    def outcome(self) -> Outcome | None:
        """The whole count; None for votes of before counts explained themselves."""
        return Outcome.from_json(self.tally.outcome) if self.tally.outcome is not None else None

    @property
    def deciding_ballots(self) -> int:
        """The ballots that the votes per point are counted from."""
        return deciding_ballots(self.tally)

    @property
    def shown(self) -> Shown:
        return what_shows(self.deciding_ballots)

    @property
    def resident_codes(self) -> int:
        return self.tally.codes_issued - self.tally.business_codes

    @property
    def resident_voided(self) -> int:
        return self.tally.codes_voided - self.tally.business_voided

    @property
    def shows_businesses(self) -> bool:
        return any(line.business_votes is not None for line in self.lines)


def published_result(voting_round_id: int) -> Result | None:
    """The result of a round with its lines in order; None until it is published, and for a rehearsal ever."""
    counter, publisher = aliased(StaffMember), aliased(StaffMember)
    row = db.session.execute(
        sa.select(Tally, counter.name, publisher.name)
        .join(VotingRound, VotingRound.id == Tally.voting_round_id)
        .join(counter, counter.id == Tally.counted_by_id)
        .join(publisher, publisher.id == Tally.published_by_id)
        .where(
            Tally.voting_round_id == voting_round_id,
            VotingRound.state == VotingState.PUBLISHED,
            VotingRound.rehearsal.is_(False),
        )
        .options(
            contains_eager(Tally.voting_round),
            undefer(Tally.outcome),
            undefer(Tally.other_outcome),
            selectinload(Tally.lines).joinedload(TallyLine.option).joinedload(VotingOption.priority),
        )
    ).first()
    if row is None:
        return None
    tally, counted_by, published_by = row
    ballots = deciding_ballots(tally)
    lines = [
        ResultLine(
            option=line.option,
            rank=line.rank,
            votes=shown_votes(line.votes, ballots),
            business_votes=line.business_votes,
            tied=line.tied and what_shows(ballots) is Shown.NUMBERS,
            points=shown_votes(line.points, ballots),
            elected=line.elected,
        )
        for line in tally.lines
    ]
    return Result(tally, lines, counted_by, published_by)
