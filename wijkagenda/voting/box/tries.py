"""Slow-down for passphrases and recovery codes: each try counts, the right ones too, before it is tried."""

from limits import parse

from wijkagenda.errors import N_, Invalid
from wijkagenda.people.actors import Actor
from wijkagenda.voting.models import VotingRound
from wijkagenda.web.limits import limiter

OF_ONE_ACCOUNT = parse("10 per 10 minutes")
OF_ONE_ROUND = parse("30 per 10 minutes")
"""A key is tried a few times in the life of a vote; who tries more often is guessing, or needs help."""
slow_down = limiter.limit("300 per hour")
"""Per address, on every route below which keys are tried: it notices a counter that is away."""


def count_try(actor: Actor, voting_round: VotingRound, field: str) -> None:
    """Count one more try of this account in this round; raises Invalid at `field` when that is one too many."""
    if not limiter.enabled:
        return
    counter, about = limiter.limiter, ("voting keys", str(voting_round.id))
    if not counter.hit(OF_ONE_ACCOUNT, *about, str(actor.staff_id)) or not counter.hit(OF_ONE_ROUND, *about):
        raise Invalid(
            N_(
                "Dit is te vaak geprobeerd. Wacht 10 minuten. Lukt het dan nog niet? Een andere sleutelhouder kan het "
                "ook doen."
            ),
            field=field,
        )
