"""Casting a ballot: code, ballot and receipt in one transaction, and no other trace.

No audit row, no event, no log line: nothing may tell who voted when. The code is marked as used by
one conditional UPDATE, so however often and from wherever it is sent, one ballot goes into the box.

On the last evening everybody votes at once. So the four statements below are written once for the life of
the process, over tables and not over mapped objects: making them anew took longer than running them.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.voting import queries
from wijkagenda.voting.box.models import Ballot, Receipt
from wijkagenda.voting.codes import RECEIPT_LENGTH, RoundKeys, is_well_typed, receipt_hash
from wijkagenda.voting.models import GRACE, CodeState, VotingCode, VotingOption, VotingRound, VotingState

_CODES, _ROUNDS, _OPTIONS, _BALLOTS, _RECEIPTS = (
    cast(sa.Table, model.__table__) for model in (VotingCode, VotingRound, VotingOption, Ballot, Receipt)
)
# One row per option, first by lot first; closing waits for this lock, and this waits for closing.
_LOCK_RULES = (
    sa.select(
        _ROUNDS.c.state,
        _ROUNDS.c.opens_at,
        _ROUNDS.c.closes_at,
        _ROUNDS.c.max_choices,
        _OPTIONS.c.id.label("option_id"),
    )
    .select_from(_ROUNDS.outerjoin(_OPTIONS))
    .where(_ROUNDS.c.id == sa.bindparam("round_id"))
    .order_by(_OPTIONS.c.position)
    .with_for_update(read=True, of=_ROUNDS)
)
_USE_CODE = (
    sa.update(_CODES)
    .where(_CODES.c.id == sa.bindparam("code_id"), _CODES.c.state == CodeState.ISSUED)
    .values(state=CodeState.USED)
)
_PUT_BALLOT = sa.insert(_BALLOTS)
_PUT_RECEIPT = sa.insert(_RECEIPTS)


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
    connection = db.session.connection()
    rows = connection.execute(_LOCK_RULES, {"round_id": found.voting_round_id}).all()
    rules = rows[0]
    _must_be_in_time(rules.state, rules.opens_at, rules.closes_at, now, check_opened_at or now)
    chosen = check_choices(choices, [row.option_id for row in rows if row.option_id is not None], rules.max_choices)
    if connection.execute(_USE_CODE, {"code_id": found.code_id}).rowcount == 0:
        return _already_in(found.voting_round_id, receipt)
    round_id = {"voting_round_id": found.voting_round_id}
    ballot = round_id | {"id": secrets.token_hex(16), "electorate": found.electorate, "choices": chosen}
    try:
        connection.execute(_PUT_BALLOT, ballot)
        connection.execute(_PUT_RECEIPT, round_id | {"receipt_hash": receipt_hash(receipt)})
    except IntegrityError:
        # Somebody else's receipt: the whole transaction is undone, so the code is still good.
        raise Conflict(
            N_("Er ging iets mis met uw bewijs. Uw stem is nog niet verstuurd. Kijk uw keuze nog een keer na.")
        ) from None
    return Cast(found.voting_round_id, again=False)


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
