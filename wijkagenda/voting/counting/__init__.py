"""Counting, apart from everything: ballots and terms in, an outcome that explains itself out.

Standard library only; with NumPy, counting many ballots is quicker. This is the one door: others import from here.
docs/counting.md describes the rules.
"""

from wijkagenda.voting.counting.counting import ENGINES, count
from wijkagenda.voting.counting.lots import draw_lots
from wijkagenda.voting.counting.outcome import Line, Note, Outcome, Payers, Reason, Step, Tie, Totals
from wijkagenda.voting.counting.profile import BallotType, Money, Option, Profile, SpoiledBallot
from wijkagenda.voting.counting.terms import (
    MONEY_RULES,
    OTHER_RULE,
    SEATS_RULES,
    CannotCount,
    Obstacle,
    Reserve,
    Rule,
    Terms,
    what_stops,
    why_not,
)

__all__ = [
    "ENGINES",
    "MONEY_RULES",
    "OTHER_RULE",
    "SEATS_RULES",
    "BallotType",
    "CannotCount",
    "Line",
    "Money",
    "Note",
    "Obstacle",
    "Option",
    "Outcome",
    "Payers",
    "Profile",
    "Reason",
    "Reserve",
    "Rule",
    "SpoiledBallot",
    "Step",
    "Terms",
    "Tie",
    "Totals",
    "count",
    "draw_lots",
    "what_stops",
    "why_not",
]
