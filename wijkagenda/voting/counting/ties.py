"""Equal options: lowest cost, then most votes (or points), then the lot. One order for every rule."""

from collections.abc import Sequence

from wijkagenda.voting.counting.profile import BallotType, Money, Profile


class TieOrder:
    """The order in which equal options come, and what decided it. Without money every cost is the same."""

    def __init__(self, profile: Profile, *, about_money: bool) -> None:
        self.profile = profile
        costs: list[Money] = [option.cost if about_money else 1 for option in profile.options]
        self.costs = costs
        self._keys = [(costs[place], -support, place) for place, support in enumerate(profile.support)]

    def first(self, equal: Sequence[int]) -> int:
        return min(equal, key=self._keys.__getitem__)

    def decided_by(self, equal: Sequence[int]) -> str:
        """What told the first of these from the next one: cost, votes, points or lot."""
        (cost, support, _), (next_cost, next_support, _) = sorted(self._keys[place] for place in equal)[:2]
        if cost != next_cost:
            return "cost"
        if support != next_support:
            return "points" if self.profile.type is BallotType.POINTS else "votes"
        return "lot"
