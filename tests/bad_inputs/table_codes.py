"""Letter codes, ballots and receipts that cannot count."""

from typing import Any

from tests.bad_inputs.cases import BadForm

CODE, CHOOSE, CHECK, SEND = "/stem", "/stem/kiezen", "/stem/nakijken", "/stem/versturen"
LOST = ("code", "choices")


def _code(what: str, words: str, code: str, status: int = 422, lost: tuple[str, ...] = ()) -> BadForm:
    return BadForm(f"code: {what}", CODE, {"code": code}, words, status, to=CHOOSE, lost=lost)


def _choice(
    what: str, words: str, choices: list[str], *, to: str = CHECK, lost: tuple[str, ...] = (), **more: Any
) -> BadForm:
    return BadForm(f"ballot: {what}", CODE, {"code": "@code", "choices": choices} | more, words, to=to, lost=lost)


def _receipt(what: str, words: str, receipt: str, status: int = 422) -> BadForm:
    return BadForm(f"receipt: {what}", "@over/bewijzen", {"receipt": receipt}, words, status)


def _survey_code(what: str, words: str, code: str) -> BadForm:
    path = "/wijken/sluiskwartier/vragenlijst/vragen"
    return BadForm(f"survey code: {what}", path, {"code": code, "stap": "code", "ga": "verder"}, words)


BAD_CODES = [
    _code("nothing", "Typ de code uit uw brief.", ""),
    _code("only signs", "Typ de code uit uw brief.", "---- ----"),
    _code("too short", "U typte er 12.", "K7QM 3XWD 8NPT"),
    _code("too long", "U typte er 16.", "K7QM 3XWD 8NPT RRRR"),
    _code("1,000 letters", "U typte er 64.", "K" * 1000, lost=("code",)),
    _code("one letter wrong", "Er zit een typfout in de code.", "@typo"),
    _code("nobody's", "Deze code kennen wij niet.", "@unknown"),
    _code("used", "Met deze code is al gestemd", "@used", 409, LOST),
    _code("withdrawn", "Deze code werkt niet meer", "@voided", 409, LOST),
    _code("of a vote that is over", "De stemming is gesloten", "@late", 409, LOST),
    _code("SQL", "Een stemcode heeft 13 letters en cijfers.", "'; DROP TABLE ballot; --"),
    _code("a script", "Een stemcode heeft 13 letters en cijfers.", "<script>alert(1)</script>"),
    _code("letters of another alphabet", "Er zit een typfout in de code.", "Ѕ7QМ 3ХWD 8NРТ R"),
    _choice("nothing chosen", "Kies minstens 1 punt.", []),
    _choice("a point that is not on it", "staat niet op dit stembiljet", ["999999"], lost=("choices",)),
    _choice("a point of another vote", "staat niet op dit stembiljet", ["@foreign_option"], lost=("choices",)),
    _choice("words for a point", "staat niet op dit stembiljet", ["alles"], lost=("choices",)),
    _choice("a number too big for any database", "staat niet op", ["9" * 40], lost=("choices",)),
    _choice("sent without a check page", "Deze bladzijde werkt niet meer.", ["@option"], to=SEND, slip=""),
    _choice("sent with a made-up slip", "Deze bladzijde werkt niet meer.", ["@option"], to=SEND, slip="WzEsMl0.abc"),
    BadForm(
        "ballot: checked with a used code",
        CODE,
        {"code": "@used", "choices": ["@option"]},
        "Met deze code is al gestemd",
        409,
        to=CHECK,
        lost=LOST,
    ),
    BadForm(
        "ballot: sent with a typo in the code",
        CODE,
        {"code": "@typo", "choices": ["@option"]},
        "Er zit een typfout in de code.",
        to=SEND,
        lost=("choices",),
    ),
    _receipt("nothing", "Typ de code van uw bewijs.", ""),
    _receipt("a typo", "Er zit een typfout in de code van uw bewijs.", "KM4T 9QXP 22HX"),
    _receipt("far too long", "Er zit een typfout in de code van uw bewijs.", "K" * 500),
    _receipt("of another vote", "Nee, dit bewijs staat niet in de lijst.", "@receipt", 200),
    BadForm(
        "receipt: while the vote is open",
        "@over/bewijzen",
        {"receipt": "@receipt"},
        "Deze pagina bestaat niet",
        404,
        to="@running/bewijzen",
        lost=("receipt",),
    ),
    _survey_code("nothing", "Vul de code uit uw brief in.", ""),
    _survey_code("a typo", "Deze code klopt niet.", "ABCD-EFGH"),
    _survey_code("used", "Met deze code is de vragenlijst al ingevuld.", "@survey_used"),
    _survey_code("a letter code of a vote", "Deze code klopt niet.", "@code"),
]
