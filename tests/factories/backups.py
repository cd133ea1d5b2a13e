"""A vote on a database where commits are real, its backup, and that backup put back."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.voting import SECOND_PASSPHRASE, make_vote
from tests.live import Installation
from tests.services import new_database, postgres_programs
from wijkagenda.app import create_app
from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import new_receipt, round_keys
from wijkagenda.voting.models import GRACE, CodeState, VotingCode
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.result.operations import ByPassphrase, count_round


@dataclass
class Running:
    """A vote on a database where commits are real."""

    place: Installation
    round_id: int
    codes: list[str]
    options: list[int]
    officers: tuple[int, int]
    closes_at: datetime
    receipts: dict[str, str] = field(default_factory=dict)

    def vote(self, code: str, option: int = 0) -> str:
        """Cast one ballot; the receipt that the voter keeps."""
        receipt = new_receipt()
        with self.place.work():
            cast_ballot(
                keys=round_keys(self.place.app.config["SETTINGS"]),
                code=code,
                choices=[self.options[option]],
                receipt=receipt,
                now=datetime.now(UTC),
            )
        self.receipts[code] = receipt
        return receipt

    def officer(self, session: Session, which: int) -> Actor:
        return actor_of(session.get_one(StaffMember, self.officers[which]))

    def close(self) -> None:
        with self.place.work() as session:
            voting_round = queries.voting_round_by_id(self.round_id)
            close_round(actor=self.officer(session, 0), now=self.closes_at + GRACE, voting_round=voting_round)

    def count(self) -> dict[int, int]:
        """Votes by option."""
        with self.place.work() as session:
            tally = count_round(
                actor=self.officer(session, 1),
                now=self.closes_at + GRACE,
                voting_round=queries.voting_round_by_id(self.round_id),
                opened_with=ByPassphrase(SECOND_PASSPHRASE),
            )
            return {line.option_id: line.votes for line in tally.lines}

    def in_box(self) -> tuple[int, int, int]:
        """Sealed ballots, receipts, used codes."""
        with self.place.look() as session:
            used = sa.select(sa.func.count()).select_from(VotingCode).where(VotingCode.state == CodeState.USED)
            numbers = [session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in (SealedBallot, Receipt)]
            return numbers[0], numbers[1], session.scalar(used) or 0


def begin(place: Installation, codes: int = 8) -> Running:
    with place.work() as session:
        vote = make_vote(session, place.app.config["SETTINGS"], datetime.now(UTC), codes=codes)
        found = vote.voting_round
        officers = (vote.first.staff_id or 0, vote.second.staff_id or 0)
        return Running(place, found.id, vote.codes, vote.options, officers, found.closes_at)


def waiting_for_a_lock(place: Installation) -> int:
    """How many connections wait for somebody else."""
    with psycopg.connect(place.environment["DATABASE_URL"], autocommit=True) as connection:
        query = "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        row = connection.execute(query + "WHERE NOT granted AND a.datname = current_database()").fetchone()
    return row[0] if row else 0


def put_back(copy: Path) -> str:
    """Restore a backup as docs/running.md says, into a new database; returns its address."""
    if copy.read_bytes()[:5] != b"PGDMP":
        return f"sqlite:///{copy}"
    address = new_database("restored")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP EXTENSION postgis CASCADE")
    restore = [
        postgres_programs() / "pg_restore",
        "--exit-on-error",
        "--clean",
        "--if-exists",
        f"--dbname={address}",
        copy,
    ]
    subprocess.run([str(part) for part in restore], check=True)
    return address


@contextmanager
def backup_put_back(running: Running, folder: Path, during: "list[str]") -> Iterator[Running]:
    """Make a backup as docs/running.md says, let the codes in `during` vote, and put the backup in place."""
    place = running.place
    copy = folder / "wijkagenda.dump"
    place.command("db", "backup", copy)
    for code in during:
        running.vote(code)
    address_back = put_back(copy)
    with place.app.app_context():
        db.engine.dispose()
    environment = place.environment | {"DATABASE_URL": address_back}
    app = create_app(Settings.from_environment(environment))
    try:
        yield Running(
            Installation(app, environment), running.round_id, running.codes, running.options, running.officers,
            running.closes_at, dict(running.receipts),
        )  # fmt: skip
    finally:
        with app.app_context():
            db.engine.dispose()
