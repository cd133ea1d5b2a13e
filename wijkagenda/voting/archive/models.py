"""Open ballots: the file of a counted round that everybody can count again, and earlier votes brought in from such files."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.voting.models import VotingRound


class BallotFile(Base):
    """A `.pb` file as it stands, byte for byte, and its SHA-256. Public together with the result of its round.

    `served`: of how many ballots something was chosen; `served_other`: by the other rule, where that was counted.
    `rules`: by which these ballots can be counted, first the one by which they were.
    An earlier vote comes in once. The file of a round is never kept from being made: its ballots have new ids each time.
    """

    __tablename__ = "ballot_file"
    __table_args__ = (
        sa.Index(
            "ix_ballot_file_earlier_vote_once",
            "sha256",
            unique=True,
            sqlite_where=sa.text("voting_round_id IS NULL"),
            postgresql_where=sa.text("voting_round_id IS NULL"),
        ),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("voting_round.id"), unique=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column()
    served: Mapped[int | None] = mapped_column()
    served_other: Mapped[int | None] = mapped_column()
    rules: Mapped[list[str]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    voting_round: Mapped[VotingRound | None] = relationship(VotingRound)


class ArchivedVote(Base):
    """An earlier vote, brought in from a `.pb` file and counted again under `rule`.

    `official`: the winners that the file itself names, as option ids; None when it names none. `outcome` is what our
    count says of it, `other_outcome` what another rule gives. `neighbourhood` where the vote was of one wijk.
    `left_out`: columns about persons that the file had and that we do not keep; then `original_sha256` is the SHA-256
    of the file as it came.
    """

    __tablename__ = "archived_vote"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    held_on: Mapped[date | None] = mapped_column()
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    ballot_file_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot_file.id"), unique=True)
    rule: Mapped[str] = mapped_column(sa.String(40))
    ballots: Mapped[int] = mapped_column()
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    outcome: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    other_outcome: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, deferred=True)
    official: Mapped[list[str] | None] = mapped_column(sa.JSON)
    left_out: Mapped[str] = mapped_column(sa.String(300), default="")
    original_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    neighbourhood: Mapped[Neighbourhood | None] = relationship(Neighbourhood)
    ballot_file: Mapped[BallotFile] = relationship(BallotFile)
