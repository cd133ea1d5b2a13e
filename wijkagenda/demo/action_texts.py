"""What the municipality of Markerstad does about it. Per bundle of wish_texts.BUNDLES, in that order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAction:
    """An action, who does it, and how it is counted when it can be counted."""

    title: str
    text: str
    owner: str
    budget: int
    partners: tuple[tuple[str, str], ...] = ()
    counted: tuple[int, str] | None = None
    """(how many, the sentence with %(done)s and %(total)s)."""
    take_part: str = ""


ACTIONS: tuple[tuple[DemoAction, ...], ...] = (
    (
        DemoAction("Zes ondergrondse bakken", "Wij graven zes bakken in. Dan liggen er geen zakken meer op straat.", "Gemeente, team Schoon", 42_000,
                   (("Afvalbedrijf Polder", "graaft en leegt"), ("Bewonersclub", "kiest mee waar")), (6, "%(done)s van de %(total)s bakken staan er.")),
        DemoAction("Twee keer per week schoonmaken", "De veegploeg komt voortaan op maandag en vrijdag.", "Gemeente, team Schoon", 14_000),
        DemoAction("Schoonmaakdag met de buurt", "Twee keer per jaar ruimen wij samen op. Wij zorgen voor soep.", "Bewonersclub", 6_000,
                   (("Gemeente", "leent grijpers en zakken"),), None, "De club komt elke maand bij elkaar. Iedereen mag aanschuiven."),
    ),
    (
        DemoAction("Twee zebrapaden bij de school", "Bij de school komen twee zebrapaden met lampen in de weg.", "Gemeente, team Verkeer", 48_000,
                   (("Basisschool De Vlieger", "helpt bij het oversteken"),), (2, "%(done)s van de %(total)s zebrapaden liggen er.")),
        DemoAction("Borden die uw snelheid laten zien", "Drie borden laten zien hoe hard u rijdt. Wij meten voor en na.", "Gemeente, team Verkeer", 21_000,
                   (("Politie", "kijkt mee"),), (3, "%(done)s van de %(total)s borden hangen.")),
        DemoAction("De weg smaller maken", "Wij maken de weg smaller en de stoep breder.", "Gemeente, team Verkeer", 160_000),
    ),
    (
        DemoAction("Vier avonden per week open", "Jongeren krijgen een eigen ruimte in het buurthuis.", "Stichting Jong Markerstad", 36_000,
                   (("Gemeente, team Jeugd", "betaalt de jongerenwerkers"),)),
        DemoAction("Meidenavond", "Elke woensdag is er dans en muziek, gekozen door de meiden zelf.", "Stichting Jong Markerstad", 12_000, (), None,
                   "De meiden kiezen elke maand wat er komt. Kom op woensdag langs."),
    ),
    (
        DemoAction("Achttien lampen langs het pad", "Wij zetten achttien nieuwe lampen langs het grote pad. De lampen geven warm licht, dat is beter voor de vleermuizen.", "Gemeente, team Licht", 54_000,
                   (("Bewonersclub", "snoeit en kijkt mee"), ("Politie", "kijkt mee naar veiligheid")), (18, "%(done)s van de %(total)s lampen staan er."),
                   "De werkgroep komt elke maand bij elkaar."),
        DemoAction("Lage struiken", "De struiken langs het pad worden kniehoog. Zo ziet u beter wie er loopt.", "Gemeente, team Groen", 9_000),
    ),
    (
        DemoAction("Spreekuur geld", "Elke dinsdag helpen twee mensen met brieven en schulden. Zonder afspraak.", "Team Zorg", 24_000,
                   (("Bibliotheek", "geeft een kamer"),)),
        DemoAction("Hulp met de computer", "Vrijwilligers helpen elke donderdag met telefoon en computer.", "Bibliotheek", 6_000),
    ),
    (
        DemoAction("Twaalf bomen", "Op het plein komen twaalf bomen die veel schaduw geven.", "Gemeente, team Groen", 38_000, (), (12, "%(done)s van de %(total)s bomen zijn geplant.")),
        DemoAction("Banken in de schaduw", "Wij zetten zes banken met een leuning onder de bomen.", "Gemeente, team Groen", 15_000, (), (6, "%(done)s van de %(total)s banken staan er.")),
        DemoAction("Buurttuin", "Buren maken zelf een tuin. De gemeente geeft grond en water.", "Bewoners van de buurttuin", 8_000,
                   (("Gemeente", "geeft grond en water"),), None, "Op zaterdag werken wij in de tuin. Loop gerust binnen."),
    ),
    (
        DemoAction("Elke maand samen eten", "Op de eerste vrijdag koken buren voor elkaar.", "Buurtkeuken", 9_000, (("Team Welzijn", "helpt bij het begin"),)),
        DemoAction("Koffie op dinsdag", "Elke dinsdag is er koffie van tien tot twaalf.", "Buurthuis", 3_000),
    ),
    (
        DemoAction("Markt op zaterdag", "Een half jaar proberen wij een kleine markt op zaterdag.", "Gemeente, team Economie", 18_000, (("Vereniging van winkels", "zoekt kramen"),)),
        DemoAction("Lage huur voor wie begint", "In drie lege winkels kunnen ondernemers beginnen voor een lage huur.", "Gemeente, team Economie", 22_000, (), (3, "%(done)s van de %(total)s winkels zijn weer open.")),
    ),
)  # fmt: skip

MOTIVES = (
    "Zwerfafval stoort veel mensen. Een schone straat is voor iedereen.",
    "Kinderen en ouderen moeten veilig naar de overkant kunnen.",
    "Jongeren vroegen hier zelf om. Zij hebben nu geen plek.",
    "Veel mensen durven in het donker niet door het park.",
    "Wie geldzorgen heeft, moet dichtbij hulp vinden.",
    "In de zomer is het plein te heet om te zitten.",
    "Veel mensen zijn alleen. Samen eten helpt.",
    "Lege winkels maken een wijk stil. Een markt brengt mensen bij elkaar.",
)
"""Why an item stands on the agenda; per bundle."""

DELAYS = (
    "Onder de weg liggen kabels die niet op de kaart stonden. De netbeheerder verlegt ze eerst.",
    "De aannemer kan pas later beginnen. Wij houden hem aan de prijs.",
    "De vleermuizen broeden hier tot de zomer. Daarna gaan wij verder.",
)
