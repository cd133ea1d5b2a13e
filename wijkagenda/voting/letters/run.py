"""The letter run: jobs that make asked-for letters and throw old ones away.

The codes exist only here, while a part is being written. A run that broke off begins again: its codes
were never on paper, so they are taken back first. The file with letters is readable by us alone, and
goes once an officer has fetched it, or after a day; so do the addresses that stand beside it.

A long run is drawn in parts, and the parts are joined to files of a thousand letters in one ZIP. So no list of letters is
ever in memory, and a printer gets files that a computer can open. Each part is drawn in a process of its own, which takes
its memory with it. Paper ballots with a code on their stub are such a run too: no backs, no addresses.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from flask import current_app

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.spreadsheet import as_csv
from wijkagenda.voting.codes import round_key
from wijkagenda.voting.guards import must_take_votes
from wijkagenda.voting.letters import queries
from wijkagenda.voting.letters.addresses import Address, Window, kept_addresses, kept_window
from wijkagenda.voting.letters.letter import NotDrawn, printed_serial
from wijkagenda.voting.letters.operations import (
    give_up,
    make_codes,
    mark_expired,
    mark_printed,
    mark_ready,
    withdraw_unprinted,
)
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeBatchState
from wijkagenda.voting.paper.printing import write_ballots

LETTERS_PER_PART = 50
LETTERS_PER_FILE = 1000
KEPT_FOR = timedelta(hours=24)
SERIAL_LIST = "volgnummers.csv"
BALLOT_FILE = "stembiljetten.pdf"
BALLOT_COLUMNS = ("volgnummer",)
SERIAL_COLUMNS = ("volgnummer", "vervangt", "naam", "adres", "postcode", "plaats")
log = logging.getLogger("wijkagenda.voting")


def now_utc() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


def make_letters(clock: Callable[[], datetime] = now_utc) -> None:
    """Make every run that was asked for, oldest first. One process at a time does this.

    A run of which a part could not be drawn waits for the next time, and then begins again; one whose vote ends, or is
    taken away, ends with it; the others go on.
    """
    settings: Settings = current_app.config["SETTINGS"]
    tried: set[int] = set()
    with _alone(settings) as mine:
        while mine and (waiting := [b.id for b in queries.batches_in(CodeBatchState.ASKED) if b.id not in tried]):
            tried.add(waiting[0])
            try:
                _Run(settings, waiting[0], clock).make()
            except _Over as why:
                log.warning("letters of run %s are not made any more: %s", waiting[0], why)
            except NotDrawn:
                log.error("a part of run %s was not drawn; the run begins again", waiting[0])


def forget_letters(now: datetime | None = None) -> None:
    """Throw away letters nobody fetched within a day, and whatever stands in the folder without a reason."""
    settings: Settings = current_app.config["SETTINGS"]
    moment = now or now_utc()
    ready = queries.batches_in(CodeBatchState.READY)
    old = [batch.id for batch in ready if batch.ready_at is None or batch.ready_at + KEPT_FOR <= moment]
    for batch_id in old:
        throw_away(settings, batch_id)
        with unit_of_work() as session:
            mark_expired(batch=session.get_one(CodeBatch, batch_id))
    wanted = {letters_file(settings, batch.id) for batch in ready if batch.id not in old}
    for path in settings.letters_folder.glob("letters-*"):
        if path not in wanted and _age(path, moment) > KEPT_FOR:
            path.unlink(missing_ok=True)
    # Addresses go after a day also when the letters were never made; that run is then given up.
    for path in settings.letters_folder.glob("addresses-*"):
        if _age(path, moment) > KEPT_FOR:
            path.unlink(missing_ok=True)


def letters_file(settings: Settings, batch_id: int) -> Path:
    """Where the letters of a run stand, with their list of serials, until they are fetched."""
    return settings.letters_folder / f"letters-{batch_id}.zip"


def addresses_file(settings: Settings, batch_id: int) -> Path:
    """Where the addresses of a run stand until its letters are made."""
    return settings.letters_folder / f"addresses-{batch_id}.jsonl"


def throw_away(settings: Settings, batch_id: int) -> None:
    """Letters and addresses of a run: neither is needed any more."""
    letters_file(settings, batch_id).unlink(missing_ok=True)
    addresses_file(settings, batch_id).unlink(missing_ok=True)


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


class _Over(Exception):
    """No letters of this run are needed any more: its vote has ended, or it went with its rehearsal."""


class _Run:
    """One run being made, in a folder of its own.

    It can take more than an hour, and nobody waits for it with closing a vote or clearing a rehearsal away. So before each
    step it is read again, and its vote is held until that step is done.
    """

    def __init__(self, settings: Settings, batch_id: int, clock: Callable[[], datetime]) -> None:
        self.settings, self.batch_id, self.clock = settings, batch_id, clock
        self.serials: list[int] = []

    def make(self) -> None:
        """Codes and letters, file by file; ready when the whole stands. Raises _Over when they are not needed any more."""
        with self._step() as batch:
            withdraw_unprinted(batch=batch)
        self.batch, self.on_paper = batch, batch.kind is BatchKind.PAPER
        self.key = round_key(self.settings, batch.voting_round_id)
        self.addresses = addresses_file(self.settings, batch.id) if batch.addressed else None
        self.window = kept_window(self.addresses) if self.addresses else Window.LEFT
        self.to = kept_addresses(self.addresses) if self.addresses else iter(())
        with tempfile.TemporaryDirectory(dir=self.settings.letters_folder, prefix="run-") as folder:
            self.folder = Path(folder)
            whole = _private_file(folder, "whole.zip")
            self._write(whole)
            with self._step():
                mark_ready(batch=batch, now=self.clock())
                # While the vote is held: what is taken away later takes this file along.
                os.replace(whole, letters_file(self.settings, self.batch_id))
        addresses_file(self.settings, self.batch_id).unlink(missing_ok=True)
        log.info("letters of run %s are ready", self.batch_id)

    @contextmanager
    def _step(self) -> Iterator[CodeBatch]:
        """A piece of work on this run, while its vote is open and stays so; else the run is given up, and _Over raised."""
        with unit_of_work():
            batch = queries.batch_being_made(self.batch_id)
            why = self._why_over(batch) if batch is not None else "its vote was closed or taken away"
            if batch is not None and why is None:
                yield batch
            elif batch is not None:
                give_up(batch=batch)
        if why is not None:
            raise _Over(why)

    def _why_over(self, batch: CodeBatch) -> str | None:
        try:
            must_take_votes(voting_round=batch.voting_round, now=self.clock())
        except Conflict:
            return "its vote is over"
        if batch.addressed and not addresses_file(self.settings, batch.id).exists():
            return "their addresses are gone"
        return None

    def _write(self, whole: Path) -> None:
        """Letters in files of a thousand, and which serial went where."""
        size = self.batch.size
        with ZipFile(whole, "w", ZIP_STORED) as together:
            for first in range(0, size, LETTERS_PER_FILE):
                last = min(first + LETTERS_PER_FILE, size)
                parts = [
                    self._part(start, min(LETTERS_PER_PART, last - start))
                    for start in range(first, last, LETTERS_PER_PART)
                ]
                joined = _private_file(self.folder, "joined.pdf")
                self._join(parts, joined)
                together.write(joined, self._name(first, last))
                for path in (*parts, joined):
                    path.unlink()
            columns = BALLOT_COLUMNS if self.on_paper else SERIAL_COLUMNS
            together.writestr(SERIAL_LIST, as_csv(columns, self._serial_list()).encode())

    def _name(self, first: int, last: int) -> str:
        if self.on_paper:
            return BALLOT_FILE
        return "brieven.pdf" if self.batch.size <= LETTERS_PER_FILE else f"brieven-{first + 1:05d}-{last:05d}.pdf"

    def _join(self, parts: list[Path], joined: Path) -> None:
        # Imported here: what draws the letters is large, and web processes never print.
        from wijkagenda.voting.letters.drawing import back_pdf, join_letters, join_pages  # noqa: PLC0415

        if self.on_paper:
            join_pages(parts, joined)
            return
        back = self.folder / "back.pdf"
        if not back.exists():
            _private_file(self.folder, back.name).write_bytes(back_pdf(self.settings, self.batch))
        join_letters(parts, back, joined)

    def _part(self, start: int, number: int) -> Path:
        with self._step() as batch:
            codes = make_codes(batch=batch, number=number, key=self.key)
        path = _private_file(self.folder, f"{start:05d}.pdf")
        self._draw(path, codes)
        self.serials += [serial for serial, _code in codes]
        with self._step() as batch:
            mark_printed(batch=batch, number=number)
        return path

    def _draw(self, path: Path, codes: list[tuple[int, str]]) -> None:
        if self.on_paper:
            write_ballots(path, self.settings, self.batch, codes)
            return
        from wijkagenda.voting.letters.drawing import write_fronts  # noqa: PLC0415

        write_fronts(
            path,
            self.settings,
            self.batch,
            codes,
            self.clock(),
            addresses=list(islice(self.to, len(codes))),
            window=self.window,
        )

    def _serial_list(self) -> Iterator[tuple[object, ...]]:
        """Which serial went to which address, for the municipality to keep outside the platform."""
        if self.on_paper:
            yield from ((printed_serial(self.batch.voting_round_id, serial),) for serial in self.serials)
            return
        nobody = Address("", "", "", "")
        to = kept_addresses(self.addresses) if self.addresses else iter(())
        replaced = queries.replaced_by(self.batch)
        for serial in self.serials:
            address = next(to, nobody)
            before = replaced.get(serial)
            yield (
                printed_serial(self.batch.voting_round_id, serial),
                printed_serial(self.batch.voting_round_id, before) if before else "",
                address.name,
                address.line,
                address.postcode,
                address.place,
            )


def _private_file(folder: Path | str, name: str) -> Path:
    path = Path(folder) / name
    path.touch(mode=0o600)
    return path
