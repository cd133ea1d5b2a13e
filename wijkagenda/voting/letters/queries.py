"""Reads about letters and their codes. While a vote is open none of them tells who has voted."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound
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

LETTER_KINDS = (BatchKind.LETTERS, BatchKind.TEST)
_WHAT_LETTERS_SAY = joinedload(CodeBatch.voting_round).options(
    joinedload(VotingRound.round).joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district),
    selectinload(VotingRound.options),
)


def batches_of(voting_round_id: int, kinds: Collection[BatchKind] = LETTER_KINDS) -> list[CodeBatch]:
    """Runs of a round, newest first: of letters, unless other kinds are asked for."""
    return list(
        db.session.scalars(
            sa.select(CodeBatch)
            .where(
                CodeBatch.voting_round_id == voting_round_id,
                CodeBatch.kind.in_(kinds),
            )
            .order_by(CodeBatch.asked_at.desc(), CodeBatch.id.desc())
        )
    )


def batch_by_id(voting_round_id: int, batch_id: int) -> CodeBatch:
    """One letter run of a round; NotFound when it is not of that round."""
    batch = db.session.scalar(
        sa.select(CodeBatch).where(CodeBatch.id == batch_id, CodeBatch.voting_round_id == voting_round_id)
    )
    if batch is None:
        raise NotFound(N_("Deze brieven kennen wij niet."))
    return batch


def batch_being_made(batch_id: int) -> CodeBatch | None:
    """A run that still waits to be made, with what its letters say; None when it was given up or taken away.

    Until the end of this transaction its vote is neither closed nor taken away.
    """
    held = sa.select(VotingRound.id).join(CodeBatch, CodeBatch.voting_round_id == VotingRound.id)
    if db.session.scalar(held.where(CodeBatch.id == batch_id).with_for_update(read=True, of=VotingRound)) is None:
        return None
    return db.session.scalar(
        sa.select(CodeBatch)
        .where(CodeBatch.id == batch_id, CodeBatch.state == CodeBatchState.ASKED)
        .options(_WHAT_LETTERS_SAY)
        .execution_options(populate_existing=True)
    )


def batches_in(state: CodeBatchState) -> list[CodeBatch]:
    """Letter runs in a state, oldest first, with round, options and neighbourhood."""
    return list(
        db.session.scalars(
            sa.select(CodeBatch)
            .where(CodeBatch.state == state)
            .options(_WHAT_LETTERS_SAY)
            .order_by(CodeBatch.asked_at, CodeBatch.id)
        )
    )


def replaced_by(batch: CodeBatch) -> dict[int, int]:
    """Serials of this run that stand for an older letter: new serial -> old serial."""
    new, old = sa.orm.aliased(VotingCode), sa.orm.aliased(VotingCode)
    rows = db.session.execute(
        sa.select(new.serial, old.serial)
        .join(old, sa.and_(old.voting_round_id == new.voting_round_id, old.replaced_by == new.serial))
        .where(new.batch_id == batch.id)
        .order_by(new.serial)
    )
    return {new_serial: old_serial for new_serial, old_serial in rows}  # noqa: C416  (rows are no mapping)


@dataclass(frozen=True)
class LetterCounts:
    """What happened to the codes of one electorate.

    While a vote is open nothing here changes when somebody votes, and a returned letter counts the same whether its
    code was used or not. `returned_used`, after closing only: letters that came back although their code has voted,
    which asks for a look. `desk` codes were given without a letter, `stubs` stand on paper ballots.
    """

    made: int = 0
    desk: int = 0
    stubs: int = 0
    returned: int = 0
    replaced: int = 0
    withdrawn: int = 0
    returned_used: int | None = None


def letter_counts(voting_round: VotingRound) -> dict[Electorate, LetterCounts]:
    """Per electorate, for the desk.

    `withdrawn` leaves out what came back by post, and ballots with a code until the vote is closed.
    """
    over = voting_round.state not in (VotingState.DRAFT, VotingState.OPEN)
    found: dict[Electorate, dict[str, int]] = {electorate: {} for electorate in Electorate}
    for electorate, state, returned, kind, number in db.session.execute(
        sa.select(VotingCode.electorate, VotingCode.state, VotingCode.returned, CodeBatch.kind, sa.func.count())
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.voting_round_id == voting_round.id)
        .group_by(VotingCode.electorate, VotingCode.state, VotingCode.returned, CodeBatch.kind)
    ):
        counts = found[electorate]
        for name, counts_here in (
            ("made", True),
            ("desk", kind is BatchKind.DESK),
            ("stubs", kind is BatchKind.PAPER),
            ("returned", returned),
            ("replaced", state is CodeState.REPLACED),
            # Ballots that are left over are withdrawn unseen: a number that grew by one would say that it had not voted.
            ("withdrawn", state is CodeState.VOIDED and not returned and (over or kind is not BatchKind.PAPER)),
            ("returned_used", state is CodeState.USED and returned),
        ):
            counts[name] = counts.get(name, 0) + (number if counts_here else 0)
    result = {}
    for electorate, counts in found.items():
        used = counts.pop("returned_used", 0)
        result[electorate] = LetterCounts(**counts, returned_used=used if over else None)
    return result
