"""Rules of a vote that cannot work, and practice ballots that cannot be."""

from typing import Any

from tests.bad_inputs.cases import BadForm
from tests.bad_inputs.table_desk import OFFICER

EDIT = "@draft_vote/bewerken"
POINTS = {"ballot_type": "points", "points": "10"}


def _rules(what: str, words: str, *, lost: tuple[str, ...] = (), **typed: Any) -> BadForm:
    return BadForm(f"rules: {what}", EDIT, typed, words, who=OFFICER, lost=lost)


def _practice(what: str, words: str, choices: list[str], lost: tuple[str, ...] = ()) -> BadForm:
    return BadForm(f"practice: {what}", "@practice", {"choices": choices}, words, to="@practice/nakijken", lost=lost)


BAD_RULES = [
    _rules("no name", "Geef de stemming een naam.", title=""),
    _rules("no days", "Kies de eerste dag.", opens_on="", closes_on="", result_on=""),
    _rules("a day that does not exist", "Kies een dag die bestaat.", opens_on="2026-02-31", lost=("opens_on",)),
    _rules("days in the wrong order", "De stemming moet later sluiten dan ze begint.", opens_on="2090-01-01"),
    _rules("a result before the end", "voordat de stemming sluit", result_on="2020-01-01"),
    _rules("nobody may complain", "na de uitslag nog iets kunnen melden", complaints_until="2020-01-01"),
    _rules("no reference date", "Kies de peildatum.", reference_on=""),
    _rules("people who are not born yet", "De peildatum kan niet na de laatste dag liggen.", reference_on="2190-01-01"),
    _rules("children of 0", "Kies een leeftijd van 1 tot 99 jaar.", youngest="0"),
    _rules("nothing to choose from", "Er zijn minstens 2 openbare punten nodig", priority_ids=[]),
    _rules("a point nobody knows", "Kies alleen iets uit de lijst.", priority_ids=["999999"], lost=("priority_ids",)),
    _rules("more choices than points", "niet meer punten kiezen dan er zijn", max_choices="50"),
    _rules("choices without end", "Kies een getal van 1 tot 50.", max_choices="1000"),
    _rules("more winners than points", "niet 50 punten winnen", seats="50"),
    _rules("points counted on a paper with ticks", "Deze telregel telt punten", rule="most-points"),
    _rules("ticks counted on a paper with points", "Deze telregel telt kruisjes", rule="most-votes", **POINTS),
    _rules(
        "a paper with points and none to give", "1 tot 100 punten", ballot_type="points", points="", rule="most-points"
    ),
    _rules("money divided with points", "niet met punten", rule="greedy", budget="50000", **POINTS),
    _rules("money without an amount", "Vul in hoeveel geld er te verdelen is.", rule="equal-shares-add1"),
    _rules("an amount without a rule for money", "Deze telregel verdeelt geen geld.", budget="50000"),
    _rules("money in words", "Vul een bedrag in hele euro's in", rule="greedy", budget="genoeg"),
    _rules("more money than there is", "Kies een bedrag vanaf 1 euro.", rule="greedy", budget="999999999999"),
    _rules("more places kept than there are points", "meer plaatsen vrij", reserve_people="40"),
    _rules("a rule that does not exist", "Kies alleen iets uit de lijst.", rule="loting", lost=("rule",)),
    _rules("ballots shown at once", "Laat stembiljetten pas zien vanaf 100.", ballots_shown_from="1"),
    _practice("nothing chosen", "Kies minstens 1 punt.", []),
    _practice("a point that is not on it", "staat niet op dit stembiljet", ["999999"], ("choices",)),
    _practice("words for a point", "staat niet op dit stembiljet", ["alles"], ("choices",)),
]
