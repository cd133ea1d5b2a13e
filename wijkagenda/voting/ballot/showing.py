"""What the voting pages show: the cards in random order, and why a code cannot be used now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import SystemRandom
from typing import Any

from wijkagenda.voting.ballot.forms import BallotForm, read_points
from wijkagenda.voting.box.casting import check_choices, check_points
from wijkagenda.voting.models import BallotType, CodeState, VotingOption, VotingRound, VotingState
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
    if found.state in (CodeState.VOIDED, CodeState.REPLACED):
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


@dataclass(frozen=True)
class Filled:
    """A ballot paper that can be sent: the chosen option ids, and on a paper with points how many each got."""

    chosen: list[int]
    points: dict[int, int]


def filled_in(voting_round: VotingRound, choices: Sequence[int], typed: Mapping[int, str]) -> Filled:
    """What was ticked, or typed as points; raises Invalid when it cannot be."""
    options = [option.id for option in voting_round.options]
    if voting_round.ballot_type is BallotType.POINTS:
        points = check_points(read_points(typed), options, voting_round.points)
        return Filled(list(points), points)
    return Filled(check_choices(choices, options, voting_round.max_choices), {})


def ballot_context(
    form: BallotForm, voting_round: VotingRound, typed: Mapping[int, str], **more: Any
) -> dict[str, Any]:
    """What the page of the ballot paper needs; `more` says where it leads."""
    cards = cards_of(voting_round, form.ordered([option.id for option in voting_round.options]))
    form.order.data = cards.order
    return more | {
        "form": form,
        "cards": cards.options,
        "chosen": set(form.choices.data or ()),
        "typed": typed,
        "given": sum(int(value) for value in typed.values() if value.isascii() and value.isdigit()),
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
    }


def check_context(form: BallotForm, voting_round: VotingRound, filled: Filled, **more: Any) -> dict[str, Any]:
    """What the page that lets one look again needs."""
    cards = cards_of(voting_round, form.ordered([option.id for option in voting_round.options]))
    return more | {
        "form": form,
        "chosen": [option for option in cards.options if option.id in filled.chosen],
        "points": filled.points,
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
    }


def cards_of(voting_round: VotingRound, order: Sequence[int] | None) -> Cards:
    """In the order of before, or in a fresh random one, so that no point is always on top."""
    if order is None:
        shuffled = list(voting_round.options)
        SystemRandom().shuffle(shuffled)
        return Cards(shuffled)
    places = {option_id: place for place, option_id in enumerate(order)}
    return Cards(sorted(voting_round.options, key=lambda option: places[option.id]))
