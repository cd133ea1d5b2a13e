"""Does the box agree with the register of codes? Asked before it is opened, and shown to who is going to count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.models import Channel, CodeState, Electorate, VotingCode, VotingRound
from wijkagenda.voting.paper.models import PaperBatch, PaperState
from wijkagenda.voting.paper.queries import paper_ballots

DOES_NOT_AGREE = N_(
    "De stembus klopt niet: gebruikte codes, stembiljetten en bewijzen zijn niet gelijk. Tel niet verder en bel de "
    "beheerder."
)


@dataclass(frozen=True)
class Reconciliation:
    """`used` codes, of which `on_paper`; sealed `ballots` and `receipts` in the box, and `sheets` in finished batches.

    `of_electorate`: used codes of each electorate. `unfinished`: numbers of batches.
    """

    used: int
    of_electorate: Mapping[Electorate, int]
    on_paper: int
    sheets: int
    ballots: int
    receipts: int
    unfinished: list[int]

    @property
    def agrees(self) -> bool:
        """Every used code has one ballot: one used on a screen has a receipt, one used on paper a sheet in a batch."""
        return self.ballots == self.used and self.receipts == self.used - self.on_paper and self.sheets == self.on_paper

    def must_agree(self) -> None:
        """Raise Conflict unless the box can be opened."""
        if self.unfinished:
            raise Conflict(
                N_("Stapel %(number)s met papieren biljetten is nog niet in de stembus."), number=self.unfinished[0]
            )
        if not self.agrees:
            raise Conflict(DOES_NOT_AGREE)

    def must_agree_with(self, of_electorate: Mapping[Electorate, int]) -> None:
        """Raise Conflict unless each electorate has as many opened ballots as used codes."""
        if any(self.of_electorate.get(each, 0) != of_electorate.get(each, 0) for each in Electorate):
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
    of_electorate: Counter[Electorate] = Counter()
    for channel, electorate, number in db.session.execute(
        sa.select(VotingCode.channel, VotingCode.electorate, sa.func.count())
        .where(VotingCode.voting_round_id == voting_round.id, VotingCode.state == CodeState.USED)
        .group_by(VotingCode.channel, VotingCode.electorate)
    ):
        channels[channel] += number
        of_electorate[electorate] += number
    return Reconciliation(
        used=channels.total(),
        of_electorate=of_electorate,
        on_paper=channels[Channel.PAPER],
        sheets=paper_ballots(voting_round.id),
        ballots=_number_of(SealedBallot, voting_round),
        receipts=_number_of(Receipt, voting_round),
        unfinished=list(unfinished),
    )


def _number_of(table: type[SealedBallot] | type[Receipt], voting_round: VotingRound) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.voting_round_id == voting_round.id)
    return db.session.scalar(query) or 0
