"""Open ballots: the file of a counted round gives the same round back, and earlier votes come in from such files."""

import hashlib
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_officer, make_vote
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import SYSTEM, VISITOR
from wijkagenda.voting.archive.incoming import count_incoming
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.archive.open_ballots import alike, may_be_shown
from wijkagenda.voting.archive.operations import import_vote, remove_vote
from wijkagenda.voting.archive.queries import bytes_of_round, file_of_round
from wijkagenda.voting.box.content import content_for
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.box.sealing import seal
from wijkagenda.voting.counting import Option, Outcome, Profile, Rule
from wijkagenda.voting.counting.pabulib import read
from wijkagenda.voting.models import BallotType, Channel, CodeState, DecidingRule, Electorate, VotingCode
from wijkagenda.voting.paper.models import PaperBatch, PaperState
from wijkagenda.voting.recount.again import is_same
from wijkagenda.voting.recount.recounting import recount, recount_apart, rules_for
from wijkagenda.wishes.models import Theme

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HELD = NOW - timedelta(days=7)
SHAPES = {
    "most votes": {"seats": 2},
    "most votes, a place reserved": {"seats": 2, "reserves": {Theme.SAFETY: 1}},
    "places in equal shares": {"seats": 3, "rule": DecidingRule.EQUAL_SHARES_UNIT},
    "points": {
        "ballot_type": BallotType.POINTS, "points": 6, "seats": 2, "rule": DecidingRule.MOST_POINTS,
    },
    "points in equal shares": {
        "ballot_type": BallotType.POINTS, "points": 6, "seats": 2, "rule": DecidingRule.EQUAL_SHARES_POINTS,
    },
    "money": {"costs": [15000, 24000, 18000, 12000], "budget": 40000, "rule": DecidingRule.EQUAL_SHARES_ADD1},
    "money, topped up": {
        "costs": [15000, 24000, 18000, 12000], "budget": 40000, "rule": DecidingRule.EQUAL_SHARES_ADD1_TOP_UP,
    },
    "money to most votes": {"costs": [15000, 24000, 18000, 12000], "budget": 40000, "rule": DecidingRule.GREEDY},
}  # fmt: skip


def held(session: Session, app: Flask, *, voters: int = 120, businesses: int = 0, seed: int = 1, **rules) -> Vote:
    """A published vote of last week in which everybody takes one of few ways to fill in the paper; some left it blank."""
    vote = make_vote(
        session, app.config["SETTINGS"], HELD, codes=voters, business_codes=businesses, closes_at=HELD, **rules
    )
    chance, before = random.Random(seed), HELD - timedelta(minutes=1)
    a, b, c, d = vote.options
    ways = [(a, b), (a, c), (b,), (c, d), (d,), (a, b, c)]
    for code in vote.codes:
        way = chance.choice(ways)
        if vote.voting_round.ballot_type is BallotType.POINTS:
            vote.cast(
                code, points=dict(zip(way, {1: (6,), 2: (4, 2), 3: (3, 2, 1)}[len(way)], strict=True)), now=before
            )
        else:
            vote.cast(code, *way, now=before)
    for code in vote.business_codes:
        given = {d: 6} if vote.voting_round.ballot_type is BallotType.POINTS else None
        vote.cast(code, *([] if given else [d]), points=given, now=before)
    vote.finish()
    return vote


@pytest.mark.parametrize("shape", SHAPES)
def test_the_file_gives_the_same_round_and_a_recount_the_published_result(session, app, shape: str) -> None:
    vote = held(session, app, **SHAPES[shape])
    tally, kept = vote.voting_round.tally, bytes_of_round(vote.voting_round.id)
    assert tally is not None
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert kept.size == len(kept.content)
    published = Outcome.from_json(tally.outcome)
    election = read(kept.content)
    assert election.profile.ballots == 120
    assert election.terms is not None
    assert election.terms.rule == vote.voting_round.rule.value
    assert election.selected is not None
    assert set(election.selected) == set(published.winners)
    again = recount(kept.content, Rule(vote.voting_round.rule.value))
    assert is_same(again.outcome, published)
    assert again.other is not None
    assert is_same(again.other, Outcome.from_json(tally.other_outcome))
    assert (again.served, again.served_other) == (kept.served, kept.served_other)


@pytest.mark.parametrize("shape", ["most votes", "points", "money"])
def test_an_exported_round_comes_in_as_an_earlier_vote_with_the_same_result(session, app, shape: str) -> None:
    vote = held(session, app, **SHAPES[shape])
    kept = bytes_of_round(vote.voting_round.id)
    # The same bytes may not come in twice, so this is the file of a vote that is not here any more.
    content = kept.content
    session.delete(kept)
    session.flush()
    earlier = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(content, Rule(vote.voting_round.rule.value)))
    assert vote.voting_round.tally is not None
    assert is_same(Outcome.from_json(earlier.outcome), Outcome.from_json(vote.voting_round.tally.outcome))
    assert set(earlier.official or []) == set(Outcome.from_json(earlier.outcome).winners)
    assert earlier.ballot_file.content == content
    assert earlier.title == f"{vote.voting_round.title} (Molenwijk)"
    assert earlier.held_on == HELD.date()


