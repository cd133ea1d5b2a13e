"""Bad input in the forms of staff."""

from typing import Any

from tests.bad_inputs.cases import BadForm

TEAM, TEAM_EAST, MANAGER_HARBOUR = "Noor Bakker", "Fleur Jansen", "Daan Mulder"
OFFICER, RESEARCHER, ADMINISTRATOR = "Ruud Prins", "Hugo Kok", "Tess Blom"
REASON = "Op deze straat rijden ziekenwagens. Er mag geen drempel liggen."


def _wish(what: str, words: str, action: str, *, wish: str = "@placed", status: int = 422, **typed: Any) -> BadForm:
    lost = tuple(typed.pop("lost", ()))
    path, to = f"/werkplek/wensen/{wish}", f"/werkplek/wensen/{wish}/{action}"
    return BadForm(f"{action}: {what}", f"{path}?doe={action}", typed, words, status, TEAM, to, lost)


def _of(who: str, path: str, *, to: str | None = None) -> Any:
    def make(what: str, words: str, *, status: int = 422, lost: tuple[str, ...] = (), **typed: Any) -> BadForm:
        return BadForm(f"{path}: {what}", path, typed, words, status, who, to, lost)

    return make


ENTERED = {
    "neighbourhood": "molenwijk",
    "channel": "paper",
    "text": "Een bankje bij de halte",
    "theme": "traffic",
    "place_choice": "no_place",
    "given_as": "resident",
}
enter = _of(TEAM, "/werkplek/wensen/nieuw?wijk=molenwijk")
bundle = _of(TEAM, "/werkplek/punten/morgenhof")
point = _of(TEAM, "/werkplek/punten/morgenhof/nieuw")
adopt = _of(MANAGER_HARBOUR, "/werkplek/agenda/laakoever/vaststellen")
action = _of(TEAM_EAST, "/werkplek/agendapunt/@item/actie")
step = _of(TEAM_EAST, "/werkplek/actie/@action", to="/werkplek/actie/@action/stap")
news = _of(TEAM_EAST, "/werkplek/nieuws/nieuw?action_id=@action")
letters = _of(OFFICER, "@desk_vote/brieven")
replace = _of(OFFICER, "@desk_vote/codes")
void = _of(OFFICER, "@desk_vote/codes", to="@desk_vote/codes/intrekken")
returned = _of(OFFICER, "@desk_vote/codes/terug")
give = _of(OFFICER, "@desk_vote/balie")
close = _of(OFFICER, "@draft_vote/oefening", to="@desk_vote/sluiten")
open_vote = _of(OFFICER, "@draft_vote/oefening", to="@draft_vote/klaarzetten")
publish = _of(OFFICER, "@draft_vote/oefening", to="@over_vote/bekendmaken")
join = _of(OFFICER, "@draft_vote/sleutels")
count = _of(OFFICER, "@draft_vote/oefening", to="@desk_vote/tellen")
test_codes = _of(OFFICER, "@draft_vote/oefencodes")
staff = _of(ADMINISTRATOR, "/werkplek/medewerkers")
figure = _of(RESEARCHER, "/werkplek/wijken/molenwijk/cijfers")
place = _of(TEAM, "/werkplek/wijken/molenwijk/plekken")
meeting = _of(TEAM, "/werkplek/bijeenkomsten/nieuw")
survey = _of(RESEARCHER, "/werkplek/vragenlijsten/nieuw")
agenda_round = _of(TEAM, "/werkplek/wijken/het-zuiderpark/ronde/nieuw")

