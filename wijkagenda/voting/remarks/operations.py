"""A melding over de stemming: taken in from anybody, answered by the voting office, its address forgotten in time."""

import secrets
import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.voting.codes import SYMBOLS
from wijkagenda.voting.models import COMPLAINT_TERM, VotingRound, VotingState
from wijkagenda.voting.remarks import policy
from wijkagenda.voting.remarks.events import RemarkAnswered
from wijkagenda.voting.remarks.models import LONGEST_TEXT, RemarkSubject, VotingReport
from wijkagenda.wishes.wording import checked_line, checked_text

LONGEST_ANSWER = 2000
SHORTEST = 10
WRONG_FORM = N_("Er ging iets mis met het formulier. Laad de pagina opnieuw en probeer het nog eens.")


def takes_remarks(voting_round: VotingRound, now: datetime) -> bool:
    """From the moment the vote is set, also before it begins, until the complaint term is over."""
    return (
        voting_round.state is not VotingState.DRAFT
        and not voting_round.rehearsal
        and day_of(now) <= voting_round.remarks_until
    )


def make_remark(
    *,
    now: datetime,
    voting_round: VotingRound,
    submission_key: str,
    subject: RemarkSubject,
    text: str,
    email: str | None,
    language: str,
) -> VotingReport:
    """Take a melding in, once however often it is sent. Who sends it is not asked."""
    if voting_round.state is VotingState.DRAFT or voting_round.rehearsal:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    if not takes_remarks(voting_round, now):
        raise Conflict(N_("Een melding over deze stemming doen kan niet meer. Bel ons als er iets niet klopt."))
    try:
        submission_key = str(uuid.UUID(submission_key))
    except (ValueError, AttributeError, TypeError):
        raise Invalid(WRONG_FORM) from None
    text = checked_text(
        text,
        field="text",
        limit=LONGEST_TEXT,
        least=SHORTEST,
        missing=N_("Schrijf wat er niet klopt, in minstens 10 letters."),
    )
    known = _by_key(submission_key, voting_round)
    if known is not None:
        return known
    remark = VotingReport(
        voting_round_id=voting_round.id,
        reference=_new_reference(),
        submission_key=submission_key,
        subject=subject,
        text=text,
        email=checked_line(email or "", field="email", limit=254) or None,
        language=language,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(remark)
            db.session.flush()
    except IntegrityError:
        # The same form at the same moment; anything else is a mistake of ours and must be seen.
        known = _by_key(submission_key, voting_round)
        if known is None:
            raise
        return known
    return remark


def answer_remark(*, actor: Actor, now: datetime, remark: VotingReport, answer: str) -> None:
    """Answer once, in words that become public on the count sheet."""
    if not policy.may_answer_remarks(actor, remark.voting_round.round.neighbourhood):
        raise NotAllowed
    answer = checked_text(
        answer,
        field="answer",
        limit=LONGEST_ANSWER,
        least=SHORTEST,
        missing=N_("Schrijf een antwoord van minstens 10 letters."),
    )
    db.session.refresh(remark, attribute_names=["answered_at"], with_for_update=True)
    if remark.answered_at is not None:
        raise Conflict(N_("Deze melding is al beantwoord."))
    remark.answer = answer
    remark.answered_at = now
    remark.answered_by_id = actor.staff_id
    db.session.flush()
    record(actor=actor, now=now, action="voting.answer_remark", subject=remark)
    emit(RemarkAnswered(remark.id))


def forget_addresses(*, today: date) -> None:
    """Empty the mail addresses of meldingen whose complaint term is over."""
    over = sa.select(VotingRound.id).where(
        sa.or_(
            VotingRound.complaints_until < today,
            sa.and_(VotingRound.complaints_until.is_(None), VotingRound.result_on < today - COMPLAINT_TERM),
        )
    )
    db.session.execute(
        sa.update(VotingReport)
        .where(VotingReport.email.is_not(None), VotingReport.voting_round_id.in_(over))
        .values(email=None),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.flush()


def _by_key(submission_key: str, voting_round: VotingRound) -> VotingReport | None:
    """The melding of this form; raises Invalid for a form of another vote, whose melding would be lost in silence."""
    known = db.session.scalar(sa.select(VotingReport).where(VotingReport.submission_key == submission_key))
    if known is not None and known.voting_round_id != voting_round.id:
        raise Invalid(WRONG_FORM)
    return known


def _new_reference() -> str:
    """M-7K2Q-9XPT: forty random bits. It tells nothing of who or when, and it can be said over the telephone."""
    symbols = "".join(secrets.choice(SYMBOLS) for _ in range(8))
    return f"M-{symbols[:4]}-{symbols[4:]}"
