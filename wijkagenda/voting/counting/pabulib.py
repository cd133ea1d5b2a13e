"""Files in the format of Pabulib (.pb): read any, and find our own terms back in those we wrote.

UTF-8 with or without a mark, sections META, PROJECTS and VOTES; each a title line, a header line, and rows with `;`.
Nothing of a file is ever skipped: what cannot be understood is refused, with its line.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wijkagenda.voting.counting.lots import draw_lots
from wijkagenda.voting.counting.profile import BallotType, Money, Option, Profile, SpoiledBallot, plain
from wijkagenda.voting.counting.terms import MONEY_RULES, Reserve, Rule, Terms

LARGEST_FILE = 256 * 1024 * 1024
MOST_OPTIONS = 5_000
MOST_BALLOTS = 5_000_000
MOST_META = 200
SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = {
    "approval": BallotType.APPROVAL,
    "choose-1": BallotType.APPROVAL,
    "cumulative": BallotType.POINTS,
    "scoring": BallotType.POINTS,
}
NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,9})?")
OWN_PART = re.compile(r"#\d+: wijkagenda (\{.*\})\s*$", re.DOTALL)
OWN_VERSION = 1
LOT_DIFFERS = "lot-differs"


class UnreadableFile(ValueError):
    """A file that cannot be counted: a code, its line (from 1; 0 for the whole) and what stands there."""

    def __init__(self, code: str, line: int = 0, **figures: str | int) -> None:
        self.code, self.line, self.figures = code, line, figures
        super().__init__(f"{code} (line {line}) {figures or ''}")


@dataclass(frozen=True)
class Election:
    """What a file holds. `terms` only where it is one of ours; `selected`: the winners it names, in file order.

    `remarks`: (code, figures) of what is odd but changes no count.
    """

    meta: Mapping[str, str]
    profile: Profile
    budget: Money
    terms: Terms | None
    selected: tuple[str, ...] | None
    remarks: tuple[tuple[str, Mapping[str, str | int]], ...] = ()

    def terms_by(self, rule: Rule | str) -> Terms:
        """The terms of the file with this rule. A file of somebody else knows a budget only."""
        own, about_money = self.terms, rule in MONEY_RULES
        same_kind = own is not None and own.about_money == about_money
        budget = own.budget if own and same_kind else self.budget
        return Terms(
            rule=rule,
            seats=own.seats if own and same_kind else None,
            budget=budget if about_money else None,
            reserved=own.reserved if own and same_kind else (),
            money_unit=own.money_unit if own else 1,
        )


Rows = Iterator[tuple[int, list[str]]]


def read(data: bytes) -> Election:
    """The election in a file. Raises UnreadableFile."""
    if len(data) > LARGEST_FILE:
        raise UnreadableFile("file-too-large", megabytes=LARGEST_FILE // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("not-utf-8", data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise UnreadableFile("not-text", text.count("\n", 0, text.index("\0")) + 1)
    rows = _rows(text)
    meta = _read_meta(rows)
    kind = _ballot_type(meta)
    budget = _number("budget", *meta["budget"])
    plain_meta = {key: value for key, (_, value) in meta.items()}
    own = _own_part(meta)
    options, table, ended = _read_projects(rows, own)
    if not ended:
        raise UnreadableFile("section-missing", section="VOTES")
    lines: list[int] = []
    ballots = _read_votes(rows, points=kind is BallotType.POINTS, lines=lines)
    terms, how = _own_terms(own, options)
    try:
        if kind is BallotType.POINTS:
            profile = Profile.of_points(how.pop("options"), ballots, **how)
        else:
            at_most = 1 if plain_meta["vote_type"] == "choose-1" else None
            choices = (tuple(option for option, _ in ballot) for ballot in ballots)
            profile = Profile.of_approvals(how.pop("options"), choices, at_most=at_most, **how)
    except SpoiledBallot as error:
        raise UnreadableFile(f"ballot-{error.code}", lines[-1], option=error.option) from None
    _agrees("num_projects", meta, len(profile.options))
    _agrees("num_votes", meta, profile.ballots)
    selected = None
    if any("selected" in row for row in table):
        selected = tuple(row["project_id"] for row in table if row.get("selected") in {"1", "2"})
    remarks = (*_lot_remarks(profile), *_remarks(plain_meta, table, profile))
    return Election(plain_meta, profile, budget, terms, selected, remarks)


def _rows(text: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    while True:
        before = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "field-too-long" if "field limit" in str(error) else "quotes"
            raise UnreadableFile(code, before + 1) from None
        if any(cell.strip() for cell in row):
            yield before + 1, row


def _title(row: list[str]) -> str:
    title = row[0].strip().upper()
    return title if title in SECTIONS and not any(cell.strip() for cell in row[1:]) else ""


def _read_meta(rows: Rows) -> dict[str, tuple[int, str]]:
    line, row = next(rows, (1, [""]))
    if _title(row) != "META":
        raise UnreadableFile("not-a-pb-file", line)
    line, row = next(rows, (line, [""]))
    if [cell.strip().lower() for cell in row[:2]] != ["key", "value"]:
        raise UnreadableFile("header", line, section="META", wanted="key;value")
    meta: dict[str, tuple[int, str]] = {}
    for line, row in rows:
        if title := _title(row):
            if title != "PROJECTS":
                raise UnreadableFile("section-order", line, section=title)
            break
        key = row[0].strip()
        if not key or key in meta:
            raise UnreadableFile("meta-twice" if key else "meta-without-key", line, key=key)
        if len(meta) >= MOST_META:
            raise UnreadableFile("too-many-rows", line, section="META", most=MOST_META)
        meta[key] = (line, row[1].strip() if len(row) > 1 else "")
    else:
        raise UnreadableFile("section-missing", section="PROJECTS")
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise UnreadableFile("meta-missing", key=key)
    return meta


def _ballot_type(meta: Mapping[str, tuple[int, str]]) -> BallotType:
    line, written = meta["vote_type"]
    if written == "ordinal":
        raise UnreadableFile("ordinal", line)
    if written not in VOTE_TYPES:
        raise UnreadableFile("vote-type", line, found=written[:40])
    line, default = meta.get("default_score", (0, "0"))
    if default not in {"", "0"}:
        raise UnreadableFile("default-score", line)
    return VOTE_TYPES[written]


def _number(what: str, line: int, written: str) -> Money:
    if not NUMBER.fullmatch(written):
        raise UnreadableFile("number", line, what=what, found=written[:40])
    return plain(Fraction(written.replace(",", ".")))


def _header(rows: Rows, section: str, first: str) -> tuple[int, list[str]]:
    line, row = next(rows, (0, [""]))
    header = [cell.strip() for cell in row]
    if header[0] != first:
        raise UnreadableFile("header", line, section=section, wanted=first)
    if len(set(header)) != len(header):
        raise UnreadableFile("column-twice", line, section=section)
    return line, header


def _read_projects(rows: Rows, own: Mapping[str, Any]) -> tuple[list[Option], list[dict[str, str]], bool]:
    line, header = _header(rows, "PROJECTS", "project_id")
    if "cost" not in header:
        raise UnreadableFile("header", line, section="PROJECTS", wanted="cost")
    themes, costs = own.get("themes", {}), own.get("costs", {})
    options: dict[str, Option] = {}
    table: list[dict[str, str]] = []
    for line, row in rows:
        if title := _title(row):
            if title != "VOTES":
                raise UnreadableFile("section-order", line, section=title)
            return list(options.values()), table, True
        values = dict(zip(header, (cell.strip() for cell in row), strict=False))
        option, written = values["project_id"], values.get("cost", "")
        if not option or option in options:
            raise UnreadableFile("option-twice" if option else "option-without-id", line, option=option)
        if len(options) >= MOST_OPTIONS:
            raise UnreadableFile("too-many-rows", line, section="PROJECTS", most=MOST_OPTIONS)
        cost = _number("cost", line, str(costs.get(option, written)))
        theme = str(themes.get(option, "")) if own else values.get("category", "")
        options[option] = Option(option, cost, values.get("name", ""), theme)
        table.append(values)
    return list(options.values()), table, False


def _read_votes(rows: Rows, *, points: bool, lines: list[int]) -> Iterator[tuple[tuple[str, Money], ...]]:
    """(option, points) pairs of each ballot; `lines` keeps the line of the ballot that was read last."""
    line, header = _header(rows, "VOTES", "voter_id")
    for wanted in ("vote", *(["points"] if points else [])):
        if wanted not in header:
            raise UnreadableFile("header", line, section="VOTES", wanted=wanted)
    vote, score = header.index("vote"), header.index("points") if points else -1
    voters: set[str] = set()
    known: dict[str, tuple[tuple[str, Money], ...]] = {}
    lines.append(line)
    for line, row in rows:
        lines[-1] = line
        voter = row[0].strip()
        if not voter or voter in voters:
            raise UnreadableFile("voter-twice" if voter else "voter-without-id", line, voter=voter[:40])
        if len(voters) >= MOST_BALLOTS:
            raise UnreadableFile("too-many-rows", line, section="VOTES", most=MOST_BALLOTS)
        voters.add(voter)
        if len(row) <= max(vote, score):
            raise UnreadableFile("row-too-short", line)
        if not points:
            written = row[vote]
            ballot = known.get(written)
            if ballot is None:
                ballot = known[written] = tuple((option, 1) for option in _listed(written, line))
            yield ballot
            continue
        options, given = _listed(row[vote], line), _listed(row[score], line)
        if len(options) != len(given):
            raise UnreadableFile("points-do-not-fit", line)
        yield tuple((option, _number("points", line, number)) for option, number in zip(options, given, strict=True))


def _listed(written: str, line: int) -> list[str]:
    if not written.strip():
        return []
    parts = [part.strip() for part in written.split(",")]
    if not all(parts):
        raise UnreadableFile("empty-in-list", line)
    return parts


def _agrees(key: str, meta: Mapping[str, tuple[int, str]], counted: int) -> None:
    line, written = meta.get(key, (0, str(counted)))
    if written != str(counted):
        raise UnreadableFile("count-differs", line, key=key, written=written[:40], counted=counted)


def _lot_remarks(profile: Profile) -> Iterator[tuple[str, Mapping[str, str | int]]]:
    """Whoever writes a file can name any order of the lot; whether its seed gives that order, everybody can see."""
    order = [option.id for option in profile.options]
    if profile.lot_seed and draw_lots(profile.lot_seed, order) != order:
        yield LOT_DIFFERS, {"seed": profile.lot_seed[:40]}


def _remarks(
    meta: Mapping[str, str], table: list[dict[str, str]], profile: Profile
) -> Iterator[tuple[str, Mapping[str, str | int]]]:
    votes = {option.id: number for option, number in zip(profile.options, profile.votes, strict=True)}
    for row in table:
        written = row.get("votes", "")
        if written and written != str(votes[row["project_id"]]):
            figures: dict[str, str | int] = {"option": row["project_id"], "written": written[:40]}
            yield "votes-differ", figures | {"counted": votes[row["project_id"]]}
    if "min_project_score_threshold" in meta:
        yield "threshold-not-applied", {"threshold": meta["min_project_score_threshold"]}


def _own_part(meta: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    line, comment = meta.get("comment", (0, ""))
    found = OWN_PART.search(comment)
    if not found:
        return {}
    try:
        own = json.loads(found[1])
    except (ValueError, RecursionError):
        raise UnreadableFile("own-part", line) from None
    right = (
        isinstance(own, dict)
        and own.get("version") == OWN_VERSION
        and all(isinstance(own.get(key, {}), dict) for key in ("themes", "costs"))
    )
    if not right:
        raise UnreadableFile("own-part", line)
    return own | {"line": line}


def _own_terms(own: Mapping[str, Any], options: list[Option]) -> tuple[Terms | None, dict[str, Any]]:
    """The terms of one of our files, and how its profile is made: options in lot order."""
    if not own:
        return None, {"options": options, "lot": "file"}
    try:
        by_id = {option.id: option for option in options}
        ordered = [by_id.pop(option) for option in own["lot_order"]]
        if by_id:
            raise ValueError("the lot names not every option")
        lot, seed, rule = own["lot"], own.get("lot_seed", ""), own["rule"]
        if not (isinstance(lot, str) and isinstance(seed, str) and isinstance(rule, str)):
            raise TypeError("words are expected here")
        budget, seats = own.get("budget"), own.get("seats")
        if not isinstance(seats, int | None):
            raise TypeError("a number of seats is whole")
        terms = Terms(
            rule=rule,
            seats=seats,
            budget=None if budget is None else _number("budget", own["line"], budget),
            reserved=tuple(Reserve(str(theme), int(at_least)) for theme, at_least in own.get("reserved", ())),
            money_unit=_number("money_unit", own["line"], own.get("money_unit", "1")),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("own-part", own["line"]) from None
    return terms, {"options": ordered, "lot": lot, "lot_seed": seed}
