"""Bad input about paper ballots, kiosks and meldingen over de stemming."""

from typing import Any

from tests.bad_inputs.cases import BadForm
from tests.bad_inputs.table_desk import OFFICER

SECOND_OFFICER = "Mila Smit"
STUB = "@pile/strook"


def _stub(what: str, words: str, code: str) -> BadForm:
    return BadForm(f"stub: {what}", "@pile", {"code": code}, words, who=OFFICER, to=STUB)


def _left(what: str, words: str, **typed: Any) -> BadForm:
    given = {"first": "1", "last": "2", "reason": "over na de markt"} | typed
    return BadForm(f"left over: {what}", "@paper", given, words, who=OFFICER, to="@paper/over")


def _fill(what: str, words: str, status: int = 422, **typed: Any) -> BadForm:
    return BadForm(f"full pile: {what}", "@pile", typed, words, status=status, who=OFFICER, to="@pile/vol")


def _sheet(what: str, words: str, **typed: Any) -> BadForm:
    return BadForm(f"sheet: {what}", "@full_pile/biljet/2", typed, words, who=SECOND_OFFICER)


def _remark(what: str, words: str, *, lost: tuple[str, ...] = (), **typed: Any) -> BadForm:
    given = {"subject": "code", "text": "Mijn code werkt niet, ook niet na drie keer.", "email": ""} | typed
    return BadForm(f"melding: {what}", "@running/melding", given, words, lost=lost)


BAD_PAPER = [
    _stub("nothing", "Typ de code", ""),
    _stub("too short", "U typte er 4", "K7QM"),
    _stub("a typing error", "Er zit een typfout in de code", "@typo"),
    _stub("nobody's", "Deze code kennen wij niet", "@unknown"),
    _stub("markup", "Een stemcode heeft", "<script>alert(1)</script>"),
    _left("no serial", "Vul het eerste volgnummer in.", first=""),
    _left("a serial in words", "Dit is geen volgnummer van deze stemming.", last="tot het eind"),
    _left("a serial of another vote", "Dit is geen volgnummer van deze stemming.", first="9999-00001"),
    _left("letters that were sent", "Een brief trekt u in bij"),
    _left("everything at once", "hoogstens 1000 codes", last="99999"),
    _left("the wrong way round", "Draai ze om.", first="9", last="3"),
    _left("no reason", "Schrijf in een paar woorden op waarom", reason=""),
    _left("a reason without end", "Schrijf in een paar woorden op waarom", reason="a" * 501),
    _fill("an empty pile", "Deze stapel is leeg.", sheets="0"),
    _fill("no number", "Vul in hoeveel biljetten u heeft geteld.", sheets=""),
    _fill("a number in words", "Vul een getal in, bijvoorbeeld 12.", sheets="tien"),
    _fill("more than a pile can have", "Vul in hoeveel biljetten u heeft geteld.", sheets="100000"),
    BadForm("pile: of nobody", "@paper", {"electorate": "katten"}, "Kies", who=OFFICER, lost=("electorate",)),
    BadForm("pile: merged with one that is not there", "@pile", {"into": "99"}, "Kies", who=OFFICER, to="@pile/samenvoegen", lost=("into",)),
    _sheet("nothing", "Typ wat er op het biljet staat", read=""),
    _sheet("a number that is not on the ballot", "Typ nummers van 1 tot", read="1 99"),
    _sheet("words", "Typ nummers van 1 tot", read="de eerste"),
    _sheet("a number from another script", "Typ nummers van 1 tot", read="١"),
    _sheet("twice the same", "U typte nummer 2 twee keer.", read="2 2"),
    _sheet("too many", "kruisjes", read="1 2 3 4 5"),
    _sheet("crosses and blank", "Niet allebei", read="1", blank="y"),
    _remark("nothing", "Schrijf wat er niet klopt", text=""),
    _remark("only spaces", "Schrijf wat er niet klopt", text="     "),
    _remark("five letters", "Schrijf wat er niet klopt", text="Help!"),
    _remark("too long", "letters te lang", text="a" * 2500),
    _remark("about nothing", "Kies waar uw melding over gaat.", subject=""),
    _remark("about something of their own", "Kies", subject="iets", lost=("subject",)),
    _remark("no address", "Dit mailadres klopt niet.", email="aan mij"),
    BadForm("kiosk: for no vote", "/werkplek/stemmingen/kiosk", {"voting_round_ids": []}, "Kies voor welke stemming", who=OFFICER),
    BadForm("melding: an answer of two letters", "@remark", {"answer": "ja"}, "Schrijf een antwoord", who=OFFICER),
    BadForm("melding: an answer that is too long", "@remark", {"answer": "a" * 2500}, "letters te lang", who=OFFICER),
]  # fmt: skip