def test_ties_are_decided_by_the_same_lot_in_a_recount(session, app) -> None:
    """Everything got as many votes: the lot alone decides, and it stands in the file."""
    vote = make_vote(session, app.config["SETTINGS"], HELD, codes=100, closes_at=HELD, seats=2)
    for number, code in enumerate(vote.codes):
        vote.cast(code, vote.options[number % 4], now=HELD - timedelta(minutes=1))
    vote.finish()
    assert vote.voting_round.tally is not None
    published = Outcome.from_json(vote.voting_round.tally.outcome)
    assert [tie.decided_by for tie in published.ties] == ["lot", "lot"]
    again = recount(bytes_of_round(vote.voting_round.id).content, Rule.MOST_VOTES)
    assert is_same(again.outcome, published)
    by_lot = [str(option.priority.number) for option in vote.voting_round.options]
    assert list(again.outcome.winners) == by_lot[:2]


def test_who_only_advises_is_not_in_the_file_and_who_decides_is(session, app) -> None:
    advise = held(session, app, voters=110, businesses=12, seats=2)
    decide = make_vote(
        session, app.config["SETTINGS"], HELD, name="Dijkzicht", column=3, codes=110, business_codes=12,
        closes_at=HELD, seats=2, businesses_decide=True,
    )  # fmt: skip
    for code in [*decide.codes, *decide.business_codes]:
        decide.cast(code, decide.options[0], now=HELD - timedelta(minutes=1))
    decide.finish()
    assert read(bytes_of_round(advise.voting_round.id).content).profile.ballots == 110
    assert read(bytes_of_round(decide.voting_round.id).content).profile.ballots == 122


def test_nothing_in_the_file_is_found_anywhere_else(session, app) -> None:
    """The ids are fresh: no receipt, no ballot row and no code stands in it, and its rows are sorted by them."""
    vote = held(session, app, seats=2)
    text = bytes_of_round(vote.voting_round.id).content.decode()
    for secret in [
        *session.scalars(sa.select(Receipt.receipt_hash)),
        *session.scalars(sa.select(Ballot.id)),
        *vote.codes,
    ]:
        assert secret not in text
        assert secret[:16] not in text
    ids = [line.split(";")[0] for line in text.split("VOTES\n")[1].splitlines()[1:]]
    assert len(set(ids)) == 120
    assert ids == sorted(ids)
    assert text.split("VOTES\n")[1].splitlines()[0] == "voter_id;vote"


def test_a_blank_ballot_holds_no_share_and_is_not_in_the_file(session, app) -> None:
    """100 want the first plan and 5 left the paper blank: with a share for those too it could not be paid."""
    vote = make_vote(
        session, app.config["SETTINGS"], HELD, codes=105, closes_at=HELD,
        costs=[1000, 900, 900, 900], budget=1000, rule=DecidingRule.EQUAL_SHARES_ADD1,
    )  # fmt: skip
    first = next(option for option in vote.voting_round.options if option.priority.number == 1)
    for code in vote.codes[:100]:
        vote.cast(code, first.id, now=HELD - timedelta(minutes=1))
    unused = session.scalars(sa.select(VotingCode).where(VotingCode.state == CodeState.ISSUED)).all()
    for number, code in enumerate(unused):
        code.state, code.channel = CodeState.USED, Channel.PAPER
        blank = seal(vote.voting_round.public_key, content_for(vote.voting_round, Electorate.RESIDENTS, []))
        session.add(SealedBallot(id=f"{number:032x}", voting_round_id=vote.voting_round.id, content=blank))
    session.add(
        PaperBatch(
            voting_round=vote.voting_round,
            number=1,
            electorate=Electorate.RESIDENTS,
            state=PaperState.IN_BOX,
            stubs=len(unused),
            sheets=len(unused),
            because="de laatste vijf biljetten",
            taken_by=[],
        )
    )
    session.flush()
    vote.close()
    vote.count()
    vote.publish()
    tally = vote.voting_round.tally
    assert tally is not None
    outcome = Outcome.from_json(tally.outcome)
    assert (tally.ballots, tally.blank_ballots, outcome.totals.ballots, outcome.totals.raises) == (105, 5, 100, 0)
    assert outcome.totals.first_share == 10
    assert outcome.winners == ("1",)
    kept = read(bytes_of_round(vote.voting_round.id).content)
    assert (kept.profile.ballots, kept.profile.empty_ballots) == (100, 0)


