"""Counting the bytes of a .pb file again: which rules fit it, what it gives, and in a process of its own, bounded.

Knows no database. A file of somebody else may be made to keep a computer busy, so the web counts it apart: in a process
with a limit on time and memory, which is ended when it takes too long.
"""

import csv
import hashlib
import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass

from wijkagenda.voting.counting import CannotCount, Outcome, Rule, Terms, count, why_not
from wijkagenda.voting.counting.pabulib import Election, UnreadableFile, read
from wijkagenda.voting.counting.terms import MONEY_RULES
from wijkagenda.voting.result.explaining import served

OTHER: dict[Rule, Rule] = {
    Rule.MOST_VOTES: Rule.EQUAL_SHARES_UNIT_PHRAGMEN,
    Rule.EQUAL_SHARES_UNIT_PHRAGMEN: Rule.MOST_VOTES,
    Rule.PHRAGMEN: Rule.MOST_VOTES,
    Rule.MOST_POINTS: Rule.EQUAL_SHARES_POINTS,
    Rule.EQUAL_SHARES_POINTS: Rule.MOST_POINTS,
    Rule.GREEDY: Rule.EQUAL_SHARES_ADD1,
    Rule.EQUAL_SHARES: Rule.GREEDY,
    Rule.EQUAL_SHARES_ADD1: Rule.GREEDY,
    Rule.EQUAL_SHARES_ADD1_TOP_UP: Rule.GREEDY,
}
ABOUT_THE_BALLOT = frozenset({"voter_id", "vote", "points"})
"""Columns of a ballot that are kept; all others (age, sex, neighbourhood, way of voting, …) are about a person."""
MEMORY = 2 * 1024 * 1024 * 1024
WRONG_FILE, WRONG_RULE = 3, 4


class TookTooLong(Exception):
    """The count was ended: it took more time or memory than is given to it."""


@dataclass(frozen=True)
class Recount:
    """What a file gives by a rule, and by the other one. `selected`: the winners that the file names."""

    outcome: Outcome
    other: Outcome | None
    served: int
    served_other: int | None
    selected: tuple[str, ...] | None

    @property
    def same_winners(self) -> bool | None:
        """Whether the file names the same winners; None when it names none."""
        return None if self.selected is None else set(self.selected) == set(self.outcome.winners)


def terms_for(election: Election, rule: Rule) -> Terms:
    """The terms of the file with another rule; a file of somebody else knows a budget only."""
    own = election.terms
    about_money = rule in MONEY_RULES
    same_kind = own is not None and own.about_money == about_money
    return Terms(
        rule=rule,
        seats=own.seats if own and same_kind else None,
        budget=(own.budget if own and same_kind else election.budget) if about_money else None,
        reserved=own.reserved if own and same_kind else (),
        money_unit=own.money_unit if own else 1,
    )


def rules_for(election: Election) -> list[Rule]:
    """The rules by which these ballots can be counted: those of money or of places, as the vote was."""
    own = election.terms
    about_money = own is None or own.about_money
    return [
        rule
        for rule in Rule
        if (rule in MONEY_RULES) == about_money
        and not any(obstacle.stops for obstacle in why_not(election.profile, terms_for(election, rule)))
    ]


def recount(content: bytes, rule: Rule) -> Recount:
    """Count a file. Raises UnreadableFile, CannotCount."""
    election = read(content)
    return recount_election(election, rule)


def recount_election(election: Election, rule: Rule) -> Recount:
    outcome = count(election.profile, terms_for(election, rule))
    other = None
    if OTHER[rule] in rules_for(election):
        other = count(election.profile, terms_for(election, OTHER[rule]))
    return Recount(
        outcome,
        other,
        served(election.profile, outcome.winners),
        served(election.profile, other.winners) if other else None,
        election.selected,
    )


def recount_apart(content: bytes, rule: Rule, *, seconds: int) -> Recount:
    """`recount` in a process of its own that gets so many seconds. Raises TookTooLong as well."""
    command = [sys.executable, "-m", "wijkagenda.voting.recount.recounting", rule.value, str(seconds)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds * 2, check=False)
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    if done.returncode == WRONG_FILE:
        found = json.loads(done.stdout)
        raise UnreadableFile(found["code"], found["line"], **found["figures"])
    if done.returncode == WRONG_RULE:
        raise CannotCount(why_not(read(content).profile, terms_for(read(content), rule)))
    if done.returncode != 0:
        raise TookTooLong
    found = json.loads(done.stdout)
    return Recount(
        Outcome.from_json(found["outcome"]),
        Outcome.from_json(found["other"]) if found["other"] else None,
        found["served"],
        found["served_other"],
        None if found["selected"] is None else tuple(found["selected"]),
    )


def _apart(rule: str, seconds: str) -> int:
    """What runs in the other process: the file on standard input, the answer as JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = recount(sys.stdin.buffer.read(), Rule(rule))
    except UnreadableFile as error:
        json.dump({"code": error.code, "line": error.line, "figures": error.figures}, sys.stdout)
        return WRONG_FILE
    except CannotCount:
        return WRONG_RULE
    json.dump(
        {
            "outcome": found.outcome.as_json(),
            "other": found.other.as_json() if found.other else None,
            "served": found.served,
            "served_other": found.served_other,
            "selected": found.selected,
        },
        sys.stdout,
    )
    return 0


def without_persons(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file without columns about persons in its ballots, and which those were; the same bytes where there are none.

    The file must be readable. Every other section stays as it was.
    """
    text = content.decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    out = io.StringIO(newline="")
    sheet = csv.writer(out, delimiter=";", lineterminator="\n")
    kept: list[int] | None = None
    header_next, left_out = False, []
    for row in rows:
        if kept is None and row and row[0].strip().upper() == "VOTES" and not any(cell.strip() for cell in row[1:]):
            header_next = True
        elif header_next and any(cell.strip() for cell in row):
            header_next = False
            names = [cell.strip() for cell in row]
            kept = [place for place, name in enumerate(names) if name in ABOUT_THE_BALLOT]
            left_out = [name for name in names if name and name not in ABOUT_THE_BALLOT]
            if not left_out:
                return content, ()
            row = [row[place] for place in kept]
        elif kept is not None and any(cell.strip() for cell in row):
            row = [row[place] for place in kept if place < len(row)]
        sheet.writerow(row)
    return out.getvalue().encode(), tuple(left_out)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(_apart(*sys.argv[1:]))
