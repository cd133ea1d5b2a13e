"""Bad input in the forms of residents: wishes, surveys, following, signing in."""

from typing import Any

from tests.bad_inputs.cases import BadForm
from tests.bad_inputs.props import SURVEY_WIJK

GIVE = "/wijken/rustenoord/wens"
WISH = {
    "step": "3", "go": "next", "text": "Een bankje bij de halte, met een leuning", "theme": "traffic",
    "place_choice": "whole_neighbourhood", "given_as": "resident",
}  # fmt: skip
ASK = f"/wijken/{SURVEY_WIJK}/vragenlijst/vragen"
ANSWERS = {"stap": "controle", "ga": "verstuur", "code": "@survey_code", "a.cijfer": "7", "a.kinderen": "nee"}


def _wish(what: str, words: str, *, lost: tuple[str, ...] = (), status: int = 422, **changes: Any) -> BadForm:
    return BadForm(f"wish: {what}", GIVE, WISH | changes, words, status, lost=lost)


def _place(what: str, words: str, **changes: Any) -> BadForm:
    return _wish(what, words, **({"place_choice": "point"} | changes))


def _answers(what: str, words: str, *, lost: tuple[str, ...] = (), status: int = 422, **changes: Any) -> BadForm:
    changes = {f"a.{name.replace('__', '.')}": value for name, value in changes.items()}
    return BadForm(f"survey: {what}", ASK, ANSWERS | changes, words, status, lost=lost)


def _follow(what: str, words: str, email: str) -> BadForm:
    return BadForm(f"follow: {what}", "/wijken/molenwijk/volgen", {"email": email}, words)


def _sign_in(what: str, words: str, email: str) -> BadForm:
    return BadForm(f"sign in: {what}", "/werkplek/aanmelden", {"email": email}, words)


