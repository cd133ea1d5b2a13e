"""The comparisons of `make oracles`, run by its own Python. Prints per line how many cases agreed; 1 on any difference."""

import argparse
import contextlib
import io
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pabutools.fractions
from abcvoting import abcrules
from abcvoting.preferences import Profile as Committees
from pabulib.checker import Checker
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.election.satisfaction import AdditiveSatisfaction
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

from tests.brute_force import winners
from tests.profiles import terms_for, tiny, wijk
from wijkagenda.voting.counting import BallotType, Option, Outcome, Profile, Rule, Terms, count, why_not
from wijkagenda.voting.counting.pabulib import read
from wijkagenda.voting.counting.pabulib_writing import write

LONGEST = 300
"""Seconds that pabutools gets for one count."""

Cases = Iterator[tuple[str, bool]]


class Points_Sat(AdditiveSatisfaction):
    """Utility = cost times points, as ours."""

    def __init__(self, instance, profile, ballot):  # type: ignore[no-untyped-def]
        super().__init__(instance, profile, ballot, lambda _i, _p, own, project, _v: own.get(project, 0) * project.cost)


class TooSlow(Exception):
    """The other one did not finish."""


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def pabutools_cases(files: list[tuple[str, bytes]], folder: Path) -> Cases:
    """Greedy and plain Equal Shares: the same winners in the same order, with the tie order set to ours."""
    pabutools.fractions.FRACTION = "gmpy2"
    for name, data in files:
        profile = read(data).profile
        path = folder / name
        path.write_bytes(data)
        instance, ballots = parse_pabulib(str(path))
        place = {option.id: number for number, option in enumerate(profile.options)}
        costs = [option.cost for option in profile.options]

        def key(_i, _p, project, place=place, costs=costs, support=profile.support):  # type: ignore[no-untyped-def]
            number = place[project.name]
            return (costs[number], -support[number], number)

        satisfaction = Points_Sat if profile.type is BallotType.POINTS else Cost_Sat
        theirs = {
            Rule.GREEDY: greedy_utilitarian_welfare,
            Rule.EQUAL_SHARES: method_of_equal_shares,
        }
        for rule, method in theirs.items():
            try:
                with within(LONGEST):
                    chosen = method(
                        instance, ballots.as_multiprofile(), sat_class=satisfaction, tie_breaking=TieBreakingRule(key)
                    )
            except TooSlow:
                print(f"   {name}, {rule}: pabutools did not finish within {LONGEST} seconds")
                continue
            named = [project.name for project in chosen if profile.support[place[project.name]]]
            ours = count(profile, Terms(rule, budget=read(data).budget))
            yield f"{name} {rule}", list(ours.winners) == named


def committees(seed: int) -> Profile:
    """Few options and voters, everybody chooses something: ties everywhere."""
    chance = random.Random(seed)
    ids = [str(number) for number in range(chance.randint(3, 6))]
    options = [Option(name) for name in ids]
    ballots = [chance.sample(ids, chance.randint(1, len(ids))) for _ in range(chance.randint(3, 9))]
    return Profile.of_approvals(options, ballots)


def abcvoting_cases(seed: int, number: int, rule: Rule) -> Cases:
    """Our committee is among all that abcvoting finds when every tie is followed."""
    method = abcrules.compute_seqphragmen if rule is Rule.PHRAGMEN else abcrules.compute_equal_shares
    for own in range(seed, seed + number):
        profile = committees(own)
        supported = sum(votes > 0 for votes in profile.votes)
        seats = random.Random(own).randint(1, supported)
        theirs = Committees(len(profile.options))
        for pattern, times in zip(profile.patterns, profile.times, strict=True):
            theirs.add_voters([set(pattern)] * times)
        found = method(theirs, seats, algorithm="standard-fractions", resolute=False, max_num_of_committees=None)
        ours = {int(option) for option in count(profile, Terms(rule, seats=seats)).winners}
        yield f"seed {own}", ours in [set(committee) for committee in found]


def brute_force_cases(seed: int, number: int) -> Cases:
    for own in range(seed, seed + number):
        profile = tiny(own)
        for terms in terms_for(profile, own):
            expected, raises = winners(profile, terms)
            outcome = count(profile, terms, engine="exact")
            right = list(outcome.winners) == expected and (outcome.totals.raises or 0) == raises
            yield f"seed {own} {terms.rule}", right


def same(one: Outcome, other: Outcome) -> bool:
    """All but the name of the engine."""
    return without_engine(one) == without_engine(other)


def without_engine(outcome: Outcome) -> Outcome:
    return replace(outcome, totals=replace(outcome.totals, engine="", decided_exactly=0))


def engine_cases(seed: int, number: int, files: list[tuple[str, bytes]]) -> Cases:
    for own in range(seed, seed + number):
        profile = tiny(own) if own % 10 else wijk(own, points=own % 20 == 0)
        for terms in terms_for(profile, own):
            yield f"seed {own} {terms.rule}", engines_agree(profile, terms)
    for name, data in files:
        election = read(data)
        for rule in (Rule.EQUAL_SHARES, Rule.EQUAL_SHARES_ADD1, Rule.EQUAL_SHARES_ADD1_TOP_UP):
            yield f"{name} {rule}", engines_agree(election.profile, Terms(rule, budget=election.budget))


