"""Rules that go well together, to begin with. Everything in them can still be changed in the form."""

from dataclasses import dataclass

from wijkagenda.errors import N_
from wijkagenda.voting.models import BallotType, DecidingRule
from wijkagenda.wishes.models import Theme


@dataclass(frozen=True)
class Preset:
    """`key` stands in an address. `seats` or, where money is divided, a budget that staff fill in."""

    key: str
    title: str
    words: str
    ballot_type: BallotType = BallotType.APPROVAL
    rule: DecidingRule = DecidingRule.MOST_VOTES
    max_choices: int = 3
    points: int = 0
    seats: int | None = 3
    reserves: tuple[tuple[Theme, int], ...] = ()

    def at_most(self, options: int) -> "Preset":
        """The same, made to fit a ballot paper with so many options."""
        most = max(options, 1)
        return Preset(
            self.key,
            self.title,
            self.words,
            self.ballot_type,
            self.rule,
            min(self.max_choices, most),
            self.points,
            None if self.seats is None else min(self.seats, most),
            self.reserves,
        )


TOP_THREE = Preset(
    "top-drie",
    N_("Top drie"),
    N_("Iedereen kruist hoogstens 3 punten aan. De 3 punten met de meeste stemmen winnen. Dit is het eenvoudigst."),
)
TOP_THREE_SOCIAL = Preset(
    "top-drie-sociaal",
    N_("Top drie met een sociale plaats"),
    N_("Net als de top drie, maar van de 3 plaatsen is er minstens 1 voor een punt over mensen."),
    reserves=((Theme.PEOPLE, 1),),
)
NEIGHBOURHOOD_BUDGET = Preset(
    "wijkbudget",
    N_("Wijkbudget"),
    N_(
        "Er is geld te verdelen en elk punt heeft een prijs. Iedere stemmer beslist over een even groot deel van het geld."
    ),
    rule=DecidingRule.EQUAL_SHARES_ADD1,
    max_choices=5,
    seats=None,
)
POINTS = Preset(
    "punten",
    N_("Punten verdelen"),
    N_(
        "Iedereen verdeelt 10 punten over de keuzes. Zo laat iemand zien wat het zwaarst weegt. De 3 met de meeste punten winnen."
    ),
    ballot_type=BallotType.POINTS,
    rule=DecidingRule.MOST_POINTS,
    points=10,
)
PRESETS = (TOP_THREE, TOP_THREE_SOCIAL, NEIGHBOURHOOD_BUDGET, POINTS)


def preset_by_key(key: str) -> Preset:
    """The preset of an address; the first one for a name nobody knows."""
    return next((preset for preset in PRESETS if preset.key == key), TOP_THREE)
