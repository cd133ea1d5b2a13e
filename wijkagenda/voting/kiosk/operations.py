"""An officer makes a computer of the municipality a kiosk."""

from collections.abc import Collection
from datetime import datetime

from wijkagenda.audit.operations import record
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import Actor
from wijkagenda.voting.models import GRACE, VotingRound, VotingState
from wijkagenda.voting.policy import may_count


def set_up(*, actor: Actor, now: datetime, voting_rounds: Collection[VotingRound]) -> datetime:
    """Note who made a kiosk for these votes; returns until when it is one. Never somebody whose plan is voted on."""
    if not voting_rounds:
        raise Invalid(N_("Kies voor welke stemming deze computer is."), field="voting_round_ids")
    for voting_round in voting_rounds:
        if not may_count(actor, voting_round.round.neighbourhood):
            raise NotAllowed
        if voting_round.state is not VotingState.OPEN or now >= voting_round.closes_at:
            raise Conflict(N_("Deze stemming is niet meer open."), field="voting_round_ids")
        record(actor=actor, now=now, action="voting.set_up_kiosk", subject=voting_round)
    return max(voting_round.closes_at for voting_round in voting_rounds) + GRACE
