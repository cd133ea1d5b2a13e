"""What people in Markerstad wish for. All invented; {square}, {park}, … are places of their wijk."""

from dataclasses import dataclass

from wijkagenda.wishes.models import Theme

GREEN, TRAFFIC, SAFETY = Theme.STREETS_AND_GREEN, Theme.TRAFFIC, Theme.SAFETY
PEOPLE, HOMES, WORK = Theme.PEOPLE, Theme.HOMES, Theme.SHOPS_AND_WORK


@dataclass(frozen=True)
class DemoWish:
    """A wish: what it is about, its title after moderation, the giver's words, and at which place."""

    theme: Theme
    title: str
    text: str
    place: str | None = None
    """'square', 'park', 'street', 'stop', 'house'; None: no fixed place."""


WISHES = (
    DemoWish(
        GREEN,
        "Meer prullenbakken bij {stop}",
        "Elke ochtend ligt er rommel bij {stop}. Er is maar één bak en die is altijd vol.",
        "stop",
    ),
    DemoWish(
        GREEN,
        "Zwerfafval op {square}",
        "Na het weekend waait het afval over {square}. Kan er op maandag vroeg worden schoongemaakt?",
        "square",
    ),
    DemoWish(
        GREEN, "Een bank bij {stop}", "Mijn moeder van 82 kan niet lang staan. Zet een bank neer bij {stop}.", "stop"
    ),
    DemoWish(
        GREEN,
        "Meer bomen op {square}",
        "In de zomer is het bloedheet op {square}. Plant daar bomen, dan is er schaduw.",
        "square",
    ),
    DemoWish(
        GREEN,
        "Water om te drinken in {park}",
        "Een kraantje met drinkwater in {park} zou fijn zijn, voor kinderen en voor wie hardloopt.",
        "park",
    ),
    DemoWish(
        GREEN,
        "Ondergrondse bakken in de {street}",
        "De zakken liggen naast de bakken in de {street}. De meeuwen trekken ze open. Maak ondergrondse bakken.",
        "street",
    ),
    DemoWish(
        GREEN,
        "Bloemen in de berm van de {street}",
        "Maai de berm in de {street} wat minder vaak. Dan komen er bloemen en bijen.",
        "street",
    ),
    DemoWish(
        GREEN,
        "Een speelplek voor kleine kinderen",
        "In {park} is niets voor kinderen onder de vier. Een zandbak en een lage schommel zijn al genoeg.",
        "park",
    ),
    DemoWish(
        GREEN,
        "Een hondenveld in {park}",
        "Honden lopen nu los tussen de kinderen. Maak in {park} een veld met een hek voor honden.",
        "park",
    ),
    DemoWish(
        GREEN,
        "Wij willen zelf de plantenbakken doen",
        "Met acht buren willen wij de plantenbakken in de {street} verzorgen. Wij hebben alleen bakken en aarde nodig.",
        "street",
    ),
    DemoWish(
        GREEN,
        "Een buurttuin achter {house}",
        "Achter {house} ligt een stuk gras dat niemand gebruikt. Daar kan een tuin komen waar wij samen groente telen.",
        "house",
    ),
    DemoWish(
        GREEN,
        "De stoep in de {street} ligt scheef",
        "Door de wortels ligt de stoep in de {street} scheef. Met mijn rollator kom ik er niet langs.",
        "street",
    ),
    DemoWish(
        GREEN,
        "De vijver in {park} stinkt",
        "In de zomer stinkt het water in {park}. Er drijven ook dode vissen. Kan het water worden ververst?",
        "park",
    ),
    DemoWish(
        TRAFFIC,
        "Drempel in de {street}",
        "Auto's rijden hier veel te hard. Leg in de {street} een drempel neer.",
        "street",
    ),
    DemoWish(
        TRAFFIC,
        "Veilig oversteken bij {square}",
        "Mijn kinderen steken bij {square} over naar school. Niemand stopt. Graag een zebrapad.",
        "square",
    ),
    DemoWish(
        TRAFFIC,
        "Meer plek voor fietsen bij {stop}",
        "Bij {stop} staan de fietsen op de stoep, omdat de rekken vol zijn. Zet er rekken bij.",
        "stop",
    ),
    DemoWish(
        TRAFFIC,
        "De bus moet vaker rijden in de avond",
        "Na acht uur komt de bus maar één keer per uur. Wie laat werkt, moet lang wachten bij {stop}.",
        "stop",
    ),
    DemoWish(
        TRAFFIC,
        "Een fietspad langs de {street}",
        "Op de {street} rijden vrachtwagens en fietsers door elkaar. Een eigen fietspad is veiliger.",
        "street",
    ),
    DemoWish(
        TRAFFIC,
        "Minder hard rijden in de {street}",
        "Zet in de {street} een bord neer dat laat zien hoe hard je rijdt. Dat helpt echt.",
        "street",
    ),
    DemoWish(
        TRAFFIC,
        "Een plek voor deelauto's",
        "Wij hebben geen auto en lenen er soms een. Maak bij {square} twee vaste plekken voor deelauto's.",
        "square",
    ),
    DemoWish(
        TRAFFIC,
        "Parkeren alleen voor bewoners",
        "Door de week zet iedereen die werkt zijn auto in de {street}. Wij kunnen dan nergens staan.",
        "street",
    ),
    DemoWish(
        TRAFFIC,
        "Groen licht is te kort",
        "Bij {square} is het groene licht zo kort dat ik halverwege ben als het rood wordt. Ik loop met een stok.",
        "square",
    ),
    DemoWish(
        SAFETY,
        "Lampen langs het pad in {park}",
        "In de avond durf ik niet door {park}. Het is er donker. Kunnen er lampen komen langs het grote pad?",
        "park",
    ),
    DemoWish(
        SAFETY,
        "Lage struiken in {park}",
        "Door de hoge struiken in {park} zie je niet wie er aankomt. Maak ze lager.",
        "park",
    ),
    DemoWish(
        SAFETY,
        "Vaker een wijkagent op {square}",
        "Er hangen in de avond groepjes rond op {square}. Als er af en toe iemand langs komt, voelt het beter.",
        "square",
    ),
    DemoWish(
        SAFETY,
        "De lamp bij {stop} is al maanden kapot",
        "Bij {stop} is het pikdonker. De lamp is al sinds de winter kapot.",
        "stop",
    ),
    DemoWish(
        SAFETY,
        "Iets tegen vuurwerk in oktober",
        "Elk jaar begint het vuurwerk al in oktober, vooral in de {street}. Mijn hond en ik slapen niet.",
        "street",
    ),
    DemoWish(
        SAFETY,
        "Inbraak in de schuurtjes",
        "Er is drie keer ingebroken in de schuurtjes achter de {street}. Beter licht en een hek zouden helpen.",
        "street",
    ),
    DemoWish(SAFETY, "Een AED bij {house}", "Hang een AED op bij {house} en leer ons hoe die werkt.", "house"),
    DemoWish(
        PEOPLE,
        "Een keer per maand samen eten",
        "Veel mensen eten elke dag alleen. Laten wij een keer per maand samen koken en eten in {house}.",
        None,
    ),
    DemoWish(
        PEOPLE,
        "Een plek voor jongeren, ook in de avond",
        "Wij zijn zestien en kunnen nergens heen. Een eigen ruimte in {house}, een paar avonden per week, is genoeg.",
        "house",
    ),
    DemoWish(
        PEOPLE,
        "Taalles in de avond",
        "Ik werk overdag. Ik wil graag beter Nederlands leren, maar de lessen zijn alleen in de ochtend.",
        None,
    ),
    DemoWish(
        PEOPLE,
        "Hulp bij geldzorgen, dichtbij huis",
        "Het kantoor voor hulp bij schulden is aan de andere kant van de stad. Kan dat ook één dag per week in {house}?",
        "house",
    ),
    DemoWish(
        PEOPLE,
        "Samen sporten voor ouderen",
        "Een uur bewegen per week in {park}, met iemand die het voordoet. Gezond en gezellig.",
        "park",
    ),
    DemoWish(
        PEOPLE,
        "Hulp met de computer",
        "Alles moet op de computer. Ik snap het niet en wil mijn zoon niet steeds bellen. Wie helpt?",
        None,
    ),
    DemoWish(
        PEOPLE,
        "Een ruilkast voor boeken en speelgoed",
        "Zet bij {house} een kast neer waar wij boeken en speelgoed kunnen ruilen.",
        "house",
    ),
    DemoWish(
        PEOPLE,
        "Koffie op dinsdag voor wie alleen is",
        "Mijn man is overleden en de week duurt lang. Een vast uur koffie in {house} zou mij goed doen.",
        "house",
    ),
    DemoWish(
        PEOPLE,
        "Wij willen een buurtfeest organiseren",
        "Met de bewonersclub willen wij een feest geven op {square}. Wij zoeken een kraam en stroom.",
        "square",
    ),
    DemoWish(
        PEOPLE,
        "Zwemles die wij kunnen betalen",
        "Zwemles is duur en de wachtlijst is een jaar. In een wijk met zoveel water is dat gevaarlijk.",
        None,
    ),
    DemoWish(
        PEOPLE,
        "Iets te doen voor meiden",
        "Op de velden voetballen alleen jongens. Mijn dochter wil dansen of iets anders, dichtbij.",
        None,
    ),
    DemoWish(
        HOMES,
        "Schimmel in de huizen",
        "In onze huizen aan de {street} zit schimmel. De verhuurder luistert niet. Kan de gemeente helpen?",
        "street",
    ),
    DemoWish(
        HOMES,
        "Huizen voor ouderen in de wijk",
        "Ik wil kleiner wonen maar niet weg uit de wijk. Bouw huizen zonder trap, dicht bij {square}.",
        "square",
    ),
    DemoWish(
        HOMES,
        "Samen zonnepanelen kopen",
        "Als wij met de hele {street} samen panelen kopen, zijn ze goedkoper. Wie regelt dat met ons?",
        "street",
    ),
    DemoWish(
        HOMES,
        "Woningen voor starters",
        "Mijn kinderen zijn 25 en wonen nog thuis. Er is niets te huur voor jonge mensen.",
        None,
    ),
    DemoWish(
        HOMES,
        "De portieken in de {street} zijn vies",
        "Niemand maakt de portieken in de {street} schoon. Er ligt glas en het ruikt naar plas.",
        "street",
    ),
    DemoWish(
        HOMES,
        "Hulp om het huis warm te houden",
        "Mijn huis is van mij maar ik weet niet waar ik moet beginnen met isoleren. Een spreekuur zou helpen.",
        None,
    ),
    DemoWish(
        WORK,
        "Een markt op {square}",
        "Een kleine markt op {square}, één ochtend per week, brengt mensen bij elkaar. En goedkope groente.",
        "square",
    ),
    DemoWish(
        WORK,
        "Lege winkels op {square}",
        "Er staan vier winkels leeg op {square}. Laat jonge ondernemers er een half jaar voor weinig geld beginnen.",
        "square",
    ),
    DemoWish(
        WORK,
        "Laden en lossen voor winkels in de {street}",
        "Onze leveranciers staan dubbel in de {street}. Eén vaste plek om te laden lost dat op.",
        "street",
    ),
    DemoWish(
        WORK,
        "Stages voor jongeren bij bedrijven hier",
        "Wij hebben werk genoeg maar vinden geen jonge mensen. Breng scholen en bedrijven in de wijk bij elkaar.",
        None,
    ),
    DemoWish(
        WORK,
        "Een geldautomaat in de wijk",
        "De laatste geldautomaat is weg. Oudere klanten willen met geld betalen. Zet er een neer bij {square}.",
        "square",
    ),
    DemoWish(
        WORK,
        "Repaircafé in {house}",
        "Ik ben elektricien geweest en wil met anderen elke maand apparaten maken in {house}.",
        "house",
    ),
)

CLOSINGS = (
    "", "", "", " Alvast bedankt.", " Ik wil er graag over praten.", " Dit speelt al jaren.", " Mijn buren vinden dit ook.",
    " Ik wil best meehelpen.", " Kijk zelf maar eens in de avond.", " Het hoeft niet veel te kosten.",
)  # fmt: skip
