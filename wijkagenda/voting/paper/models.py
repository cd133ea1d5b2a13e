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
"""A smaller batch tells who types it over what a few people chose."""


class PaperState(Labelled):
    """A batch takes stubs, is entered by two people, and goes into the box once they agree."""

    TAKING = "taking", N_("Neemt biljetten aan")
    FULL = "full", N_("Vol: nu typen twee mensen het over")
    IN_BOX = "in_box", N_("In de stembus")
    MERGED = "merged", N_("Bij een andere stapel gedaan")


class PaperBatch(Base):
    """A numbered pile of paper ballots of one electorate.

    `stubs`: codes used up for it. `used_before`: stubs whose code was used on a screen already, each once however often it
    is tried; their sheets are put aside and do not count. `sheets`: the ballots in the pile that is typed over. In the box the two agree.
    `difference`: how many sheets more (or fewer) than stubs were counted, before that was settled; `because`: how and
    why, or why a pile of fewer than FEWEST_SHEETS went in. `taken_by`: who typed stubs, in no order that tells when.
    `merged_into`: the number of the batch that took over its stubs and sheets.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "number"),
        sa.CheckConstraint(
            "state <> 'in_box' OR (sheets = stubs AND (sheets >= 10 OR because <> ''))", name="agrees_in_the_box"
        ),
        sa.CheckConstraint("difference = 0 OR because <> ''", name="difference_explained"),
        sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"))
    number: Mapped[int] = mapped_column()
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    state: Mapped[PaperState] = mapped_column(enum_column(PaperState))
    stubs: Mapped[int] = mapped_column(default=0)
    used_before: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[int | None] = mapped_column()
    difference: Mapped[int] = mapped_column(default=0)
    because: Mapped[str] = mapped_column(sa.Text, default="")
    taken_by: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    merged_into: Mapped[int | None] = mapped_column()
    voting_round: Mapped[VotingRound] = relationship(VotingRound)
    entries: Mapped[list["PaperEntry"]] = relationship(
        back_populates="batch", order_by="PaperEntry.sheet, PaperEntry.turn", cascade="all, delete-orphan"
    )


class PaperEntry(Base):
    """What one person read on one sheet, sealed. `turn` 1 and 2 are different people; 3 and on settle a difference.

    `reason`: why somebody looked at this sheet a second time; without one nobody has two entries of a sheet.
    """

    __tablename__ = "paper_entry"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "sheet", "turn"),
        sa.Index(
            "ix_paper_entry_once_without_reason",
            "batch_id",
            "sheet",
            "entered_by_id",
            unique=True,
            postgresql_where=sa.text("reason = ''"),
            sqlite_where=sa.text("reason = ''"),
        ),
        sa.CheckConstraint("turn > 2 OR reason = ''", name="reason_for_looking_again"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_batch.id", ondelete="CASCADE"))
    sheet: Mapped[int] = mapped_column()
    turn: Mapped[int] = mapped_column()
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    mark: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    batch: Mapped[PaperBatch] = relationship(back_populates="entries")
