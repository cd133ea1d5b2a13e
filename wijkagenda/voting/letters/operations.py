"""The register of codes: letters are asked for, codes are made, letters are fetched, and codes are forgotten.

It holds numbers and HMACs. Who got which letter stands outside the platform, with the municipality. What happens to
one letter (lost, returned, given at a desk) is in `serials`.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db, rows_changed
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.voting.codes import code_hmac, new_code
from wijkagenda.voting.events import LettersAsked, LettersDropped
from wijkagenda.voting.guards import must_be_officer, must_take_part, must_take_votes
from wijkagenda.voting.models import (
    BatchKind,
    CodeBatch,
    CodeBatchState,
    CodeState,
    Electorate,
    VotingCode,
    VotingRound,
    VotingState,
)

MOST_LETTERS = 50_000
MOST_BALLOTS = 1000
"""Paper ballots with a code in one run: a stack for a desk."""
FETCHED_BEFORE = N_("Deze brieven zijn er niet meer. Trek de codes in en vraag nieuwe brieven aan.")
BALLOTS_FETCHED_BEFORE = N_("Deze stembiljetten zijn er niet meer. Trek de codes in en vraag nieuwe stembiljetten aan.")
BEING_FETCHED = N_("Iemand haalt dit bestand nu op. Brak het ophalen af? Wacht dan 5 minuten en haal het opnieuw op.")
REDO_AFTER = timedelta(minutes=5)
COUNTED = (VotingState.COUNTED, VotingState.PUBLISHED)
ROUND_OF_CODES = 0x57_4B
"""Of which kind of thing the number is that an advisory lock of PostgreSQL is taken on: codes of a voting round."""


def ask_letters(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    electorate: Electorate,
    size: int,
    addressed: bool = False,
    submission_key: str | None = None,
) -> CodeBatch:
    """Ask for letters with fresh codes; the worker makes them. Possible until the vote closes.

    addressed: whoever calls keeps so many addresses beside the letters, before this is committed.
    The same `submission_key` again gives the same run.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    if not 1 <= size <= MOST_LETTERS:
        raise Invalid(N_("Vraag 1 tot %(most)s brieven tegelijk."), field="size", most=MOST_LETTERS)
    must_take_part(electorate=electorate, voting_round=voting_round)
    must_take_votes(voting_round=voting_round, now=now)
    allot_serials_alone(voting_round=voting_round)
    if (asked := asked_before(voting_round=voting_round, submission_key=submission_key)) is not None:
        return asked
    batch = add_batch(
        now=now,
        voting_round=voting_round,
        electorate=electorate,
        size=size,
        addressed=addressed,
        submission_key=submission_key,
    )
    record(
        actor=actor,
        now=now,
        action="voting.ask_letters",
        subject=batch,
        detail={"electorate": electorate.value, "size": size, "addressed": addressed},
    )
    emit(LettersAsked(batch.id))
    return batch


def ask_ballots(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    electorate: Electorate,
    size: int,
    submission_key: str | None = None,
) -> CodeBatch:
    """Ask for paper ballots with a fresh code on each stub; the worker makes them. Possible until the vote closes.

    Such a code is a code like any other: it votes once, on paper or on a screen.
    """
    must_be_officer(actor=actor, voting_round=voting_round)
    if not 1 <= size <= MOST_BALLOTS:
        raise Invalid(N_("Vraag 1 tot %(most)s stembiljetten tegelijk."), field="size", most=MOST_BALLOTS)
    must_take_part(electorate=electorate, voting_round=voting_round)
    must_take_votes(voting_round=voting_round, now=now)
    if voting_round.before_sealing:
        raise Conflict(N_("Deze stemming neemt geen papieren stembiljetten aan."))
    allot_serials_alone(voting_round=voting_round)
    if (asked := asked_before(voting_round=voting_round, submission_key=submission_key)) is not None:
        return asked
    batch = add_batch(
        now=now,
        voting_round=voting_round,
        electorate=electorate,
        size=size,
        addressed=False,
        submission_key=submission_key,
        kind=BatchKind.PAPER,
    )
    detail = {"electorate": electorate.value, "size": size}
    record(actor=actor, now=now, action="voting.ask_ballots", subject=batch, detail=detail)
    emit(LettersAsked(batch.id))
    return batch