def of(*patterns: tuple[str, int]) -> Profile:
    options = [Option(letter) for letter in "abcdefgh"]
    return Profile.of_approvals(options, (list(pattern) for pattern, times in patterns for _ in range(times)))


@pytest.mark.parametrize(
    ("profile", "least", "shown"),
    [
        (of(("a", 99)), 100, False),
        (of(("a", 100)), 100, True),
        (of(("a", 100)), 101, False),
        (of(("ab", 2), ("", 2)), 4, True),
        (of(("ab", 2), ("a", 1), ("b", 1)), 4, True),
        (of(("ab", 2), ("a", 1), ("b", 1), ("c", 1)), 4, False),
    ],
)
def test_ballots_are_open_from_so_many_on_when_half_of_them_are_like_another(
    profile: Profile, least: int, shown: bool
) -> None:
    assert may_be_shown(profile, least=least) is shown


def test_blank_ballots_are_like_each_other() -> None:
    assert alike(of(("", 3), ("a", 1))) == 3


def test_too_few_ballots_or_too_many_different_ones_give_no_file(session, app) -> None:
    few = held(session, app, voters=40, seats=2)
    assert file_of_round(few.voting_round.id) is None
    odd = make_vote(
        session, app.config["SETTINGS"], HELD, name="Dijkzicht", column=3, codes=100, closes_at=HELD, seats=2,
        ballot_type=BallotType.POINTS, points=100, rule=DecidingRule.MOST_POINTS,
    )  # fmt: skip
    for number, code in enumerate(odd.codes):
        given = {odd.options[0]: number, odd.options[1]: 100 - number}
        odd.cast(code, points={option: points for option, points in given.items() if points}, now=HELD - timedelta(1))
    odd.finish()
    assert file_of_round(odd.voting_round.id) is None
    assert session.scalars(sa.select(BallotFile)).all() == []


def test_the_file_is_there_after_the_count_and_public_with_the_result_only(session, app) -> None:
    vote = make_vote(session, app.config["SETTINGS"], HELD, codes=100, closes_at=HELD, seats=2)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=HELD - timedelta(minutes=1))
    vote.close()
    vote.count()
    assert session.scalar(sa.select(sa.func.count()).select_from(BallotFile)) == 1
    assert file_of_round(vote.voting_round.id) is None
    vote.publish()
    assert file_of_round(vote.voting_round.id) is not None
    vote.voting_round.rehearsal = True
    session.flush()
    assert file_of_round(vote.voting_round.id) is None


# --- earlier votes ---------------------------------------------------------------------------------

FILE = """META
key;value
description;Wijkbudget 2019
country;Netherlands
unit;Markerstad
instance;2019
num_projects;3
num_votes;12
budget;100
vote_type;approval
rule;greedy
date_begin;01.03.2019
date_end;14.03.2019
currency;EUR
PROJECTS
project_id;cost;votes;name;selected
1;60;8;Bankjes;1
2;50;6;Speelplek;0
3;40;4;Bomen;1
VOTES
voter_id;age;sex;vote
"""
VOTES = ["1"] * 6 + ["1,2"] * 2 + ["2,3"] * 4
ODD = FILE + "\n".join(f"{number};{20 + number};F;{vote}" for number, vote in enumerate(VOTES, start=1)) + "\n"
CLEAN = FILE.replace(";age;sex", "") + "\n".join(f"{n};{vote}" for n, vote in enumerate(VOTES, start=1)) + "\n"


def test_columns_about_persons_are_left_out_and_told(session) -> None:
    vote = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(ODD.encode(), Rule.GREEDY))
    assert vote.left_out == "age, sex"
    assert vote.original_sha256 == hashlib.sha256(ODD.encode()).hexdigest()
    assert vote.ballot_file.content.decode() == CLEAN
    assert vote.ballot_file.sha256 == hashlib.sha256(CLEAN.encode()).hexdigest()
    assert vote.title == "Wijkbudget 2019"
    assert str(vote.held_on) == "2019-03-14"


def test_a_file_without_persons_stays_byte_for_byte(session) -> None:
    written = b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()
    vote = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(written, Rule.GREEDY), title="Toen")
    assert vote.ballot_file.content == written
    assert (vote.left_out, vote.original_sha256) == ("", "")


def test_another_rule_than_the_official_one_shows_who_differs(session) -> None:
    vote = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(CLEAN.encode(), Rule.EQUAL_SHARES))
    assert vote.official == ["1", "3"]
    assert Outcome.from_json(vote.outcome).winners == ("1",)


