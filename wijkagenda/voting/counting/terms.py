"""What a regulation says about counting, and everything that keeps a combination from working."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wijkagenda.voting.counting.profile import BallotType, Money, Profile


class Rule(StrEnum):
    """The deciding rules, by the names of the command line and the database."""

    MOST_VOTES = "most-votes"
    MOST_POINTS = "most-points"
    GREEDY = "greedy"
    EQUAL_SHARES = "equal-shares"
    EQUAL_SHARES_ADD1 = "equal-shares-add1"
    EQUAL_SHARES_ADD1_TOP_UP = "equal-shares-add1-top-up"
    EQUAL_SHARES_UNIT_PHRAGMEN = "equal-shares-unit-phragmen"
    PHRAGMEN = "phragmen"
    EQUAL_SHARES_POINTS = "equal-shares-points"


MONEY_RULES = frozenset(
    {Rule.GREEDY, Rule.EQUAL_SHARES, Rule.EQUAL_SHARES_ADD1, Rule.EQUAL_SHARES_ADD1_TOP_UP},
)
SEATS_RULES = frozenset(Rule) - MONEY_RULES
APPROVAL_ONLY = frozenset({Rule.MOST_VOTES, Rule.EQUAL_SHARES_UNIT_PHRAGMEN, Rule.PHRAGMEN})
POINTS_ONLY = frozenset({Rule.MOST_POINTS, Rule.EQUAL_SHARES_POINTS})
ORDER_WITHOUT_SEATS = frozenset({Rule.MOST_VOTES, Rule.MOST_POINTS})
"""Without a number of seats these put every option that was chosen in order."""
OTHER_RULE = {
    Rule.MOST_VOTES: Rule.EQUAL_SHARES_UNIT_PHRAGMEN,
    Rule.EQUAL_SHARES_UNIT_PHRAGMEN: Rule.MOST_VOTES,
    Rule.PHRAGMEN: Rule.MOST_VOTES,
    Rule.MOST_POINTS: Rule.EQUAL_SHARES_POINTS,
    Rule.EQUAL_SHARES_POINTS: Rule.MOST_POINTS,
    Rule.GREEDY: Rule.EQUAL_SHARES_ADD1,
    Rule.EQUAL_SHARES: Rule.GREEDY,
    Rule.EQUAL_SHARES_ADD1: Rule.GREEDY,
    Rule.EQUAL_SHARES_ADD1_TOP_UP: Rule.GREEDY,
}
"""Beside an outcome by a rule: what this one would have given."""


@dataclass(frozen=True)
class Reserve:
    """Of the seats, at least so many go to options of this theme."""

    theme: str
    at_least: int = 1


@dataclass(frozen=True)
class Terms:
    """How a round is decided. `money_unit` is what Add1 raises each share by, in the unit of costs and budget."""

    rule: Rule | str
    seats: int | None = None
    budget: Money | None = None
    reserved: tuple[Reserve, ...] = ()
    money_unit: Money = 1

    @property
    def about_money(self) -> bool:
        return self.rule in MONEY_RULES


@dataclass(frozen=True)
class Obstacle:
    """One reason why terms do not fit what is voted on: a code with its figures.

    `stops`: nothing can be counted like this. Otherwise it can, but it is hardly what somebody meant.
    """

    code: str
    figures: Mapping[str, Money | str]
    stops: bool = True


class CannotCount(ValueError):
    """Terms under which this profile cannot be counted; `obstacles` holds every reason that stops it."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(", ".join(obstacle.code for obstacle in obstacles))


def why_not(profile: Profile, terms: Terms) -> list[Obstacle]:
    """Every reason why this combination cannot work, or hardly can (`stops` is False); empty when all is well.

    A profile without ballots will do: so a regulation can be checked before anybody votes.
    """
    if terms.rule not in set(Rule):
        return [Obstacle("unknown-rule", {"rule": str(terms.rule)})]
    found: list[Obstacle] = []
    if terms.rule in APPROVAL_ONLY and profile.type is not BallotType.APPROVAL:
        found.append(Obstacle("rule-needs-approval", {"rule": str(terms.rule)}))
    if terms.rule in POINTS_ONLY and profile.type is not BallotType.POINTS:
        found.append(Obstacle("rule-needs-points", {"rule": str(terms.rule)}))
    if not profile.options:
        found.append(Obstacle("no-options", {}))
    found += _about_money(profile, terms) if terms.about_money else _about_seats(profile, terms)
    return found