def engines_agree(profile: Profile, terms: Terms) -> bool:
    return same(count(profile, terms, engine="exact"), count(profile, terms, engine="swift"))


def official_cases(files: list[tuple[str, bytes]]) -> Cases:
    """Votes that were really decided by Equal Shares with Add1: the winners that their town published."""
    for name, data in files:
        election = read(data)
        if election.meta.get("rule") == "equalshares/add1" and election.selected:
            for engine in ("exact", "swift"):
                terms = Terms(Rule.EQUAL_SHARES_ADD1, budget=election.budget)
                counted = count(election.profile, terms, engine=engine)
                yield f"{name} {engine}", set(counted.winners) == set(election.selected)


def checker_cases(seed: int, number: int) -> Cases:
    """No errors in what we write; and it reads back and counts the same."""
    for own in range(seed, seed + number):
        profile = with_lot(wijk(own, ballots=60, options=8, points=own % 2 == 0))
        for terms in terms_for(profile, own):
            if why_not(profile, terms):
                # The checker calls it an error too when everything is funded.
                continue
            outcome = count(profile, terms)
            named = {"description": 'Stemming; "wijk"', "country": "Netherlands", "unit": "Markerstad"}
            named |= {"instance": str(own), "language": "nl", "currency": "EUR"}
            data = write(profile, terms, meta=named, begins=date(2026, 3, 1), ends=date(2026, 3, 14), outcome=outcome)
            with contextlib.redirect_stdout(io.StringIO()):
                results = Checker().process_files([data.decode()])
            errors = [found["results"]["errors"] for found in results.values() if "results" in found]
            again = read(data)
            right = again.terms == terms and count(again.profile, again.terms).winners == outcome.winners
            yield f"seed {own} {terms.rule} {[error for error in errors if error]}", right and errors == [{}]


def with_lot(profile: Profile) -> Profile:
    return replace(profile, lot="drawn", lot_seed="wijk 1")


def compare(what: str, cases: Cases) -> bool:
    began, agreed, number = time.monotonic(), 0, 0
    wrong = []
    for case, right in cases:
        number += 1
        agreed += right
        if not right:
            wrong.append(case)
    print(
        f"{'ok    ' if not wrong else 'WRONG '} {what:<56} {agreed} of {number} agreed  {time.monotonic() - began:6.1f} s"
    )
    for case in wrong[:5]:
        print(f"       {case}")
    sys.stdout.flush()
    return not wrong and number > 0


def real_files() -> list[tuple[str, bytes]]:
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder:
        print("WIJKAGENDA_TEST_DATA names no folder with real elections: only drawn ones are compared")
        return []
    return [(path.name, path.read_bytes()) for path in sorted(Path(folder, "elections").glob("*.pb"))]


def drawn_files(seed: int) -> list[tuple[str, bytes]]:
    """Elections as files, for those who read files."""
    made = []
    for own in range(seed, seed + 40):
        profile = wijk(own, ballots=120, points=own % 2 == 0)
        terms = Terms(Rule.GREEDY, budget=sum(option.cost for option in profile.options) * 2 // 5)
        named = {"description": "drawn", "country": "Netherlands", "unit": "Markerstad", "instance": str(own)}
        data = write(profile, terms, meta=named, begins=date(2026, 3, 1), ends=date(2026, 3, 14))
        made.append((f"drawn-{own}.pb", data))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randint(1, 10**6))
    asked = parser.parse_args()
    folder = Path("var/oracles/files")
    folder.mkdir(parents=True, exist_ok=True)
    seed, files = asked.seed, real_files()
    print(f"seed {seed}", flush=True)
    checks: list[tuple[str, Callable[[], Cases]]] = [
        ("brute force, every rule, 5,000 tiny instances", lambda: brute_force_cases(seed, 5000)),
        ("swift = exact, every rule, 2,000 drawn and the real files", lambda: engine_cases(seed, 2000, files)),
        ("abcvoting: Phragmén", lambda: abcvoting_cases(seed, 1000, Rule.PHRAGMEN)),
        (
            "abcvoting: Equal Shares, unit costs, then Phragmén",
            lambda: abcvoting_cases(seed, 1000, Rule.EQUAL_SHARES_UNIT_PHRAGMEN),
        ),
        ("pabulib-checker: our exports, read back too", lambda: checker_cases(seed, 40)),
        ("pabutools: winners and order, drawn elections", lambda: pabutools_cases(drawn_files(seed), folder)),
    ]
    if files:
        checks.append(("official winners, Add1, both engines", lambda: official_cases(files)))
        checks.append(("pabutools: winners and order, real elections", lambda: pabutools_cases(files, folder)))
    right = [compare(what, cases()) for what, cases in checks]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
