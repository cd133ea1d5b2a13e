"""The letter run: jobs that make asked-for letters and throw old ones away.

The codes exist only here, while a part is being written. A run that broke off begins again: its codes
were never on paper, so they are taken back first. The file with letters is readable by us alone, and
goes once an officer has fetched it, or after a day.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.voting import queries
from wijkagenda.voting.codes import round_key
from wijkagenda.voting.letters.operations import make_codes, mark_expired, mark_ready, withdraw_unprinted
from wijkagenda.voting.models import CodeBatch, CodeBatchState

LETTERS_PER_PART = 50
KEPT_FOR = timedelta(hours=24)
log = logging.getLogger("wijkagenda.voting")


def make_letters() -> None:
    """Make every letter run that was asked for, oldest first. One process at a time does this."""
    settings: Settings = current_app.config["SETTINGS"]
    tried: set[int] = set()
    with _alone(settings) as mine:
        while mine and (waiting := [b.id for b in queries.batches_in(CodeBatchState.ASKED) if b.id not in tried]):
            tried.add(waiting[0])
            _make(settings, waiting[0])


def forget_letters(now: datetime | None = None) -> None:
    """Throw away letters nobody fetched within a day, and whatever stands in the folder without a reason."""
    settings: Settings = current_app.config["SETTINGS"]
    moment = now or datetime.now(UTC)
    ready = queries.batches_in(CodeBatchState.READY)
    old = [batch.id for batch in ready if batch.ready_at is None or batch.ready_at + KEPT_FOR <= moment]
    for batch_id in old:
        letters_file(settings, batch_id).unlink(missing_ok=True)
        with unit_of_work() as session:
            mark_expired(batch=session.get_one(CodeBatch, batch_id))
    wanted = {letters_file(settings, batch.id) for batch in ready if batch.id not in old}
    for path in settings.letters_folder.glob("letters-*.pdf"):
        if path not in wanted and _age(path, moment) > KEPT_FOR:
            path.unlink(missing_ok=True)


def letters_file(settings: Settings, batch_id: int) -> Path:
    """Where the letters of a run stand until they are fetched."""
    return settings.letters_folder / f"letters-{batch_id}.pdf"


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """True for one process at a time. The lock goes with the process, so a killed run can begin again."""
    folder = settings.letters_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        # Only who holds the lock is writing: parts that stand here are of a run that was killed.
        for left in folder.glob("run-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield True


def _make(settings: Settings, batch_id: int) -> None:
    """Codes and letters of one run, part by part; ready when the whole file stands."""
    # Imported here: what draws the letters is large, and web processes never print.
    from wijkagenda.voting.letters.drawing import join_parts, write_part  # noqa: PLC0415

    with unit_of_work() as session:
        batch = session.get(CodeBatch, batch_id, populate_existing=True)
        if batch is None or batch.state is not CodeBatchState.ASKED:
            return
        withdraw_unprinted(batch=batch)
    size, key = batch.size, round_key(settings, batch.voting_round_id)
    with tempfile.TemporaryDirectory(dir=settings.letters_folder, prefix="run-") as folder:
        parts: list[Path] = []
        while (made := len(parts) * LETTERS_PER_PART) < size:
            parts.append(_private_file(folder, f"{len(parts):05d}.pdf"))
            with unit_of_work():
                codes = make_codes(batch=batch, number=min(LETTERS_PER_PART, size - made), key=key)
            write_part(parts[-1], settings, batch, codes, datetime.now(UTC))
        whole = _private_file(folder, "whole.pdf")
        join_parts(parts, whole)
        os.replace(whole, letters_file(settings, batch_id))
    with unit_of_work():
        mark_ready(batch=batch, now=datetime.now(UTC))
    log.info("letters of run %s are ready", batch_id)


def _private_file(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.touch(mode=0o600)
    return path
