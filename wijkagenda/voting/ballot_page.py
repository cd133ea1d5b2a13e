"""What the voting pages show: the cards in random order, and why a code cannot be used now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import SystemRandom

from wijkagenda.voting.models import CodeState, VotingOption, VotingRound, VotingState
from wijkagenda.voting.queries import FoundCode


class Stop(Enum):
    """Why somebody with a real code cannot vote at this moment."""

    USED = "used"
    VOIDED = "voided"
    EARLY = "early"
    OVER = "over"


def why_stopped(found: FoundCode, voting_round: VotingRound, now: datetime) -> Stop | None:
    """None when this code can vote now."""
    if found.state is CodeState.USED:
        return Stop.USED
    if found.state is CodeState.VOIDED:
        return Stop.VOIDED
    if voting_round.state is not VotingState.OPEN or now >= voting_round.closes_at:
        return Stop.OVER
    return Stop.EARLY if now < voting_round.opens_at else None


@dataclass(frozen=True)
class Cards:
    """The options as this page shows them; `order` is what its hidden field holds."""

    options: Sequence[VotingOption]

    @property
    def order(self) -> str:
        return ",".join(str(option.id) for option in self.options)


def cards_of(voting_round: VotingRound, order: Sequence[int] | None) -> Cards:
    """In the order of before, or in a fresh random one, so that no point is always on top."""
    if order is None:
        shuffled = list(voting_round.options)
        SystemRandom().shuffle(shuffled)
        return Cards(shuffled)
    places = {option_id: place for place, option_id in enumerate(order)}
    return Cards(sorted(voting_round.options, key=lambda option: places[option.id]))
