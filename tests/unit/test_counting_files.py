"""Open ballots as files: read what anybody wrote or refuse it with its line; write what reads back the same."""

import os
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profiles import terms_for, tiny, wijk
from wijkagenda.voting.counting import BallotType, Option, Profile, Reserve, Rule, Terms, count
from wijkagenda.voting.counting.pabulib import UnreadableFile, read
from wijkagenda.voting.counting.pabulib_writing import decimal, write
from wijkagenda.voting.counting.sentences import LANGUAGES, Voice

FILE = """META
key;value
description;Stemming
country;Netherlands
unit;Markerstad
instance;1
num_projects;3
num_votes;3
budget;100,50
vote_type;approval
rule;greedy
date_begin;2026
date_end;2026
district;Centrum
PROJECTS
project_id;cost;votes;name;selected;category
a;40.25;2;"Bankjes; in ""het"" park";1;groen
b;30;2;Bomen;0;groen
c;50;0;Fietsen;0;verkeer
VOTES
voter_id;vote;age
1;a,b;34
2;b;51
3;a;18
"""
POINTS = FILE.replace("approval", "cumulative").replace("voter_id;vote;age", "voter_id;vote;points")
POINTS = POINTS.replace("1;a,b;34", "1;a,b;3,1").replace("2;b;51", "2;b;2").replace("3;a;18", "3;a;0.5")
META = {
    "description": "Stemming; 2026",
    "country": "Netherlands",
    "unit": "Markerstad",
    "instance": "7",
    "currency": "EUR",
}
DAYS = {"begins": date(2026, 3, 1), "ends": date(2026, 3, 14)}


def test_a_file_of_somebody_else_is_read_whole() -> None:
    election = read(FILE.encode())
    profile = election.profile
    assert [(option.id, option.cost, option.name) for option in profile.options] == [
        ("a", Fraction(161, 4), 'Bankjes; in "het" park'),
        ("b", 30, "Bomen"),
        ("c", 50, "Fietsen"),
    ]
    assert (profile.votes, profile.ballots, profile.lot) == ((2, 2, 0), 3, "file")
    assert (election.budget, election.terms, election.selected) == (Fraction(201, 2), None, ("a",))
    assert election.meta["district"] == "Centrum"
    outcome = count(profile, Terms(Rule.GREEDY, budget=election.budget))
    assert "lot-is-file-order" in [note.code for note in outcome.notes]


def test_points_and_their_decimals_are_read() -> None:
    profile = read(POINTS.encode()).profile
    assert (profile.type, profile.scores) == (BallotType.POINTS, (Fraction(7, 2), 3, 0))


@pytest.mark.parametrize(
    "data",
    [
        FILE.encode("utf-8-sig"),
        FILE.replace("\n", "\r\n").encode(),
        FILE.replace("PROJECTS", "\nPROJECTS;;").replace("VOTES", "votes").encode(),
        FILE.rstrip().encode(),
    ],
    ids=["mark", "windows", "spreadsheet", "no last line"],
)
def test_files_as_programs_write_them_are_the_same(data: bytes) -> None:
    assert read(data).profile == read(FILE.encode()).profile


