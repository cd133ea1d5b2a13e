"""A count made ready to be told: per option why it won or not, who paid, and what the other rule would have given.

Only figures and codes; the words stand in templates/voting/_why.html. A count whose figures may not be shown is never
brought here: `result.queries.what_shows` decides that first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wijkagenda.errors import N_
from wijkagenda.voting.counting import MONEY_RULES, Line, Note, Outcome, Rule, Step, Tie
from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.models import DecidingRule

RULE_NAMES: dict[Rule, str] = {Rule(rule.value): rule.label for rule in DecidingRule} | {
    Rule.EQUAL_SHARES: N_("Gelijke delen van het geld, zonder verhogen"),
    Rule.PHRAGMEN: N_("Ieders deel groeit gelijk op (Phragmén)"),
}
"""What a rule is called, on every page the same; two of them stand only in files of other votes."""
EQUAL_SHARES = frozenset(Rule) - {Rule.MOST_VOTES, Rule.MOST_POINTS, Rule.GREEDY, Rule.PHRAGMEN}


@dataclass(frozen=True)
class Paid:
    """People who paid alike for an option; `share`: their part of its cost, 0 to 100."""

    people: int
    each: Money
    of_own_share: float
    """What each paid, in percent of the share everyone had."""
    total: Money
    share: float
    all_they_had: bool
    points: Money


@dataclass(frozen=True)
class Told:
    """One option. `code` and `figures` are its reason, with the names of options filled in."""

    option: str
    name: str
    theme: str
    cost: Money
    votes: int
    points: Money
    place: int | None
    code: str
    figures: Mapping[str, Any]
    step: Step | None
    paid: tuple[Paid, ...]
    short_of: float | None
    """Of its cost (or of a place) this much was there in the end, 0 to 100."""
    tie: "ToldTie | None"

    @property
    def elected(self) -> bool:
        return self.place is not None

    @property
    def paid_full(self) -> int:
        """How many paid the common amount."""
        return sum(paid.people for paid in self.paid if not paid.all_they_had)

    @property
    def paid_all_they_had(self) -> int:
        return sum(paid.people for paid in self.paid if paid.all_they_had)


@dataclass(frozen=True)
class ToldTie:
    """Options that were equal when one was taken: their names, who went first and by what."""

    names: tuple[str, ...]
    first: str
    decided_by: str


@dataclass(frozen=True)
class Instead:
    """What another rule gives: its winners in order, and who wins by one rule only."""

    rule: str
    winners: tuple[str, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    same_order: bool

    @property
    def same(self) -> bool:
        return not self.only_here and not self.only_there


@dataclass(frozen=True)
class Explained:
    """A whole count. `options`: the winners in order, then the others by support. `instead` where there is another.

    `open_ballots`: every ballot is public. Only then is told how many of a group also chose something else: that is
    more than the totals say, and of a few people it would be too much.
    """

    outcome: Outcome
    options: tuple[Told, ...]
    ties: tuple[ToldTie, ...]
    instead: Instead | None
    open_ballots: bool = False

    @property
    def rule(self) -> str:
        return str(self.outcome.terms.rule)

    @property
    def about_money(self) -> bool:
        return self.outcome.terms.rule in MONEY_RULES

    @property
    def with_points(self) -> bool:
        return any(line.points for line in self.outcome.lines)

    @property
    def equal_shares(self) -> bool:
        """Whether everyone held a share, which can be drawn."""
        return self.outcome.terms.rule in EQUAL_SHARES and self.outcome.totals.final_share is not None

    @property
    def winners(self) -> tuple[Told, ...]:
        return tuple(told for told in self.options if told.elected)

    @property
    def losers(self) -> tuple[Told, ...]:
        return tuple(told for told in self.options if not told.elected)

    @property
    def notes(self) -> tuple[Note, ...]:
        return self.outcome.notes

    @property
    def last_support(self) -> Money | None:
        """Votes (or points) of the last winner, where the most support wins and there are losers to compare."""
        if self.rule not in {Rule.MOST_VOTES, Rule.MOST_POINTS} or not self.winners or not self.losers:
            return None
        last = self.winners[-1]
        return last.points if self.with_points else last.votes

    def paid_before(self, told: Told) -> int:
        """For a loser: how many who chose it had paid for something that won; 0 where that is not for all to see."""
        return int(told.figures.get("paid_before", 0)) if self.open_ballots else 0

    def beaten(self, told: Told) -> "Told | None":
        """For a loser: the winner with the least support that is less than its own."""
        fewer = [other for other in self.winners if _support(other) < _support(told)]
        return min(fewer, key=lambda other: (_support(other), other.option)) if fewer else None


def explain(outcome: Outcome, other: Outcome | None = None, *, open_ballots: bool = False) -> Explained:
    """Make a count ready to be told; `other`: what another rule gave for the same ballots, `open_ballots`: see Explained."""
    names = {line.option: line.name or line.option for line in outcome.lines}
    ties = {tie.first: _tie(tie, names) for tie in outcome.ties}
    options = [_told(outcome, line, names, ties.get(line.option)) for line in outcome.lines]
    places = {line.option: number for number, line in enumerate(outcome.lines)}
    last = len(options)
    options.sort(key=lambda told: (told.place or last + 1, -_support(told), places[told.option]))
    instead = None
    if other is not None:
        instead = Instead(
            rule=str(other.terms.rule),
            winners=tuple(names[option] for option in other.winners),
            only_here=tuple(names[option] for option in outcome.winners if option not in other.winners),
            only_there=tuple(names[option] for option in other.winners if option not in outcome.winners),
            same_order=outcome.winners == other.winners,
        )
    return Explained(outcome, tuple(options), tuple(ties.values()), instead, open_ballots)


def served(profile: Profile, winners: tuple[str, ...]) -> int:
    """How many ballots chose at least one of these options."""
    places = {place for place, option in enumerate(profile.options) if option.id in winners}
    return sum(
        times for pattern, times in zip(profile.patterns, profile.times, strict=True) if not places.isdisjoint(pattern)
    )


def _support(told: Told) -> Money:
    return told.points or told.votes


def _told(outcome: Outcome, line: Line, names: Mapping[str, str], tie: ToldTie | None) -> Told:
    step = next((step for step in outcome.steps if step.option == line.option), None)
    figures = dict(line.reason.figures)
    if "instead" in figures:
        figures["instead"] = names[str(figures["instead"])]
    cost = line.cost if outcome.terms.about_money else 1
    short_of = None
    if line.reason.code == "others-first":
        # What they had together when the last place was taken: everyone earned as fast, until they would have come.
        figures["had"] = 1 - (Fraction(figures["time"]) - Fraction(figures["last"])) * line.votes
    if "had" in figures and cost:
        short_of = min(100.0, max(0.0, float(Fraction(figures["had"]) * 100 / cost)))
    return Told(
        option=line.option,
        name=names[line.option],
        theme=line.theme,
        cost=line.cost,
        votes=line.votes,
        points=line.points,
        place=line.place,
        code=line.reason.code,
        figures=figures,
        step=step,
        paid=_paid(outcome, step, cost) if step else (),
        short_of=short_of,
        tie=tie,
    )


def _paid(outcome: Outcome, step: Step, cost: Money) -> tuple[Paid, ...]:
    own = outcome.totals.final_share
    return tuple(
        Paid(
            people=payers.people,
            each=payers.each,
            of_own_share=float(Fraction(payers.each) * 100 / own) if own else 0.0,
            total=payers.total,
            share=float(Fraction(payers.total) * 100 / cost) if cost else 0.0,
            all_they_had=payers.all_they_had,
            points=payers.points,
        )
        for payers in step.payers
    )


def _tie(tie: Tie, names: Mapping[str, str]) -> ToldTie:
    return ToldTie(tuple(names[option] for option in tie.among), names[tie.first], tie.decided_by)
