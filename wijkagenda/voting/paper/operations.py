"""Batches of paper ballots: a stub uses a code up, the sheet goes on the pile, a full pile is counted by hand.

The stub and its count are one transaction, and one conditional UPDATE decides about the code, also against somebody who
votes on line with it at that instant. Of a stub no audit row is written: nothing may tell who voted when.
Typing a pile over and putting it in the box is in `entering`.
"""

from collections.abc import Collection
from datetime import datetime
from enum import Enum

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db, rows_changed
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.people.actors import Actor
from wijkagenda.voting.codes import RoundKeys, read_code
from wijkagenda.voting.guards import must_take_part
from wijkagenda.voting.models import Channel, CodeState, Electorate, VotingCode, VotingRound, VotingState
from wijkagenda.voting.paper import policy
from wijkagenda.voting.paper.lifecycle import check_step
from wijkagenda.voting.paper.models import FEWEST_SHEETS, PaperBatch, PaperEntry, PaperState
from wijkagenda.voting.queries import find_code
from wijkagenda.wishes.wording import checked_text

TAKES_PAPER = (VotingState.OPEN, VotingState.CLOSED)
"""Paper that was handed in before the end is handled after it too, until the count."""
MOST_STUBS = 500
"""As many ballots as two people can type over, and count by hand."""
MOST_SHEETS = 2 * MOST_STUBS
LONGEST_REASON = 1000
SHORTEST_REASON = 10
FULL = N_("Deze stapel is vol. Begin een nieuwe stapel en typ de strook daar.")
MORE_SHEETS = N_(
    "U telde %(sheets)s biljetten, en er zijn %(stubs)s stroken. Tel nog een keer. Kijk of er nog een strook ligt die "
    "niet is getypt. Blijven er biljetten over? Schrijf dan hieronder wat u heeft gedaan."
)
FEWER_SHEETS = N_(
    "U telde %(sheets)s biljetten, en er zijn %(stubs)s stroken. Tel nog een keer. Kijk of er een biljet bij een andere "
    "stapel ligt. Blijft het verschil? Schrijf dan hieronder wat u heeft gedaan."
)


class Stub(Enum):
    """What became of a stub. Of all but TAKEN the sheet is put aside, or goes to another pile."""

    TAKEN = "taken"
    USED_BEFORE = "used_before"
    TYPED_BEFORE = "typed_before"
    VOIDED = "voided"
    OTHER_PILE = "other_pile"


def open_batch(*, actor: Actor, now: datetime, voting_round: VotingRound, electorate: Electorate) -> PaperBatch:
    """Begin a pile. It gets the next number of this vote."""
    policy.must_handle_paper(actor, voting_round)
    must_take_part(electorate=electorate, voting_round=voting_round)
    # Two desks at the same moment begin two piles.
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)
    _must_take_paper(voting_round, now)
    last = db.session.scalar(
        sa.select(sa.func.max(PaperBatch.number)).where(PaperBatch.voting_round_id == voting_round.id)
    )
    batch = PaperBatch(
        voting_round=voting_round, number=(last or 0) + 1, electorate=electorate, state=PaperState.TAKING, taken_by=[]
    )
    db.session.add(batch)
    db.session.flush()
    record(actor=actor, now=now, action="voting.open_paper_batch", subject=batch, detail={"number": batch.number})
    return batch


