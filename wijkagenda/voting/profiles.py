"""From our tables to what is counted: options under their names, the terms of the regulation, ballots as a profile."""

from collections.abc import Iterable

from wijkagenda.voting import counting
from wijkagenda.voting.box.content import BallotContent
from wijkagenda.voting.counting import Profile, Rule, Terms
from wijkagenda.voting.models import BallotType, VotingOption, VotingRound


def option_name(option: VotingOption) -> str:
    """How an option is called in counts and files: the number of its priority, which the lots were drawn over."""
    return str(option.priority.number)


def terms_of(voting_round: VotingRound, rule: Rule | None = None) -> Terms:
    """The regulation as `counting` understands it; with another rule than its own, if one is given."""
    return Terms(
        rule=rule or Rule(voting_round.rule.value),
        seats=voting_round.seats,
        budget=voting_round.budget,
        reserved=tuple(counting.Reserve(reserve.theme.value, reserve.at_least) for reserve in voting_round.reserves),
    )


def profile_of(voting_round: VotingRound, ballots: Iterable[BallotContent]) -> Profile:
    """Options in the order of the lot, and ballots of this round."""
    names = [option_name(option) for option in voting_round.options]
    options = [
        counting.Option(id=name, cost=option.cost or 1, name=option.title, theme=option.theme.value)
        for name, option in zip(names, voting_round.options, strict=True)
    ]
    if voting_round.ballot_type is BallotType.POINTS:
        return Profile.of_points(
            options,
            ({name: points for name, points in zip(names, ballot.points, strict=True) if points} for ballot in ballots),
            most_points=voting_round.points,
            lot="drawn",
            lot_seed=voting_round.lot_seed,
        )
    return Profile.of_approvals(
        options,
        ([name for name, points in zip(names, ballot.points, strict=True) if points] for ballot in ballots),
        at_most=voting_round.max_choices,
        lot="drawn",
        lot_seed=voting_round.lot_seed,
    )
