"""What Markerstad does with the wishes: bundles, refusals and referrals. All invented."""

from wijkagenda.demo.wish_texts import GREEN, PEOPLE, SAFETY, TRAFFIC, WORK

BUNDLES = (
    ("Schone straten en minder afval naast de bakken", "Meer ondergrondse bakken. Twee keer per week schoonmaken.", GREEN,
     ("prullenbak", "afval", "Ondergrondse", "vijver", "portieken", "stoep"), 62_000, "team Schoon",
     "Er is plaats voor zes ondergrondse bakken. De kabels liggen diep genoeg."),
    ("Minder hard rijden en veilig oversteken", "Een smallere weg, twee zebrapaden en borden die uw snelheid laten zien.", TRAFFIC,
     ("Drempel", "oversteken", "Minder hard", "Groen licht", "fietspad"), 85_000, "team Verkeer",
     "Zebrapaden en borden kunnen. Drempels niet overal: ziekenwagens rijden hier."),
    ("Een plek voor jongeren, ook in de avond", "Een eigen ruimte in het buurthuis, vier avonden per week.", PEOPLE,
     ("jongeren", "meiden", "Stages"), 48_000, "team Jeugd", "De zaal is vrij. Twee jongerenwerkers kunnen beginnen."),
    ("Meer licht en beter zicht in het park", "Nieuwe lampen langs het pad. Lage struiken.", SAFETY,
     ("Lampen", "struiken", "lamp bij", "Inbraak"), 54_000, "team Licht", "De kabel ligt er al. Achttien lampen zijn genoeg voor het hele pad."),
    ("Hulp bij geldzorgen, dichtbij huis", "Elke week hulp in de wijk, zonder afspraak.", PEOPLE,
     ("geldzorgen", "computer", "Taalles"), 30_000, "team Zorg", "Er is een spreekkamer en er zijn genoeg vrijwilligers."),
    ("Meer groen en schaduw op het plein", "Twaalf bomen en banken in de schaduw.", GREEN,
     ("bomen", "Bloemen", "bank bij", "Water om", "plantenbakken", "buurttuin"), 71_000, "team Groen",
     "Twaalf bomen passen tussen de leidingen."),
    ("Samen eten en elkaar leren kennen", "Elke maand een maaltijd in de buurtkeuken.", PEOPLE,
     ("samen eten", "Koffie", "buurtfeest", "sporten", "ruilkast"), 12_000, "team Welzijn", "De keuken is goedgekeurd voor 60 mensen."),
    ("Weer leven in de lege winkels", "Een markt en een half jaar lage huur voor wie begint.", WORK,
     ("markt", "winkels", "geldautomaat", "Repaircafé"), 40_000, "team Economie",
     "De eigenaren van drie winkels doen mee. Een markt op zaterdag mag."),
)  # fmt: skip
"""(title, summary, theme, words of titles that belong, cost, team, why it can be done)."""

REFUSALS = (
    ("Parkeren", "rule", "Parkeren alleen voor bewoners mag pas als meer dan 90 van de 100 plekken vol zijn. Wij telden er 71.",
     "Wij tellen volgend voorjaar opnieuw en vertellen u de uitkomst.", "team Verkeer"),
    ("hondenveld", "space", "Het veld met hek moet volgens de regels 800 m² zijn. Zoveel plaats is er niet naast de speelplek.",
     "Langs het water mogen honden wel los lopen. Daar komt een bak voor de zakjes.", "team Groen"),
    ("Drempel", "rule", "Door deze straat rijden ziekenwagens. Op zo'n weg mag geen drempel liggen.",
     "In maart komt er een bord dat uw snelheid laat zien. Wij meten daarna opnieuw.", "team Verkeer"),
    ("starters", "money", "Er is de komende vier jaar geen grond en geen geld om hier huizen te bouwen.", "", "team Wonen"),
)  # fmt: skip
"""(word in the title, ground, text, what we do, team)."""

REFERRALS = (
    (
        "Huizen voor ouderen",
        "het programma Wonen van de hele stad",
        "Nieuwe huizen plannen wij voor de hele stad samen. Uw wens ligt nu bij het programma Wonen.",
    ),
    (
        "zonnepanelen",
        "het Energieloket van de stad",
        "Het Energieloket helpt buren die samen panelen willen kopen. Wij hebben uw wens doorgegeven.",
    ),
    (
        "warm te houden",
        "het Energieloket van de stad",
        "Het Energieloket heeft elke week een spreekuur. Wij hebben uw wens doorgegeven.",
    ),
    (
        "bus",
        "de vervoerder Polderlijn en de provincie",
        "De gemeente gaat niet over de bus. Wij hebben uw wens doorgegeven en vragen elk half jaar hoe het staat.",
    ),
    (
        "Schimmel",
        "woningcorporatie De Polder en de huurcommissie",
        "De verhuurder moet dit oplossen. Wij hebben uw wens doorgegeven en helpen u bij een klacht.",
    ),
    (
        "Zwemles",
        "het programma Sport van de hele stad",
        "Zwemles regelen wij voor de hele stad samen. Uw wens ligt nu bij het programma Sport.",
    ),
)
"""(word in the title, receiver, text)."""
