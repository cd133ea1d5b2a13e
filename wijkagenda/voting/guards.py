"""What acts with codes, letters and paper ask first: who it is, whether the box is open, and for whom it is."""

from datetime import datetime

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import Actor
from wijkagenda.voting import policy
from wijkagenda.voting.models import Electorate, VotingRound, VotingState

ONLY_WHILE_OPEN = N_("Dit kan alleen zolang de stemming open is.")


def must_be_officer(*, actor: Actor, voting_round: VotingRound) -> None:
    """Raise NotAllowed unless `actor` is an officer of this vote, and not of those whose plan it is: a code is a vote."""
    if not policy.may_open_and_close(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def must_be_open(*, voting_round: VotingRound) -> None:
    """Raise Conflict unless the box is open. Closing waits for this, as it waits for votes."""
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update={"read": True})
    if voting_round.state is not VotingState.OPEN:
        raise Conflict(ONLY_WHILE_OPEN)


def must_take_votes(*, voting_round: VotingRound, now: datetime) -> None:
    """Raise Conflict unless a code that is made now can still be used."""
    must_be_open(voting_round=voting_round)
    if now >= voting_round.closes_at:
        raise Conflict(N_("De stemming is voorbij. Er kunnen geen codes meer bij."))


def must_take_part(*, electorate: Electorate, voting_round: VotingRound) -> None:
    """Raise Invalid when this electorate does not vote here."""
    if electorate is Electorate.BUSINESSES and not voting_round.with_businesses:
        raise Invalid(N_("In deze stemming stemmen winkels, bedrijven en clubs niet mee."), field="electorate")
