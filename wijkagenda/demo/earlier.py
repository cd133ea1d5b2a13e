"""An earlier vote of the whole city, brought in from a file of open ballots."""

import random
from datetime import date, datetime

from wijkagenda.people.actors import SYSTEM
from wijkagenda.voting.archive.incoming import count_incoming
from wijkagenda.voting.archive.operations import import_vote
from wijkagenda.voting.counting import Option, Profile, Rule, Terms
from wijkagenda.voting.counting.pabulib_writing import write

PLANS = (
    ("Bankjes en schaduw op het Molenplein", 15000, 9),
    ("Speelplek in de Wiekstraat", 24000, 8),
    ("Overdekte fietsenstalling bij de halte", 18000, 7),
    ("Buurtkeuken in De Wieken", 12000, 5),
    ("Taalcafé op dinsdag", 6000, 4),
    ("Kunstwerk op de rotonde", 20000, 3),
)
"""Title, what it costs, how much people like it."""
VOTERS, BUDGET, CHOICES = 640, 60000, 3


def hold_earlier_vote(now: datetime, today: date) -> None:
    """A vote over money of four years ago; its ballots are made by a fixed chance, so the city is always the same."""
    chance = random.Random("eerder gestemd")
    options = [Option(str(number), cost, title) for number, (title, cost, _) in enumerate(PLANS, start=1)]
    ballots = []
    for _voter in range(VOTERS):
        chosen = chance.choices(options, weights=[liked for _, _, liked in PLANS], k=CHOICES)
        ballots.append(sorted({option.id for option in chosen}))
    year = today.year - 4
    content = write(
        Profile.of_approvals(options, ballots),
        Terms(rule=Rule.EQUAL_SHARES_ADD1, budget=BUDGET),
        meta={
            "description": f"Wijkbudget {year}",
            "country": "Netherlands",
            "unit": "Markerstad",
            "instance": str(year),
            "currency": "EUR",
            "language": "nl",
            "max_length": str(CHOICES),
        },
        begins=date(year, 11, 1),
        ends=date(year, 11, 22),
        voter_ids=[f"{number:04}" for number in range(VOTERS)],
    )
    import_vote(
        actor=SYSTEM,
        now=now,
        counted=count_incoming(content, Rule.EQUAL_SHARES_ADD1),
        source="gemeente Markerstad",
    )
