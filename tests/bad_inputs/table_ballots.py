"""Bad files of ballots for the archive: what is in them, what the officer is told, and where."""

from dataclasses import dataclass, field

from tests.bad_inputs.cases import BadForm
from tests.bad_inputs.table_desk import OFFICER

GOOD = """\
META
key;value
description;Wijkbudget van toen
country;Netherlands
unit;Markerstad
instance;2019
num_projects;2
num_votes;10
budget;100
vote_type;approval
rule;greedy
date_begin;2019-01-01
date_end;2019-02-01
PROJECTS
project_id;cost;votes;name
1;60;6;Bomen
2;50;5;Banken
VOTES
voter_id;vote
""" + "".join(f"{n};{'1' if n < 6 else '1,2' if n == 6 else '2'}\n" for n in range(1, 11))


@dataclass(frozen=True)
class BadBallotFile:
    """`typed` goes over the rest of the form; what is typed is still there afterwards."""

    what: str
    content: bytes
    words: str
    typed: dict[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def _changed(what: str, old: str, new: str, words: str) -> BadBallotFile:
    assert old in GOOD, what
    return BadBallotFile(what, GOOD.replace(old, new, 1).encode(), words)


BAD_BALLOT_FILES = [
    BadBallotFile("nothing in it", b"", "Dit bestand is leeg."),
    BadBallotFile("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "Regel 1: dit is geen tekst in UTF-8."),
    BadBallotFile("a spreadsheet", b"PK\x03\x04 stemmen", "een .pb-bestand begint met META."),
    BadBallotFile("a list of addresses", b"naam;straat\nA;Wiekstraat\n", "een .pb-bestand begint met META."),
    BadBallotFile("letters of another alphabet", GOOD.replace("Bomen", "B\xf6men").encode("latin-1"), "Regel 16: dit is geen tekst in UTF-8."),
    BadBallotFile("only the first part", GOOD.split("PROJECTS")[0].encode(), "Het deel PROJECTS ontbreekt."),
    _changed("no amount", "budget;100\n", "", "In META ontbreekt budget."),
    _changed("an amount in words", "budget;100", "budget;veel", "Regel 9: budget is geen getal"),
    _changed("a cost in words", "1;60;6", "1;zestig;6", "Regel 16: cost is geen getal"),
    _changed("a vote for what is not there", "10;2", "10;9", "Regel 29: een stembiljet noemt 9"),
    _changed("the same voter twice", "10;2", "9;2", "Regel 29: kiezer 9 staat er dubbel."),
    _changed("another kind of vote", "approval", "gebarentaal", "Regel 10: onbekend soort stembiljet"),
    BadBallotFile("nine ballots", GOOD.replace("10;2\n", "").replace("num_votes;10", "num_votes;9").encode(), "raden"),
    BadBallotFile("a rule for points", GOOD.encode(), "Kies een andere telregel.", {"rule": "most-points"}),
    BadBallotFile("no rule there is", GOOD.encode(), "Kies alleen iets uit de lijst.", {"rule": "loten"}, ("rule",)),
    BadBallotFile("a name without end", GOOD.encode(), "hooguit 200 letters", {"title": "a" * 201}),
    BadBallotFile("a wijk nobody knows", GOOD.encode(), "Kies alleen iets uit de lijst.", {"neighbourhood": "999999"}, ("neighbourhood",)),
]  # fmt: skip

NO_RULE = "Kies alleen iets uit de lijst."
BAD_RECOUNTS = [
    BadForm("recount: by no rule", "@recount", {"rule": ""}, "Kies", lost=("rule",)),
    BadForm("recount: by a rule that does not exist", "@recount", {"rule": "loten"}, NO_RULE, lost=("rule",)),
    BadForm("recount: by a rule for another ballot", "@recount", {"rule": "greedy"}, NO_RULE, lost=("rule",)),
    BadForm("earlier vote: by no rule", "@archived", {"rule": ""}, "Kies", lost=("rule",)),
    BadForm("earlier vote: by markup", "@archived", {"rule": "<b>greedy</b>"}, NO_RULE, lost=("rule",)),
    BadForm("earlier vote: taken away unsure", "@archived_desk/weg", {}, "Zet een vinkje als u het zeker weet.", who=OFFICER),
]  # fmt: skip
