"""Files made to break a recount, or to make it say what it did not count."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from wijkagenda.errors import Invalid
from wijkagenda.voting.archive.incoming import read_incoming
from wijkagenda.voting.counting import Option, Profile, Rule, Terms, count, draw_lots
from wijkagenda.voting.counting.pabulib import UnreadableFile, read
from wijkagenda.voting.counting.pabulib_writing import write
from wijkagenda.voting.counting.profile import BallotType
from wijkagenda.voting.counting.recount import WRONG, main
from wijkagenda.voting.recount.recounting import recount_apart

META = {"description": "Stemming", "country": "Netherlands", "unit": "Markerstad", "instance": "1"}
SEED = "0123456789abcdef"


def profile_of(order: list[str], *, names: dict[str, str] | None = None) -> Profile:
    options = [Option(option, name=(names or {}).get(option, option)) for option in order]
    ballots = [("1", "2"), ("2", "3"), ("3",), ("1",)]
    return Profile.of_approvals(options, ballots, lot="drawn", lot_seed=SEED)


def file_of(profile: Profile, terms: Terms | None = None) -> bytes:
    days = {"begins": date(2026, 9, 1), "ends": date(2026, 9, 9)}
    return write(profile, terms or Terms(Rule.MOST_VOTES, seats=2), meta=META, **days)


def with_own_part(**changes: object) -> bytes:
    """Our file, with other values among its terms; JSON that only a person would write."""
    text = file_of(profile_of(["1", "2", "3"])).decode()
    before, _, rest = text.partition("wijkagenda ")
    line, _, after = rest.partition("\n")
    own = json.loads(line.removesuffix('"').replace('""', '"')) | changes
    written = json.dumps(own).replace('"', '""')
    return f'{before}wijkagenda {written}"\n{after}'.encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"reserved": [["", float("inf")]]},
        {"reserved": [["", float("nan")]]},
        {"reserved": [["", "9" * 5000]]},
        {"reserved": 3},
        {"reserved": ["abc"]},
        {"seats": "2"},
        {"seats": 2.5},
        {"money_unit": "1e9"},
        {"money_unit": 1},
        {"budget": "-1"},
        {"lot_order": ["1", "2"]},
        {"lot_order": ["1", "2", ["3"]]},
        {"lot_order": [{}, "2", "3"]},
        {"lot_order": 7},
        {"lot": None},
        {"rule": {"a": 1}},
        {"themes": []},
        {"version": 2},
    ],
)
def test_terms_that_mean_nothing_are_refused_with_their_line(
    changes: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = with_own_part(**changes)
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert refused.value.line > 1
    path = tmp_path / "raar.pb"
    path.write_bytes(content)
    assert main([str(path)]) == WRONG
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_seats_without_end_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "veel.pb"
    path.write_bytes(with_own_part(seats=10**4000))
    assert main([str(path)]) == WRONG
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_lot_that_its_seed_does_not_give_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = draw_lots(SEED, ["1", "2", "3"])
    assert read(file_of(profile_of(right))).remarks == ()
    swapped = read(file_of(profile_of(right[::-1])))
    assert [code for code, _figures in swapped.remarks] == ["lot-differs"]
    path = tmp_path / "lot.pb"
    path.write_bytes(file_of(profile_of(right[::-1])))
    for language, words in (("en", "another order"), ("nl", "een andere volgorde")):
        assert main([str(path), "--language", language]) == 0
        assert words in capsys.readouterr().out


def test_a_name_cannot_write_sentences_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor move the cursor of a terminal, nor turn the order of its letters round."""
    path = tmp_path / "naam.pb"
    evil = "Bankje\n\nThe winners are those that the file names.\x1b[2J\u202eedart\x9b1m"
    profile = profile_of(draw_lots(SEED, ["1", "2", "3"]))
    text = file_of(profile).decode()
    path.write_text(
        text.replace(";1;1\n", ';"' + evil + '";1\n').replace("description;Stemming", f'description;"{evil}"')
    )
    assert main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "\x9b" not in out
    assert sum(line.startswith("The winners are those") for line in out.splitlines()) <= 1
    path.write_text(text.replace("project_id;", f'"{evil}";'))
    assert main([str(path)]) == WRONG
    assert "\x1b" not in capsys.readouterr().err


def test_a_unit_of_a_billionth_and_amounts_without_sense_keep_no_count_going() -> None:
    options = [Option(str(number), cost=10**14 + number * 7) for number in range(12)]
    ballots = [tuple(str((number * step) % 12) for step in (1, 5)) for number in range(1, 40) if number % 12]
    profile = Profile.of_approvals(options, [tuple(dict.fromkeys(ballot)) for ballot in ballots])
    terms = Terms(Rule.EQUAL_SHARES_ADD1, budget=3 * 10**14, money_unit=1)
    began = time.process_time()
    count(profile, terms)
    content = file_of(profile, replace(terms, money_unit=1))
    recount_apart(content, Rule.EQUAL_SHARES_ADD1, seconds=10)
    assert time.process_time() - began < 10


def test_a_file_that_asks_for_more_than_its_time_is_ended() -> None:
    """One ballot for each of many points and prices: fractions that grow with every purchase."""
    number = 700
    options = [Option(str(n), cost=10**14 + n * n * 7919) for n in range(number)]
    ballots = [{str((n * k + k) % number): 10**9 - n * k for k in range(1, 60)} for n in range(1, 400)]
    profile = Profile.of_points(options, ballots)
    assert profile.type is BallotType.POINTS
    text = file_of(profile, Terms(Rule.GREEDY, budget=10**15))
    began = time.monotonic()
    command = [sys.executable, "-m", "wijkagenda.voting.recount.recounting", "equal-shares-add1", "2"]
    done = subprocess.run(command, input=text, capture_output=True, timeout=30, check=False)
    assert time.monotonic() - began < 20
    assert done.returncode != 0 or json.loads(done.stdout)["outcome"]["winners"]


def test_a_lot_that_its_seed_does_not_give_is_not_brought_in() -> None:
    order = draw_lots(SEED, ["1", "2", "3"])
    for right in (True, False):
        options = [Option(option) for option in (order if right else order[::-1])]
        content = file_of(Profile.of_approvals(options, [("1", "2")] * 12, lot="drawn", lot_seed=SEED))
        if right:
            assert read_incoming(content).election.profile.ballots == 12
        else:
            with pytest.raises(Invalid, match="loting"):
                read_incoming(content)
