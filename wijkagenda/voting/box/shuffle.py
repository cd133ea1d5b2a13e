"""Writing the box anew, so that nothing tells any more which ballot came in with which code.

When a round closes, every sealed ballot and receipt is written anew, in random order and in one transaction; when it
is counted, the opened ballots take the place of the sealed ones in the same way. What was written before is gone from
the files of the database when that transaction ends, whatever else is running; from the write-ahead log and from
backups it goes with their own term.

Whoever still looks at the database as it was before (a backup that began a moment ago) then sees the tables empty: so
PostgreSQL does it, for every round. Therefore a backup and this exclude each other, by a lock of their own.
"""

import secrets
from random import SystemRandom
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict
from wijkagenda.voting.box.models import Receipt, SealedBallot

BOX_AS_IT_IS = 0x57_42
"""The lock that a backup holds with others, and whoever writes the box anew holds alone."""
COULD_NOT_HAVE_THEM = {"55P03", "40P01"}
"""What PostgreSQL answers when a lock took too long, or when two waited for each other."""
PUT_BACK_THE_OTHERS = {
    SealedBallot: (
        "CREATE TEMPORARY TABLE kept_ballot (LIKE sealed_ballot) ON COMMIT DROP",
        "INSERT INTO kept_ballot SELECT * FROM sealed_ballot WHERE voting_round_id <> :round ORDER BY id",
        "TRUNCATE sealed_ballot",
        "INSERT INTO sealed_ballot SELECT * FROM kept_ballot",
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
    """Write all sealed ballots and receipts of this round anew, in random order.

    Raises Conflict when the tables cannot be had for it within seconds: a backup may be running.
    """
    sealed = take_sealed(voting_round_id)
    receipts = db.session.scalars(
        sa.select(Receipt.receipt_hash).where(Receipt.voting_round_id == voting_round_id)
    ).all()
    put_anew(SealedBallot, voting_round_id, [{"id": secrets.token_hex(16), "content": content} for content in sealed])
    put_anew(Receipt, voting_round_id, [{"receipt_hash": receipt} for receipt in receipts])


def take_sealed(voting_round_id: int) -> list[bytes]:
    """What is sealed in the box of this round, with the tables of the box for this transaction alone."""
    if _on_postgresql():
        _take_the_tables()
    query = sa.select(SealedBallot.content).where(SealedBallot.voting_round_id == voting_round_id)
    return list(db.session.scalars(query))


def keep_box_as_it_is(connection: sa.Connection, *, patience: str) -> None:
    """Nobody writes the box anew until the transaction of `connection` ends; waits so long for who is busy with it.

    Votes go on. Only a transaction that begins after this sees the whole box. Raises OperationalError when it took too
    long.
    """
    connection.execute(sa.select(sa.func.set_config("lock_timeout", patience, True)))
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(BOX_AS_IT_IS, 0)))


def took_too_long(error: OperationalError) -> bool:
    """Whether somebody else kept the lock too long."""
    return getattr(error.orig, "sqlstate", None) in COULD_NOT_HAVE_THEM


def put_anew(table: type[SealedBallot] | type[Receipt], voting_round_id: int, rows: list[dict[str, Any]]) -> None:
    """Replace the rows of this round by `rows`, in random order; the others stay as they were."""
    SystemRandom().shuffle(rows)
    _empty(table, voting_round_id)
    if rows:
        db.session.execute(sa.insert(table), [row | {"voting_round_id": voting_round_id} for row in rows])


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _take_the_tables() -> None:
    """Nobody else reads or writes ballots until this transaction ends, and no backup is being made.

    Voters in other wijken wait behind this, so it never waits long itself.
    """
    try:
        db.session.execute(sa.text("SET LOCAL lock_timeout = '3s'"))
        # First, for behind this one no voter waits.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(BOX_AS_IT_IS, 0)))
        db.session.execute(sa.text("LOCK TABLE sealed_ballot, receipt IN ACCESS EXCLUSIVE MODE"))
    except OperationalError as error:
        if not took_too_long(error):
            raise
        raise Conflict(
            N_("De stembus is nu even bezet, bijvoorbeeld door een reservekopie. Probeer het over een paar minuten.")
        ) from None
    db.session.execute(sa.text("SET LOCAL lock_timeout = 0"))


def _empty(table: type[SealedBallot] | type[Receipt], voting_round_id: int) -> None:
    """Take this round's rows out.

    PostgreSQL leaves a deleted row in its file, with the number of the transaction that also marked
    the code as used, for as long as anybody might still want to read it. Emptying the whole table
    gives it a new file; the rows of other rounds are put back as they were.
    """
    if not _on_postgresql():
        db.session.execute(sa.delete(table).where(table.voting_round_id == voting_round_id))
        return
    for statement in PUT_BACK_THE_OTHERS[table]:
        db.session.execute(sa.text(statement), {"round": voting_round_id} if ":round" in statement else {})
