"""Typing paper ballots over: twice, by different people, sealed at once; a third look where they differ; into the box.

What somebody read is sealed with the public key of the round before it is written. `mark` tells whether two people
read the same: an HMAC under a key derived from SECRET_KEY, for each batch another. Nobody reads an entry before the
count. Whoever has SECRET_KEY *and* the rows can try every ballot that is possible until a mark fits; so marks and
entries go as soon as the batch is in the box.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from random import SystemRandom
from typing import cast

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import Role
from wijkagenda.people.queries import staff_with_role
from wijkagenda.voting.box.content import content_for
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.box.sealing import seal
from wijkagenda.voting.codes import hkdf
from wijkagenda.voting.models import BallotType, VotingRound
from wijkagenda.voting.paper import policy, queries
from wijkagenda.voting.paper.lifecycle import check_step
from wijkagenda.voting.paper.models import PaperBatch, PaperEntry, PaperState
from wijkagenda.voting.paper.operations import TAKES_PAPER, checked_reason

TWICE = 2
INVALID_SHEET = N_(
    "Op dit biljet staan %(chosen)s kruisjes. Er mogen er %(most)s staan. Klopt dat? Zet dan een vinkje bij ‘ongeldig of leeg’."
)
TOO_MANY_POINTS = N_(
    "Op dit biljet staan %(given)s punten. Er mogen er %(most)s staan. Klopt dat? Zet dan een vinkje bij ‘ongeldig of leeg’."
)
NOTHING_READ = N_("Typ wat er op het biljet staat. Staat er niets? Zet dan een vinkje bij ‘ongeldig of leeg’.")


def content_of_sheet(
    batch: PaperBatch, *, choices: Collection[int] = (), points: Mapping[int, int] | None = None, blank: bool = False
) -> bytes:
    """A sheet as ballot; raises Invalid when nobody could have filled it in validly.

    choices: option ids with a cross. points: per option id, in a points round. blank: empty or spoiled.
    """
    voting_round = batch.voting_round
    if blank:
        return content_for(voting_round, batch.electorate, [])
    if voting_round.ballot_type is BallotType.POINTS:
        given = {option: number for option, number in (points or {}).items() if number}
        _check_points(voting_round, given)
        return content_for(voting_round, batch.electorate, list(given), list(given.values()))
    if not choices:
        raise Invalid(NOTHING_READ, field="read")
    if len(set(choices)) > voting_round.max_choices:
        raise Invalid(INVALID_SHEET, field="read", chosen=len(set(choices)), most=voting_round.max_choices)
    return content_for(voting_round, batch.electorate, sorted(set(choices)))


def _check_points(voting_round: VotingRound, given: Mapping[int, int]) -> None:
    if not given:
        raise Invalid(NOTHING_READ, field="read")
    if min(given.values()) < 0 or sum(given.values()) > voting_round.points:
        raise Invalid(TOO_MANY_POINTS, field="read", given=sum(given.values()), most=voting_round.points)


def enter_sheet(
    *, actor: Actor, now: datetime, batch: PaperBatch, sheet: int, content: bytes, secret: str, reason: str = ""
) -> None:
    """Keep what somebody read on a sheet, sealed.

    Until every sheet was entered twice: sheets this person has not entered, or their own once more (a typing error).
    Then: sheets on which two people differ, by somebody who has not seen them; by one of the two only when there is
    no other officer, together and with a reason.
    """
    policy.must_handle_paper(actor, batch.voting_round)
    _lock(batch)
    if batch.state is not PaperState.FULL or batch.sheets is None:
        raise Conflict(N_("Deze stapel kan nu niet worden overgetypt."))
    if not policy.may_type_over(actor, batch):
        raise NotAllowed(
            N_("U nam stroken aan van deze kleine stapel. Een ander typt hem over, zodat niemand weet wie wat koos.")
        )
    if not 1 <= sheet <= batch.sheets:
        raise Invalid(N_("Biljet %(sheet)s is niet van deze stapel."), field="read", sheet=sheet)
    progress = queries.progress_of(batch, actor.staff_id)
    entries = queries.entries_by_sheet([batch.id])[batch.id].get(sheet, [])
    own = next((entry for entry in entries if entry.entered_by_id == actor.staff_id), None)
    public_key = batch.voting_round.public_key
    if public_key is None:
        raise Conflict(N_("Deze stemming neemt geen papieren stembiljetten aan."))
    values = {
        "entered_at": now,
        "content": seal(public_key, content),
        "mark": mark_of(secret, batch.id, sheet, content),
    }
    if not progress.is_complete and own is not None:
        db.session.execute(sa.update(PaperEntry).where(PaperEntry.id == own.id).values(values))
        db.session.flush()
        return
    if not progress.is_complete:
        if len(entries) >= TWICE:
            raise Conflict(N_("Dit biljet is al twee keer overgetypt."))
    elif sheet not in progress.different:
        raise Conflict(N_("Over dit biljet zijn twee mensen het eens. Het kan niet meer veranderen."))
    elif own is not None:
        _may_look_again(batch, {entry.entered_by_id for entry in entries})
        values["reason"] = checked_reason(reason, field="reason")
    db.session.add(
        PaperEntry(batch_id=batch.id, sheet=sheet, turn=len(entries) + 1, entered_by_id=actor.staff_id, **values)
    )
    db.session.flush()
    if progress.is_complete:
        record(
            actor=actor,
            now=now,
            action="voting.look_again_at_sheet",
            subject=batch,
            detail={"number": batch.number, "sheet": sheet, "again": own is not None},
        )


def _may_look_again(batch: PaperBatch, seen_by: set[int]) -> None:
    """Who has seen a sheet looks a second time only when there is nobody else of the voting office."""
    neighbourhood = batch.voting_round.round.neighbourhood
    others = [
        member
        for member in staff_with_role(Role.VOTING_OFFICER, set(neighbourhood.rights_areas))
        if member.id not in seen_by and policy.may_handle_paper(actor_of(member), neighbourhood)
    ]
    others = [member for member in others if policy.may_type_over(actor_of(member), batch)]
    if others:
        raise Conflict(
            N_("U heeft dit biljet al gezien. Vraag een ander stembureaulid, bijvoorbeeld %(name)s."),
            name=others[0].name,
        )


def put_in_box(*, actor: Actor, now: datetime, batch: PaperBatch) -> None:
    """All sheets at once, sealed as they are, under fresh random ids and in random order; the entries go."""
    voting_round = batch.voting_round
    policy.must_handle_paper(actor, voting_round)
    # Closing and counting wait for this, as they wait for votes.
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update={"read": True})
    if voting_round.state not in TAKES_PAPER:
        raise Conflict(N_("Deze stemming is al geteld."))
    _lock(batch)
    check_step(batch.state, PaperState.IN_BOX)
    progress = queries.progress_of(batch, actor.staff_id)
    if not progress.is_complete:
        raise Conflict(N_("Nog niet elk biljet is twee keer overgetypt."))
    if progress.different:
        raise Conflict(N_("Er zijn nog biljetten waarover twee mensen het niet eens zijn."))
    entries = queries.entries_by_sheet([batch.id])[batch.id]
    chosen = [cast(PaperEntry, policy.agreed(of_sheet)).id for of_sheet in entries.values()]
    sealed = list(db.session.scalars(sa.select(PaperEntry.content).where(PaperEntry.id.in_(chosen))))
    SystemRandom().shuffle(sealed)
    rows = [{"id": secrets.token_hex(16), "voting_round_id": voting_round.id, "content": content} for content in sealed]
    if len(rows) != batch.sheets or batch.sheets != batch.stubs:
        raise Conflict(N_("Deze stapel klopt niet: stroken en biljetten zijn niet gelijk."))
    people = sorted({entry.entered_by_id for of_sheet in entries.values() for entry in of_sheet})
    db.session.execute(sa.insert(SealedBallot), rows)
    db.session.execute(
        sa.delete(PaperEntry).where(PaperEntry.batch_id == batch.id).execution_options(synchronize_session=False)
    )
    db.session.expire(batch, ["entries"])
    batch.state = PaperState.IN_BOX
    db.session.flush()
    detail = {"number": batch.number, "sheets": batch.sheets, "entered_by": people}
    record(actor=actor, now=now, action="voting.put_paper_in_box", subject=batch, detail=detail)


def mark_of(secret: str, batch_id: int, sheet: int, content: bytes) -> str:
    """Equal for equal readings of one sheet, and nothing but noise without the key."""
    key = hkdf(secret.encode(), salt=b"wijkagenda paper entries", info=f"batch {batch_id}".encode())
    return hmac.new(key, f"{batch_id}\n{sheet}\n".encode() + content, hashlib.sha256).hexdigest()


def _lock(batch: PaperBatch) -> None:
    db.session.refresh(batch, attribute_names=["state", "stubs", "sheets", "taken_by"], with_for_update=True)
