"""Who can open the box of a round: key holders, their passphrases, and the printed recovery sheet.

Before a round opens at least two officers join as holders, one of them makes the key of the round, and each holder
(the recovery sheet too) opens a trial ballot. Any one of them alone can then let the votes be counted, so one who is
ill or forgets a passphrase loses nothing. The private key itself exists in memory only, for the length of a request.
No passphrase and no code of a recovery sheet is stored, logged or audited.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.voting import policy
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.box.sealing import (
    STRONG,
    CannotOpen,
    Effort,
    check_passphrase,
    key_number,
    new_pair,
    new_salt,
    seal,
    unseal,
    unwrap,
    wrap,
)
from wijkagenda.voting.codes import fresh, is_well_typed, normalise
from wijkagenda.voting.models import VotingRound, VotingState

FEWEST_HOLDERS = 2
HOLDERS_OF_ROUND = 0x57_48
RECOVERY_LENGTH = 28
"""Symbols of the recovery sheet: 27 random ones (135 bits) and a check symbol."""
WRONG_PASSPHRASE = N_("Met deze wachtzin gaat de stembus niet open. Kijk of u de wachtzin van deze stemming typt.")
NO_HOLDER = N_("U bent geen sleutelhouder van deze stemming.")
WRONG_RECOVERY = N_("Dit is niet de code van het herstelblad van deze stemming. Kijk of u het nieuwste blad hebt.")


def holders_of(voting_round_id: int) -> list[KeyHolder]:
    """Officers first, in the order in which they joined, then the recovery sheet; with names, and as they stand now."""
    return list(
        db.session.scalars(
            sa.select(KeyHolder)
            .where(KeyHolder.voting_round_id == voting_round_id)
            .options(joinedload(KeyHolder.staff_member))
            .order_by(KeyHolder.staff_member_id.is_(None), KeyHolder.id)
            .execution_options(populate_existing=True)
        )
    )


def join(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    passphrase: str,
    again: str,
    effort: Effort = STRONG,
) -> KeyHolder:
    """Become a key holder, with a passphrase of one's own; joining again is a new passphrase.

    As long as the round is a draft its key must then be made anew. Later one who holds the key lets the newcomer in
    with `grant`.
    """
    _must_hold(actor, voting_round)
    check_passphrase(passphrase, again)
    _must_take_holders(voting_round, _holder_of(voting_round.id, actor.staff_id))
    # Takes its time on purpose: before the lock, for nobody may wait for a passphrase.
    pair, salt = new_pair(), new_salt()
    wrapped = wrap(pair.private, passphrase, salt, effort)
    _lock_for_holders(voting_round)
    holder = _holder_of(voting_round.id, actor.staff_id, alone=True)
    _must_take_holders(voting_round, holder)
    if voting_round.state is VotingState.DRAFT:
        _forget_round_key(voting_round)
    if holder is None:
        holder = KeyHolder(voting_round_id=voting_round.id, staff_member_id=actor.staff_id)
        db.session.add(holder)
    holder.salt, holder.passes, holder.memory = salt, effort.passes, effort.memory
    holder.public_key, holder.wrapped = pair.public, wrapped
    holder.round_key, holder.joined_at, holder.proved_at = None, now, None
    db.session.flush()
    record(actor=actor, now=now, action="voting.join_keys", subject=voting_round)
    return holder


def leave(*, actor: Actor, now: datetime, voting_round: VotingRound, holder_id: int) -> None:
    """Take a holder out of a draft; the key of the round must then be made anew."""
    _must_hold(actor, voting_round)
    _lock(voting_round)
    _must_be_draft(voting_round)
    holder = db.session.get(KeyHolder, holder_id)
    if holder is None or holder.voting_round_id != voting_round.id or holder.staff_member_id is None:
        raise NotFound(N_("Deze sleutelhouder kennen wij niet."))
    _forget_round_key(voting_round)
    db.session.delete(holder)
    db.session.flush()
    record(actor=actor, now=now, action="voting.leave_keys", subject=voting_round)


def make_round_key(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    effort: Effort = STRONG,
    instead_of: str | None = None,
) -> str:
    """Make the key pair of the round and seal its private half for every holder; returns the recovery code.

    The code is shown and printed once; only what it wraps is stored.
    instead_of: the number of the key that this one takes the place of ('' for the first). Another one stands there
    when the form was sent twice, or a colleague was sooner: then the sheet on paper must not become worthless.
    """
    _must_hold(actor, voting_round)
    _lock(voting_round)
    db.session.refresh(voting_round, attribute_names=["public_key"])
    _must_be_draft(voting_round)
    if instead_of is not None and instead_of != number_of(voting_round):
        raise Conflict(
            N_(
                "De sleutel is intussen al gemaakt. Het herstelblad was één keer te zien. Is het niet geprint? "
                "Maak de sleutel dan opnieuw."
            )
        )
    officers = [holder for holder in holders_of(voting_round.id) if holder.staff_member_id is not None]
    if len(officers) < FEWEST_HOLDERS:
        raise Invalid(N_("Er zijn minstens %(fewest)s sleutelhouders nodig."), fewest=FEWEST_HOLDERS)
    _forget_round_key(voting_round)
    pair = new_pair()
    for holder in officers:
        holder.round_key = seal(holder.public_key, pair.private)
    code, own, salt = fresh(RECOVERY_LENGTH), new_pair(), new_salt()
    sheet = KeyHolder(
        voting_round_id=voting_round.id,
        salt=salt,
        passes=effort.passes,
        memory=effort.memory,
        public_key=own.public,
        wrapped=wrap(own.private, code, salt, effort),
        round_key=seal(own.public, pair.private),
        joined_at=now,
    )
    db.session.add(sheet)
    voting_round.public_key = pair.public
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.make_round_key",
        subject=voting_round,
        detail={"holders": len(officers), "key": number_of(voting_round)},
    )
    return code


def number_of(voting_round: VotingRound) -> str:
    """The number of the key of this round; '' when it has none yet."""
    return key_number(voting_round.public_key) if voting_round.public_key is not None else ""


def grant(*, actor: Actor, now: datetime, voting_round: VotingRound, passphrase: str, holder_id: int) -> None:
    """Let a newcomer in while the vote runs: who holds the key seals it for them, with their own passphrase."""
    _must_hold(actor, voting_round)
    _newcomer(voting_round, holder_id)
    # Takes its time on purpose: before the lock, for nobody may wait for a passphrase.
    sealed_with = voting_round.public_key
    private_key = opened_by(voting_round, actor, passphrase)
    _lock_for_holders(voting_round)
    # Afresh: meanwhile this person may have taken another passphrase, or got the key of somebody else.
    newcomer = _newcomer(voting_round, holder_id, alone=True)
    mine = _holder_of(voting_round.id, actor.staff_id, alone=True)
    if mine is None or mine.round_key is None or voting_round.public_key != sealed_with:
        raise Conflict(NO_HOLDER)
    newcomer.round_key = seal(newcomer.public_key, private_key)
    db.session.flush()
    record(
        actor=actor, now=now, action="voting.grant_key", subject=voting_round, detail={"to": newcomer.staff_member_id}
    )


def prove(*, actor: Actor, now: datetime, voting_round: VotingRound, passphrase: str) -> None:
    """Open a trial ballot with one's own passphrase, as at the count."""
    _must_hold(actor, voting_round)
    _keep_the_key(voting_round)
    holder = _holder(voting_round, actor)
    _try_on_a_ballot(voting_round, _open(holder, passphrase, WRONG_PASSPHRASE, "passphrase"))
    holder.proved_at = now
    db.session.flush()
    record(actor=actor, now=now, action="voting.prove_key", subject=voting_round)


