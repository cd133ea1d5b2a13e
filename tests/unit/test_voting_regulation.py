"""The regulation of a round: what cannot work is told at once and kindly, and the text never differs by a byte."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from wijkagenda.errors import Several
from wijkagenda.voting.counting import terms
from wijkagenda.voting.counting.terms import Rule
from wijkagenda.voting.models import BallotType, DecidingRule
from wijkagenda.voting.rules.regulation import (
    MONEY_RULES,
    OBSTACLES,
    Choice,
    Regulation,
    cautions,
    must_work,
    problems,
)
from wijkagenda.voting.rules.text import as_text, blocks, regulation_hash
from wijkagenda.wishes.models import Theme

THEMES = (Theme.STREETS_AND_GREEN, Theme.PEOPLE, Theme.TRAFFIC, Theme.PEOPLE, Theme.HOMES)
VOTES = Regulation(
    title="stemming Molenwijk 2026",
    neighbourhood="Molenwijk",
    choices=tuple(
        Choice(
            number, f"Punt van {number}", "Meer bakken.\nVaker schoon.", theme, number * 10_000, "Het kan. Er is geld."
        )
        for number, theme in enumerate(THEMES, start=1)
    ),
    ballot_type=BallotType.APPROVAL,
    max_choices=3,
    points=0,
    rule=DecidingRule.MOST_VOTES,
    seats=3,
    budget=None,
    currency="EUR",
    reserves=(),
    reference_on=date(2026, 10, 1),
    youngest=12,
    with_businesses=True,
    businesses_decide=False,
    opens_at=datetime(2026, 10, 31, 23, tzinfo=UTC),
    closes_at=datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC),
    result_on=date(2026, 12, 8),
    complaints_until=date(2027, 1, 19),
    ballots_shown_from=100,
    paper_place="wijkcentrum De Wieken.",
    lot_seed="ab" * 16,
    lot_order=(3, 1, 2, 5, 4),
)
MONEY: dict[str, Any] = {"rule": DecidingRule.EQUAL_SHARES_ADD1, "seats": None, "budget": 100_000}
POINTS: dict[str, Any] = {"ballot_type": BallotType.POINTS, "points": 10, "rule": DecidingRule.MOST_POINTS}


def without_costs() -> tuple[Choice, ...]:
    return tuple(replace(choice, cost=None) for choice in VOTES.choices)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reserves": ((Theme.PEOPLE, 2),)},
        {"rule": DecidingRule.EQUAL_SHARES_UNIT},
        {"choices": without_costs()},
        {"with_businesses": False},
        {"businesses_decide": True},
        POINTS,
        POINTS | {"rule": DecidingRule.EQUAL_SHARES_POINTS, "max_choices": 50},
        MONEY,
        MONEY | {"rule": DecidingRule.GREEDY},
        MONEY | {"rule": DecidingRule.EQUAL_SHARES_ADD1_TOP_UP},
    ],
)
def test_rules_that_fit_each_other_have_no_problems(changes: dict[str, Any]) -> None:
    assert problems(replace(VOTES, **changes)) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"choices": VOTES.choices[:1], "seats": 1, "max_choices": 1}, "priority_ids", "minstens 2"),
        ({"max_choices": 6}, "max_choices", "niet meer punten kiezen"),
        ({"seats": 6}, "seats", "niet 6 punten winnen: er staan er 5"),
        ({"seats": 0}, "seats", "minstens 1 punt winnen"),
        ({"seats": None}, "seats", None),
        ({"rule": DecidingRule.MOST_POINTS}, "rule", "telt punten"),
        ({"rule": DecidingRule.EQUAL_SHARES_POINTS}, "rule", "telt punten"),
        (POINTS | {"rule": DecidingRule.MOST_VOTES}, "rule", "telt kruisjes"),
        (POINTS | {"rule": DecidingRule.EQUAL_SHARES_UNIT}, "rule", "telt kruisjes"),
        (POINTS | {"points": 0}, "points", "1 tot 100"),
        (POINTS | {"points": 101}, "points", "1 tot 100"),
        (POINTS | MONEY, "rule", "niet met punten"),
        ({"rule": DecidingRule.EQUAL_SHARES_UNIT, "seats": 1}, "seats", "Eén plaats"),
        ({"reserves": ((Theme.PEOPLE, 4),)}, "reserves", "meer plaatsen vrij (4) dan er punten zijn (2)"),
        ({"reserves": ((Theme.SAFETY, 1),)}, "reserves", "geen punt over gaat"),
        ({"reserves": ((Theme.PEOPLE, 0),)}, "reserves", "minstens 1 plaats"),
        ({"reserves": ((Theme.PEOPLE, 2), (Theme.HOMES, 1)), "seats": 2}, "reserves", "maar 2 punten winnen"),
        ({"budget": 5}, "budget", "verdeelt geen geld"),
        (MONEY | {"budget": None}, "budget", "hoeveel geld"),
        (MONEY | {"budget": 0}, "budget", "minstens 1 euro"),
        (MONEY | {"budget": 45_000}, "costs", "Punt van 5"),
        (MONEY | {"budget": 9_000}, "budget", "Zo kan niets winnen"),
        (MONEY | {"choices": without_costs()}, "costs", "Vul in wat dit punt kost: Punt van 1."),
        (MONEY | {"choices": (replace(VOTES.choices[0], cost=0), *VOTES.choices[1:])}, "costs", "minstens 1 euro"),
        (MONEY | {"reserves": ((Theme.PEOPLE, 1),)}, "reserves", "geld wordt verdeeld"),
        (MONEY | {"currency": "euro"}, "currency", "drie hoofdletters"),
        ({"with_businesses": False, "businesses_decide": True}, "businesses_decide", "niet mogen stemmen"),
        ({"youngest": 0}, "youngest", "1 tot 99"),
        ({"ballots_shown_from": 99}, "ballots_shown_from", "vanaf 100"),
        ({"closes_at": VOTES.opens_at}, "closes_at", "later sluiten"),
        ({"result_on": date(2026, 11, 1)}, "result_on", "voordat de stemming sluit"),
        ({"complaints_until": date(2026, 12, 1)}, "complaints_until", "een latere dag"),
        ({"reference_on": None}, "reference_on", "peildatum"),
        ({"reference_on": date(2026, 12, 1)}, "reference_on", "peildatum"),
    ],
)
def test_what_cannot_work_is_told_at_its_field(changes: dict[str, Any], field: str, words: str | None) -> None:
    found = problems(replace(VOTES, **changes))
    if words is None:
        # Most votes can do without a number of places; the database keeps this from being saved.
        assert found == []
        return
    assert field in [problem.field for problem in found]
    assert words in " ".join(str(problem) for problem in found if problem.field == field)


def test_everything_that_cannot_work_is_told_at_once() -> None:
    wrong = replace(
        VOTES, **POINTS | {"points": 0, "rule": DecidingRule.MOST_VOTES, "seats": 9, "youngest": 0, "budget": 4}
    )
    with pytest.raises(Several) as caught:
        must_work(wrong)
    assert {error.field for error in caught.value.errors} == {"points", "rule", "seats", "youngest", "budget"}


def test_what_is_odd_but_possible_is_said_and_keeps_nothing_from_opening() -> None:
    odd = replace(VOTES, seats=5, reference_on=date(2026, 11, 3))
    assert problems(odd) == []
    assert {caution.field for caution in cautions(odd)} == {"seats", "reference_on"}
    plenty = replace(VOTES, **MONEY | {"budget": 1_000_000})
    assert (problems(plenty), [caution.field for caution in cautions(plenty)]) == ([], ["budget"])
    assert cautions(VOTES) == []


def test_days_are_those_of_the_netherlands_and_not_of_the_clock_in_utc() -> None:
    """The vote opens at midnight, which is still the day before in UTC; on that first day one may live there."""
    first_day = replace(VOTES, reference_on=date(2026, 11, 1))
    assert first_day.opens_at.date() == date(2026, 10, 31)
    assert cautions(first_day) == []
    assert [caution.field for caution in cautions(replace(VOTES, reference_on=date(2026, 11, 2)))] == ["reference_on"]


def test_whatever_counting_has_against_a_round_is_put_into_words() -> None:
    source = Path(terms.__file__).read_text()
    codes = set(re.findall(r'Obstacle\(\s*"([a-z-]+)"', source))
    assert len(codes) > 15
    # These four cannot come from a round: its rule is known, it has no other unit, and no places beside a budget.
    assert codes - OBSTACLES.keys() == {"unknown-rule", "no-options", "money-unit-not-positive", "seats-not-used"}
    assert {rule.value for rule in DecidingRule} <= {rule.value for rule in Rule}


def every_kind() -> Iterator[Regulation]:
    for rule, one, decide, drawn in product(DecidingRule, (True, False), (True, False), (True, False)):
        changes: dict[str, Any] = {"rule": rule, "businesses_decide": decide}
        if rule in MONEY_RULES:
            changes |= MONEY | {"rule": rule}
        elif rule in (DecidingRule.MOST_POINTS, DecidingRule.EQUAL_SHARES_POINTS):
            changes |= POINTS | {"rule": rule}
        else:
            changes |= {"reserves": ((Theme.PEOPLE, 1 if one else 2),), "max_choices": 1 if one else 3}
        if not drawn:
            changes |= {"lot_seed": "", "lot_order": ()}
        yield replace(VOTES, **changes)


def test_every_kind_of_round_has_a_text_without_holes() -> None:
    for regulation in every_kind():
        text = as_text(regulation)
        assert problems(regulation) == []
        assert "%(" not in text
        assert "None" not in text
        assert "…" not in text
        assert text.endswith(".\n")
        assert "\n\n\n" not in text
        assert [line for line in text.splitlines() if line != line.strip()] == []
        assert text == as_text(replace(regulation))


def test_the_text_names_every_rule_of_the_round() -> None:
    text = as_text(replace(VOTES, reserves=((Theme.PEOPLE, 1),)))
    for words in (
        "Reglement: stemming Molenwijk 2026",
        "op 1 oktober 2026 in Molenwijk woont en dan 12 jaar of ouder",
        "hoogstens 3 punten",
        "De 3 punten met de meeste stemmen winnen.",
        "Minstens 1 van de 3 plaatsen is voor een punt over mensen.",
        "Stemmen kan vanaf 1 november 2026, 0.00 uur.",
        "Stemmen kan tot en met 22 november 2026, 23.59 uur.",
        "nog 10 minuten versturen",
        "De uitslag komt op 8 december 2026.",
        "tot en met 19 januari 2027",
        "minder dan 10 van winkels",
        "minder dan 3, dan is dat te weinig voor een uitslag",
        "Zijn er 100 stembiljetten of meer",
        "Stemmen kan ook op papier: wijkcentrum De Wieken.",
        "Het lotnummer is " + "ab" * 16,
        "- Punt 2: Punt van 2. Meer bakken. Vaker schoon. Dit gaat over mensen.",
        "de stemmen van bewoners beslissen",
    ):
        assert words in text
    assert re.findall(r"^- punt (\d)", text, re.M) == ["3", "1", "2", "5", "4"]
    assert "€ 20.000" in as_text(replace(VOTES, **MONEY))


def test_the_same_regulation_is_the_same_bytes_for_ever() -> None:
    """Who changes a sentence changes this figure; rounds that are open keep the text they have."""
    text = as_text(VOTES)
    assert regulation_hash(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert regulation_hash(text) != regulation_hash(as_text(replace(VOTES, youngest=16)))
    assert len({regulation_hash(as_text(regulation)) for regulation in every_kind()}) == len(set(every_kind()))


def test_a_page_shows_the_text_whole_and_in_order() -> None:
    for regulation in every_kind():
        text = as_text(regulation)
        found = blocks(text)
        written = [("- " if block.kind == "list" else "") + line for block in found for line in block.lines]
        assert written == [line for line in text.split("\n") if line]
        assert [block.kind for block in found].count("heading") == 10
        assert found[0].kind == "title"


def test_another_language_says_the_same_with_its_own_marks() -> None:
    english = {"1.000": "1,000", "23.59": "23:59", "oktober": "October", "mensen": "people"}
    text = as_text(replace(VOTES, **MONEY), lambda message: english.get(message, message))
    for words in ("€ 20,000", "0:00", "1 October 2026", "over people"):
        assert words in text
