"""A voting round from opening to result. A draft is made in `rules.operations`, a ballot is cast in
`box.casting`, and `result.operations` counts.

Opening, closing, counting and publishing are acts of named people and leave an audit row each.
"""

import secrets
from datetime import datetime, timedelta

from wijkagenda.audit.operations import record
from wijkagenda.audit.queries import last_act_on
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.priorities.operations import put_on_ballot
from wijkagenda.voting import policy
from wijkagenda.voting.box.keys import check_ready, number_of
from wijkagenda.voting.box.shuffle import shuffle_box
from wijkagenda.voting.counting import draw_lots
from wijkagenda.voting.events import TallyPublished, VotingOpened
from wijkagenda.voting.letters.operations import end_runs
from wijkagenda.voting.lifecycle import check_step
from wijkagenda.voting.models import GRACE, Tally, VotingRound, VotingState
from wijkagenda.voting.profiles import option_name
from wijkagenda.voting.rehearsal.operations import remove_rehearsals_of
from wijkagenda.voting.rules.operations import check_can_open, freeze, must_read_the_same

CLOCKS_DIFFER = timedelta(minutes=2)
"""Two servers that follow the same time are never this far apart."""
CLOCK_BEHIND = N_(
    "De klok van de server staat vóór een eerdere handeling in deze stemming. Vergelijk de tijd met uw eigen klok. "
    "Klopt de tijd nu niet? Sluit dan niet en bel de beheerder."
)


def open_round(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Fix the ballot paper and the rules, and draw the lots. People can vote from `opens_at` on."""
    _must_be_apart(actor, voting_round)
    _lock_draft(voting_round)
    check_step(voting_round.state, VotingState.OPEN)
    if voting_round.closes_at <= now:
        raise Invalid(N_("De stemming zou al gesloten zijn. Kies een latere dag."))
    check_can_open(voting_round)
    must_read_the_same(voting_round)
    check_ready(voting_round)
    _draw(voting_round)
    freeze(voting_round)
    if not voting_round.rehearsal:
        remove_rehearsals_of(actor=actor, now=now, agenda_round_id=voting_round.round_id)
        put_on_ballot(actor=actor, now=now, priorities=[option.priority for option in voting_round.options])
    voting_round.state = VotingState.OPEN
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.open_round",
        subject=voting_round,
        detail={
            "options": len(voting_round.options),
            "lot_seed": voting_round.lot_seed,
            "regulation": voting_round.regulation_hash,
            "key": number_of(voting_round),
        },
    )
    if not voting_round.rehearsal:
        emit(VotingOpened(voting_round.id))


def _draw(voting_round: VotingRound) -> None:
    """Draw the lots over the numbers of the priorities, by a seed that is public before the first vote."""
    voting_round.lot_seed = secrets.token_hex(16)
    by_number = {option_name(option): option for option in voting_round.options}
    for away, option in enumerate(voting_round.options, start=1):
        option.position = -away
    db.session.flush()
    for position, number in enumerate(draw_lots(voting_round.lot_seed, by_number), start=1):
        by_number[number].position = position
    db.session.flush()
    voting_round.options.sort(key=lambda option: option.position)


def close_round(*, actor: Actor, now: datetime, voting_round: VotingRound, clock_checked: bool = False) -> None:
    """Close the box for good and shuffle it, once nobody can still be sending. A rehearsal may be closed at any time.

    clock_checked: who closes compared the clock of the server with another one. Without it nobody closes while that
    clock stands before the last act in this round.
    """
    _must_be_apart(actor, voting_round)
    _lock(voting_round)
    check_can_close(voting_round, now)
    last_act = clock_behind(voting_round, now)
    if last_act is not None and not clock_checked:
        raise Conflict(CLOCK_BEHIND)
    end_runs(voting_round=voting_round)
    shuffle_box(voting_round.id)
    voting_round.state = VotingState.CLOSED
    db.session.flush()
    detail = {"clock_behind_seconds": int((last_act - now).total_seconds())} if last_act is not None else None
    record(actor=actor, now=now, action="voting.close_round", subject=voting_round, detail=detail)


def check_can_close(voting_round: VotingRound, now: datetime) -> None:
    """Raise Conflict unless the box is open and nobody can still be sending."""
    check_step(voting_round.state, VotingState.CLOSED)
    if now < voting_round.closes_at + GRACE and not voting_round.rehearsal:
        raise Conflict(
            N_("Sluiten kan vanaf %(minutes)s minuten na het einde. Wie bezig is, mag zo lang nog versturen."),
            minutes=int(GRACE.total_seconds() // 60),
        )


def clock_behind(voting_round: VotingRound, now: datetime) -> datetime | None:
    """The moment of the last act in this round, when `now` lies clearly before it: then a clock is or was wrong."""
    at = last_act_on(VotingRound.__tablename__, voting_round.id)
    return at if at is not None and now < at - CLOCKS_DIFFER else None


def publish_result(*, actor: Actor, now: datetime, voting_round: VotingRound) -> None:
    """Make the count public; somebody else than the counter does it, after looking at it."""
    tally = tally_to_publish(actor=actor, voting_round=voting_round)
    _lock(voting_round)
    check_step(voting_round.state, VotingState.PUBLISHED)
    tally.published_at = now
    tally.published_by_id = actor.staff_id
    voting_round.state = VotingState.PUBLISHED
    db.session.flush()
    record(actor=actor, now=now, action="voting.publish_result", subject=voting_round)
    if not voting_round.rehearsal:
        emit(TallyPublished(voting_round.id))


def tally_to_publish(*, actor: Actor, voting_round: VotingRound) -> Tally:
    """The count that this officer may make public; raises NotAllowed for who counted, Conflict when there is none."""
    if not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    if voting_round.tally is None:
        raise Conflict(N_("De stemmen zijn nog niet geteld."))
    if not policy.may_publish_result(actor, voting_round.round.neighbourhood, voting_round.tally):
        raise NotAllowed(N_("U heeft geteld. Een ander stembureaulid maakt de uitslag bekend."))
    return voting_round.tally


def _must_be_apart(actor: Actor, voting_round: VotingRound) -> None:
    if not policy.may_open_and_close(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def _lock(voting_round: VotingRound) -> None:
    """Wait for votes on their way, then read the state afresh."""
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)


def _lock_draft(voting_round: VotingRound) -> None:
    """Wait for a colleague who edits or opens this vote at the same moment, then read what they left."""
    _lock(voting_round)
    db.session.refresh(voting_round)
