"""A copy of everything: before closing it holds no content of a ballot, afterwards nothing that joins code and ballot.

The administrator of this platform is careless: the database logs every statement with its values, the web server
every request. What remains possible is shown as well: a copy made during the vote joins a code to a *sealed* ballot,
and who has such a copy and a passphrase too can open it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest
import sqlalchemy as sa

from tests.attack.joining import NO_BETTER_THAN_CHANCE, ballot_orders, best_guess, code_orders
from tests.attack.loot import Loot, take_all
from tests.factories.voting import FIRST_PASSPHRASE, SECOND_PASSPHRASE, make_vote
from tests.faults.platform import Target, target
from tests.faults.voters import Browser, Voter, vote
from tests.mail_server import MailServer
from tests.services import free_port, redis_url
from wijkagenda.audit.models import AuditEntry
from wijkagenda.db import db
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box.content import content_for, decode
from wijkagenda.voting.box.keys import opened_by
from wijkagenda.voting.box.sealing import unseal
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import Electorate, VotingCode
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.result.operations import ByPassphrase, count_round

# One platform for all tests of this file.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attack")]
VOTERS = 60
OPTIONS = 16
CARELESS = {
    "log_statement": "all",
    "log_parameter_max_length": "-1",
    "log_line_prefix": "%m [%p] %x ",
    "wal_level": "replica",
}


@dataclass
class Story:
    """One vote with a copy of everything at each stage, and the truth that no copy may tell."""

    before: Loot
    closed: Loot
    counted: Loot
    voters: list[Voter]
    voter_of_code: dict[int, int]
    voter_of_choices: dict[tuple[int, ...], int]
    private_key: bytes
    plain: list[bytes]
    audited: int
    """Audit rows before the first vote."""


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    random, redis = Random(7), redis_url()
    with MailServer(free_port()) as mail:
        environment = {"SMTP_URL": mail.url, "MAIL_FROM": "wijkagenda@markerstad.example", "PYTHONUNBUFFERED": "1"}
        web = ("--log-level", "debug", "--access-logfile", "-")
        with target(redis, web_workers=2, worker=True, environment=environment, web=web, **CARELESS) as platform:
            yield _told(platform, random, redis, mail)


def _told(platform: Target, random: Random, redis: str, mail: MailServer) -> Story:
    now = datetime.now(UTC)
    with platform.work() as session:
        settings = platform.app.config["SETTINGS"]
        made = make_vote(session, settings, now, options=OPTIONS, max_choices=OPTIONS, codes=VOTERS)
        round_id, officer = made.voting_round.id, made.first.staff_id
        options, codes = sorted(made.options), list(made.codes)
        chosen = _different_choices(options, random)
        plain = [content_for(made.voting_round, Electorate.RESIDENTS, choices) for choices in chosen]
        serials = {row.serial: row.id for row in session.execute(sa.select(VotingCode.id, VotingCode.serial))}
        audited = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    voters = [Voter(code, list(choices)) for code, choices in zip(codes, chosen, strict=True)]
    voter_of_code = {serials[number]: number - 1 for number in range(1, VOTERS + 1)}
    arrivals = list(voters)
    random.shuffle(arrivals)
    browser = Browser(platform.port, Counter())
    for voter in arrivals:
        vote(browser, voter)
        assert voter.receipt
    before = take_all(platform, redis, mail.messages)
    with platform.look():
        first = actor_of(db.session.get_one(StaffMember, officer))
        voting_round = queries.voting_round_by_id(round_id)
        private_key, after = opened_by(voting_round, first, FIRST_PASSPHRASE), voting_round.closes_at.replace(year=2099)
    with platform.work():
        close_round(actor=first, now=after, voting_round=queries.voting_round_by_id(round_id))
    closed = take_all(platform, redis, mail.messages)
    with platform.work():
        voting_round = queries.voting_round_by_id(round_id)
        count_round(actor=first, now=after, voting_round=voting_round, opened_with=ByPassphrase(FIRST_PASSPHRASE))
    counted = take_all(platform, redis, mail.messages)
    voter_of_choices = {choices: number for number, choices in enumerate(chosen)}
    return Story(before, closed, counted, voters, voter_of_code, voter_of_choices, private_key, plain, audited)


def _different_choices(options: list[int], random: Random) -> list[tuple[int, ...]]:
    """A set of options nobody else chose, so that a ballot names its voter; two thirds of them, so none stands by chance."""
    found: dict[tuple[int, ...], None] = {}
    while len(found) < VOTERS:
        found[tuple(sorted(random.sample(options, random.randint(8, 12))))] = None
    return list(found)


SHAPES = (
    rb"\d+(?:, ?\d+){7,}",
    rb"(?:choices=\d+&?){8,}",
    rb"'\d+'(?:, ?'\d+'){7,}",
    rb"\x01\x00[\x00\x01]{16}",
    rb"(?i:0100(?:0[01]){16})",
)
"""How the content of a ballot could be written: numbers as JSON or in an array, a form, texts, and the bytes themselves."""
CODE_SHAPES = (
    rb"[0-9A-HJKMNP-TV-Z]{12,13}",
    rb"[0-9A-HJKMNP-TV-Z]{4}(?: [0-9A-HJKMNP-TV-Z]{4}){2}(?: [0-9A-HJKMNP-TV-Z])?",
)


def _as_it_could_be_written(story: Story) -> set[bytes]:
    texts = {content.hex() for content in story.plain}
    for choices in (voter.choices for voter in story.voters):
        texts |= {", ".join(map(str, choices)), ",".join(map(str, choices)), ", ".join(f"'{c}'" for c in choices)}
        texts.add("&".join(f"choices={choice}" for choice in choices))
    return {text.encode() for text in texts} | set(story.plain)


def test_before_closing_no_copy_holds_the_content_of_a_ballot(story: Story) -> None:
    wanted = _as_it_could_be_written(story)
    assert all(any(re.fullmatch(shape, text) for shape in SHAPES) for text in wanted), "else it would not be seen"
    for loot in (story.before, story.closed):
        assert [(shape, found) for shape in SHAPES if (found := loot.any_of(shape, wanted))] == []
    # The search finds what is there: after the count ballots stand in the database, for all to read.
    assert "dump" in story.counted.any_of(SHAPES[0], wanted)


def test_no_copy_holds_a_code_a_receipt_or_a_passphrase(story: Story) -> None:
    secrets = {text for voter in story.voters for text in (voter.code, voter.receipt)}
    wanted = {text.encode() for secret in secrets for text in (secret, grouped(secret))}
    passphrases = {FIRST_PASSPHRASE.encode(), SECOND_PASSPHRASE.encode()}
    for loot in (story.before, story.closed, story.counted):
        assert [found for shape in CODE_SHAPES if (found := loot.any_of(shape, wanted))] == []
        assert loot.any_of(b"|".join(passphrases), passphrases) == []
    hashes = {str(row["code_hmac"]).encode() for row in story.before.rows["voting_code"]}
    found = story.before.any_of(rb"[0-9a-f]{64}", hashes)
    assert {"dump", "cluster.log"} <= set(found), (
        "the careless administrator has logged nothing: then nothing was tried"
    )


def test_sealed_ballots_are_as_long_as_each_other_and_have_nothing_in_common(story: Story) -> None:
    sealed = [bytes(row["content"]) for row in story.before.rows["sealed_ballot"]]
    assert {len(content) for content in sealed} == {48 + 2 + OPTIONS}
    pieces = Counter(content[start : start + 6] for content in sealed for start in range(len(content) - 5))
    assert max(pieces.values()) == 1


def test_casting_leaves_no_audit_row_no_mail_and_no_job(story: Story) -> None:
    assert len(story.before.rows["audit_entry"]) == story.audited
    assert story.before.files["mail"] == b"" and story.before.rows["outbox_message"] == []
    assert b"/stem" in story.before.files["platform.log"], "the web log was on"


def test_after_the_count_every_order_of_codes_and_ballots_is_no_better_than_chance(story: Story) -> None:
    codes = {}
    for stage, loot in (("before", story.before), ("closed", story.closed), ("counted", story.counted)):
        orders = code_orders(loot, story.voter_of_code)
        codes |= {f"{name}, {stage}": order for name, order in orders.items()}
    ballots = ballot_orders(story.counted, story.voter_of_choices)
    assert {"ballots by ctid", "choices in dump"} <= set(ballots)
    assert any("pg_wal" in name for name in ballots), "ballots stand in the write-ahead log too"
    assert all(len(order) == VOTERS for order in codes.values())
    right, how = best_guess(codes, ballots)
    assert right < NO_BETTER_THAN_CHANCE, how


def test_after_closing_nothing_in_the_tables_tells_what_came_together(story: Story) -> None:
    """Codes keep the order in which they were used; ballots and receipts have lost it."""
    codes = code_orders(story.closed, story.voter_of_code)
    by_content = _voter_of_sealed(story)
    sealed = {
        f"sealed by {key}": [
            by_content[bytes(row["content"])]
            for row in sorted(story.closed.rows["sealed_ballot"], key=lambda row: str(row[key]))
        ]
        for key in ("id", "ctid")
    }
    right, how = best_guess(codes, sealed)
    assert right < NO_BETTER_THAN_CHANCE, how
    for table in ("sealed_ballot", "receipt"):
        assert len({row["xmin"] for row in story.closed.rows[table]}) == 1


def test_the_guesses_find_what_can_be_found(story: Story) -> None:
    """During the vote the order of codes is that of the sealed ballots: the same guesses then name everybody."""
    codes = code_orders(story.before, story.voter_of_code)
    by_content = _voter_of_sealed(story)
    rows = sorted(story.before.rows["sealed_ballot"], key=lambda row: int(str(row["xmin"])))
    right, _how = best_guess(codes, {"sealed by xmin": [by_content[bytes(row["content"])] for row in rows]})
    assert right == VOTERS


def test_a_limit_a_copy_of_the_vote_joins_codes_to_sealed_ballots_and_a_passphrase_opens_those(story: Story) -> None:
    """The number of the transaction stands on both rows, and in the write-ahead log. So copies and passphrases are kept
    apart, and the log goes with its term."""
    code_of = {row["xmin"]: row["id"] for row in story.before.rows["voting_code"]}
    joined = {code_of[row["xmin"]]: bytes(row["content"]) for row in story.before.rows["sealed_ballot"]}
    assert len(joined) == VOTERS
    nodes = story.before.filenodes
    transactions = {file: {tx for tx, _what, of, _block in story.before.wal if of == file} for file in nodes.values()}
    together = transactions[nodes["voting_code"]] & transactions[nodes["sealed_ballot"]]
    assert len(together) >= VOTERS, "the write-ahead log tells the same"
    options = sorted({option for voter in story.voters for option in voter.choices})
    for code_id, sealed in joined.items():
        points = decode(unseal(story.private_key, sealed), OPTIONS).points
        assert sum(points) == len(story.voters[story.voter_of_code[int(str(code_id))]].choices)
    assert len(options) == OPTIONS


def _voter_of_sealed(story: Story) -> dict[bytes, int]:
    """The truth, as only a holder of the private key can know it."""
    voter_of_plain = {content: number for number, content in enumerate(story.plain)}
    return {
        bytes(row["content"]): voter_of_plain[unseal(story.private_key, bytes(row["content"]))]
        for row in story.before.rows["sealed_ballot"]
    }
