"""Voting rounds, their regulation, their codes and their tallies. What is in the ballot box stands in `box.models`.

Secrecy by absence: no column joins a ballot to a code. A code knows that it was used and over which channel.
"""

from datetime import date, datetime, timedelta
from typing import Any

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
FEWEST_FOR_ORDER = 3
"""With fewer ballots the order of the points would say what somebody chose: the lot makes the order then."""


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


class BallotType(Labelled):
    """What a voter does on the ballot paper."""

    APPROVAL = "approval", N_("Aankruisen")
    POINTS = "points", N_("Punten verdelen")


class DecidingRule(Labelled):
    """How the winners are found. The values are the names of `counting`, and of the command line."""

    MOST_VOTES = "most-votes", N_("De meeste stemmen")
    EQUAL_SHARES_UNIT = "equal-shares-unit-phragmen", N_("Gelijke delen van de plaatsen")
    MOST_POINTS = "most-points", N_("De meeste punten")
    EQUAL_SHARES_POINTS = "equal-shares-points", N_("Gelijke delen van de plaatsen, met punten")
    GREEDY = "greedy", N_("De meeste stemmen, zolang het geld reikt")
    EQUAL_SHARES_ADD1 = "equal-shares-add1", N_("Gelijke delen van het geld")
    EQUAL_SHARES_ADD1_TOP_UP = (
        "equal-shares-add1-top-up",
        N_("Gelijke delen van het geld, en de rest naar de meeste stemmen"),
    )


COMPLAINT_TERM = timedelta(weeks=6)
"""As long as one can object to a decision of the municipality (article 6:7 of the Awb)."""


class VotingRound(Base):
    """One vote over the priorities of one agenda round, under one regulation.

    `lot_seed` is drawn at opening and public from then on: it orders the options by lot (see
    `counting.draw_lots`), and that order decides between equal numbers of votes.
    `regulation` is the text as it stood at opening; it and its SHA-256 never change afterwards.
    `public_key` seals ballots; what opens them is in `box.models.KeyHolder` and nowhere else.
    `seats` is how many points win, where no money is divided; `budget` (whole units of `currency`) where it is.
    `before_sealing`: a round of the time when ballots were not sealed yet; it can be shown, and nobody can vote in it.
    `rehearsal`: an exercise with test codes. It is never public, and nothing else in the house reads it.
    """

    __tablename__ = "voting_round"
    __table_args__ = (
        sa.CheckConstraint("max_choices >= 1", name="at_least_one_choice"),
        sa.CheckConstraint("closes_at > opens_at", name="times_in_order"),
        sa.CheckConstraint("(budget IS NULL) <> (seats IS NULL)", name="budget_or_seats"),
        sa.CheckConstraint("budget IS NULL OR budget >= 1", name="budget_is_money"),
        sa.CheckConstraint("seats IS NULL OR seats >= 1", name="somebody_wins"),
        sa.CheckConstraint("(ballot_type = 'points') = (points > 0)", name="points_to_give"),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name="points_fit_the_ballot"),
        sa.CheckConstraint("ballots_shown_from >= 100", name="ballots_shown_from_hundred"),
        sa.CheckConstraint(
            "state = 'draft' OR (public_key IS NOT NULL AND regulation_hash <> '') OR before_sealing",
            name="sealed_and_settled_when_open",
        ),
        # A rehearsal goes as a whole: its number, which stands in the audit trail, is never given again.
        {"sqlite_autoincrement": True},
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
    ballot_type: Mapped[BallotType] = mapped_column(enum_column(BallotType), default=BallotType.APPROVAL)
    rule: Mapped[DecidingRule] = mapped_column(enum_column(DecidingRule), default=DecidingRule.MOST_VOTES)
    points: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int | None] = mapped_column()
    budget: Mapped[int | None] = mapped_column()
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    reference_on: Mapped[date | None] = mapped_column()
    youngest: Mapped[int] = mapped_column(default=12)
    with_businesses: Mapped[bool] = mapped_column(default=True)
    businesses_decide: Mapped[bool] = mapped_column(default=False)
    ballots_shown_from: Mapped[int] = mapped_column(default=100)
    complaints_until: Mapped[date | None] = mapped_column()
    regulation: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    regulation_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    public_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    rehearsal: Mapped[bool] = mapped_column(default=False)
    before_sealing: Mapped[bool] = mapped_column(default=False)
    round: Mapped[AgendaRound] = relationship(AgendaRound)
    reserves: Mapped[list["Reserve"]] = relationship(
        back_populates="voting_round", order_by="Reserve.theme", cascade="all, delete-orphan"
    )
    options: Mapped[list["VotingOption"]] = relationship(
        back_populates="voting_round",
        order_by="VotingOption.position",
        cascade="all, delete-orphan",
    )
    tally: Mapped["Tally | None"] = relationship(back_populates="voting_round")

    @property
    def remarks_until(self) -> date:
        """Until and including this day people can send a melding; rounds of before there were terms have the usual one."""
        return self.complaints_until or self.result_on + COMPLAINT_TERM

    @property
    def closable_from(self) -> datetime:
        """When nobody can still be sending, as it is told to officers: a whole minute, for so a clock shows it."""
        end = self.closes_at + GRACE
        whole = end.replace(second=0, microsecond=0)
        return whole if whole == end else whole + timedelta(minutes=1)

    def takes_votes(self, now: datetime) -> bool:
        """Between opening and closing time, by the clock of the server."""
        return self.state is VotingState.OPEN and self.opens_at <= now < self.closes_at


