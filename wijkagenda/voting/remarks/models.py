"""Meldingen over de stemming: what somebody noticed about a vote, and the answer of the voting office."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.voting.models import VotingRound

LONGEST_TEXT = 2000


class RemarkSubject(Labelled):
    """What a melding is about. A choice and no text of its own: it becomes public."""

    NO_LETTER = "no_letter", N_("Ik kreeg geen brief, of de verkeerde")
    CODE = "code", N_("Mijn code werkt niet")
    USED = "used", N_("Met mijn code is al gestemd")
    BALLOT = "ballot", N_("Het stembiljet of de uitleg klopt niet")
    SECRECY = "secrecy", N_("Iemand keek mee of zette mij onder druk")
    PAPER = "paper", N_("Het stemmen op papier of aan de balie")
    RESULT = "result", N_("Het tellen of de uitslag")
    OTHER = "other", N_("Iets anders")


class VotingReport(Base):
    """A melding over de stemming. Not a bezwaar, which is a legal term.

    The e-mail address is for the answer only and goes when the complaint term is over. What was written is seen by
    the voting office alone; the count sheet shows how many there were, about what, and what was answered.
    """

    __tablename__ = "voting_report"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    voting_round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    submission_key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    subject: Mapped[RemarkSubject] = mapped_column(enum_column(RemarkSubject))
    text: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    voting_round: Mapped[VotingRound] = relationship(VotingRound)