def prove_recovery(*, actor: Actor, now: datetime, voting_round: VotingRound, code: str) -> None:
    """Open a trial ballot with the code of the printed sheet, typed from the paper."""
    _must_hold(actor, voting_round)
    _keep_the_key(voting_round)
    private_key = opened_by_sheet(voting_round, code)
    _try_on_a_ballot(voting_round, private_key)
    for holder in holders_of(voting_round.id):
        if holder.staff_member_id is None:
            holder.proved_at = now
    db.session.flush()
    record(actor=actor, now=now, action="voting.prove_recovery", subject=voting_round)


def opened_by(voting_round: VotingRound, actor: Actor, passphrase: str) -> bytes:
    """The private key of the round, by the passphrase of `actor`; raises Invalid or Conflict."""
    return _open(_holder(voting_round, actor), passphrase, WRONG_PASSPHRASE, "passphrase")


def opened_by_sheet(voting_round: VotingRound, code: str) -> bytes:
    """The private key of the round, by the code of its recovery sheet; raises Invalid or Conflict."""
    typed = normalise(code, longest=2 * RECOVERY_LENGTH)
    if not is_well_typed(typed, RECOVERY_LENGTH):
        raise Invalid(
            N_("Er zit een typfout in de code van het herstelblad. Het zijn %(length)s letters en cijfers."),
            field="recovery",
            length=RECOVERY_LENGTH,
        )
    sheet = next((holder for holder in holders_of(voting_round.id) if holder.staff_member_id is None), None)
    if sheet is None:
        raise Conflict(N_("Deze stemming heeft nog geen herstelblad."))
    return _open(sheet, typed, WRONG_RECOVERY, "recovery")


