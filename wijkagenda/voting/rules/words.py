"""Each deciding rule in words that somebody of 80 can follow. Figures: seats, budget, unit (one unit of money)."""

from wijkagenda.errors import N_
from wijkagenda.voting.models import DecidingRule

_PAY_TOGETHER = N_(
    "Mensen die hetzelfde kozen, betalen het samen, ieder evenveel. Wie te weinig heeft, betaalt alles wat nog over is."
)
_WHO_FIRST = N_(
    "Welk punt is het eerst aan de beurt? Bij elk punt kijken wij naar de mensen die het meest moeten betalen. "
    "Waar dat het kleinste deel van de prijs is, gaat voor. In het begin is dat het punt met de meeste stemmen."
)
_LESS_LEFT = N_(
    "Wie heeft betaald, heeft daarna minder over. Zo krijgen niet steeds dezelfde mensen hun zin: "
    "ook een kleinere groep komt aan de beurt."
)
_SHARE_MONEY = (
    N_("Het geld is van alle stemmers samen. In gedachten krijgt iedere stemmer een even groot deel van %(budget)s."),
    _PAY_TOGETHER,
    N_("Kunnen zij de hele prijs betalen, dan kan het punt winnen."),
    _WHO_FIRST,
    _LESS_LEFT,
    N_(
        "Vaak blijft er geld over dat niemand meer kan gebruiken. Dan beginnen wij opnieuw, en geven iedereen in gedachten "
        "%(unit)s meer. Dat doen wij steeds weer. Wij stoppen net voordat de winnende punten samen meer kosten dan %(budget)s, "
        "of als elk punt dat iemand koos gewonnen heeft."
    ),
)
RULES: dict[DecidingRule, tuple[str, ...]] = {
    DecidingRule.MOST_VOTES: (
        N_("Wij tellen bij elk punt hoeveel mensen het aankruisten. De %(seats)s punten met de meeste stemmen winnen."),
        N_("Het punt met de meeste stemmen komt op plaats 1."),
    ),
    DecidingRule.MOST_POINTS: (
        N_(
            "Bij elke keuze tellen wij alle punten op die mensen gaven. De %(seats)s keuzes met de meeste punten winnen."
        ),
        N_("De keuze met de meeste punten komt op plaats 1."),
    ),
    DecidingRule.EQUAL_SHARES_UNIT: (
        N_("Er zijn %(seats)s plaatsen. Wij verdelen ze eerlijk over alle stemmers. In gedachten gaat dat zo."),
        N_("Een plaats kost 1 munt. Wij verdelen %(seats)s munten: iedere stemmer krijgt een even groot stukje."),
        _PAY_TOGETHER,
        _WHO_FIRST,
        _LESS_LEFT,
        N_(
            "Zijn er dan nog plaatsen over? Dan krijgt iedereen er langzaam evenveel bij. Het punt waarvoor de mensen het eerst "
            "samen 1 munt hebben, krijgt de volgende plaats. Zo gaan wij door tot alle plaatsen vergeven zijn."
        ),
    ),
    DecidingRule.EQUAL_SHARES_POINTS: (
        N_("Er zijn %(seats)s plaatsen. Wij verdelen ze eerlijk over alle stemmers. In gedachten gaat dat zo."),
        N_("Een plaats kost 1 munt. Wij verdelen %(seats)s munten: iedere stemmer krijgt een even groot stukje."),
        N_(
            "Mensen die punten gaven aan dezelfde keuze, betalen die samen. Wie meer punten gaf, betaalt meer. "
            "Wie te weinig heeft, betaalt alles wat nog over is."
        ),
        N_("De keuze waarvoor mensen per punt het minst hoeven te betalen, is het eerst aan de beurt."),
        _LESS_LEFT,
        N_("Zijn er dan nog plaatsen over? Die gaan naar de keuzes met de meeste punten."),
    ),
    DecidingRule.GREEDY: (
        N_("Wij beginnen met het punt met de meeste stemmen. Is er genoeg geld voor, dan wint het."),
        N_("Daarna komt het punt met de meeste stemmen na dat. Zo gaan wij de hele rij af."),
        N_("Is er voor een punt te weinig geld over, dan slaan wij het over en kijken wij naar het volgende."),
        N_("Wat er aan het eind over is van %(budget)s, geven wij in deze stemming niet uit."),
    ),
    DecidingRule.EQUAL_SHARES_ADD1: (
        *_SHARE_MONEY,
        N_("Wat er dan nog over is, geven wij in deze stemming niet uit."),
    ),
    DecidingRule.EQUAL_SHARES_ADD1_TOP_UP: (
        *_SHARE_MONEY,
        N_(
            "Is er dan nog geld over? Daarvan nemen wij het punt met de meeste stemmen dat nog past, en zo verder "
            "tot er niets meer past."
        ),
    ),
}
ONE_PLACE: dict[DecidingRule, tuple[str, ...]] = {
    DecidingRule.MOST_VOTES: (
        N_("Wij tellen bij elk punt hoeveel mensen het aankruisten. Het punt met de meeste stemmen wint."),
    ),
    DecidingRule.MOST_POINTS: (
        N_("Bij elke keuze tellen wij alle punten op die mensen gaven. De keuze met de meeste punten wint."),
    ),
}
"""Where one place is to be had, in words for one."""
SHORT: dict[DecidingRule, str] = {
    DecidingRule.MOST_VOTES: N_("Eenvoudig uit te leggen. Een grote groep kan alles winnen."),
    DecidingRule.EQUAL_SHARES_UNIT: N_(
        "Iedere stemmer krijgt een even groot deel van de plaatsen. Ook een kleinere groep die hetzelfde wil, wint iets."
    ),
    DecidingRule.MOST_POINTS: N_("Alleen met punten. Wat de meeste punten krijgt, wint."),
    DecidingRule.EQUAL_SHARES_POINTS: N_(
        "Alleen met punten. Iedere stemmer krijgt een even groot deel van de plaatsen; punten laten zien wat zwaar weegt."
    ),
    DecidingRule.GREEDY: N_(
        "Alleen met geld. Wat de meeste stemmen krijgt, komt eerst. Wat niet meer past, slaan wij over."
    ),
    DecidingRule.EQUAL_SHARES_ADD1: N_(
        "Alleen met geld. Iedere stemmer beslist over een even groot deel van het geld. Zo deden gemeenten het eerder."
    ),
    DecidingRule.EQUAL_SHARES_ADD1_TOP_UP: N_(
        "Alleen met geld. Zoals hierboven, maar wat er daarna nog over is, gaat naar de punten met de meeste stemmen die nog passen."
    ),
}
"""For staff who choose a rule: what it does, in a sentence or two."""
