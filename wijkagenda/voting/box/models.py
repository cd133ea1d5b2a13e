"""What is in the ballot box of a round, and who holds a key to it.

Secrecy by absence: nothing here joins a ballot to a code, and no row knows when it came. While people vote the box holds
sealed ballots only. They can be opened with the private key of the round, which stands nowhere but wrapped under
the passphrases of its key holders and under the code of a printed recovery sheet (see `keys`).
SQLite keeps ballots and receipts without row numbers, so their order is that of their random keys. PostgreSQL knows
for a while which rows one transaction wrote; closing writes sealed ballots and receipts anew, in random order.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.people.models import StaffMember
from wijkagenda.voting.models import Electorate


class SealedBallot(Base):
    """One ballot that nobody can read before the count: `content` is as long for every ballot of a round."""

    __tablename__ = "sealed_ballot"
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Ballot(Base):
    """What one voter chose, after the count: option ids in ascending order, under a fresh random key.

    `points` stand beside `choices` in a points round. No choices: a blank or spoiled paper ballot. The electorate is
    that of the count: of an electorate too small to count apart nothing is left.
    """

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    choices: Mapped[list[int]] = mapped_column(sa.JSON)
    points: Mapped[list[int] | None] = mapped_column(sa.JSON)


class Receipt(Base):
    """Proof that a ballot is in the box. Only its hash; published as a list after closing. Paper has none."""

    __tablename__ = "receipt"
    __table_args__ = {"sqlite_with_rowid": False}
    receipt_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)


class KeyHolder(Base):
    """Who can open the box of a round: a voting officer, or (without staff_member_id) the recovery sheet.

    A holder has a key pair of their own. Its private half stands here wrapped under their passphrase; `round_key` is
    the private key of the round, sealed for this holder. `proved_at`: this holder opened a trial ballot.
    `passes` and `memory` (bytes) are what one try at the passphrase costs.
    `wrapped` and `round_key` are emptied when the complaint term is over, and then nobody can open anything any more.
    """

    __tablename__ = "key_holder"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "staff_member_id"),
        sa.CheckConstraint("proved_at IS NULL OR round_key IS NOT NULL OR wrapped IS NULL", name="proved_with_a_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id", ondelete="CASCADE"))
    staff_member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    passes: Mapped[int] = mapped_column()
    memory: Mapped[int] = mapped_column()
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    wrapped: Mapped[bytes | None] = mapped_column(sa.LargeBinary(72))
    round_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(80))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    staff_member: Mapped[StaffMember | None] = relationship(StaffMember)