class Reserve(Base):
    """A reserved place: of the winners, `at_least` so many are of this theme."""

    __tablename__ = "voting_reserve"
    __table_args__ = (sa.CheckConstraint("at_least >= 1", name="reserves_something"),)
    public_data = True
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(enum_column(Theme), primary_key=True)
    at_least: Mapped[int] = mapped_column(default=1)
    voting_round: Mapped[VotingRound] = relationship(back_populates="reserves")


class VotingOption(Base):
    """A priority as it stands on the ballot: its text is frozen when the round opens.

    `position` is the place by lot once the round is open. `cost`, in a round over money, is in whole units of its
    currency. `feasibility` is the public outcome of the newest check, with its reason.
    """

    __tablename__ = "voting_option"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "priority_id"),
        sa.UniqueConstraint("voting_round_id", "position"),
        sa.CheckConstraint("cost IS NULL OR cost >= 1", name="costs_something"),
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
    cost: Mapped[int | None] = mapped_column()
    feasibility: Mapped[str] = mapped_column(sa.Text, default="")
    voting_round: Mapped[VotingRound] = relationship(back_populates="options")
    priority: Mapped[Priority] = relationship(Priority)


class CodeBatchState(Labelled):
    """A letter run: asked for, ready to download, or gone."""

    ASKED = "asked", N_("Wij maken de brieven")
    READY = "ready", N_("Klaar om op te halen")
    GONE = "gone", N_("Opgehaald of verlopen")


class BatchKind(Labelled):
    """For what codes are made: letters by post, one at the desk, stubs of paper ballots, a rehearsal."""

    LETTERS = "letters", N_("Brieven")
    DESK = "desk", N_("Aan de balie")
    PAPER = "paper", N_("Papieren stembiljetten")
    TEST = "test", N_("Oefencodes")