@dataclass(frozen=True)
class Readiness:
    """How far the keys of a round are; `missing` says in plain words what still has to be done."""

    holders: list[KeyHolder]
    has_key: bool
    missing: list[str]

    @property
    def ready(self) -> bool:
        return not self.missing


def readiness(voting_round: VotingRound) -> Readiness:
    """What stands between this draft and opening, as far as keys go."""
    holders = holders_of(voting_round.id)
    officers = [holder for holder in holders if holder.staff_member_id is not None]
    sheets = [holder for holder in holders if holder.staff_member_id is None]
    missing = []
    if len(officers) < FEWEST_HOLDERS:
        missing.append(N_("Twee stembureauleden worden sleutelhouder, ieder met een eigen wachtzin."))
    if voting_round.state is VotingState.DRAFT and not all(_still_may_hold(one, voting_round) for one in officers):
        missing.append(
            N_("Een sleutelhouder is hier geen stembureaulid meer. Haal die weg en maak de sleutel opnieuw.")
        )
    if voting_round.public_key is None:
        missing.append(N_("Een sleutelhouder maakt de sleutel van de stembus en print het herstelblad."))
    if any(holder.proved_at is None for holder in officers):
        missing.append(N_("Elke sleutelhouder opent een proefbiljet met de eigen wachtzin."))
    if any(sheet.proved_at is None for sheet in sheets):
        missing.append(N_("Iemand typt de code van het geprinte herstelblad en opent zo een proefbiljet."))
    return Readiness(holders, voting_round.public_key is not None, missing)


def check_ready(voting_round: VotingRound) -> None:
    """Raise Invalid unless the keys are made and every holder proved theirs."""
    state = readiness(voting_round)
    if not state.ready:
        raise Invalid(state.missing[0])


# --- within ----------------------------------------------------------------------------------------


def _holder(voting_round: VotingRound, actor: Actor) -> KeyHolder:
    holder = _holder_of(voting_round.id, actor.staff_id)
    if holder is None or (holder.round_key is None and holder.wrapped is not None):
        raise Conflict(NO_HOLDER)
    return holder


def _open(holder: KeyHolder, passphrase: str, wrong: str, field: str) -> bytes:
    if holder.wrapped is None or holder.round_key is None:
        raise Conflict(N_("De sleutel van deze stemming is vernietigd."))
    effort = Effort(holder.passes, holder.memory)
    try:
        return unseal(unwrap(holder.wrapped, passphrase, holder.salt, effort), holder.round_key)
    except CannotOpen:
        raise Invalid(wrong, field=field) from None