BAD = [
    (b"", "not-a-pb-file", 1),
    (b"\xff\xfe", "not-utf-8", 1),
    (b"META\0", "not-text", 1),
    (b"%PDF-1.7 nonsense", "not-a-pb-file", 1),
    (b"META\n", "header", 1),
    (FILE.replace("key;value", "naam;waarde"), "header", 2),
    (FILE.replace("budget;100,50\n", ""), "meta-missing", 0),
    (FILE.replace("vote_type;approval\n", ""), "meta-missing", 0),
    (FILE.replace("unit;Mark", "country;Mark"), "meta-twice", 5),
    (FILE.replace("unit;Mark", ";Mark"), "meta-without-key", 5),
    (FILE.replace("approval", "ordinal"), "ordinal", 10),
    (FILE.replace("approval", "stemmen"), "vote-type", 10),
    (FILE.replace("instance;1", "default_score;2"), "default-score", 6),
    (FILE.replace("100,50", "veel"), "number", 9),
    (FILE.replace("100,50", "-3"), "number", 9),
    (FILE.replace("100,50", "1" * 40), "number", 9),
    (FILE.replace("40.25", "1e9"), "number", 17),
    (FILE.replace("PROJECTS\nproject_id", "PROJECTS\nid"), "header", 16),
    (FILE.replace("cost;votes", "prijs;votes"), "header", 16),
    (FILE.replace("cost;votes", "cost;cost"), "column-twice", 16),
    (FILE.replace("b;30", "a;30"), "option-twice", 18),
    (FILE.replace("b;30", ";30"), "option-without-id", 18),
    (FILE.split("PROJECTS")[0], "section-missing", 0),
    (FILE.split("VOTES")[0], "section-missing", 0),
    (FILE.replace("PROJECTS", "VOTES", 1), "section-order", 15),
    (FILE.replace("voter_id;vote", "voter_id;stem"), "header", 21),
    (FILE.replace("approval", "cumulative"), "header", 21),
    (FILE.replace("2;b;51", "1;b;51"), "voter-twice", 23),
    (FILE.replace("2;b;51", ";b;51"), "voter-without-id", 23),
    (FILE.replace("2;b;51", "2"), "row-too-short", 23),
    (FILE.replace("2;b;51", "2;b,,a;51"), "empty-in-list", 23),
    (FILE.replace("2;b;51", "2;x;51"), "ballot-unknown-option", 23),
    (FILE.replace("2;b;51", "2;b,b;51"), "ballot-option-twice", 23),
    (FILE.replace("approval", "choose-1"), "ballot-too-many", 22),
    (FILE.replace("num_votes;3", "num_votes;4"), "count-differs", 8),
    (FILE.replace("num_projects;3", "num_projects;2"), "count-differs", 7),
    (FILE.replace("Bomen", '"Bomen'), "quotes", 18),
    (FILE.replace("Bomen", "B" * 200_000), "field-too-long", 18),
    (POINTS.replace("3,1", "3"), "points-do-not-fit", 22),
    (POINTS.replace("3,1", "3,-1"), "number", 22),
    (FILE.replace("district;", "comment;#1: wijkagenda {nonsense}\ndistrict;"), "own-part", 14),
    (FILE.replace("district;", 'comment;"#1: wijkagenda {""version"":1}"\ndistrict;'), "own-part", 14),
    (FILE.replace("district;", 'comment;"#1: wijkagenda {""version"":9}"\ndistrict;'), "own-part", 14),
]


@pytest.mark.parametrize("data, code, line", BAD, ids=[f"{code}-{line}" for _, code, line in BAD])
def test_what_cannot_be_counted_is_refused_with_its_line(data: bytes | str, code: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data.encode() if isinstance(data, str) else data)
    assert (caught.value.code, caught.value.line) == (code, line)
    for language in LANGUAGES:
        sentence = Voice(language).say(code, {"line": line, **caught.value.figures})
        assert len(sentence) < 200 and "{" not in sentence


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_a_crash(data: st.DataObject) -> None:
    whole = FILE.encode() if data.draw(st.booleans()) else POINTS.encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    damaged = whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:]
    try:
        read(damaged)
    except UnreadableFile as error:
        assert Voice().say(error.code, {"line": error.line, **error.figures})


def test_votes_that_the_file_counts_otherwise_are_remarked() -> None:
    remarks = read(FILE.replace("b;30;2", "b;30;7").encode()).remarks
    assert remarks == (("votes-differ", {"option": "b", "written": "7", "counted": 2}),)


@pytest.mark.parametrize("seed", range(40))
def test_what_we_write_reads_back_the_same_and_counts_the_same(seed: int) -> None:
    drawn = tiny(seed)
    themed = replace(drawn, lot="drawn", lot_seed="wijk; 3")
    for terms in terms_for(drawn, seed):
        data = write(themed, terms, meta=META, **DAYS)
        election = read(data)
        assert (election.profile, election.terms) == (named(themed), terms)
        assert count(election.profile, election.terms).winners == count(themed, terms).winners
        assert set(election.selected or ()) == set(count(themed, terms).winners)
        assert election.meta["description"] == "Stemming; 2026"


