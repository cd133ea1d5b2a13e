"""`wijkagenda voting recount FILE.pb`, and the same in hertellen.pyz: a count that anybody can repeat.

Standard library only: no database, no settings, no network.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from wijkagenda.voting.counting.counting import ENGINES, count
from wijkagenda.voting.counting.outcome import Outcome
from wijkagenda.voting.counting.pabulib import NUMBER, Election, UnreadableFile, read
from wijkagenda.voting.counting.profile import Money, plain
from wijkagenda.voting.counting.sentences import LANGUAGES, Voice, printable
from wijkagenda.voting.counting.terms import CannotCount, Reserve, Rule, Terms

WRONG = 2
"""Exit code of a wrong file, an unknown rule, or a combination that cannot be counted."""


class _OneLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{message}\n")


def _parser(name: str) -> argparse.ArgumentParser:
    parser = _OneLine(prog=name, description="Recount a vote from its open ballots (.pb).")
    parser.add_argument("file", metavar="FILE.pb")
    parser.add_argument("--rule", help=f"one of: {', '.join(Rule)}; our own files name theirs")
    parser.add_argument("--seats", help="how many are elected, in rounds without money")
    parser.add_argument("--budget", help="another budget than the file names")
    parser.add_argument("--reserve", action="append", metavar="THEME=N", help="at least N of the seats for this theme")
    parser.add_argument("--money-unit", help="what Add1 raises every share by (1)")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help=argparse.SUPPRESS)
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="language of the sentences")
    parser.add_argument("--json", action="store_true", help="the whole outcome as JSON")
    return parser


def main(arguments: Sequence[str] | None = None, *, name: str = "hertellen.pyz") -> int:
    """Recount as the command line says; answers the exit code."""
    asked = _parser(name).parse_args(arguments)
    voice = Voice(asked.language)
    try:
        try:
            data = Path(asked.file).read_bytes()
        except OSError as error:
            return _wrong(voice.say("no-file", {"what": error.strerror or str(error)}))
        except ValueError as error:
            return _wrong(voice.say("no-file", {"what": str(error)}))
        election = read(data)
        voice = _voice(asked.language, election)
        terms = _terms(asked, election)
        if terms is None:
            return _wrong(voice.say("no-rule"))
        outcome = count(election.profile, terms, engine=asked.engine)
    except UnreadableFile as error:
        return _wrong(voice.say(error.code, {"line": error.line, **error.figures}))
    except CannotCount as error:
        return _wrong(" ".join(voice.obstacle(obstacle) for obstacle in error.obstacles))
    except ValueError as error:
        return _wrong(str(error))
    sys.stdout.write(_json(election, outcome) if asked.json else _text(voice, election, outcome))
    return 0


def _wrong(sentence: str) -> int:
    sys.stderr.write(f"{' '.join(printable(sentence).split())}\n")
    return WRONG


def _voice(language: str, election: Election) -> Voice:
    names = {option.id: option.name for option in election.profile.options}
    return Voice(language, election.meta.get("currency", ""), names)


def _number(option: str, written: str) -> Money:
    if not NUMBER.fullmatch(written):
        raise ValueError(f"--{option} must be a number, not {written!r}")
    return plain(Fraction(written.replace(",", ".")))


def _terms(asked: argparse.Namespace, election: Election) -> Terms | None:
    """What the file says, where it is ours, changed by what was asked."""
    rule = asked.rule or (election.terms and election.terms.rule)
    if not rule:
        return None
    terms = election.terms_by(rule)
    if asked.seats:
        if not re.fullmatch(r"\d{1,9}", asked.seats):
            raise ValueError(f"--seats must be a whole number, not {asked.seats!r}")
        terms = replace(terms, seats=int(asked.seats))
    if asked.budget:
        terms = replace(terms, budget=_number("budget", asked.budget))
    if asked.money_unit:
        terms = replace(terms, money_unit=_number("money-unit", asked.money_unit))
    if asked.reserve:
        terms = replace(terms, reserved=tuple(_reserve(written) for written in asked.reserve))
    return terms


def _reserve(written: str) -> Reserve:
    theme, _, number = written.rpartition("=")
    if not theme or not re.fullmatch(r"\d{1,9}", number):
        raise ValueError(f"--reserve must be THEME=N, not {written!r}")
    return Reserve(theme, int(number))


def _json(election: Election, outcome: Outcome) -> str:
    data: dict[str, Any] = outcome.as_json()
    data["winners_in_file"] = None if election.selected is None else list(election.selected)
    data["same_winners"] = _same(election, outcome)
    data["remarks"] = [{"code": code, "figures": dict(figures)} for code, figures in election.remarks]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _same(election: Election, outcome: Outcome) -> bool | None:
    return None if election.selected is None else set(election.selected) == set(outcome.winners)


def _text(voice: Voice, election: Election, outcome: Outcome) -> str:
    lines = [election.meta.get("description", ""), *voice.outcome(outcome)]
    lines += [voice.say(code, figures) for code, figures in election.remarks]
    same = _same(election, outcome)
    if same is not None:
        lines += ["", voice.say("same-winners" if same else "other-winners")]
    return "\n".join(map(printable, lines)).strip() + "\n"
