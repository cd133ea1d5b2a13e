"""Does the box agree with the register of codes? Asked before it is opened, and shown to who is going to count."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.models import Channel, CodeState, VotingCode, VotingRound
from wijkagenda.voting.paper.models import PaperBatch, PaperState

DOES_NOT_AGREE = N_(
    "De stembus klopt niet: gebruikte codes, stembiljetten en bewijzen zijn niet gelijk. Tel niet verder en bel de "
    "beheerder."
)


@dataclass(frozen=True)
class Reconciliation:
    """`used` codes, of which `on_paper`; sealed `ballots` and `receipts` in the box; `unfinished`: numbers of batches."""

    used: int
    on_paper: int
    ballots: int
    receipts: int
    unfinished: list[int]

    @property
    def agrees(self) -> bool:
        """Every used code has one ballot, and every one that was used on a screen has one receipt."""
        return self.ballots == self.used and self.receipts == self.used - self.on_paper

    def must_agree(self) -> None:
        """Raise Conflict unless the box can be opened."""
        if self.unfinished:
            raise Conflict(
                N_("Stapel %(number)s met papieren biljetten is nog niet in de stembus."), number=self.unfinished[0]
            )
        if not self.agrees:
            raise Conflict(DOES_NOT_AGREE)


def reconcile(voting_round: VotingRound) -> Reconciliation:
    """Compare codes, ballots, receipts and paper of a round that is closed and not opened yet."""
    unfinished = db.session.scalars(
        sa.select(PaperBatch.number)
        .where(
            PaperBatch.voting_round_id == voting_round.id,
            PaperBatch.state != PaperState.IN_BOX,
            PaperBatch.stubs > 0,
        )
        .order_by(PaperBatch.number)
    )
    channels: Counter[Channel | None] = Counter()
    for channel, number in db.session.execute(
        sa.select(VotingCode.channel, sa.func.count())
        .where(VotingCode.voting_round_id == voting_round.id, VotingCode.state == CodeState.USED)
        .group_by(VotingCode.channel)
    ):
        channels[channel] = number
    return Reconciliation(
        used=channels.total(),
        on_paper=channels[Channel.PAPER],
        ballots=_number_of(SealedBallot, voting_round),
        receipts=_number_of(Receipt, voting_round),
        unfinished=list(unfinished),
    )


def _number_of(table: type[SealedBallot] | type[Receipt], voting_round: VotingRound) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.voting_round_id == voting_round.id)
    return db.session.scalar(query) or 0