class CodeBatch(Base):
    """One run of letters. The PDF is a file that goes after download or 24 hours.

    `made` codes stand in the register, `printed` letters in the file so far. `addressed`: an address file was given;
    it stands beside the letters and goes with them, no address is ever in the database. `submission_key` makes asking
    twice one run. `fetching_at`: somebody is fetching the letters, and this was the last sign of it.
    """

    __tablename__ = "code_batch"
    __table_args__ = (sa.CheckConstraint("size BETWEEN 1 AND 50000", name="size_can_be_printed"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    size: Mapped[int] = mapped_column()
    kind: Mapped[BatchKind] = mapped_column(enum_column(BatchKind), default=BatchKind.LETTERS)
    made: Mapped[int] = mapped_column(default=0)
    printed: Mapped[int] = mapped_column(default=0)
    addressed: Mapped[bool] = mapped_column(default=False)
    submission_key: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    state: Mapped[CodeBatchState] = mapped_column(enum_column(CodeBatchState))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fetching_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voting_round: Mapped[VotingRound] = relationship(VotingRound)


class CodeState(Labelled):
    """A used code can never be voided or replaced. A replaced one was voided for a new letter."""

    ISSUED = "issued", N_("Te gebruiken")
    VOIDED = "voided", N_("Ingetrokken")
    REPLACED = "replaced", N_("Vervangen")
    USED = "used", N_("Gebruikt")


class Channel(Labelled):
    """Over which way a code was used."""

    ONLINE = "online", N_("Zelf, op internet")
    KIOSK = "kiosk", N_("Op een computer van ons")
    PAPER = "paper", N_("Op papier")


class VotingCode(Base):
    """A letter code, kept as HMAC only. No name, no address, no time of use.

    `code_hmac` is emptied when the complaint term is over. `returned`: the letter came back by post. `came_on_paper_too`:
    it was used on a screen, and a stub with it came to a desk as well; that sheet does not count.
    """

    __tablename__ = "voting_code"
    __table_args__ = (
        sa.UniqueConstraint("voting_round_id", "code_hmac"),
        sa.UniqueConstraint("voting_round_id", "serial"),
        sa.CheckConstraint("(state = 'replaced') = (replaced_by IS NOT NULL)", name="replaced_by_another"),
        sa.CheckConstraint("channel IS NULL OR state = 'used'", name="channel_of_use"),
        sa.CheckConstraint("state = 'used' OR NOT came_on_paper_too", name="came_too_late"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("code_batch.id"), index=True)
    electorate: Mapped[Electorate] = mapped_column(enum_column(Electorate))
    serial: Mapped[int] = mapped_column()
    code_hmac: Mapped[str | None] = mapped_column(sa.String(64))
    state: Mapped[CodeState] = mapped_column(enum_column(CodeState))
    channel: Mapped[Channel | None] = mapped_column(enum_column(Channel))
    replaced_by: Mapped[int | None] = mapped_column()
    returned: Mapped[bool] = mapped_column(default=False)
    came_on_paper_too: Mapped[bool] = mapped_column(default=False)


class Tally(Base):
    """The count of a closed round; public once `published_at` is set, by another person.

    `codes_issued` counts every code made, `codes_voided` those that were withdrawn or replaced. `business_…` are parts of
    the totals.
    `outcome` is what `counting` says of the deciding rule, with its explanation; `other_outcome` what another rule
    would have given. `merged`: an electorate was too small to count apart, so its ballots are in the residents' count.
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
    blank_ballots: Mapped[int] = mapped_column(default=0)
    paper_ballots: Mapped[int] = mapped_column(default=0)
    merged: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, deferred=True)
    other_outcome: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, deferred=True)
    voting_round: Mapped[VotingRound] = relationship(back_populates="tally")
    lines: Mapped[list["TallyLine"]] = relationship(
        back_populates="tally", order_by="TallyLine.rank", cascade="all, delete-orphan"
    )


class TallyLine(Base):
    """Votes of those who decide and of businesses (apart) for one option.

    `rank`: the winners first, in the order in which the rule took them; then the others by votes. `elected`: the rule
    chose it. `points` are given in a points round only.
    `business_votes` is empty when fewer than SMALLEST_SHOWN businesses voted. `tied`: only the lot
    decided its place among options with as many votes (and, where money is divided, the same cost).
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
    points: Mapped[int | None] = mapped_column()
    elected: Mapped[bool] = mapped_column(default=False)
    business_votes: Mapped[int | None] = mapped_column()
    tied: Mapped[bool] = mapped_column(default=False)
    tally: Mapped[Tally] = relationship(back_populates="lines")
    option: Mapped[VotingOption] = relationship(VotingOption)
