"""Voting rounds, codes, ballots and tallies.

Secrecy by absence: no column joins a ballot to a code. A code knows only that it was used; a
ballot has a random key and no time; a receipt proves a ballot is in the box, not which one.
SQLite keeps ballots and receipts without row numbers, so their order is that of their random keys.
PostgreSQL knows for a while which rows one transaction wrote; closing a round writes ballots and
receipts anew, in random order and in one transaction, and so ends that too.
"""

from datetime import date, datetime, timedelta
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.priorities.models import Priority
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.models import Theme

GRACE = timedelta(minutes=10)
"""Who opened the check page before closing may still send this long after it."""
SMALLEST_SHOWN = 10
"""Votes of an electorate with fewer ballots are not kept apart, so they can never be shown."""


class VotingState(Labelled):
    """Closing, counting and publishing are three acts."""

    DRAFT = "draft", N_("In voorbereiding")
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Gesloten")
    COUNTED = "counted", N_("Geteld")
    PUBLISHED = "published", N_("Uitslag bekend")


class Electorate(Labelled):
    """Who votes; businesses and organisations are counted apart from residents."""

    RESIDENTS = "residents", N_("Bewoners")
    BUSINESSES = "businesses", N_("Winkels, bedrijven en clubs")


class VotingRound(Base):
    """One vote over the priorities of one agenda round: approve up to `max_choices`.

    `lot_seed` is drawn at opening and public from then on: it orders the options by lot (see
    `count.draw_lots`), and that order decides between equal numbers of votes.
    """

    __tablename__ = "voting_round"
    __table_args__ = (
        sa.CheckConstraint("max_choices >= 1", name="at_least_one_choice"),
        sa.CheckConstraint("closes_at > opens_at", name="times_in_order"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_round.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    max_choices: Mapped[int] = mapped_column(default=3)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    result_on: Mapped[date] = mapped_column()
    paper_place: Mapped[str] = mapped_column(sa.String(200), default="")
    lot_seed: Mapped[str] = mapped_column(sa.String(32), default="")
    state: Mapped[VotingState] = mapped_column(enum_column(VotingState))
    round: Mapped[AgendaRound] = relationship(AgendaRound)
    options: Mapped[list["VotingOption"]] = relationship(
        back_populates="voting_round",
        order_by="VotingOption.position",
        cascade="all, delete-orphan",
    )
    tally: Mapped["Tally | None"] = relationship(back_populates="voting_round")

    def takes_votes(self, now: datetime) -> bool:
        """Between opening and closing time, by the clock of the server."""
        return self.state is VotingState.OPEN and self.opens_at <= now < self.closes_at


class VotingOption(Base):
    """A priority as it stands on the ballot: its text is frozen when the round opens.

    `position` is the place by lot once the round is open.
    """

    __tablename__ = "voting_option"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "priority_id"),
        sa.UniqueConstraint("voting_round_id", "position"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id", ondelete="CASCADE"))
    priority_id: Mapped[int] = mapped_column(sa.ForeignKey("priority.id"), index=True)
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.Text)
    theme: Mapped[Theme] = mapped_column(enum_column(Theme))
    wish_count: Mapped[int] = mapped_column(default=0)
    voting_round: Mapped[VotingRound] = relationship(back_populates="options")
    priority: Mapped[Priority] = relationship(Priority)


class CodeBatchState(Labelled):
    """A letter run: asked for, ready to download, or gone."""

    ASKED = "asked", N_("Wij maken de brieven")
    READY = "ready", N_("Klaar om op te halen")
    GONE = "gone", N_("Opgehaald of verlopen")


class CodeBatch(Base):
    """One run of letters. The PDF is a file that goes after download or 24 hours."""

    __tablename__ = "code_batch"
    __table_args__ = (sa.CheckConstraint("size BETWEEN 1 AND 50000", name="size_can_be_printed"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    size: Mapped[int] = mapped_column()
    made: Mapped[int] = mapped_column(default=0)
    state: Mapped[CodeBatchState] = mapped_column(enum_column(CodeBatchState))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voting_round: Mapped[VotingRound] = relationship(VotingRound)


class CodeState(Enum):
    """A used code can never be voided or replaced."""

    ISSUED = "issued"
    VOIDED = "voided"
    USED = "used"


class VotingCode(Base):
    """A letter code, kept as HMAC only. No name, no address, no time of use."""

    __tablename__ = "voting_code"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "code_hmac"),
        sa.UniqueConstraint("voting_round_id", "serial"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("code_batch.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    serial: Mapped[int] = mapped_column()
    code_hmac: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[CodeState] = mapped_column(enum_column(CodeState))


class Ballot(Base):
    """What one voter chose: option ids in ascending order, under a random key."""

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    choices: Mapped[list[int]] = mapped_column(sa.JSON)


class Receipt(Base):
    """Proof that a ballot is in the box. Only its hash; published as a list after closing."""

    __tablename__ = "receipt"
    __table_args__ = {"sqlite_with_rowid": False}
    receipt_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)


class Tally(Base):
    """The count of a closed round; public once `published_at` is set, by another person.

    `codes_issued` counts every code made, voided ones too. `business_…` are parts of the totals.
    """

    __tablename__ = "tally"
    __table_args__ = (
        sa.CheckConstraint("published_by_id <> counted_by_id", name="published_by_somebody_else"),
        sa.CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
        sa.CheckConstraint("ballots = codes_used", name="one_ballot_per_used_code"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), unique=True)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    codes_issued: Mapped[int] = mapped_column()
    codes_voided: Mapped[int] = mapped_column()
    codes_used: Mapped[int] = mapped_column()
    ballots: Mapped[int] = mapped_column()
    business_codes: Mapped[int] = mapped_column(default=0)
    business_voided: Mapped[int] = mapped_column(default=0)
    business_ballots: Mapped[int] = mapped_column(default=0)
    voting_round: Mapped[VotingRound] = relationship(back_populates="tally")
    lines: Mapped[list["TallyLine"]] = relationship(
        back_populates="tally", order_by="TallyLine.rank", cascade="all, delete-orphan"
    )


class TallyLine(Base):
    """Votes of residents (deciding) and of businesses (apart) for one option.

    `business_votes` is empty when fewer than SMALLEST_SHOWN businesses voted. `tied`: the lot
    decided its place among options with as many votes.
    """

    __tablename__ = "tally_line"
    __table_args__ = (
        sa.UniqueConstraint("tally_id", "option_id"),
        sa.UniqueConstraint("tally_id", "rank"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    tally_id: Mapped[int] = mapped_column(sa.ForeignKey("tally.id", ondelete="CASCADE"))
    option_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_option.id"))
    rank: Mapped[int] = mapped_column()
    votes: Mapped[int] = mapped_column()
    business_votes: Mapped[int | None] = mapped_column()
    tied: Mapped[bool] = mapped_column(default=False)
    tally: Mapped[Tally] = relationship(back_populates="lines")
    option: Mapped[VotingOption] = relationship(VotingOption)
