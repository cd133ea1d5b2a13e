"""Counting the bytes of a .pb file again: which rules fit it, what it gives, and in a process of its own, bounded.

Knows no database. A file of somebody else may be made to keep a computer busy, so the web counts it apart: in a process
with a limit on time and memory, which is ended when it takes too long.
"""

import csv
import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore

from wijkagenda.voting.counting import MONEY_RULES, OTHER_RULE, CannotCount, Outcome, Rule, count, what_stops
from wijkagenda.voting.counting.pabulib import Election, UnreadableFile, read

ABOUT_THE_BALLOT = frozenset({"voter_id", "vote", "points"})
"""Columns of a ballot that are kept; all others (age, sex, neighbourhood, way of voting, …) are about a person."""
MEMORY = 2 * 1024 * 1024 * 1024
AT_ONCE = BoundedSemaphore(2)
"""Counts apart, of visitors and of the desk together, that one web process starts."""
WRONG_FILE, WRONG_RULE = 3, 4


class Busy(Exception):
    """As many counts as this process may start are under way."""


class TookTooLong(Exception):
    """The count was ended: it took more time or memory than is given to it."""


@dataclass(frozen=True)
class Recount:
    """What a file gives by a rule, and by the other one. `selected`: the winners that the file names.

    `rules`: by which these ballots can be counted, the first by which they were.
    """

    outcome: Outcome
    other: Outcome | None
    served: int
    served_other: int | None
    selected: tuple[str, ...] | None
    rules: tuple[Rule, ...]


def rules_for(election: Election, rule: Rule) -> list[Rule]:
    """The rules by which these ballots can be counted, `rule` first: all of money or all of places, as it is."""
    return [
        rule,
        *(
            other
            for other in Rule
            if other is not rule
            and (other in MONEY_RULES) == (rule in MONEY_RULES)
            and not what_stops(election.profile, election.terms_by(other))
        ),
    ]


def recount(content: bytes, rule: Rule) -> Recount:
    """Count a file. Raises UnreadableFile, CannotCount."""
    election = read(content)
    return recount_election(election, rule)


def recount_election(election: Election, rule: Rule) -> Recount:
    """Count what was read. Raises CannotCount."""
    profile = election.profile
    outcome = count(profile, election.terms_by(rule))
    rules, other = rules_for(election, rule), None
    if OTHER_RULE[rule] in rules:
        other = count(profile, election.terms_by(OTHER_RULE[rule]))
    return Recount(
        outcome,
        other,
        profile.served(outcome.winners),
        profile.served(other.winners) if other else None,
        election.selected,
        tuple(rules),
    )


def recount_apart(content: bytes, rule: Rule, *, seconds: int) -> Recount:
    """`recount` in a process of its own that gets so many seconds. Raises Busy and TookTooLong as well."""
    if not AT_ONCE.acquire(blocking=False):
        raise Busy
    try:
        return _recount_apart(content, rule, seconds)
    finally:
        AT_ONCE.release()


def _recount_apart(content: bytes, rule: Rule, seconds: int) -> Recount:
    command = [sys.executable, "-m", "wijkagenda.voting.recount.recounting", rule.value, str(seconds)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds * 2, check=False)
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    if done.returncode == WRONG_FILE:
        found = json.loads(done.stdout)
        raise UnreadableFile(found["code"], found["line"], **found["figures"])
    if done.returncode == WRONG_RULE:
        election = read(content)
        raise CannotCount(what_stops(election.profile, election.terms_by(rule)))
    if done.returncode != 0:
        raise TookTooLong
    found = json.loads(done.stdout)
    return Recount(
        Outcome.from_json(found["outcome"]),
        Outcome.from_json(found["other"]) if found["other"] else None,
        found["served"],
        found["served_other"],
        None if found["selected"] is None else tuple(found["selected"]),
        tuple(map(Rule, found["rules"])),
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
            "rules": found.rules,
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


if __name__ == "__main__":
    sys.exit(_apart(*sys.argv[1:]))
