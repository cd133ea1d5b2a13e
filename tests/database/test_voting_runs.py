"""A part that is not drawn is given up whole; and runs of paper ballots with a code on their stub."""

import os
import re
import signal
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.database.test_voting_letters import CODE, STREET, addressed, ask, files_of, serials_of
from tests.factories.paper import make_pile
from tests.factories.voting import Vote, make_vote
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import VISITOR
from wijkagenda.voting.codes import new_receipt, read_code
from wijkagenda.voting.letters import run as letter_run
from wijkagenda.voting.letters.drawing import draw_apart
from wijkagenda.voting.letters.letter import NotDrawn
from wijkagenda.voting.letters.operations import ask_ballots
from wijkagenda.voting.letters.queries import batches_of, letter_counts
from wijkagenda.voting.letters.run import letters_file, make_letters
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeBatchState, Electorate, VotingCode
from wijkagenda.voting.paper.operations import Stub


@pytest.fixture
def vote(session, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vote:
    # Settings are frozen; each test gets a folder of its own.
    settings = app.config["SETTINGS"]
    changed = type(settings)(**{**settings.__dict__, "letters_folder": tmp_path / "letters"})
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    monkeypatch.setattr(letter_run, "LETTERS_PER_PART", 2)
    return make_vote(session, changed, NOW)


class Killer(threading.Thread):
    """Ends the first process that draws, as a machine without memory does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.others, self.over, self.killed = self.children(), threading.Event(), 0

    @staticmethod
    def children() -> set[int]:
        """Processes that this one started."""
        found = set()
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                after_name = status.read_text().rpartition(")")[2].split()
                if after_name[1] == str(os.getpid()) and after_name[0] != "Z":
                    found.add(int(status.parent.name))
        return found

    def run(self) -> None:
        while not self.over.wait(0.005):
            for child in self.children() - self.others:
                os.kill(child, signal.SIGKILL)
                self.killed = child
                return

    def __enter__(self) -> "Killer":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.join()


def test_a_part_that_is_not_drawn_is_given_up_and_the_run_begins_again(
    session, vote: Vote, caplog: pytest.LogCaptureFixture
) -> None:
    batch, folder = addressed(vote, *STREET), vote.settings.letters_folder
    behind = ask(vote, 1)
    with caplog.at_level("DEBUG"), Killer() as killer:
        make_letters(lambda: NOW)
    assert killer.killed
    session.expire_all()
    # The run waits, and the one behind it was made; of the part nothing stands, and no word of it is in the log.
    assert (batch.state, behind.state) == (CodeBatchState.ASKED, CodeBatchState.READY)
    assert not list(folder.glob("run-*")) and not letters_file(vote.settings, batch.id).exists()
    assert f"a part of run {batch.id} was not drawn" in caplog.text
    assert not CODE.search(caplog.text) and "Geheim" not in caplog.text
    left = set(session.scalars(sa.select(VotingCode.code_hmac).where(VotingCode.batch_id == batch.id)))
    make_letters(lambda: NOW)
    session.expire_all()
    assert (batch.state, batch.made, batch.printed) == (CodeBatchState.READY, 5, 5)
    assert [row["adres"] for row in serials_of(letters_file(vote.settings, batch.id))] == [each.line for each in STREET]
    fresh = set(session.scalars(sa.select(VotingCode.code_hmac).where(VotingCode.batch_id == batch.id)))
    assert len(fresh) == 5 and left and not left & fresh


def test_what_cannot_be_drawn_says_nothing_of_what_stood_on_it(app: Flask, tmp_path: Path, capfd) -> None:
    with app.app_context(), pytest.raises(NotDrawn) as raised:
        draw_apart("<p>K7QM 3XWD 8NPT R</p>", "letter.css", tmp_path / "nowhere" / "letter.pdf")
    assert "K7QM" not in str(raised.value) + "".join(capfd.readouterr())


def ask_on_paper(vote: Vote, size: int, electorate: Electorate = Electorate.RESIDENTS) -> CodeBatch:
    return ask_ballots(actor=vote.first, now=NOW, voting_round=vote.voting_round, electorate=electorate, size=size)


def test_ballots_with_a_code_are_one_file_and_their_codes_vote_on_a_screen_and_on_paper(session, vote: Vote) -> None:
    batch = ask_on_paper(vote, 3)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    document = pypdfium2.PdfDocument(files_of(path)["stembiljetten.pdf"])
    pages = [page.get_textpage().get_text_range() for page in document]
    codes = [read_code(found.group()) for page in pages if (found := CODE.search(page))]
    assert len(pages) == len(set(codes)) == 3
    serials = [f"{vote.voting_round.id:04d}-0000{number}" for number in range(1, 4)]
    assert all(serial in page for serial, page in zip(serials, pages, strict=True))
    assert list(files_of(path)) == ["stembiljetten.pdf", "volgnummers.csv"]
    assert serials_of(path) == [{"volgnummer": serial} for serial in serials]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (batch.kind, batch.made, batch.printed, batch.state) == (BatchKind.PAPER, 3, 3, CodeBatchState.READY)
    vote.cast(codes[0], vote.options[0], now=NOW, receipt=new_receipt())
    pile = make_pile(session, vote, NOW)
    assert [pile.stub(code) for code in codes[:2]] == [Stub.USED_BEFORE, Stub.TAKEN]
    assert letter_counts(vote.voting_round)[Electorate.RESIDENTS].stubs == 3
    assert batch not in batches_of(vote.voting_round.id)


def test_a_ballot_itself_has_nothing_of_its_stub(vote: Vote) -> None:
    batch = ask_on_paper(vote, 2)
    make_letters(lambda: NOW)
    document = pypdfium2.PdfDocument(files_of(letters_file(vote.settings, batch.id))["stembiljetten.pdf"])
    pages = [page.get_textpage().get_text_range() for page in document]
    without = [re.sub(r"Volgnummer \d{4}-\d{5}", "", CODE.sub("", page)) for page in pages]
    assert pages[0] != pages[1]
    assert without[0] == without[1]


@pytest.mark.parametrize("size", [0, -1, 1001])
def test_so_many_ballots_are_not_made(session, vote: Vote, size: int) -> None:
    with pytest.raises(Invalid, match="1 tot"):
        ask_on_paper(vote, size)


def test_ballots_are_asked_by_officers_while_the_vote_is_open(session, vote: Vote) -> None:
    with pytest.raises(NotAllowed):
        ask_ballots(actor=VISITOR, now=NOW, voting_round=vote.voting_round, electorate=Electorate.RESIDENTS, size=1)
    vote.close()
    with pytest.raises(Conflict):
        ask_on_paper(vote, 1)


def test_the_same_form_asks_for_ballots_once(vote: Vote) -> None:
    asked = [
        ask_ballots(
            actor=vote.first, now=NOW, voting_round=vote.voting_round, electorate=Electorate.RESIDENTS, size=2,
            submission_key="6b2f1c9e-4d5a-4f0b-9d3e-0a1b2c3d4e5f",
        )
        for _again in range(2)
    ]  # fmt: skip
    assert asked[0] is asked[1]