def named(profile: Profile) -> Profile:
    """Options without a name are written with their id as their name."""
    options = tuple(replace(option, name=option.name or option.id) for option in profile.options)
    return replace(profile, options=options)


def test_rows_are_sorted_by_a_fresh_id_and_hold_nothing_about_people() -> None:
    profile, terms = wijk(3, ballots=50), Terms(Rule.GREEDY, budget=60_000)
    one, other = (write(profile, terms, meta=META, **DAYS).decode().split("VOTES\n")[1].splitlines() for _ in range(2))
    assert one[0] == "voter_id;vote"
    ids = [[row.split(";")[0] for row in rows[1:]] for rows in (one, other)]
    assert all(found == sorted(found) and len(set(found)) == 50 for found in ids)
    assert not set(ids[0]) & set(ids[1])
    given = [f"{number:03d}" for number in range(50)]
    assert write(profile, terms, meta=META, voter_ids=given, **DAYS) == write(
        profile, terms, meta=META, voter_ids=given, **DAYS
    )


def test_ids_that_are_too_few_or_alike_are_refused() -> None:
    profile, terms = wijk(3, ballots=5), Terms(Rule.GREEDY, budget=60_000)
    for wrong in (["1"], ["1"] * 5):
        with pytest.raises(ValueError, match="id of its own"):
            write(profile, terms, meta=META, voter_ids=wrong, **DAYS)


@pytest.mark.parametrize("wrong", [{"unit": "x"}, META | {"age": "4"}, META | {"num_votes": "4"}])
def test_meta_that_is_missing_or_ours_to_set_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="meta"):
        write(wijk(3, ballots=5), Terms(Rule.GREEDY, budget=60_000), meta=wrong, **DAYS)


def test_only_greedy_without_ties_is_named_as_in_pabulib() -> None:
    profile = Profile.of_approvals([Option("a", 3), Option("b", 2)], [("a",), ("a",), ("b",)])
    tied = Profile.of_approvals([Option("a", 3), Option("b", 2)], [("a",), ("b",)])
    rules = {
        "greedy": (profile, Terms(Rule.GREEDY, budget=4)),
        "unknown": (profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=4)),
    }
    for written, (voted, terms) in rules.items():
        assert read(write(voted, terms, meta=META, **DAYS)).meta["rule"] == written
    assert read(write(tied, Terms(Rule.GREEDY, budget=4), meta=META, **DAYS)).meta["rule"] == "unknown"


def test_reserves_seats_and_themes_with_odd_signs_come_back() -> None:
    options = [Option("a", theme='groen, "grijs"'), Option("b", theme="x;y"), Option("c", theme="x;y")]
    profile = Profile.of_approvals(options, [("a", "b"), ("c",), ("a",)], lot="drawn", lot_seed="#2: wijkagenda {}")
    terms = Terms(Rule.PHRAGMEN, seats=2, reserved=(Reserve("x;y"),))
    election = read(write(profile, terms, meta=META, remark="#2: van ons", **DAYS))
    assert (election.profile, election.terms) == (named(profile), terms)


@pytest.mark.parametrize(
    "amount, written", [(12, "12"), (Fraction(1, 2), "0.5"), (Fraction(1001, 100), "10.01"), (Fraction(10), "10")]
)
def test_amounts_are_written_exactly(amount: Fraction, written: str) -> None:
    assert decimal(amount) == written


def test_an_amount_that_decimals_cannot_hold_is_not_rounded_in_silence() -> None:
    with pytest.raises(ValueError, match="decimals"):
        decimal(Fraction(1, 3))


@pytest.mark.real_data
def test_every_real_file_is_read_and_says_its_own_numbers() -> None:
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder:
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real elections")
    files = sorted(Path(folder, "elections").glob("*.pb"))
    assert len(files) >= 7
    for file in files:
        election = read(file.read_bytes())
        assert election.profile.ballots == int(election.meta["num_votes"])
        assert not [code for code, _ in election.remarks if code == "votes-differ"], file.name
