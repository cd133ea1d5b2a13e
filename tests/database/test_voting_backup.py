"""`wijkagenda db backup`: every vote that was acknowledged is in it, also at the moment of closing."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest
import sqlalchemy as sa

from tests.factories.backups import Running, begin, put_back, waiting_for_a_lock
from tests.factories.paper import make_pile
from tests.factories.voting import make_vote
from tests.live import BIN, Installation, installation
from tests.services import new_database, postgres_programs
from wijkagenda.db import db
from wijkagenda.errors import Conflict
from wijkagenda.voting.box.shuffle import shuffle_box

AGREES = "Nagekeken: bij elke gebruikte code hoort een stembiljet"


@pytest.fixture
def place(backend: str, tmp_path: Path) -> Iterator[Installation]:
    with installation("backup", folder=tmp_path, backend=backend) as made:
        yield made


def other_vote(place: Installation) -> Running:
    with place.work() as session:
        now, settings = datetime.now(UTC), place.app.config["SETTINGS"]
        vote = make_vote(session, settings, now, name="Anderwijk", column=5, codes=6)
        officers = (vote.first.staff_id or 0, vote.second.staff_id or 0)
        round_ = vote.voting_round
        return Running(place, round_.id, vote.codes, vote.options, officers, round_.closes_at)


def wait_until(what: str, is_so: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


def in_copy(copy: Path) -> tuple[int, int, int]:
    """Sealed ballots, receipts and used codes in a backup that was put back."""
    with psycopg.connect(put_back(copy)) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM sealed_ballot), (SELECT count(*) FROM receipt), "
            "(SELECT count(*) FROM voting_code WHERE state = 'used')"
        ).fetchone()
    assert row is not None
    return row


@contextmanager
def closing_half_way(running: Running) -> Iterator[Event]:
    """Somebody is writing this box anew, until the event is set."""
    has_it, go_on = Event(), Event()

    def close() -> None:
        with running.place.work():
            shuffle_box(running.round_id)
            has_it.set()
            assert go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(close)
        assert has_it.wait(10)
        try:
            yield go_on
        finally:
            go_on.set()
        closing.result()


@pytest.mark.parametrize("backend", ["postgis"])
@pytest.mark.parametrize("how", ["wijkagenda db backup", "pg_dump"])
def test_a_backup_at_the_moment_of_closing_holds_every_vote_and_a_plain_dump_does_not(
    place: Installation, tmp_path: Path, how: str
) -> None:
    one, other = begin(place), other_vote(place)
    for running, number in ((one, 3), (other, 4)):
        for code in running.codes[:number]:
            running.vote(code)
    copy = tmp_path / "copy.dump"
    command = [str(BIN / "wijkagenda"), "db", "backup", str(copy)]
    if how == "pg_dump":
        programs = postgres_programs()
        command = [f"{programs}/pg_dump", "--format=custom", f"--file={copy}", place.environment["DATABASE_URL"]]
    with closing_half_way(one) as go_on:
        backup = subprocess.Popen(command, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until("the backup waits", lambda: waiting_for_a_lock(place))
        go_on.set()
        said, wrong = backup.communicate(timeout=60)
    assert backup.returncode == 0, wrong
    if how == "pg_dump":
        # PostgreSQL empties a table for everybody, also for who looks at the moment before: hence our command.
        assert in_copy(copy) == (0, 0, 7)
    else:
        assert AGREES in said.decode()
        assert in_copy(copy) == (7, 7, 7)


@pytest.mark.parametrize("backend", ["postgis"])
def test_while_a_backup_is_made_people_vote_nobody_closes_and_no_list_of_processes_tells_the_password(
    place: Installation, tmp_path: Path
) -> None:
    running = begin(place)
    running.vote(running.codes[0])
    copy, url = tmp_path / "copy.dump", place.environment["DATABASE_URL"]
    password = url.partition("@")[0].rpartition(":")[2]
    with psycopg.connect(url) as holder:
        # The dump stands still here.
        holder.execute("LOCK TABLE outbox_message IN ACCESS EXCLUSIVE MODE")
        command = [str(BIN / "wijkagenda"), "db", "backup", str(copy)]
        backup = subprocess.Popen(command, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until("pg_dump waits", lambda: waiting_for_a_lock(place))
        lines = {path.parent.name: path.read_bytes() for path in _command_lines()}
        dumps = [line for line in lines.values() if b"--snapshot=" in line and str(copy).encode() in line]
        assert dumps
        assert not any(password.encode() in line for line in dumps)
        running.vote(running.codes[1])
        with pytest.raises(Conflict, match="nu even bezet"):
            running.close()
        # Not finished, so nothing has its name yet; and what is there is for its owner alone.
        assert not copy.exists()
        (unfinished,) = tmp_path.glob("copy.dump.*.unfinished")
        assert unfinished.stat().st_mode & 0o777 == 0o600
        holder.rollback()
    said, wrong = backup.communicate(timeout=60)
    assert backup.returncode == 0, wrong
    assert AGREES in said.decode()
    assert in_copy(copy) == (1, 1, 1)
    running.close()
    assert running.in_box() == (2, 2, 2)


def _command_lines() -> Iterator[Path]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if os.access(path, os.R_OK) and path.exists():
            yield path


def test_a_pile_on_paper_belongs_in_the_books_and_a_ballot_that_is_gone_is_noticed(
    place: Installation, backend: str, tmp_path: Path
) -> None:
    running = begin(place)
    running.vote(running.codes[0])
    with place.work() as session:
        now, settings = datetime.now(UTC), place.app.config["SETTINGS"]
        pile = make_pile(session, make_vote(session, settings, now, name="Anderwijk", column=5), now)
        pile.take([], [])
    said = place.command("db", "backup", tmp_path / "good")
    assert AGREES in said
    with place.work() as session:
        session.execute(sa.text("DELETE FROM sealed_ballot"))
    done = place.try_command("db", "backup", tmp_path / "bad")
    assert done.returncode == 1
    assert "kloppen codes en stembiljetten niet bij stemming Molenwijk 2026." in done.stderr
    assert "Anderwijk" not in done.stderr
    # It is all there is, so it is kept.
    assert (tmp_path / "bad").stat().st_size > 1000


def test_a_receipt_that_is_gone_is_noticed(place: Installation, tmp_path: Path) -> None:
    running = begin(place)
    running.vote(running.codes[0])
    with place.work() as session:
        session.execute(sa.text("DELETE FROM receipt"))
    done = place.try_command("db", "backup", tmp_path / "bad")
    assert done.returncode == 1 and "stemming Molenwijk 2026" in done.stderr


def test_what_is_there_already_is_left_alone(place: Installation, tmp_path: Path) -> None:
    old = tmp_path / "old.dump"
    old.write_text("the backup of yesterday")
    before = sorted(tmp_path.iterdir())
    for file, why in ((old, "is er al"), (tmp_path, "is er al"), (tmp_path / "away" / "copy", "is er niet")):
        done = place.try_command("db", "backup", file)
        assert done.returncode == 1 and why in done.stderr and "Er is geen kopie gemaakt." in done.stderr
    assert old.read_text() == "the backup of yesterday"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("backend", ["postgis"])
def test_without_pg_dump_a_sentence_says_so(place: Installation, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "wijkagenda").symlink_to(BIN / "wijkagenda")
    poor = Installation(place.app, place.environment | {"PATH": str(programs)})
    done = poor.try_command("db", "backup", tmp_path / "copy.dump")
    assert done.returncode == 1
    assert "pg_dump is hier niet" in done.stderr and "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["programs"]


@pytest.mark.parametrize("backend", ["postgis"])
def test_a_dump_that_fails_leaves_nothing(place: Installation, tmp_path: Path) -> None:
    url = place.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'only-reads' IN ROLE pg_read_all_data")
        connection.execute("CREATE TABLE of_somebody_else (id int)")
        connection.execute("ALTER TABLE of_somebody_else ENABLE ROW LEVEL SECURITY")
    try:
        reader = sa.make_url(url).set(username="reader", password="only-reads").render_as_string(hide_password=False)
        poor = Installation(place.app, place.environment | {"DATABASE_URL": reader})
        done = poor.try_command("db", "backup", tmp_path / "copy.dump")
        assert done.returncode == 1
        assert "pg_dump kan dit niet doen" in done.stderr and "Traceback" not in done.stderr
        assert "only-reads" not in done.stderr
        assert list(tmp_path.glob("copy*")) == []
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE of_somebody_else")
            connection.execute("DROP ROLE reader")


def test_an_empty_database_is_no_backup(backend: str, place: Installation, tmp_path: Path) -> None:
    url = new_database("empty_backup") if backend == "postgis" else f"sqlite:///{tmp_path}/empty.sqlite"
    poor = Installation(place.app, place.environment | {"DATABASE_URL": url})
    done = poor.try_command("db", "backup", tmp_path / "copy")
    assert done.returncode == 1 and "wijkagenda db upgrade" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.glob("copy*")) == []


def test_before_an_upgrade_there_can_be_a_backup_that_is_not_compared(place: Installation, tmp_path: Path) -> None:
    with place.work() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.flush()
    said = place.command("db", "backup", tmp_path / "copy")
    assert "Niet nagekeken" in said and AGREES not in said
    assert (tmp_path / "copy").stat().st_size > 1000