def what_stops(profile: Profile, terms: Terms) -> list[Obstacle]:
    """Of `why_not` what makes counting impossible."""
    return [obstacle for obstacle in why_not(profile, terms) if obstacle.stops]


def _about_money(profile: Profile, terms: Terms) -> list[Obstacle]:
    found: list[Obstacle] = []
    if terms.reserved:
        found.append(Obstacle("reserve-without-seats", {"rule": str(terms.rule)}))
    if terms.seats is not None:
        found.append(Obstacle("seats-not-used", {"rule": str(terms.rule), "seats": terms.seats}, stops=False))
    if terms.money_unit <= 0:
        found.append(Obstacle("money-unit-not-positive", {"money_unit": terms.money_unit}))
    if terms.rule != Rule.GREEDY:
        free = [option.id for option in profile.options if option.cost == 0]
        found += [Obstacle("free-option", {"option": option}) for option in free]
    if terms.budget is None:
        found.append(Obstacle("no-budget", {"rule": str(terms.rule)}))
    elif terms.budget <= 0:
        found.append(Obstacle("budget-not-positive", {"budget": terms.budget}))
    else:
        budget = terms.budget
        found += [
            Obstacle("cost-above-budget", {"option": option.id, "cost": option.cost, "budget": budget}, stops=False)
            for option in profile.options
            if option.cost > budget
        ]
        if profile.options and min(option.cost for option in profile.options) > budget:
            found.append(Obstacle("every-cost-above-budget", {"budget": budget}))
        elif profile.options and sum(option.cost for option in profile.options) <= budget:
            total = sum(option.cost for option in profile.options)
            found.append(Obstacle("budget-pays-for-all", {"budget": budget, "cost": total}, stops=False))
    return found


def _about_seats(profile: Profile, terms: Terms) -> list[Obstacle]:
    found: list[Obstacle] = []
    options = len(profile.options)
    if terms.seats is None:
        if terms.rule not in ORDER_WITHOUT_SEATS:
            found.append(Obstacle("no-seats", {"rule": str(terms.rule)}))
        if terms.reserved:
            found.append(Obstacle("reserve-without-seats", {"rule": str(terms.rule)}))
    elif terms.seats <= 0:
        found.append(Obstacle("seats-not-positive", {"seats": terms.seats}))
    elif terms.seats > options:
        found.append(Obstacle("seats-above-options", {"seats": terms.seats, "options": options}))
    elif terms.seats == options:
        found.append(Obstacle("seats-for-all", {"seats": terms.seats, "options": options}, stops=False))
    of_theme = Counter(option.theme for option in profile.options if option.theme)
    for theme, times in Counter(reserve.theme for reserve in terms.reserved).items():
        if times > 1:
            found.append(Obstacle("reserve-twice", {"theme": theme}))
    for reserve in terms.reserved:
        figures: dict[str, Money | str] = {"theme": reserve.theme, "at_least": reserve.at_least}
        if reserve.at_least <= 0:
            found.append(Obstacle("reserve-not-positive", figures))
        elif not of_theme[reserve.theme]:
            found.append(Obstacle("reserve-unknown-theme", figures))
        elif reserve.at_least > of_theme[reserve.theme]:
            found.append(Obstacle("reserve-above-options", figures | {"options": of_theme[reserve.theme]}))
    places = sum(max(reserve.at_least, 0) for reserve in terms.reserved)
    if terms.seats is not None and places > terms.seats > 0:
        found.append(Obstacle("reserves-above-seats", {"reserved": places, "seats": terms.seats}))
    return found