BAD_FORMS = [
    _wish("no text", "Schrijf wat er beter moet.", text=""),
    _wish("only spaces", "Schrijf wat er beter moet.", text=" \n\t \u00a0\u200b "),
    _wish("only what nobody sees", "Schrijf wat er beter moet.", text="\u200b\u2060\ufeff"),
    _wish("1,001 letters", "Uw tekst is 1 letters te lang.", text="a" * 1001),
    _wish("200,000 letters", "letters te lang. Maak de tekst korter.", text="bankje " * 28_571),
    _wish("no theme", "Kies over welk onderwerp uw wens gaat.", theme=""),
    _wish("a theme that does not exist", "Kies over welk onderwerp", theme="belasting", lost=("theme",)),
    _wish("nobody to speak for", "Kies voor wie u de wens doet.", given_as=""),
    _wish("spoken for by a mayor", "Kies voor wie u de wens doet.", given_as="mayor", lost=("given_as",)),
    _wish("mail without @", "Uw mailadres mist een @.", email="noor.post.example"),
    _wish("mail with a space", "Dit mailadres klopt niet.", email="noor bakker@post.example"),
    _wish("mail with a second line", "Dit mailadres klopt niet.", email="a@post.example\nBcc: b@post.example"),
    _wish("two mail addresses", "Dit mailadres klopt niet.", email="a@post.example,b@post.example"),
    _wish("mail of 400 letters", "Dit mailadres is te lang.", email="a" * 390 + "@post.example"),
    _wish("no place chosen", "Kies waar uw wens over gaat.", place_choice=""),
    _wish("a place choice that does not exist", "Kies waar uw wens", place_choice="maan", lost=("place_choice",)),
    _place("a point, but no place", "Kies een plek op de kaart of in de lijst, of typ een adres."),
    _place("a latitude in letters", "Deze plek ligt niet in Nederland.", lat="hier", lon="5.1"),
    _place("a latitude that is no number", "Deze plek ligt niet in Nederland.", lat="nan", lon="5.1"),
    _place("an endless longitude", "Deze plek ligt niet in Nederland.", lat="52.5", lon="1e400"),
    _place("a place in Paris", "Deze plek ligt niet in Nederland.", lat="48.85", lon="2.35"),
    _place("a place in Maastricht", "Deze plek ligt ver buiten deze gemeente.", lat="50.85", lon="5.69"),
    _place("half a point", "Deze plek ligt niet in Nederland.", lat="52.5", lon=""),
    _place("a place of another wijk's list", "Kies een plek op de kaart", place_id="999999", lost=("place_id",)),
    _place("an address of 300 letters", "Dit is te lang. Gebruik hooguit 200 letters.", place_text="a" * 300),
    BadForm("wish: a form without a key", GIVE, WISH | {"submission_key": "1"}, "Laad de pagina opnieuw"),
    BadForm("wish: a step that does not exist", GIVE, {"step": "99", "text": ""}, "Schrijf wat er beter moet."),
    BadForm(
        "wish: supporting a wish that is not public",
        GIVE,
        WISH | {"go": "support.@received"},
        "Deze wens staat niet op de website",
        404,
        lost=tuple(WISH),
    ),
    BadForm(
        "wish: in a wijk that does not listen",
        GIVE,
        WISH,
        "Een bankje bij de halte, met een leuning",
        409,
        to="/wijken/molenwijk/wens",
        lost=("theme", "place_choice", "given_as", "text"),
    ),
    _answers("a mark that does not exist", "Kies een cijfer van 1 tot en met 10.", cijfer="11", lost=("a.cijfer",)),
    _answers("a required question skipped", "Kies een antwoord.", kinderen=""),
    _answers("an option that does not exist", "Kies één antwoord uit de lijst.", kinderen="soms", lost=("a.kinderen",)),
    _answers("a number in words", "Vul een getal in, bijvoorbeeld 12.", kinderen="ja", aantal="heel veel"),
    _answers("a number too high", "Vul een getal in van 1 tot en met 15.", kinderen="ja", aantal="16"),
    _answers("a number below zero", "Vul een getal in van 1 tot en met 15.", kinderen="ja", aantal="-3"),
    _answers(
        "more choices than allowed",
        "Kies niet meer dan 2. U heeft er nu 3 gekozen.",
        plekken=["park", "plein", "winkel"],
    ),
    _answers(
        "nowhere and somewhere", "Past “Nergens” bij u? Haal dan de andere vinkjes weg.", plekken=["park", "nergens"]
    ),
    _answers("a text too long", "Er passen 200 tekens, u heeft er 201.", waarom="a" * 201),
    _answers(
        "a row that gets a made-up answer",
        "Kies één antwoord bij “Verlichting op straat”.",
        tevreden__licht="misschien",
        lost=("a.tevreden.licht",),
    ),
    BadForm(
        "survey: one that does not exist",
        ASK,
        ANSWERS | {"vragenlijst": "999999"},
        "Deze vragenlijst kennen wij niet.",
        404,
        lost=tuple(ANSWERS),
    ),
    BadForm(
        "survey: a number too big",
        ASK,
        ANSWERS | {"vragenlijst": "9" * 30},
        "Deze vragenlijst kennen wij niet.",
        404,
        lost=tuple(ANSWERS),
    ),
    _follow("nothing", "Vul uw mailadres in.", ""),
    _follow("no @", "Dit mailadres klopt niet.", "noor"),
    _follow("no dot", "Dit mailadres klopt niet.", "noor@post"),
    _follow("too long", "Dit mailadres is te lang.", "a" * 300 + "@post.example"),
    _follow("a second line", "Dit mailadres klopt niet.", "a@post.example\r\nBcc: b@post.example"),
    _follow("a script", "Dit mailadres klopt niet.", "<script>alert(1)</script>@post.example"),
    _sign_in("nothing", "Vul uw mailadres in.", ""),
    _sign_in("no @", "Dit mailadres klopt niet.", "Noor Bakker"),
    _sign_in("SQL", "Dit mailadres klopt niet.", "' OR 1=1 --"),
]
