"""`make lint` and `make test`: every check in turn, and one plain summary at the end.

Goes on after a failed check, so that one run names everything. Answers 1 when anything failed.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services  # noqa: E402  the project folder must be on the path first

PYTHON = [sys.executable, "-m"]
# Programs are started as modules: a virtual environment that was moved keeps working.
STATIC_CHECKS = {
    "ruff": [*PYTHON, "ruff", "check", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "imports": [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
    "types": [*PYTHON, "mypy"],
    "templates": [*PYTHON, "djlint", "templates", "--lint", "--quiet"],
}
SLOWEST = 8


@dataclass
class Outcome:
    name: str
    passed: bool
    seconds: float
    note: str = ""


def check(name: str, command: list[str]) -> Outcome:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False)
    return Outcome(name, done.returncode == 0, time.monotonic() - began)


def run_tests(arguments: list[str]) -> Outcome:
    """pytest with services of its own; they end here whatever becomes of pytest."""
    results = ROOT / "var" / "test"
    results.mkdir(parents=True, exist_ok=True)
    report = results / "results.xml"
    report.unlink(missing_ok=True)
    folder = services.new_run_folder()
    os.environ[services.RUN_FOLDER] = folder
    try:
        command = [*PYTHON, "pytest", "--numprocesses=2", "--dist=loadgroup", f"--junitxml={report}", *arguments]
        outcome = check("tests", command)
    finally:
        services.stop_run(folder)
    if report.exists():
        outcome.note = describe(report)
    return outcome


def describe(report: Path) -> str:
    """Counts, why tests were skipped, and which took longest."""
    cases = list(ET.parse(report).iter("testcase"))
    skipped = Counter(
        (found.get("message") or "no reason given") for case in cases if (found := case.find("skipped")) is not None
    )
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    passed = len(cases) - failed - skipped.total()
    lines = [f"{passed} passed, {failed} failed, {skipped.total()} skipped"]
    lines += [f"   skipped {count}: {why}" for why, count in skipped.most_common()]
    slow = sorted(cases, key=lambda case: float(case.get("time", 0)), reverse=True)[:SLOWEST]
    lines += ["   slowest:"]
    lines += [f"   {float(case.get('time', 0)):6.1f} s  {case.get('classname')}.{case.get('name')}" for case in slow]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--static-only", action="store_true", help="no tests")
    arguments, for_pytest = parser.parse_known_args()
    # The request to end must still pass the `finally` that stops the services.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes = [check(name, command) for name, command in STATIC_CHECKS.items()]
    if not arguments.static_only:
        outcomes.append(run_tests(for_pytest))
    print("\n== summary")
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.name:<10} {outcome.seconds:6.1f} s  {outcome.note}")
    print(f"{sum(outcome.seconds for outcome in outcomes):.0f} seconds in all", flush=True)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
