"""Casting a ballot: code, ballot and receipt in one transaction, and no other trace.

No audit row, no event, no log line: nothing may tell who voted when. The code is marked as used by
one conditional UPDATE, so however often and from wherever it is sent, one ballot goes into the box.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.voting import queries
from wijkagenda.voting.codes import RECEIPT_LENGTH, RoundKeys, is_well_typed, receipt_hash
from wijkagenda.voting.models import (
    GRACE,
    Ballot,
    CodeState,
    Receipt,
    VotingCode,
    VotingOption,
    VotingRound,
    VotingState,
)


@dataclass(frozen=True)
class Cast:
    """The ballot is in the box. `again`: it already was, with this same receipt."""

    voting_round_id: int
    again: bool


def cast_ballot(
    *,
    keys: RoundKeys,
    code: str,
    choices: Collection[int],
    receipt: str,
    now: datetime,
    check_opened_at: datetime | None = None,
    voting_round_id: int | None = None,
) -> Cast:
    """Put a ballot in the box: `code` (normalised) is used up, `choices` are option ids.

    check_opened_at: when this voter opened the check page (vouched for by a signed token); who did
    before closing time may send until GRACE after it.
    voting_round_id: the round whose check page this comes from, when that is known; else the code finds it.
    Raises Invalid (unknown code, choices that cannot be) or Conflict (used, withdrawn, not open).
    """
    found = queries.find_code(code, keys, voting_round_id)
    if not is_well_typed(receipt, RECEIPT_LENGTH):
        raise Invalid(N_("Er ging iets mis met uw bewijs. Kijk uw keuze nog een keer na en verstuur dan."))
    if found.state is CodeState.USED:
        return _already_in(found.voting_round_id, receipt)
    if found.state is CodeState.VOIDED:
        raise Conflict(N_("Deze code is ingetrokken. Gebruik de code uit uw nieuwe brief, of bel ons."))
    # Closing waits for this lock, and this waits for closing.
    rules = db.session.execute(
        sa.select(VotingRound.state, VotingRound.opens_at, VotingRound.closes_at, VotingRound.max_choices)
        .where(VotingRound.id == found.voting_round_id)
        .with_for_update(read=True)
    ).one()
    _must_be_in_time(rules.state, rules.opens_at, rules.closes_at, now, check_opened_at or now)
    chosen = check_choices(choices, option_ids(found.voting_round_id), rules.max_choices)
    used = db.session.execute(
        sa.update(VotingCode)
        .where(VotingCode.id == found.code_id, VotingCode.state == CodeState.ISSUED)
        .values(state=CodeState.USED)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount == 0:  # type: ignore[attr-defined]
        return _already_in(found.voting_round_id, receipt)
    ballot = sa.insert(Ballot).values(
        id=secrets.token_hex(16),
        voting_round_id=found.voting_round_id,
        electorate=found.electorate,
        choices=chosen,
    )
    proof = sa.insert(Receipt).values(receipt_hash=receipt_hash(receipt), voting_round_id=found.voting_round_id)
    try:
        db.session.execute(ballot)
        db.session.execute(proof)
    except IntegrityError:
        # Somebody else's receipt: the whole transaction is undone, so the code is still good.
        raise Conflict(
            N_("Er ging iets mis met uw bewijs. Uw stem is nog niet verstuurd. Kijk uw keuze nog een keer na.")
        ) from None
    return Cast(found.voting_round_id, again=False)


def option_ids(voting_round_id: int) -> list[int]:
    """Ids of everything on the ballot paper, first by lot first."""
    return list(
        db.session.scalars(
            sa.select(VotingOption.id)
            .where(VotingOption.voting_round_id == voting_round_id)
            .order_by(VotingOption.position)
        )
    )


def check_choices(choices: Collection[int], options: Collection[int], max_choices: int) -> list[int]:
    """The choices in ascending order; raises Invalid when they are none, too many or not on the paper."""
    chosen = sorted(set(choices))
    if not chosen:
        raise Invalid(N_("Kies minstens 1 punt."), field="choices")
    if not set(chosen) <= set(options):
        raise Invalid(N_("Een van uw keuzes staat niet op dit stembiljet. Kies uit de lijst."), field="choices")
    if len(chosen) > max_choices:
        raise Invalid(
            N_("U koos %(chosen)s punten. U mag er %(most)s kiezen. Haal eerst een vinkje weg."),
            field="choices",
            chosen=len(chosen),
            most=max_choices,
        )
    return chosen


def _must_be_in_time(
    state: VotingState, opens_at: datetime, closes_at: datetime, now: datetime, check_opened_at: datetime
) -> None:
    if state is not VotingState.OPEN:
        raise Conflict(N_("De stemming is gesloten. Uw stem is niet verstuurd."))
    if now < opens_at:
        raise Conflict(N_("De stemming is nog niet begonnen. Uw stem is niet verstuurd."))
    if now >= closes_at and not (check_opened_at < closes_at and now < closes_at + GRACE):
        raise Conflict(N_("De stemming is gesloten. Uw stem is niet verstuurd."))


def _already_in(voting_round_id: int, receipt: str) -> Cast:
    """The same receipt again is the same voter again; another one means the code was used elsewhere."""
    known = db.session.scalar(
        sa.select(Receipt.receipt_hash).where(
            Receipt.receipt_hash == receipt_hash(receipt), Receipt.voting_round_id == voting_round_id
        )
    )
    if known is None:
        raise Conflict(N_("Met deze code is al gestemd. Een code werkt één keer. Klopt dit niet? Bel ons dan."))
    return Cast(voting_round_id, again=True)