def add_batch(
    *,
    now: datetime,
    voting_round: VotingRound,
    electorate: Electorate,
    size: int,
    addressed: bool,
    submission_key: str | None,
    kind: BatchKind | None = None,
) -> CodeBatch:
    """A run that waits for the worker: letters, unless it is another kind. Letters of a rehearsal are marked as such."""
    batch = CodeBatch(
        voting_round_id=voting_round.id,
        voting_round=voting_round,
        electorate=electorate,
        size=size,
        kind=kind or (BatchKind.TEST if voting_round.rehearsal else BatchKind.LETTERS),
        addressed=addressed,
        submission_key=submission_key,
        state=CodeBatchState.ASKED,
        asked_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def asked_before(*, voting_round: VotingRound, submission_key: str | None) -> CodeBatch | None:
    """The run that the same form asked for; to be called with the serials of this round to oneself.

    Raises Invalid for a form of another vote.
    """
    if submission_key is None:
        return None
    found = db.session.scalar(sa.select(CodeBatch).where(CodeBatch.submission_key == submission_key))
    if found is not None and found.voting_round_id != voting_round.id:
        raise Invalid(N_("Er ging iets mis met het formulier. Laad de pagina opnieuw en probeer het nog eens."))
    return found


def make_codes(*, batch: CodeBatch, number: int, key: bytes) -> list[tuple[int, str]]:
    """Make `number` fresh codes for a run; returns (serial, code). Only their HMACs are stored.

    This is the one moment at which the codes exist: whoever calls prints them and forgets them. Serials that were
    promised already (see `serials.replace_code`) are filled first.
    """
    allot_serials_alone(voting_round=batch.voting_round)
    promised = list(
        db.session.scalars(
            sa.select(VotingCode)
            .where(VotingCode.batch_id == batch.id, VotingCode.code_hmac.is_(None))
            .order_by(VotingCode.serial)
            .limit(number)
        )
    )
    made = [(row.serial, new_code()) for row in promised]
    for row, (_serial, code) in zip(promised, made, strict=True):
        row.code_hmac = code_hmac(key, code)
    first = next_serial(voting_round=batch.voting_round)
    fresh = [(serial, new_code()) for serial in range(first, first + number - len(promised))]
    if fresh:
        db.session.execute(
            sa.insert(VotingCode),
            [
                {
                    "voting_round_id": batch.voting_round_id,
                    "batch_id": batch.id,
                    "electorate": batch.electorate,
                    "serial": serial,
                    "code_hmac": code_hmac(key, code),
                    "state": CodeState.ISSUED,
                }
                for serial, code in fresh
            ],
        )
    batch.made += number
    db.session.flush()
    return made + fresh


def withdraw_unprinted(*, batch: CodeBatch) -> None:
    """Take back the codes of a run that broke off before its letters existed: nobody has seen them."""
    if batch.state is not CodeBatchState.ASKED:
        raise Conflict(N_("Deze brieven zijn al gemaakt."))
    if _has_voted(batch):
        raise Conflict(N_("Met codes van deze brieven is al gestemd."))
    # A serial that stands with a replaced letter as its successor keeps its place, and gets another code.
    successors = sa.select(VotingCode.replaced_by).where(
        VotingCode.voting_round_id == batch.voting_round_id, VotingCode.replaced_by.is_not(None)
    )
    mine = VotingCode.batch_id == batch.id
    db.session.execute(sa.update(VotingCode).where(mine, VotingCode.serial.in_(successors)).values(code_hmac=None))
    db.session.execute(sa.delete(VotingCode).where(mine, VotingCode.serial.not_in(successors)))
    batch.made = batch.printed = 0
    db.session.flush()


def _has_voted(batch: CodeBatch) -> bool:
    used = sa.select(VotingCode.id).where(VotingCode.batch_id == batch.id, VotingCode.state == CodeState.USED)
    return db.session.scalar(used.limit(1)) is not None


def end_runs(*, voting_round: VotingRound) -> None:
    """What is still being made when the box is closed ends with it, so that what is counted afterwards stays as it is."""
    making = sa.select(CodeBatch).where(
        CodeBatch.voting_round_id == voting_round.id, CodeBatch.state == CodeBatchState.ASKED
    )
    for batch in db.session.scalars(making.order_by(CodeBatch.id)).all():
        give_up(batch=batch)


def give_up(*, batch: CodeBatch) -> None:
    """These letters cannot be made any more: the vote is over, or their addresses are gone. Nothing of them stays."""
    if not _has_voted(batch):
        withdraw_unprinted(batch=batch)
    db.session.execute(
        sa.update(VotingCode)
        .where(VotingCode.batch_id == batch.id, VotingCode.state == CodeState.ISSUED)
        .values(state=CodeState.VOIDED)
    )
    batch.state = CodeBatchState.GONE
    db.session.flush()
    emit(LettersDropped((batch.id,)))


def mark_printed(*, batch: CodeBatch, number: int) -> None:
    """So many more letters stand on paper; officers see how far the run is."""
    batch.printed += number
    db.session.flush()


def mark_ready(*, batch: CodeBatch, now: datetime) -> None:
    """The file with the letters stands ready to be fetched."""
    batch.state = CodeBatchState.READY
    batch.ready_at = now
    db.session.flush()


def begin_fetching(*, actor: Actor, now: datetime, batch: CodeBatch) -> None:
    """Note who gets to see the codes before the first one leaves the house, also when it then breaks off.

    One at a time: of two who come at the same moment the second is refused. Who broke off can begin again after
    REDO_AFTER without a sign of life.
    """
    must_be_officer(actor=actor, voting_round=batch.voting_round)
    mine = _fetched_by_one(
        batch.id,
        sa.or_(CodeBatch.fetching_at.is_(None), CodeBatch.fetching_at <= now - REDO_AFTER),
        fetching_at=now,
    )
    if not mine:
        state = db.session.scalar(sa.select(CodeBatch.state).where(CodeBatch.id == batch.id))
        raise Conflict(BEING_FETCHED if state is CodeBatchState.READY else fetched_before(batch=batch))
    db.session.refresh(batch)
    record(actor=actor, now=now, action="voting.begin_fetching_letters", subject=batch)


def go_on_fetching(*, now: datetime, batch_id: int) -> None:
    """A sign of life: a large file on a slow line is still on its way."""
    _fetched_by_one(batch_id, fetching_at=now)


def _fetched_by_one(batch_id: int, *only: sa.ColumnElement[bool], **values: object) -> bool:
    """One conditional UPDATE of letters that stand ready: whether it changed them."""
    done = rows_changed(
        sa.update(CodeBatch)
        .where(CodeBatch.id == batch_id, CodeBatch.state == CodeBatchState.READY, *only)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(done)


def fetched_before(*, batch: CodeBatch) -> str:
    """What somebody reads who comes for a file that is gone."""
    return BALLOTS_FETCHED_BEFORE if batch.kind is BatchKind.PAPER else FETCHED_BEFORE


def mark_fetched(*, actor: Actor, now: datetime, batch: CodeBatch) -> None:
    """An officer has fetched the letters to the last byte, so the file goes."""
    must_be_officer(actor=actor, voting_round=batch.voting_round)
    # Who was so slow that somebody else came in between has them too: that is on record as well.
    _fetched_by_one(batch.id, state=CodeBatchState.GONE)
    db.session.refresh(batch)
    record(actor=actor, now=now, action="voting.fetch_letters", subject=batch)


def mark_expired(*, batch: CodeBatch) -> None:
    """Nobody fetched the letters in time: the file is gone."""
    batch.state = CodeBatchState.GONE
    db.session.flush()


def forget_codes(*, now: datetime) -> list[int]:
    """Empty the codes of votes whose term for complaints is over; returns the ids of those votes.

    From then on nobody can tell whether a code was of that vote, not even with the key. Serial, state and channel
    stay: they are the count sheet. A vote that was counted and never made public is one of these; one that is not
    counted keeps its codes, for stubs of paper may still lie there, and no clock may destroy votes.
    """
    today = day_of(now)
    over = [
        voting_round.id
        for voting_round in db.session.scalars(
            sa.select(VotingRound).where(VotingRound.state.in_(COUNTED)).order_by(VotingRound.id)
        )
        if voting_round.remarks_until < today
    ]
    known = sa.select(VotingCode.voting_round_id).where(
        VotingCode.voting_round_id.in_(over), VotingCode.code_hmac.is_not(None)
    )
    forgotten = sorted(set(db.session.scalars(known.distinct())))
    if forgotten:
        db.session.execute(
            sa.update(VotingCode)
            .where(VotingCode.voting_round_id.in_(forgotten))
            .values(code_hmac=None)
            .execution_options(synchronize_session=False)
        )
        db.session.flush()
    return forgotten


# --- serials -----------------------------------------------------------------------------------------


def allot_serials_alone(*, voting_round: VotingRound) -> None:
    """Until the end of this transaction nobody else gives serials of this round: two desks are not one number.

    Votes go on meanwhile, so it is no lock on the round itself. On SQLite there is one writer anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ROUND_OF_CODES, voting_round.id)))


def next_serial(*, voting_round: VotingRound) -> int:
    """The first number that no code of this round has."""
    last = db.session.scalar(
        sa.select(sa.func.max(VotingCode.serial)).where(VotingCode.voting_round_id == voting_round.id)
    )
    return (last or 0) + 1
