"""`wijkagenda voting recount` and hertellen.pyz: no settings, no database, one clear line when something is wrong."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.house.sources import ROOT
from tests.profiles import wijk
from wijkagenda.cli import main as console
from wijkagenda.voting.counting import Outcome, Profile, Reserve, Rule, Terms, count, recount
from wijkagenda.voting.counting.pabulib_writing import write
from wijkagenda.voting.counting.phrases import PHRASES
from wijkagenda.voting.counting.sentences import LANGUAGES
from wijkagenda.voting.counting.single_file import NAME, single_file

META = {"description": "Stemming", "country": "Netherlands", "unit": "Markerstad", "instance": "7", "currency": "EUR"}
DAYS = {"begins": date(2026, 3, 1), "ends": date(2026, 3, 14)}
TERMS = Terms(Rule.EQUAL_SHARES_ADD1, budget=90_000, money_unit=10)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return wijk(5, ballots=200)


@pytest.fixture
def file(tmp_path: Path, profile: Profile) -> Path:
    path = tmp_path / "stemming.pb"
    path.write_bytes(write(profile, TERMS, meta=META, **DAYS))
    return path


def run(
    *arguments: str | Path, code: str = "from wijkagenda.console import main; main()"
) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", f"import sys; sys.argv[0] = 'wijkagenda'; {code}", "voting", "recount", *arguments]
    return subprocess.run(command, cwd=ROOT, env={"PATH": os.defpath}, capture_output=True, text=True, check=False)


def test_our_own_file_is_recounted_without_being_told_how(file: Path, profile: Profile) -> None:
    done = run(file, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told, counted = json.loads(done.stdout), count(profile, TERMS)
    assert told["winners"] == list(counted.winners)
    assert told["same_winners"] is True
    assert {line["option"]: line["reason"]["code"] for line in told["lines"]} == {
        line.option: line.reason.code for line in counted.lines
    }
    assert told["totals"]["raises"] == counted.totals.raises
    assert Outcome.from_json(told).winners == counted.winners


def test_nothing_of_the_application_is_loaded_for_it(file: Path) -> None:
    code = (
        "import wijkagenda.console as c\ntry: c.main()\n"
        "finally: print(sorted({'flask', 'sqlalchemy', 'click', 'wijkagenda.app'} & set(sys.modules)))"
    )
    assert run(file, "--json", code=code.replace("import wijkagenda", "\nimport wijkagenda", 1)).stdout.endswith("[]\n")


def test_the_same_stands_among_the_other_commands(file: Path) -> None:
    done = CliRunner().invoke(console, ["voting", "recount", str(file), "--rule", "greedy"])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "Stemming")
    assert "recount" in CliRunner().invoke(console, ["voting", "--help"]).output


@pytest.mark.parametrize(
    "more, words",
    [
        (["--rule", "phragmen", "--seats", "2"], ["Rule: phragmen.", "Elected, in this order: 2."]),
        (["--rule", "greedy", "--budget", "20000"], ["Budget EUR 20,000"]),
        (["--rule", "greedy", "--language", "nl"], ["Regel: greedy.", "Budget EUR 90.000", "Niet gekozen:"]),
        (["--rule", "most-votes", "--seats", "3", "--reserve", "groen=1"], ["Rule: most-votes."]),
    ],
)
def test_another_rule_can_be_asked(
    file: Path, more: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert recount.main([str(file), *more]) == 0
    out = capsys.readouterr().out
    assert all(word in out for word in words), out


@pytest.mark.parametrize(
    "more, words",
    [
        (["--rule", "borda"], "no rule borda"),
        (["--rule", "phragmen"], "--seats"),
        (["--rule", "phragmen", "--seats", "99"], "only 14 options"),
        (["--rule", "phragmen", "--seats", "veel"], "--seats must be"),
        (["--rule", "phragmen", "--seats", "2", "--reserve", "zee=1"], "theme zee"),
        (["--rule", "phragmen", "--seats", "2", "--reserve", "zee"], "--reserve must be"),
        (["--rule", "most-points", "--seats", "2"], "ballots with points"),
        (["--rule", "greedy", "--budget", "-4"], "budget"),
        (["--nonsense"], "unrecognized"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_counted_is_one_line_and_exit_code_2(
    file: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = recount.main([str(file), *more])
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1), said.err
    assert words in said.err


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01", b"META\nkey;value\n", b"%PDF"])
def test_a_wrong_file_is_one_line_and_exit_code_2(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "wrong.pb"
    if content is not None:
        path.write_bytes(content)
    done = run(path, "--rule", "greedy")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in done.stderr


def test_a_file_of_somebody_else_without_a_rule_asks_for_one(file: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.pb"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("comment;")]
    foreign.write_text("\n".join(lines))
    done = run(foreign)
    assert (done.returncode, done.stderr) == (2, "This file does not say by which rule; add --rule.\n")
    assert "its order of options decides" in run(foreign, "--rule", "greedy").stdout


def test_the_single_file_counts_the_same_on_a_bare_python(file: Path, tmp_path: Path) -> None:
    program = tmp_path / NAME
    program.write_bytes(single_file())
    # -I and -S: nothing that is installed can be found, NumPy neither.
    bare = [sys.executable, "-I", "-S", program, file, "--json"]
    done = subprocess.run(bare, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told, ours = json.loads(done.stdout), json.loads(run(file, "--json", "--engine", "swift").stdout)
    assert (told["totals"].pop("engine"), ours["totals"].pop("engine")) == ("exact", "swift")
    for outcome in (told, ours):
        outcome["totals"].pop("decided_exactly")
    assert told == ours


def test_the_single_file_has_the_same_bytes_each_time() -> None:
    one = single_file()
    assert one == single_file()
    assert one.startswith(b"#!/usr/bin/env python3\n")
    assert len(one) < 250_000


def test_reserves_of_our_own_file_are_kept(tmp_path: Path, profile: Profile) -> None:
    terms = Terms(Rule.MOST_VOTES, seats=3, reserved=(Reserve("sociaal", 2),))
    path = tmp_path / "seats.pb"
    path.write_bytes(write(profile, terms, meta=META, **DAYS))
    told = json.loads(run(path, "--json").stdout)
    assert told["winners"] == list(count(profile, terms).winners)
    assert told["terms"]["reserved"] == [{"theme": "sociaal", "at_least": 2}]


def test_every_code_has_a_sentence_in_every_language() -> None:
    assert all(len(sentences) == len(LANGUAGES) and all(sentences) for sentences in PHRASES.values())
