"""Addresses that somebody made up or changed: every answer is a kind page, never an error of ours.

`%` escapes are sent as they stand here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class BadAddress:
    what: str
    path: str
    status: int
    words: str = ""
    never: str = ""
    """What may not stand in the answer: the input, taken as markup or as a formula."""


GONE, NOT_HERE = "Deze pagina bestaat niet", "Deze wens staat niet op de website"
SCRIPT = "%3Cscript%3Ealert(1)%3C/script%3E"
MARK = "<script>alert(1)</script>"

BAD_ADDRESSES = [
    BadAddress("a wijk that does not exist", "/wijken/rommeldam", 404),
    BadAddress("a wijk with a NUL in it", "/wijken/molen%00wijk", 404),
    BadAddress("a wijk that is no UTF-8", "/wijken/%ff%fe", 404),
    BadAddress("a wijk of 5,000 letters", "/wijken/" + "a" * 5000, 404),
    BadAddress("a wijk that climbs", "/wijken/..%2f..%2fetc%2fpasswd", 404, GONE, "root:"),
    BadAddress("a file that climbs", "/static/..%2f..%2fwijkagenda%2fconfig.py", 404, GONE, "SECRET_KEY"),
    BadAddress("a file that climbs twice", "/static/dist/....//....//config.py", 404, GONE, "SECRET_KEY"),
    BadAddress("a script for a wijk", f"/wijken/{SCRIPT}", 404, "", MARK),
    BadAddress("a wish that does not exist", "/wensen/W-9999", 404, NOT_HERE),
    BadAddress("a wish that is not public", "/wensen/@received", 404, NOT_HERE),
    BadAddress("a wish with words for a number", "/wensen/bankje", 404),
    BadAddress("a wish with a number no database has", "/wensen/W-" + "9" * 40, 404),
    BadAddress("a wish with a NUL in it", "/wensen/W-00%0001", 404),
    BadAddress("a wish with an Arabic number", "/wensen/W-%D9%A1%D9%A2%D9%A3%D9%A4", 404),
    BadAddress("an action that does not exist", "/acties/999999", 404),
    BadAddress("an action with a number no database has", "/acties/" + "9" * 30, 404),
    BadAddress("an action below zero", "/acties/-1", 404),
    BadAddress("a vote of another wijk", "/wijken/rustenoord/stemming/@over_id", 404),
    BadAddress("a vote with a number no database has", "/wijken/molenwijk/stemming/" + "9" * 30, 404),
    BadAddress("the count of a vote that is open", "@running/uitslag.csv", 404),
    BadAddress("the receipts of a vote that is open", "@running/bewijzen", 404),
    BadAddress(
        "a survey result with a number no database has", "/wijken/molenwijk/vragenlijst/uitslag/" + "9" * 30, 404
    ),
    BadAddress("a point with a number no database has", "/wijken/molenwijk/punten/" + "9" * 30, 404),
    BadAddress("the page of a giver, with a made-up token", "/wensen/mijn/geheim", 404, "Deze link werkt niet meer."),
    BadAddress("the page of a giver, with a NUL", "/wensen/mijn/%00", 404),
    BadAddress("confirming, with a made-up token", "/wensen/bevestig/geheim", 404, "Deze link werkt niet meer."),
    BadAddress("following, with a made-up token", "/berichten/volgen/geheim", 404),
    BadAddress("stopping, with a made-up token", "/berichten/stoppen/geheim", 200),
    BadAddress("a page below zero", "/wijken/molenwijk/wensen?blad=-5", 200),
    BadAddress("a page no list has", "/wijken/molenwijk/wensen?blad=" + "9" * 30, 200),
    BadAddress("words for a page", "/wijken/molenwijk/wensen?blad=twee", 200),
    BadAddress("a theme that does not exist", "/wijken/molenwijk/wensen?thema=belasting&stand=kwijt&plek=maan", 200),
    BadAddress("a script to look for in wishes", f"/wijken/molenwijk/wensen?zoek={SCRIPT}", 200, "", MARK),
    BadAddress(
        "a quote to look for in wishes",
        "/wijken/molenwijk/wensen?zoek=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        200,
        "",
        "<img src=x",
    ),
    BadAddress("SQL to look for in wishes", "/wijken/molenwijk/wensen?zoek=%27%20OR%201=1%20--", 200),
    BadAddress("signs of LIKE to look for", "/wijken/molenwijk/wensen?zoek=%25_%25", 200),
    BadAddress("NUL to look for in wishes", "/wijken/molenwijk/wensen?zoek=a%00b", 200),
    BadAddress("a script to look for", f"/zoeken?q={SCRIPT}", 200, MARK, MARK),
    BadAddress("a template to look for", "/zoeken?q=%7B%7B7*7%7D%7D%20$%7B7*7%7D", 200, "{{7*7}} ${7*7}", "49 49"),
    BadAddress("a NUL to look for", "/zoeken?q=a%00b", 200),
    BadAddress("no UTF-8 to look for", "/zoeken?q=%ff%fe", 200),
    BadAddress("100,000 letters to look for", "/zoeken?q=" + "a" * 100_000, 200),
    BadAddress("a right-to-left mark to look for", "/zoeken?q=%E2%80%AEkjiw", 200),
    BadAddress("a postcode that cannot be", "/zoeken?q=0000%20SS", 200),
    BadAddress("a postcode with an endless number", "/zoeken?q=1311AB%20" + "9" * 40, 200),
    BadAddress("a wish number no database has", "/zoeken?q=W-" + "9" * 9, 200),
    BadAddress("a phase that does not exist", "/wijken?fase=bouwen", 200),
    BadAddress("a map of something else", "/kaart/etc-passwd.js", 404),
    BadAddress("another language", "/fr/wijken", 404),
    BadAddress("two languages", "/en/en/wijken", 404),
    BadAddress("points outside the file", "/wijken/molenwijk/wensen.geojson?thema=%00&blad=x", 200),
    BadAddress("a sign-in link that was made up", "/werkplek/aanmelden/geheim", 200, "", "geheim.example"),
    BadAddress("somebody else's demo mail", "/proef/postvak/" + "9" * 30, 404),
]

OPEN_REDIRECTS = [
    "https://elders.example/",
    "//elders.example/",
    "/\\elders.example",
    "/werkplek//elders.example",
    "/werkplek/../..//elders.example",
    "/werkplek\\@elders.example",
    "/werkplek\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "/werkplekken.elders.example",
    "\thttps://elders.example",
]
"""Where somebody wants to go after signing in; none of them may lead to another host."""