def use_stub(*, actor: Actor, now: datetime, batch: PaperBatch, typed: str, keys: RoundKeys) -> Stub:
    """Use the code of a stub up, or say why its sheet does not go on this pile.

    Commit whatever the answer: a stub that was used before is counted. Raises Invalid for what is no code of this vote.
    """
    voting_round = batch.voting_round
    policy.must_handle_paper(actor, voting_round)
    code = read_code(typed)
    # Closing and counting wait for this, as they wait for votes.
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update={"read": True})
    _must_take_paper(voting_round, now)
    found = find_code(code, keys, voting_round.id)
    _lock(batch)
    if batch.state is not PaperState.TAKING:
        raise Conflict(FULL)
    if found.electorate is not batch.electorate:
        return Stub.OTHER_PILE
    if batch.stubs >= MOST_STUBS:
        raise Conflict(FULL)
    used = rows_changed(
        sa.update(VotingCode)
        .where(VotingCode.id == found.code_id, VotingCode.state == CodeState.ISSUED)
        .values(state=CodeState.USED, channel=Channel.PAPER)
        .execution_options(synchronize_session=False)
    )
    if used:
        batch.stubs += 1
        if actor.staff_id is not None and actor.staff_id not in batch.taken_by:
            batch.taken_by = sorted({*batch.taken_by, actor.staff_id})
        db.session.flush()
        return Stub.TAKEN
    # Read after the UPDATE: on line somebody may have been first just now.
    state, channel = db.session.execute(
        sa.select(VotingCode.state, VotingCode.channel).where(VotingCode.id == found.code_id)
    ).one()
    if state is not CodeState.USED:
        return Stub.VOIDED
    if channel is Channel.PAPER:
        return Stub.TYPED_BEFORE
    batch.used_before += rows_changed(
        sa.update(VotingCode)
        .where(VotingCode.id == found.code_id, VotingCode.came_on_paper_too.is_(False))
        .values(came_on_paper_too=True)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    return Stub.USED_BEFORE


def merge_batches(*, actor: Actor, now: datetime, batch: PaperBatch, into: PaperBatch) -> None:
    """Put a pile on another that takes stubs too: stubs and sheets go together."""
    policy.must_handle_paper(actor, batch.voting_round)
    same = batch.voting_round_id == into.voting_round_id and batch.electorate is into.electorate
    if not same or batch.id == into.id:
        raise Invalid(N_("Kies een andere stapel van dezelfde groep kiezers."), field="into")
    for one in sorted((batch, into), key=lambda each: each.id):
        _lock(one)
    check_step(batch.state, PaperState.MERGED)
    if into.state is not PaperState.TAKING:
        raise Conflict(N_("Die stapel neemt geen biljetten meer aan."), field="into")
    if into.stubs + batch.stubs > MOST_STUBS:
        raise Conflict(
            N_("Deze stapels zijn samen te groot: hoogstens %(most)s biljetten."), field="into", most=MOST_STUBS
        )
    moved = {"number": batch.number, "into": into.number, "stubs": batch.stubs}
    into.stubs += batch.stubs
    into.used_before += batch.used_before
    into.taken_by = sorted({*into.taken_by, *batch.taken_by})
    batch.stubs = batch.used_before = 0
    batch.taken_by = []
    batch.merged_into = into.number
    batch.state = PaperState.MERGED
    db.session.flush()
    record(actor=actor, now=now, action="voting.merge_paper_batches", subject=batch, detail=moved)


def fill_batch(*, actor: Actor, now: datetime, batch: PaperBatch, sheets: int, because: str = "") -> None:
    """The pile is counted by hand and ready to be typed over.

    sheets: the ballots that were counted. Another number than of stubs must be settled first, in words: for every missing
    sheet a page 'missing' goes on the pile and is typed over as blank, for its code is used; of sheets too many as many
    as are over are drawn by lot, unread, and put aside. So from here on the pile has as many sheets as stubs.
    A pile of fewer than FEWEST_SHEETS waits until voting is over, and then goes with another where there is one.
    """
    policy.must_handle_paper(actor, batch.voting_round)
    _lock(batch)
    check_step(batch.state, PaperState.FULL)
    if batch.stubs == 0:
        raise Conflict(N_("Deze stapel is leeg."))
    because = because.strip()
    if batch.stubs < FEWEST_SHEETS:
        _may_stay_small(batch, now, because)
    if not 0 <= sheets <= MOST_SHEETS:
        raise Invalid(N_("Vul in hoeveel biljetten u heeft geteld."), field="sheets")
    difference = sheets - batch.stubs
    if difference and not because:
        message = MORE_SHEETS if difference > 0 else FEWER_SHEETS
        raise Invalid(message, field="sheets", sheets=sheets, stubs=batch.stubs)
    batch.because = checked_reason(because, field="because") if because else ""
    batch.difference = difference
    batch.sheets = batch.stubs
    batch.state = PaperState.FULL
    db.session.flush()
    detail = {"number": batch.number, "sheets": batch.sheets, "difference": difference}
    record(actor=actor, now=now, action="voting.fill_paper_batch", subject=batch, detail=detail)


def _may_stay_small(batch: PaperBatch, now: datetime, because: str) -> None:
    """Fewer than ten only at the very end, when there is no other pile to go with, and with a reason."""
    voting_round = batch.voting_round
    if now < voting_round.closes_at and voting_round.state is VotingState.OPEN:
        raise Conflict(
            N_(
                "Een stapel heeft minstens %(fewest)s biljetten. Wacht tot er meer zijn, of tot de stemming voorbij is."
            ),
            fewest=FEWEST_SHEETS,
        )
    other = sa.select(PaperBatch.number).where(
        PaperBatch.voting_round_id == batch.voting_round_id,
        PaperBatch.electorate == batch.electorate,
        PaperBatch.state == PaperState.TAKING,
        PaperBatch.id != batch.id,
        PaperBatch.stubs > 0,
    )
    number = db.session.scalar(other.order_by(PaperBatch.number).limit(1))
    if number is not None:
        raise Conflict(N_("Deze stapel is te klein. Doe hem bij stapel %(number)s."), number=number)
    if not because:
        raise Invalid(
            N_(
                "Deze stapel heeft minder dan %(fewest)s biljetten. Schrijf op waarom hij toch alleen gaat. Wie stroken "
                "aannam, typt deze stapel niet over."
            ),
            field="because",
            fewest=FEWEST_SHEETS,
        )


def reopen_batch(*, actor: Actor, now: datetime, batch: PaperBatch) -> None:
    """Take stubs again, as long as nobody has typed a sheet of this pile over."""
    policy.must_handle_paper(actor, batch.voting_round)
    _lock(batch)
    check_step(batch.state, PaperState.TAKING)
    if db.session.scalar(sa.select(PaperEntry.id).where(PaperEntry.batch_id == batch.id).limit(1)) is not None:
        raise Conflict(N_("Er zijn al biljetten van deze stapel overgetypt."))
    batch.state = PaperState.TAKING
    batch.sheets, batch.difference, batch.because = None, 0, ""
    db.session.flush()
    record(actor=actor, now=now, action="voting.reopen_paper_batch", subject=batch, detail={"number": batch.number})


def checked_reason(text: str, *, field: str) -> str:
    """Why something was done, in at least a few words; it stands on the count sheet."""
    return checked_text(
        text,
        field=field,
        limit=LONGEST_REASON,
        least=SHORTEST_REASON,
        missing=N_("Schrijf in minstens 10 letters op wat u heeft gedaan, en waarom."),
    )


def _must_take_paper(voting_round: VotingRound, now: datetime) -> None:
    if voting_round.state not in TAKES_PAPER or voting_round.before_sealing:
        raise Conflict(N_("Deze stemming neemt geen papieren stembiljetten aan."))
    if now < voting_round.opens_at and not voting_round.rehearsal:
        raise Conflict(N_("De stemming is nog niet begonnen."))


LOCKED: Collection[str] = ("state", "stubs", "used_before", "sheets", "taken_by", "because", "difference")


def _lock(batch: PaperBatch) -> None:
    """Wait for a colleague at the same pile, then read it afresh."""
    db.session.refresh(batch, attribute_names=LOCKED, with_for_update=True)
