"""The register of codes: ask for letters, make codes, make a lost one worthless.

It holds numbers and HMACs. Who got which letter stands outside the platform, with the municipality.
"""

from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.voting import policy
from wijkagenda.voting.codes import code_hmac, new_code
from wijkagenda.voting.events import LettersAsked
from wijkagenda.voting.models import (
    CodeBatch,
    CodeBatchState,
    CodeState,
    Electorate,
    VotingCode,
    VotingRound,
    VotingState,
)

MOST_LETTERS = 50_000
FETCHED_BEFORE = N_("Deze brieven zijn er niet meer. Trek de codes in en vraag nieuwe brieven aan.")


def ask_letters(
    *, actor: Actor, now: datetime, voting_round: VotingRound, electorate: Electorate, size: int
) -> CodeBatch:
    """Ask for letters with fresh codes; the worker makes them. Possible until the vote closes."""
    _must_manage(actor, voting_round)
    if not 1 <= size <= MOST_LETTERS:
        raise Invalid(N_("Vraag 1 tot %(most)s brieven tegelijk."), field="size", most=MOST_LETTERS)
    _must_be_open(voting_round)
    if now >= voting_round.closes_at:
        raise Conflict(N_("De stemming is voorbij. Er kunnen geen brieven meer bij."))
    batch = CodeBatch(
        voting_round_id=voting_round.id,
        voting_round=voting_round,
        electorate=electorate,
        size=size,
        state=CodeBatchState.ASKED,
        asked_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.ask_letters",
        subject=batch,
        detail={"electorate": electorate.value, "size": size},
    )
    emit(LettersAsked(batch.id))
    return batch


def void_code(*, actor: Actor, now: datetime, voting_round: VotingRound, serial: int) -> None:
    """Make the code of a lost letter worthless. A used code stays used: its ballot is in the box."""
    _must_manage(actor, voting_round)
    code = db.session.scalar(
        sa.select(VotingCode).where(VotingCode.voting_round_id == voting_round.id, VotingCode.serial == serial)
    )
    if code is None:
        raise Invalid(N_("Dit volgnummer bestaat niet bij deze stemming."), field="serial")
    _must_be_open(voting_round)
    voided = db.session.execute(
        sa.update(VotingCode)
        .where(VotingCode.id == code.id, VotingCode.state == CodeState.ISSUED)
        .values(state=CodeState.VOIDED)
        .execution_options(synchronize_session="fetch")
    )
    if voided.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(
            N_("Deze code is al gebruikt of ingetrokken. Een gebruikte code kan niet worden ingetrokken."),
            field="serial",
        )
    record(actor=actor, now=now, action="voting.void_code", subject=voting_round, detail={"serial": serial})


def make_codes(*, batch: CodeBatch, number: int, key: bytes) -> list[tuple[int, str]]:
    """Make `number` fresh codes for a letter run; returns (serial, code). Only their HMACs are stored.

    This is the one moment at which the codes exist: whoever calls prints them and forgets them.
    """
    last = db.session.scalar(
        sa.select(sa.func.max(VotingCode.serial)).where(VotingCode.voting_round_id == batch.voting_round_id)
    )
    first = (last or 0) + 1
    made = [(serial, new_code()) for serial in range(first, first + number)]
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
            for serial, code in made
        ],
    )
    batch.made += number
    db.session.flush()
    return made


def withdraw_unprinted(*, batch: CodeBatch) -> None:
    """Take back the codes of a run that broke off before its letters existed: nobody has seen them."""
    if batch.state is not CodeBatchState.ASKED:
        raise Conflict(N_("Deze brieven zijn al gemaakt."))
    if db.session.scalar(
        sa.select(VotingCode.id).where(VotingCode.batch_id == batch.id, VotingCode.state != CodeState.ISSUED).limit(1)
    ):
        raise Conflict(N_("Met codes van deze brieven is al gestemd."))
    db.session.execute(sa.delete(VotingCode).where(VotingCode.batch_id == batch.id))
    batch.made = 0
    db.session.flush()


def mark_ready(*, batch: CodeBatch, now: datetime) -> None:
    """The file with the letters stands ready to be fetched."""
    batch.state = CodeBatchState.READY
    batch.ready_at = now
    db.session.flush()


def begin_fetching(*, actor: Actor, now: datetime, batch: CodeBatch) -> None:
    """Note who gets to see the codes before the first one leaves the house, also when it then breaks off."""
    _must_manage(actor, batch.voting_round)
    db.session.refresh(batch, attribute_names=["state"], with_for_update=True)
    if batch.state is not CodeBatchState.READY:
        raise Conflict(FETCHED_BEFORE)
    record(actor=actor, now=now, action="voting.begin_fetching_letters", subject=batch)


def mark_fetched(*, actor: Actor, now: datetime, batch: CodeBatch) -> None:
    """An officer has fetched the letters, so the file goes."""
    _must_manage(actor, batch.voting_round)
    batch.state = CodeBatchState.GONE
    db.session.flush()
    record(actor=actor, now=now, action="voting.fetch_letters", subject=batch)


def mark_expired(*, batch: CodeBatch) -> None:
    """Nobody fetched the letters in time: the file is gone."""
    batch.state = CodeBatchState.GONE
    db.session.flush()


def _must_manage(actor: Actor, voting_round: VotingRound) -> None:
    """Raise NotAllowed unless `actor` is an officer of this vote."""
    if not policy.may_manage_voting(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def _must_be_open(voting_round: VotingRound) -> None:
    # Closing waits for this, as it waits for votes.
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update={"read": True})
    if voting_round.state is not VotingState.OPEN:
        raise Conflict(N_("Dit kan alleen zolang de stemming open is."))
