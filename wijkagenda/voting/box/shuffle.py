"""Shuffling the box when it closes: nothing tells any more which ballot came in with which code.

Every ballot and receipt of the round is written anew, in random order and in one transaction. What
was written while people voted is gone from the files of the database when that transaction ends,
whatever else is running; from the write-ahead log and from backups it goes with their own term.
"""

import secrets
from random import SystemRandom
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.box.models import Ballot, Receipt

COULD_NOT_HAVE_THEM = {"55P03", "40P01"}
"""What PostgreSQL answers when a lock took too long, or when two waited for each other."""
PUT_BACK_THE_OTHERS = {
    Ballot: (
        "CREATE TEMPORARY TABLE kept_ballot (LIKE ballot) ON COMMIT DROP",
        "INSERT INTO kept_ballot SELECT * FROM ballot WHERE voting_round_id <> :round ORDER BY id",
        "TRUNCATE ballot",
        "INSERT INTO ballot SELECT * FROM kept_ballot",
        "DROP TABLE kept_ballot",
    ),
    Receipt: (
        "CREATE TEMPORARY TABLE kept_receipt (LIKE receipt) ON COMMIT DROP",
        "INSERT INTO kept_receipt SELECT * FROM receipt WHERE voting_round_id <> :round ORDER BY receipt_hash",
        "TRUNCATE receipt",
        "INSERT INTO receipt SELECT * FROM kept_receipt",
        "DROP TABLE kept_receipt",
    ),
}


def shuffle_box(voting_round_id: int) -> None:
    """Write all ballots and receipts of this round anew, in random order.

    Raises Conflict when the tables cannot be had for it within seconds: a backup may be running.
    """
    on_postgresql = db.engine.dialect.name == "postgresql"
    if on_postgresql:
        _take_the_tables()
    ballots = db.session.execute(
        sa.select(Ballot.electorate, Ballot.choices).where(Ballot.voting_round_id == voting_round_id)
    ).all()
    receipts = db.session.scalars(sa.select(Receipt.receipt_hash).where(Receipt.voting_round_id == voting_round_id))
    new_ballots: list[dict[str, Any]] = [
        {"id": secrets.token_hex(16), "voting_round_id": voting_round_id, "electorate": electorate, "choices": choices}
        for electorate, choices in ballots
    ]
    new_receipts: list[dict[str, Any]] = [
        {"receipt_hash": receipt, "voting_round_id": voting_round_id} for receipt in receipts
    ]
    chance = SystemRandom()
    for table, rows in ((Ballot, new_ballots), (Receipt, new_receipts)):
        chance.shuffle(rows)
        _empty(table, voting_round_id, new_file=on_postgresql)
        if rows:
            db.session.execute(sa.insert(table), rows)


def _take_the_tables() -> None:
    """Nobody else reads or writes ballots until this transaction ends.

    Voters in other wijken wait behind this, so it never waits long itself.
    """
    try:
        db.session.execute(sa.text("SET LOCAL lock_timeout = '3s'"))
        db.session.execute(sa.text("LOCK TABLE ballot, receipt IN ACCESS EXCLUSIVE MODE"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) not in COULD_NOT_HAVE_THEM:
            raise
        raise Conflict(
            N_(
                "De stembus is nu even bezet, bijvoorbeeld door een reservekopie. Sluit de stemming over een paar minuten."
            )
        ) from None
    db.session.execute(sa.text("SET LOCAL lock_timeout = 0"))


def _empty(table: type[Ballot] | type[Receipt], voting_round_id: int, *, new_file: bool) -> None:
    """Take this round's rows out.

    PostgreSQL leaves a deleted row in its file, with the number of the transaction that also marked
    the code as used, for as long as anybody might still want to read it. Emptying the whole table
    gives it a new file; the rows of other rounds are put back as they were.
    """
    if not new_file:
        db.session.execute(sa.delete(table).where(table.voting_round_id == voting_round_id))
        return
    for statement in PUT_BACK_THE_OTHERS[table]:
        db.session.execute(sa.text(statement), {"round": voting_round_id} if ":round" in statement else {})
