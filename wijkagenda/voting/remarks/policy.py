"""Who reads and answers meldingen over de stemming."""

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.voting.policy import may_count


def may_answer_remarks(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Voting officers of this neighbourhood; never those whose plan it is, for a melding may be about them."""
    return may_count(actor, neighbourhood)
