"""Write an election as a .pb file from which anybody can recount it, and from which we read back the same.

Never anything about a person: rows hold a fresh random id and the ballot, sorted by that id.
"""

import csv
import io
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from wijkagenda.voting.counting.counting import count
from wijkagenda.voting.counting.outcome import Outcome
from wijkagenda.voting.counting.pabulib import OWN_VERSION
from wijkagenda.voting.counting.profile import BallotType, Money, Profile
from wijkagenda.voting.counting.terms import Rule, Terms

META_ORDER = [
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "edition",
    "language",
    "currency",
    "comment",
]
SET_HERE = frozenset({"num_projects", "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end", "comment"})


def write(
    profile: Profile,
    terms: Terms,
    *,
    meta: Mapping[str, str],
    begins: date,
    ends: date,
    outcome: Outcome | None = None,
    remark: str = "",
    voter_ids: Sequence[str] | None = None,
) -> bytes:
    """The file. `meta`: at least description, country, unit and instance; the numbers and the rule are set here.

    `outcome` is counted when it is not given. `voter_ids`: one fresh random id per ballot, or they are drawn.
    `remark`: a sentence for people, at the beginning of the comment.
    """
    missing = {"description", "country", "unit", "instance"} - meta.keys()
    unknown = meta.keys() - set(META_ORDER) | (meta.keys() & SET_HERE)
    if missing or unknown:
        raise ValueError(f"meta needs {sorted(missing)} and may not hold {sorted(unknown)}")
    outcome = outcome or count(profile, terms)
    budget = terms.budget if terms.about_money else terms.seats or max(len(outcome.winners), 1)
    if budget is None:
        raise ValueError("terms that can be counted have a budget")
    kind = "approval" if profile.type is BallotType.APPROVAL else "cumulative"
    values = {key: _one_line(value) for key, value in meta.items()} | {
        "num_projects": str(len(profile.options)),
        "num_votes": str(profile.ballots),
        "budget": decimal(budget),
        "vote_type": kind,
        "rule": _rule(profile, terms, outcome),
        "date_begin": begins.strftime("%d.%m.%Y"),
        "date_end": ends.strftime("%d.%m.%Y"),
        "comment": _comment(profile, terms, remark),
    }
    if profile.type is BallotType.POINTS:
        # Obligatory there; a regulation that names its own number gives it in `meta`.
        values.setdefault("max_sum_points", decimal(max((sum(row) for row in profile.points), default=0)))
    out = io.StringIO(newline="")
    sheet = csv.writer(out, delimiter=";", lineterminator="\n")
    sheet.writerows([["META"], ["key", "value"]])
    sheet.writerows([key, values[key]] for key in META_ORDER if values.get(key))
    _write_projects(sheet, profile, terms, outcome)
    _write_votes(sheet, profile, voter_ids)
    return out.getvalue().encode()


def decimal(amount: Money) -> str:
    """An amount with at most nine decimals. Raises ValueError where that would not be exact."""
    if amount.denominator == 1:
        return str(int(amount))
    billionths = Fraction(amount) * 10**9
    if billionths.denominator != 1:
        raise ValueError("an amount with more than nine decimals cannot stand in a .pb file")
    whole, part = divmod(int(billionths), 10**9)
    return f"{whole}.{part:09d}".rstrip("0")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rule(profile: Profile, terms: Terms, outcome: Outcome) -> str:
    """The name in Pabulib, where its checker counts as we do: greedy without ties. Elsewhere it differs by definition:
    it rounds the first share down, gives up on ties, and knows no seats."""
    plain_greedy = terms.rule == Rule.GREEDY and profile.type is BallotType.APPROVAL and not outcome.ties
    support = [votes for votes in profile.votes if votes]
    return "greedy" if plain_greedy and len(set(support)) == len(profile.options) else "unknown"


def _comment(profile: Profile, terms: Terms, remark: str) -> str:
    own: dict[str, object] = {"version": OWN_VERSION, "rule": str(terms.rule)}
    if terms.seats is not None:
        own["seats"] = terms.seats
    if terms.budget is not None:
        own["budget"] = decimal(terms.budget)
    if terms.money_unit != 1:
        own["money_unit"] = decimal(terms.money_unit)
    if terms.reserved:
        own["reserved"] = [[reserve.theme, reserve.at_least] for reserve in terms.reserved]
    own |= {"lot": profile.lot, "lot_order": [option.id for option in profile.options]}
    if profile.lot_seed:
        own["lot_seed"] = profile.lot_seed
    if themes := {option.id: option.theme for option in profile.options if option.theme}:
        own["themes"] = themes
    if not terms.about_money and any(option.cost != 1 for option in profile.options):
        own["costs"] = {option.id: decimal(option.cost) for option in profile.options}
    remark = re.sub(r"#\d+:", "", _one_line(remark)) or f"Counted by the rule {terms.rule}."
    return f"#1: {remark} #2: wijkagenda {json.dumps(own, ensure_ascii=False, separators=(',', ':'))}"


def _write_projects(sheet: "csv._writer", profile: Profile, terms: Terms, outcome: Outcome) -> None:  # type: ignore[name-defined]
    points = profile.type is BallotType.POINTS
    header = ["project_id", "cost", "votes", *(["score"] if points else []), "name", "selected"]
    sheet.writerows([["PROJECTS"], header])
    for line in outcome.lines:
        row = [line.option, decimal(line.cost) if terms.about_money else "1", line.votes]
        row += [decimal(line.points)] if points else []
        sheet.writerow([*row, _one_line(line.name) or line.option, 0 if line.place is None else 1])


def _write_votes(sheet: "csv._writer", profile: Profile, voter_ids: Sequence[str] | None) -> None:  # type: ignore[name-defined]
    if voter_ids is None:
        drawn: set[str] = set()
        while len(drawn) < profile.ballots:
            drawn.add(secrets.token_hex(8))
        voter_ids = list(drawn)
        secrets.SystemRandom().shuffle(voter_ids)
    if len(set(voter_ids)) != profile.ballots:
        raise ValueError("every ballot needs an id of its own")
    numbers = (number for number, times in enumerate(profile.times) for _ in range(times))
    points = profile.type is BallotType.POINTS
    sheet.writerows([["VOTES"], ["voter_id", "vote", *(["points"] if points else [])]])
    for voter, number in sorted(zip(voter_ids, numbers, strict=True)):
        row = [voter, ",".join(profile.options[place].id for place in profile.patterns[number])]
        sheet.writerow([*row, ",".join(map(decimal, profile.points[number]))] if points else row)