BAD_DESK = [
    _wish("no ground", "Kies de reden.", "refuse", ground="", text=REASON, what_we_do="Een bord."),
    _wish("a ground that does not exist", "Kies de reden.", "refuse", ground="zin", text=REASON, lost=["ground"]),
    _wish(
        "no explanation",
        "Schrijf een uitleg van minstens 10 letters. De indiener leest die.",
        "refuse",
        ground="rule",
        text="",
    ),
    _wish(
        "five letters of explanation",
        "Schrijf een uitleg van minstens 10 letters. De indiener leest die.",
        "refuse",
        ground="rule",
        text="Nee, h",
    ),
    _wish(
        "3,000 letters of explanation",
        "Uw tekst is 1000 letters te lang. Maak de tekst korter.",
        "refuse",
        ground="rule",
        text="a" * 3000,
    ),
    _wish(
        "only spaces",
        "Schrijf een uitleg van minstens 10 letters. De indiener leest die.",
        "refuse",
        ground="rule",
        text=" " * 50,
    ),
    _wish("to nobody", "Aan wie geeft u de wens door? Vul een naam in.", "refer", referred_to="", text=REASON),
    _wish("to no wijk", "Kies een wijk.", "move", neighbourhood=""),
    _wish(
        "to a wijk that does not exist",
        "Deze wijk kennen wij niet.",
        "move",
        status=409,
        neighbourhood="rommeldam",
        lost=["neighbourhood"],
    ),
    _wish(
        "to where it is", "De wens staat al in deze wijk.", "move", neighbourhood="rustenoord", lost=["neighbourhood"]
    ),
    _wish("without a title", "Geef de wens een titel.", "place", wish="@received", title=""),
    _wish(
        "a title of 300 letters",
        "Deze titel is te lang. Gebruik hooguit 120 letters.",
        "place",
        wish="@received",
        title="a" * 300,
    ),
    _wish(
        "one that is public already",
        "Dit kan niet meer bij deze wens. Laad de pagina opnieuw en kijk wat er is veranderd.",
        "place",
        status=409,
        title="Bankje",
        lost=["title"],
    ),
    _wish(
        "one that is not placed yet",
        "Dit kan niet meer bij deze wens. Laad de pagina opnieuw en kijk wat er is veranderd.",
        "refuse",
        wish="@received",
        status=409,
        ground="rule",
        text=REASON,
        lost=["ground", "text"],
    ),
    _wish("without a ground", "Kies de reden.", "remove", wish="@received", ground="", text=REASON),
    enter("no channel", "Kies hoe de wens binnenkwam.", **ENTERED | {"channel": ""}),
    enter(
        "a wijk of somebody else",
        "Kies in welke wijk de wens hoort.",
        **ENTERED | {"neighbourhood": "havenkant"},
        lost=tuple(ENTERED),
    ),
    enter("no text", "Schrijf wat er beter moet. Een paar woorden is genoeg.", **ENTERED | {"text": "  "}),
    enter(
        "a day to come",
        "Deze dag ligt in de toekomst. Wanneer kwam de wens binnen?",
        **ENTERED | {"received_on": "2190-01-01"},
    ),
    enter("a day that is none", "Kies een dag die bestaat.", **ENTERED | {"received_on": "2026-02-31"}),
    enter(
        "mail without @",
        "Uw mailadres mist een @. Bijvoorbeeld: naam@post.example",
        **ENTERED | {"email": "noor.post.example"},
    ),
    bundle(
        "no wishes",
        "Kies eerst een of meer wensen.",
        wishes=[],
        priority="nieuw",
        title="Meer licht",
        explanation=REASON,
    ),
    bundle(
        "wishes that do not exist",
        "Kies alleen iets uit de lijst.",
        wishes=["999999"],
        priority="",
        explanation=REASON,
        lost=("wishes",),
    ),
    bundle(
        "words for a wish",
        "Kies eerst een of meer wensen.",
        wishes=["alles"],
        priority="",
        explanation=REASON,
        lost=("wishes",),
    ),
    point("nothing", "Geef het punt een titel.", title="", summary=""),
    point(
        "a title of 300 letters", "Dit is te lang. Gebruik hooguit 120 letters.", title="a" * 300, summary="Meer licht."
    ),
    adopt(
        "without a mandate",
        "Schrijf op met welk mandaat: welk besluit geeft deze bevoegdheid?",
        adopted_by="het college",
        mandate="",
        adopted_on="2026-11-20",
    ),
    adopt(
        "on a day to come",
        "Kies de dag van het besluit: vandaag of eerder.",
        adopted_by="het college",
        mandate="Besluit 4",
        adopted_on="2190-01-01",
    ),
    adopt(
        "on no day", "Kies een dag die bestaat.", adopted_by="het college", mandate="Besluit 4", adopted_on="gisteren"
    ),
    action("nothing", "Geef de actie een titel.", title="", text="", owner=""),
    action(
        "money in words",
        "Vul een bedrag in hele euro's in, bijvoorbeeld 54.000.",
        title="Lampen",
        text="Achttien lampen.",
        owner="team Licht",
        budget="veel geld",
    ),
    action(
        "money below zero",
        "Vul een bedrag in hele euro's in, 0 of meer.",
        title="Lampen",
        text="Achttien lampen.",
        owner="team Licht",
        budget="-5",
    ),
    action(
        "more money than there is",
        "Vul een bedrag in hele euro's in, bijvoorbeeld 54.000.",
        title="Lampen",
        text="Achttien lampen.",
        owner="team Licht",
        budget="9" * 30,
    ),
    step("no day", "Kies de dag waarop de stap klaar is.", **{"stap-title": "Begin", "stap-due_on": ""}),
    step(
        "an end before its beginning",
        "De laatste dag moet na de eerste dag komen.",
        **{"stap-title": "Begin", "stap-starts_on": "2027-05-01", "stap-due_on": "2027-04-01"},
    ),
    news("nothing", "Geef het bericht een titel.", title="", text=""),
    news(
        "late without a reason",
        "Schrijf op waarom dit later komt of stopt. Iedereen kan dat lezen.",
        title="Later",
        text="Het duurt langer.",
        new_state="delayed",
    ),
    news(
        "a state that does not exist",
        "Kies hoe het ermee staat.",
        title="Weg",
        text="Het is weg.",
        new_state="kwijt",
        lost=("new_state",),
    ),
    news(
        "money in words",
        "Vul een bedrag in hele euro's in, bijvoorbeeld 54.000.",
        title="Geld",
        text="Het is op.",
        new_state="on_schedule",
        spent="alles",
    ),
    letters("none", "Vraag 1 tot 50.000 brieven tegelijk.", size="0"),
    letters("too many", "Vraag 1 tot 50.000 brieven tegelijk.", size="50001"),
    letters("a number in words", "Vul een getal in, bijvoorbeeld 12.", size="duizend"),
    letters("for nobody", "Kies alleen iets uit de lijst.", size="10", electorate="katten", lost=("electorate",)),
    void("a number nobody has", "Dit volgnummer bestaat niet bij deze stemming.", serial="9999-99999"),
    void("words", "Dit volgnummer bestaat niet bij deze stemming.", serial="de brief van Jan"),
    void(
        "one that is withdrawn",
        "Deze code is al ingetrokken.",
        serial="@serial",
    ),
    replace("no number", "Vul het volgnummer in.", serial=""),
    replace("an address without a postcode", "De postcode ontbreekt.", serial="@serial", line="Zonsteeg 1", place="M"),
    replace(
        "no house number", "In ‘Zonsteeg’ vinden wij geen straat met een huisnummer.", serial="@serial", line="Zonsteeg"
    ),
    replace("a window in the roof", "Kies alleen iets uit de lijst.", serial="@serial", window="dak", lost=("window",)),
    returned("none", "Typ minstens 1 volgnummer.", serials=""),
    returned("words", "Dit zijn geen volgnummers van deze stemming: de, brief, van, Jan.", serials="de brief van Jan"),
    returned("one that nobody has", "Deze volgnummers bestaan niet bij deze stemming: 99999.", serials="1, 99999"),
    give("without looking", "Kijk eerst op de lijst met volgnummers.", electorate="residents"),
    give("for nobody", "Kies alleen iets uit de lijst.", electorate="katten", looked="y", lost=("electorate",)),
    close(
        "before its time",
        "Sluiten kan vanaf 10 minuten na het einde. Wie bezig is, mag zo lang nog versturen.",
        sure="y",
        lost=("sure",),
    ),
    open_vote("no keys yet", "Twee stembureauleden worden sleutelhouder", sure="y", lost=("sure",)),
    publish(
        "what is published",
        "U heeft geteld. Een ander stembureaulid maakt de uitslag bekend.",
        sure="y",
        lost=("sure",),
    ),
    join(
        "a passphrase anybody could guess",
        "Maak uw wachtzin langer",
        passphrase="welkom01",
        again="welkom01",
        lost=("passphrase", "again"),
    ),
    join(
        "two passphrases",
        "De twee wachtzinnen zijn niet gelijk.",
        passphrase="zeven groene fietsen bij de molen",
        again="zes groene fietsen bij de molen",
        lost=("passphrase", "again"),
    ),
    count("an open vote", "Dit kan niet meer bij deze stemming", passphrase="x" * 30, lost=("passphrase",)),
    test_codes("in a real vote", "Oefencodes zijn er alleen in een oefening.", electorate="residents", number="3"),
    test_codes("too many", "Vraag 1 tot 50 oefencodes.", electorate="residents", number="51"),
    test_codes("for nobody", "Kies", electorate="katten", number="3", lost=("electorate",)),
    staff("no name", "Vul de naam in.", name="", email="nieuw@markerstad.example"),
    staff("no mail address", "Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example", name="Nieuw", email="nieuw"),
    staff(
        "somebody who is here",
        "Er is al iemand met dit mailadres.",
        name="Nog een Noor",
        email="NOOR.BAKKER@markerstad.example",
    ),
    figure(
        "without a source",
        "Waar komt dit cijfer vandaan? Vul de bron in.",
        label="Inwoners",
        value="8340",
        source="",
        year="2025",
    ),
    figure(
        "a value in words",
        "Dit is geen getal. Bijvoorbeeld: 7,5.",
        label="Inwoners",
        value="veel",
        source="CBS",
        year="2025",
    ),
    figure(
        "of a year that cannot be",
        "Vul een jaar in, zoals 2026.",
        label="Inwoners",
        value="8340",
        source="CBS",
        year="25",
    ),
    place("in another wijk", "Deze plek ligt niet in deze wijk.", name="Verweg", lat="52.09", lon="4.25"),
    place("without a name", "Vul de naam van de plek in.", name="", lat="52.55", lon="5.2"),
    meeting("nothing", "Vul een naam in.", title=""),
    meeting(
        "an end before its beginning",
        "De eindtijd moet na de begintijd komen.",
        title="Inloop",
        place="De Wieken",
        day="2190-01-01",
        starts="20:00",
        ends="19:00",
    ),
    survey("nothing", "Kies de eerste dag."),
    agenda_round("nothing", "Vul de eerste dag van Luisteren in.", start_year="", end_year=""),
    agenda_round("years in the wrong order", "Vul de eerste dag van Luisteren in.", start_year="2030", end_year="2027"),
]
