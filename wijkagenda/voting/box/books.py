"""Do the codes agree with the box, for every vote that is not counted yet? Asked of a backup when it is made.

It reads by a connection and not by the session, because what it looks at is a moment that is past, or a copy. It tells
no numbers: before closing nobody may see how many codes are used.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.models import Channel, CodeState, VotingCode, VotingRound, VotingState
from wijkagenda.voting.paper.models import PaperBatch, PaperState


@dataclass(frozen=True)
class Books:
    """A vote, and whether each used code has its ballot: in the box, or in a pile that still has to be typed over."""

    title: str
    agree: bool


def books_of_boxes(connection: sa.Connection) -> list[Books]:
    """Of every vote, a rehearsal too, whose box was opened for votes and is not counted."""
    used = _number(VotingCode, VotingCode.state == CodeState.USED)
    on_paper = _number(VotingCode, VotingCode.state == CodeState.USED, VotingCode.channel == Channel.PAPER)
    in_piles = (
        sa.select(sa.func.coalesce(sa.func.sum(PaperBatch.stubs), 0))
        .where(PaperBatch.voting_round_id == VotingRound.id, PaperBatch.state != PaperState.IN_BOX)
        .scalar_subquery()
    )
    agree = sa.and_(used == _number(SealedBallot) + in_piles, used == _number(Receipt) + on_paper)
    query = (
        sa.select(VotingRound.title, agree)
        .where(VotingRound.state.in_([VotingState.OPEN, VotingState.CLOSED]), ~VotingRound.before_sealing)
        .order_by(VotingRound.id)
    )
    return [Books(title, bool(agrees)) for title, agrees in connection.execute(query)]


def _number(table: type[VotingCode | SealedBallot | Receipt], *which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.voting_round_id == VotingRound.id, *which)
        .scalar_subquery()
    )
