"""A voting round from opening to result. A draft is made in `preparing`, a ballot is cast in `box.casting`.

Opening, closing, counting and publishing are acts of named people and leave an audit row each.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.priorities.operations import put_on_ballot
from wijkagenda.voting import policy, queries
from wijkagenda.voting.box.models import Ballot, Receipt
from wijkagenda.voting.box.shuffle import shuffle_box
from wijkagenda.voting.count import count_most_votes, draw_lots
from wijkagenda.voting.events import TallyPublished, VotingOpened
from wijkagenda.voting.lifecycle import check_step
from wijkagenda.voting.models import (
    GRACE,
    SMALLEST_SHOWN,
    Electorate,
    Tally,
    TallyLine,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.preparing import choose_options

FEWEST_OPTIONS = 2


def open_round(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Fix the ballot paper and the rules, and draw the lots. People can vote from `opens_at` on."""
    _must_manage(actor, voting_round)
    _lock_draft(voting_round)
    check_step(voting_round.state, VotingState.OPEN)
    chosen = {option.priority_id for option in voting_round.options}
    still_public = {line.priority.id for line in queries.proposed_priorities(voting_round.round_id)}
    if len(chosen & still_public) < FEWEST_OPTIONS:
        raise Invalid(N_("Er zijn minstens 2 openbare punten nodig om over te stemmen."))
    if len(chosen & still_public) < voting_round.max_choices:
        raise Invalid(N_("Mensen kunnen niet meer punten kiezen dan er zijn. Maak het aantal kleiner."))
    if voting_round.closes_at <= now:
        raise Invalid(N_("De stemming zou al gesloten zijn. Kies een latere dag."))
    choose_options(voting_round, chosen & still_public)
    _draw(voting_round)
    put_on_ballot(actor=actor, now=now, priorities=[option.priority for option in voting_round.options])
    voting_round.state = VotingState.OPEN
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.open_round",
        subject=voting_round,
        detail={"options": len(voting_round.options), "lot_seed": voting_round.lot_seed},
    )
    emit(VotingOpened(voting_round.id))


def _draw(voting_round: VotingRound) -> None:
    """Draw the lots over the numbers of the priorities, by a seed that is public before the first vote."""
    voting_round.lot_seed = secrets.token_hex(16)
    by_number = {option.priority.number: option for option in voting_round.options}
    for away, option in enumerate(voting_round.options, start=1):
        option.position = -away
    db.session.flush()
    for position, number in enumerate(draw_lots(voting_round.lot_seed, by_number), start=1):
        by_number[number].position = position
    db.session.flush()
    voting_round.options.sort(key=lambda option: option.position)


def close_round(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Close the box for good and shuffle it, once nobody can still be sending."""
    _must_manage(actor, voting_round)
    _lock(voting_round)
    check_step(voting_round.state, VotingState.CLOSED)
    if now < voting_round.closes_at + GRACE:
        raise Conflict(
            N_("Sluiten kan vanaf %(minutes)s minuten na het einde. Wie bezig is, mag zo lang nog versturen."),
            minutes=int(GRACE.total_seconds() // 60),
        )
    shuffle_box(voting_round.id)
    voting_round.state = VotingState.CLOSED
    db.session.flush()
    record(actor=actor, now=now, action="voting.close_round", subject=voting_round)


def count_round(*, actor: Actor, now: datetime, voting_round: VotingRound) -> Tally:
    """Count a closed round. Refuses when codes, ballots and receipts do not agree to the last one."""
    if not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    _lock(voting_round)
    check_step(voting_round.state, VotingState.COUNTED)
    counts = queries.code_counts(voting_round)
    receipts = db.session.scalar(
        sa.select(sa.func.count()).select_from(Receipt).where(Receipt.voting_round_id == voting_round.id)
    )
    used = sum(count.used or 0 for count in counts.values())
    if receipts != used or any(count.used != count.ballots for count in counts.values()):
        raise Conflict(
            N_(
                "De stembus klopt niet: gebruikte codes, stembiljetten en bewijzen zijn niet gelijk. "
                "Tel niet verder en bel de beheerder."
            )
        )
    boxes: dict[Electorate, list[list[int]]] = {electorate: [] for electorate in Electorate}
    for electorate, choices in db.session.execute(
        sa.select(Ballot.electorate, Ballot.choices).where(Ballot.voting_round_id == voting_round.id)
    ):
        boxes[electorate].append(choices)
    count = count_most_votes(
        boxes[Electorate.RESIDENTS],
        [option.id for option in voting_round.options],
        businesses=boxes[Electorate.BUSINESSES],
        max_choices=voting_round.max_choices,
        smallest_shown=SMALLEST_SHOWN,
    )
    tally = Tally(
        voting_round_id=voting_round.id,
        counted_at=now,
        counted_by_id=actor.staff_id,
        codes_issued=sum(count.issued for count in counts.values()),
        codes_voided=sum(count.voided for count in counts.values()),
        codes_used=used,
        ballots=count.resident_ballots + count.business_ballots,
        business_codes=counts[Electorate.BUSINESSES].issued,
        business_voided=counts[Electorate.BUSINESSES].voided,
        business_ballots=count.business_ballots,
        lines=[
            TallyLine(
                option_id=line.option_id,
                rank=line.rank,
                votes=line.votes,
                business_votes=line.business_votes,
                tied=line.tied,
            )
            for line in count.lines
        ],
    )
    voting_round.tally = tally
    voting_round.state = VotingState.COUNTED
    db.session.flush()
    record(actor=actor, now=now, action="voting.count_round", subject=voting_round)
    return tally


def publish_result(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Make the count public; somebody else than the counter does it, after looking at it."""
    if not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    tally = voting_round.tally
    if tally is None:
        raise Conflict(N_("De stemmen zijn nog niet geteld."))
    if not policy.may_publish_result(actor, voting_round.round.neighbourhood, tally):
        raise NotAllowed(N_("U heeft geteld. Een ander stembureaulid maakt de uitslag bekend."))
    _lock(voting_round)
    check_step(voting_round.state, VotingState.PUBLISHED)
    tally.published_at = now
    tally.published_by_id = actor.staff_id
    voting_round.state = VotingState.PUBLISHED
    db.session.flush()
    record(actor=actor, now=now, action="voting.publish_result", subject=voting_round)
    emit(TallyPublished(voting_round.id))


def _must_manage(actor: Actor, voting_round: VotingRound) -> None:
    if not policy.may_manage_voting(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def _lock(voting_round: VotingRound) -> None:
    """Wait for votes on their way, then read the state afresh."""
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)


def _lock_draft(voting_round: VotingRound) -> None:
    """Wait for a colleague who edits or opens this vote at the same moment, then read what they left."""
    _lock(voting_round)
    db.session.refresh(voting_round)