@pytest.mark.parametrize(
    ("wrong", "line", "field"),
    [
        (CLEAN.replace("2;50;6", "2;vijftig;6"), "18", "file"),
        (CLEAN.replace("12;2,3", "12;2,9"), "33", "file"),
        (CLEAN.replace("budget;100\n", ""), "", "file"),
        ("zomaar een tekst", "1", "file"),
        (CLEAN.replace("num_votes;12", "num_votes;13"), "8", "file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(session, wrong: str, line: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(wrong.encode(), Rule.GREEDY))
    assert refused.value.field == field
    assert line in str(refused.value)
    assert len(str(refused.value)) > 20
    assert session.scalars(sa.select(ArchivedVote)).all() == []


def test_few_ballots_a_wrong_rule_and_the_same_file_twice_are_refused(session) -> None:
    small = CLEAN.replace("num_votes;12", "num_votes;9").rsplit("\n", 4)[0] + "\n"
    with pytest.raises(Invalid, match="minder dan 10"):
        import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(small.encode(), Rule.GREEDY))
    with pytest.raises(Invalid) as refused:
        import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(CLEAN.encode(), Rule.EQUAL_SHARES_UNIT_PHRAGMEN))
    assert refused.value.field == "rule"
    import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(CLEAN.encode(), Rule.GREEDY))
    with pytest.raises(Conflict, match="staat al op de site"):
        import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(CLEAN.encode(), Rule.GREEDY))


def test_a_file_that_was_brought_in_never_stands_in_the_way_of_a_count(session, app) -> None:
    """The database keeps an earlier vote from coming in twice; the file of a round is not its business."""
    earlier = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(CLEAN.encode(), Rule.GREEDY))
    vote = make_vote(session, app.config["SETTINGS"], NOW)
    columns = ("content", "sha256", "size", "rules", "made_at")
    same = {column: getattr(earlier.ballot_file, column) for column in columns}
    session.add(BallotFile(voting_round_id=vote.voting_round.id, **same))
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(BallotFile(**same))
        session.flush()


def test_who_may_bring_in_and_take_away(session, app) -> None:
    vote = make_vote(session, app.config["SETTINGS"], NOW)
    other = make_vote(session, app.config["SETTINGS"], NOW, name="Dijkzicht", column=3)
    here = {"now": NOW, "counted": count_incoming(CLEAN.encode(), Rule.GREEDY)}
    for actor, place in ((VISITOR, None), (vote.first, None), (vote.first, other.neighbourhood)):
        with pytest.raises(NotAllowed):
            import_vote(actor=actor, neighbourhood=place, **here)
    earlier = import_vote(actor=vote.first, neighbourhood=vote.neighbourhood, **here)
    with pytest.raises(NotAllowed):
        remove_vote(actor=other.first, now=NOW, vote=earlier)
    remove_vote(actor=vote.first, now=NOW, vote=earlier)
    assert session.scalars(sa.select(BallotFile)).all() == []
    everywhere = make_officer(session, None, NOW, "Lid Voor Allen")
    first = import_vote(actor=everywhere, **here)
    assert first.slug == "wijkbudget-2019"
    second = import_vote(
        actor=everywhere, now=NOW, counted=count_incoming(CLEAN.replace("Bomen", "Boom").encode(), Rule.GREEDY)
    )
    assert second.slug == "wijkbudget-2019-2"


def test_a_count_apart_is_the_same_count(session) -> None:
    rules = rules_for(read(CLEAN.encode()), Rule.EQUAL_SHARES)
    assert rules == [Rule.EQUAL_SHARES, Rule.GREEDY, Rule.EQUAL_SHARES_ADD1, Rule.EQUAL_SHARES_ADD1_TOP_UP]
    for rule in rules:
        assert recount_apart(CLEAN.encode(), rule, seconds=10) == recount(CLEAN.encode(), rule)


def test_the_electorate_of_a_merged_round_is_one(session, app) -> None:
    vote = held(session, app, voters=105, businesses=3, seats=2)
    assert set(session.scalars(sa.select(Ballot.electorate))) == {Electorate.RESIDENTS}
    assert read(bytes_of_round(vote.voting_round.id).content).profile.ballots == 108


DATA = os.environ.get("WIJKAGENDA_TEST_DATA")


@pytest.mark.skipif(not DATA, reason="WIJKAGENDA_TEST_DATA names no folder with elections")
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Poland_Swiecie_2023"])
def test_real_votes_come_in_with_their_official_winners(session, name: str) -> None:
    content = (Path(DATA or "") / "elections" / f"{name}.pb").read_bytes()
    vote = import_vote(actor=SYSTEM, now=NOW, counted=count_incoming(content, Rule.EQUAL_SHARES_ADD1))
    assert set(vote.official or []) == set(Outcome.from_json(vote.outcome).winners)
    assert read(vote.ballot_file.content).profile == read(content).profile
