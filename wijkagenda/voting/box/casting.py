"""Casting a ballot: code, sealed ballot and receipt in one transaction, and no other trace.

No audit row, no event, no log line: nothing may tell who voted when. The code is marked as used by
one conditional UPDATE, so however often and from wherever it is sent, one ballot goes into the box.
The ballot is sealed with the public key of its round before it is written: from here on nobody can read it before the
count.

On the last evening everybody votes at once. So the statements below are written once for the life of the process, over
tables and not over mapped objects: making them anew took longer than running them. PostgreSQL gets two of them, each a
journey to another process: one reads the rules, one marks the code and puts ballot and receipt in the box. SQLite has
no such journeys, and no way to say the second in one statement.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.voting import queries
from wijkagenda.voting.box.content import content_of
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.box.sealing import seal
from wijkagenda.voting.codes import RECEIPT_LENGTH, RoundKeys, code_hmac, is_well_typed, receipt_hash
from wijkagenda.voting.models import (
    GRACE,
    BallotType,
    Channel,
    CodeState,
    VotingCode,
    VotingOption,
    VotingRound,
    VotingState,
)

_CODES, _ROUNDS, _OPTIONS, _BALLOTS, _RECEIPTS = (
    cast(sa.Table, model.__table__) for model in (VotingCode, VotingRound, VotingOption, SealedBallot, Receipt)
)
# "position:id" of every option of the round, between commas: a row for each would cost more than all the rest.
_COLON, _COMMA = (sa.literal_column(f"'{mark}'", sa.String) for mark in ":,")
_OPTIONS_OF_ROUND = (
    sa.select(
        sa.func.string_agg(sa.cast(_OPTIONS.c.position, sa.String) + _COLON + sa.cast(_OPTIONS.c.id, sa.String), _COMMA)
    )
    .where(_OPTIONS.c.voting_round_id == _ROUNDS.c.id)
    .scalar_subquery()
)
# The code and its round; closing waits for this lock, and this waits for closing.
_READ_RULES = (
    sa.select(
        _CODES.c.id.label("code_id"),
        _CODES.c.electorate,
        _CODES.c.state.label("code_state"),
        _ROUNDS.c.state,
        _ROUNDS.c.opens_at,
        _ROUNDS.c.closes_at,
        _ROUNDS.c.ballot_type,
        _ROUNDS.c.max_choices,
        _ROUNDS.c.points,
        _ROUNDS.c.public_key,
        _OPTIONS_OF_ROUND.label("options"),
    )
    .select_from(_CODES.join(_ROUNDS))
    .where(_CODES.c.voting_round_id == sa.bindparam("round_id"), _CODES.c.code_hmac == sa.bindparam("code_hmac"))
    .with_for_update(read=True, of=_ROUNDS)
)
_USE_CODE = (
    sa.update(_CODES)
    .where(_CODES.c.id == sa.bindparam("code_id"), _CODES.c.state == CodeState.ISSUED)
    .values(state=CodeState.USED, channel=sa.bindparam("used_over"))
)
_PUT_BALLOT = sa.insert(_BALLOTS)
_PUT_RECEIPT = sa.insert(_RECEIPTS)


def _all_in_one() -> sa.Insert:
    """The three writes as one statement: without a used code there is no row to insert."""
    used = _USE_CODE.returning(_CODES.c.voting_round_id).cte("used")
    ballot = sa.insert(_BALLOTS).from_select(
        ["id", "voting_round_id", "content"],
        sa.select(
            sa.bindparam("ballot_id", type_=sa.String),
            used.c.voting_round_id,
            sa.bindparam("content", type_=sa.LargeBinary),
        ),
    )
    receipt = sa.insert(_RECEIPTS).from_select(
        ["receipt_hash", "voting_round_id"],
        sa.select(sa.bindparam("receipt_hash", type_=sa.String), used.c.voting_round_id),
    )
    return receipt.add_cte(used, ballot.cte("put_ballot")).execution_options(preserve_rowcount=True)


_USE_CODE_AND_PUT = _all_in_one()
UNKNOWN_RECEIPT = N_("Er ging iets mis met uw bewijs. Kijk uw keuze nog een keer na en verstuur dan.")


def cast_ballot(
    *,
    keys: RoundKeys,
    code: str,
    choices: Collection[int],
    receipt: str,
    now: datetime,
    points: Mapping[int, int] | None = None,
    check_opened_at: datetime | None = None,
    voting_round_id: int | None = None,
    channel: Channel = Channel.ONLINE,
) -> None:
    """Put a ballot in the box: `code` (normalised) is used up, `choices` are option ids.

    Sent again with the same receipt, it is in the box once, and that is well.
    points: in a points round, per option id, instead of `choices`.
    check_opened_at: when this voter opened the check page (vouched for by a signed token); who did
    before closing time may send until GRACE after it.
    voting_round_id: the round whose check page this comes from, when that is known; else the code finds it.
    Raises Invalid (unknown code, choices that cannot be) or Conflict (used, withdrawn, not open).
    """
    if voting_round_id is None:
        voting_round_id = queries.find_code(code, keys).voting_round_id
    if not is_well_typed(receipt, RECEIPT_LENGTH):
        raise Invalid(UNKNOWN_RECEIPT)
    connection = db.session.connection()
    wanted = {"round_id": voting_round_id, "code_hmac": code_hmac(keys(voting_round_id), code)}
    rules = cast(sa.Row[Any] | None, connection.execute(_READ_RULES, wanted).one_or_none())
    if rules is None:
        raise Invalid(queries.UNKNOWN_CODE, field="code")
    if rules.code_state is CodeState.USED:
        _must_be_in(voting_round_id, receipt)
        return
    if rules.code_state is not CodeState.ISSUED:
        raise Conflict(N_("Deze code is ingetrokken. Gebruik de code uit uw nieuwe brief, of bel ons."))
    must_be_in_time(rules.state, rules.opens_at, rules.closes_at, now, check_opened_at or now)
    content = _content(rules, choices, points)
    try:
        is_in = _put(connection, rules.code_id, channel, voting_round_id, content, receipt_hash(receipt))
    except IntegrityError:
        # Somebody else's receipt: the whole transaction is undone, so the code is still good.
        raise Conflict(
            N_("Er ging iets mis met uw bewijs. Uw stem is nog niet verstuurd. Kijk uw keuze nog een keer na.")
        ) from None
    if not is_in:
        _must_be_in(voting_round_id, receipt)


def _put(
    connection: sa.Connection, code_id: int, channel: Channel, voting_round_id: int, content: bytes, receipt: str
) -> bool:
    """Mark the code as used and put ballot and receipt in the box; False when somebody else just used the code."""
    code, in_round = {"code_id": code_id, "used_over": channel}, {"voting_round_id": voting_round_id}
    ballot_id = secrets.token_hex(16)
    if connection.dialect.name == "postgresql":
        together = code | {"ballot_id": ballot_id, "content": content, "receipt_hash": receipt}
        return connection.execute(_USE_CODE_AND_PUT, together).rowcount == 1
    if connection.execute(_USE_CODE, code).rowcount == 0:
        return False
    connection.execute(_PUT_BALLOT, in_round | {"id": ballot_id, "content": content})
    connection.execute(_PUT_RECEIPT, in_round | {"receipt_hash": receipt})
    return True


def _content(rules: sa.Row[Any], choices: Collection[int], points: Mapping[int, int] | None) -> bytes:
    """The checked choice, sealed."""
    by_lot = sorted(tuple(map(int, option.split(":"))) for option in (rules.options or "").split(",") if option)
    options = [option for _position, option in by_lot]
    given: Sequence[int] | None = None
    if rules.ballot_type is BallotType.POINTS:
        checked = check_points(points or {}, options, rules.points)
        choices, given = list(checked), list(checked.values())
    else:
        choices = check_choices(choices, options, rules.max_choices)
    return seal(rules.public_key, content_of(rules.electorate, options, choices, given))


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


def check_points(points: Mapping[int, int], options: Collection[int], total: int) -> dict[int, int]:
    """The options that got points, by id, with how many; raises Invalid when they are not exactly `total` together."""
    given = {option: number for option, number in sorted(points.items()) if number}
    if not given:
        raise Invalid(N_("Verdeel uw punten over de keuzes."), field="points")
    if not set(given) <= set(options):
        raise Invalid(N_("Een van uw keuzes staat niet op dit stembiljet. Kies uit de lijst."), field="points")
    if any(number < 0 for number in given.values()):
        raise Invalid(N_("Een punt kan niet kleiner zijn dan 0."), field="points")
    if (spent := sum(given.values())) != total:
        raise Invalid(
            N_("U gaf samen %(spent)s punten. Verdeel er precies %(total)s."),
            field="points",
            spent=spent,
            total=total,
        )
    return given


def must_be_in_time(
    state: VotingState, opens_at: datetime, closes_at: datetime, now: datetime, check_opened_at: datetime
) -> None:
    """Raise Conflict unless a ballot that comes now still counts."""
    if state is not VotingState.OPEN:
        raise Conflict(N_("De stemming is gesloten. Uw stem is niet verstuurd."))
    if now < opens_at:
        raise Conflict(N_("De stemming is nog niet begonnen. Uw stem is niet verstuurd."))
    if now >= closes_at and not (check_opened_at < closes_at and now < closes_at + GRACE):
        raise Conflict(N_("De stemming is gesloten. Uw stem is niet verstuurd."))


def _must_be_in(voting_round_id: int, receipt: str) -> None:
    """The same receipt again is the same voter again; another one means the code was used elsewhere."""
    known = db.session.scalar(
        sa.select(Receipt.receipt_hash).where(
            Receipt.receipt_hash == receipt_hash(receipt), Receipt.voting_round_id == voting_round_id
        )
    )
    if known is None:
        raise Conflict(N_("Met deze code is al gestemd. Een code werkt één keer. Klopt dit niet? Bel ons dan."))
