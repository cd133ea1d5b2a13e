"""Looking at every table after a vote: nothing joins a code to a ballot, or a ballot to a receipt."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.db import db
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.models import CodeState, VotingCode

VOTERS = 60


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], NOW, codes=VOTERS)


def _tables(session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database gives them when nobody asks for an order."""
    found = {}
    inspector = sa.inspect(session.connection())
    for name in inspector.get_table_names():
        if name.startswith(("spatial", "geometry", "virts", "views", "idx_", "sql", "data_licenses", "ElementaryGeom")):
            continue
        columns = [column["name"] for column in inspector.get_columns(name) if column["name"] not in {"shape", "point"}]
        wanted = ", ".join(f'"{column}"' for column in columns)
        found[name] = [tuple(row) for row in session.execute(sa.text(f'SELECT {wanted} FROM "{name}"'))]
    return found


def test_casting_touches_three_tables_and_leaves_no_time(session, vote: Vote) -> None:
    before = _tables(session)
    vote.cast(vote.codes[0], vote.options[0], now=NOW)
    after = _tables(session)
    assert {name for name in after if after[name] != before[name]} == {"voting_code", "sealed_ballot", "receipt"}
    for model in (SealedBallot, Ballot, Receipt, VotingCode):
        kinds = {type(column.type).__name__ for column in model.__table__.columns}
        assert not kinds & {"UTCDateTime", "DateTime", "Date"}, model.__tablename__


def test_used_codes_and_ballots_share_no_value_but_their_round_and_electorate(session, vote: Vote) -> None:
    for i, code in enumerate(vote.codes[: VOTERS // 2]):
        vote.cast(code, vote.options[i % 4], now=NOW)
    tables = _tables(session)
    ballots = {value for row in tables["sealed_ballot"] for value in row if isinstance(value, str) and len(value) >= 16}
    receipts = {value for row in tables["receipt"] for value in row if isinstance(value, str)}
    assert len(ballots) == len(receipts) == VOTERS // 2
    for name, rows in tables.items():
        for row in rows:
            strings = {value for value in row if isinstance(value, str)}
            assert name == "sealed_ballot" or not strings & ballots
            assert name == "receipt" or not strings & receipts
    # No foreign key and no column of the ballot leads anywhere but to its round.
    assert {fk.column.table.name for fk in SealedBallot.__table__.foreign_keys} == {"voting_round"}
    assert {fk.column.table.name for fk in Receipt.__table__.foreign_keys} == {"voting_round"}
    assert set(SealedBallot.__table__.columns.keys()) == {"id", "voting_round_id", "content"}
    assert set(Receipt.__table__.columns.keys()) == {"receipt_hash", "voting_round_id"}


def _agreements(one: list[int], other: list[int]) -> int:
    """In how many places two orders of the same things agree; about 1 when chance made them."""
    return sum(a == b for a, b in zip(one, other, strict=True))


def _cast_in_order(vote: Vote) -> None:
    """Voter number i chooses a set of options nobody else chooses, so that the ballot names the voter."""
    for i, code in enumerate(vote.codes):
        vote.cast(code, *_pattern(vote, i), now=NOW)


def _pattern(vote: Vote, i: int) -> list[int]:
    return [vote.options[place] for place in range(len(vote.options)) if (i + 1) >> place & 1]


def _voters_of_ballots(vote: Vote, order: str = "") -> list[int]:
    """Whose ballots these are, in the order of the rows: as somebody would know who could open them all."""
    patterns = {tuple(sorted(_pattern(vote, i))): i for i in range(VOTERS)}
    return [patterns[tuple(ballot)] for ballot in vote.look_inside(order)]


@pytest.fixture
def telling_vote(session, app: Flask) -> Vote:
    """Six options and free choice: 63 different ballots."""
    return make_vote(session, app.config["SETTINGS"], NOW, options=6, max_choices=6, codes=VOTERS)


@pytest.mark.parametrize("backend", ["spatialite"])
def test_the_embedded_database_keeps_ballots_in_the_order_of_random_keys(session, telling_vote: Vote) -> None:
    # PostgreSQL keeps rows as they came until closing shuffles them: see the next test, and test_voting_parallel.py.
    _cast_in_order(telling_vote)
    for table in ("sealed_ballot", "receipt"):
        with pytest.raises(sa.exc.OperationalError), session.begin_nested():
            session.execute(sa.text(f"SELECT rowid FROM {table}"))
    assert _agreements(_voters_of_ballots(telling_vote), list(range(VOTERS))) < 10


def test_after_closing_no_order_and_no_transaction_tells_which_came_together(
    session, backend, telling_vote: Vote
) -> None:
    _cast_in_order(telling_vote)
    telling_vote.close()
    order = "ctid" if backend == "postgis" else ""
    assert _agreements(_voters_of_ballots(telling_vote, order), list(range(VOTERS))) < 10
    if backend == "postgis":
        # One transaction wrote them all: its number is the same on every ballot and every receipt.
        for table in ("sealed_ballot", "receipt"):
            written = session.execute(sa.text(f"SELECT DISTINCT xmin::text FROM {table}")).scalars().all()
            assert len(written) == 1


def test_keys_of_ballots_are_random_and_say_nothing_of_time(session, vote: Vote) -> None:
    order = []
    for i, code in enumerate(vote.codes[:40]):
        vote.cast(code, vote.options[0], now=NOW + timedelta(seconds=i))
        known = set(order)
        order += [key for key in session.scalars(sa.select(SealedBallot.id)) if key not in known]
    assert len(order) == 40
    assert order != sorted(order)
    assert all(len(key) == 32 for key in order)


def test_a_used_code_is_marked_in_place_and_says_only_that(session, vote: Vote) -> None:
    def rows() -> list[Any]:
        return list(
            session.execute(
                sa.select(VotingCode.id, VotingCode.serial, VotingCode.batch_id, VotingCode.code_hmac).order_by(
                    VotingCode.id
                )
            )
        )

    before = rows()
    vote.cast(vote.codes[7], vote.options[0], now=NOW)
    db.session.expire_all()
    assert rows() == before
    used = session.scalars(sa.select(VotingCode.serial).where(VotingCode.state == CodeState.USED)).all()
    assert used == [8]
