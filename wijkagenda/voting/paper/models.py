"""Paper ballots: numbered batches of at least ten sheets, entered twice by different people.

The stub with the code goes off before anybody looks at the ballot: desk A uses the code up, the sheet goes into the
open batch. Nothing joins a stub to a sheet. What people type over is sealed at once, like every ballot; `mark` tells
whether two people read the same on a sheet, without telling what: an HMAC under a key outside the database.
Entries go when the batch is in the box.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.voting.models import Electorate, VotingRound

FEWEST_SHEETS = 10
"""A smaller batch would tell what a few people chose."""


class PaperState(Labelled):
    """A batch takes stubs, is entered by two people, and goes into the box once they agree."""

    TAKING = "taking", N_("Neemt biljetten aan")
    FULL = "full", N_("Vol: nu typen twee mensen het over")
    IN_BOX = "in_box", N_("In de stembus")


class PaperBatch(Base):
    """A numbered pile of paper ballots of one electorate.

    `stubs`: codes used up for it. `used_before`: stubs whose code was used already; their sheets are put aside and do
    not count. `sheets`: the ballots counted by hand when the batch was filled. In the box the three agree.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "number"),
        sa.CheckConstraint("state <> 'in_box' OR (sheets = stubs AND sheets >= 10)", name="agrees_in_the_box"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"))
    number: Mapped[int] = mapped_column()
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    state: Mapped[PaperState] = mapped_column(enum_column(PaperState))
    stubs: Mapped[int] = mapped_column(default=0)
    used_before: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[int | None] = mapped_column()
    voting_round: Mapped[VotingRound] = relationship(VotingRound)
    entries: Mapped[list["PaperEntry"]] = relationship(
        back_populates="batch", order_by="PaperEntry.sheet, PaperEntry.turn", cascade="all, delete-orphan"
    )


class PaperEntry(Base):
    """What one person read on one sheet, sealed. `turn` 1 and 2 are different people; 3 and on settle a difference."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "sheet", "turn"),
        sa.UniqueConstraint("batch_id", "sheet", "entered_by_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_batch.id", ondelete="CASCADE"))
    sheet: Mapped[int] = mapped_column()
    turn: Mapped[int] = mapped_column()
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    mark: Mapped[str] = mapped_column(sa.String(64))
    batch: Mapped[PaperBatch] = relationship(back_populates="entries")
