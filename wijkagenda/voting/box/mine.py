"""To whom the pages about the box of a round are open."""

from wijkagenda.errors import NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting import policy, queries
from wijkagenda.voting.models import VotingRound
from wijkagenda.web.access import current_actor, roles

officers = roles(Role.VOTING_OFFICER)


def my_round(voting_round_id: int) -> VotingRound:
    """A round whose box is my business; NotAllowed elsewhere, and for who belongs to those whose plan is voted on."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if not policy.may_count(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round