def _try_on_a_ballot(voting_round: VotingRound, private_key: bytes) -> None:
    trial = secrets.token_bytes(2 + len(voting_round.options))
    if unseal(private_key, seal(voting_round.public_key or b"", trial)) != trial:
        raise CannotOpen("a trial ballot came out differently")


def _holder_of(voting_round_id: int, staff_member_id: int | None, *, alone: bool = False) -> KeyHolder | None:
    return _find(voting_round_id, KeyHolder.staff_member_id == staff_member_id, alone)


def _newcomer(voting_round: VotingRound, holder_id: int, *, alone: bool = False) -> KeyHolder:
    """Who waits for the key."""
    newcomer = _find(voting_round.id, KeyHolder.id == holder_id, alone)
    if newcomer is None:
        raise NotFound(N_("Deze sleutelhouder kennen wij niet."))
    if newcomer.round_key is not None:
        raise Conflict(N_("Deze sleutelhouder heeft de sleutel al."))
    if not _still_may_hold(newcomer, voting_round):
        raise Conflict(N_("Deze persoon is hier geen stembureaulid meer en krijgt de sleutel niet."))
    return newcomer


def _find(voting_round_id: int, which: sa.ColumnElement[bool], alone: bool) -> KeyHolder | None:
    """alone: as it stands now, and nobody else changes it until this transaction ends."""
    query = sa.select(KeyHolder).where(KeyHolder.voting_round_id == voting_round_id, which)
    if alone:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def _forget_round_key(voting_round: VotingRound) -> None:
    """Of a draft only: no ballot was sealed with it yet."""
    voting_round.public_key = None
    for holder in holders_of(voting_round.id):
        if holder.staff_member_id is None:
            db.session.delete(holder)
        else:
            holder.round_key, holder.proved_at = None, None
    db.session.flush()


def _must_hold(actor: Actor, voting_round: VotingRound) -> None:
    """Holders are those who may count: never somebody whose plan is voted on."""
    if not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def _still_may_hold(holder: KeyHolder, voting_round: VotingRound) -> bool:
    """Who left, lost the role, or now belongs to those whose plan is voted on, could not open the box any more."""
    member = holder.staff_member
    return (
        member is not None and member.is_active and policy.may_count(actor_of(member), voting_round.round.neighbourhood)
    )


def _must_take_holders(voting_round: VotingRound, holder: KeyHolder | None) -> None:
    """`holder`: what somebody who wants to join already is."""
    if voting_round.state is VotingState.DRAFT:
        return
    if voting_round.state not in (VotingState.OPEN, VotingState.CLOSED):
        raise Conflict(N_("De stembus van deze stemming is al open geweest."))
    if holder is not None and holder.round_key is not None:
        raise Conflict(N_("U hebt al een sleutel. Tijdens de stemming verandert uw wachtzin niet."))


def _must_be_draft(voting_round: VotingRound) -> None:
    if voting_round.state is not VotingState.DRAFT:
        raise Conflict(N_("De stemming is al klaargezet. De sleutels kunnen niet meer veranderen."))


def _lock(voting_round: VotingRound) -> None:
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)


def _keep_the_key(voting_round: VotingRound) -> None:
    """Nobody makes another key while somebody tries this one: it would be proved without being tried. Votes go on."""
    db.session.refresh(voting_round, attribute_names=["state", "public_key"], with_for_update={"read": True})


def _lock_for_holders(voting_round: VotingRound) -> None:
    """Nobody else changes who holds a key until this transaction ends. Votes go on, closing waits.

    Of a draft the key itself may change, so there it is the lock of who edits or opens it.
    """
    db.session.refresh(voting_round, attribute_names=["state"])
    if voting_round.state is VotingState.DRAFT:
        _lock(voting_round)
        db.session.refresh(voting_round, attribute_names=["public_key"])
        return
    _keep_the_key(voting_round)
    if db.session.get_bind().dialect.name == "postgresql":
        # Who joins for the first time has no row that could be locked.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(HOLDERS_OF_ROUND, voting_round.id)))
