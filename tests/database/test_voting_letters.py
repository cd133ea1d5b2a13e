"""The letter run: from asked to fetched, codes on paper only, and nothing left behind."""

import csv
import io
import os
import re
import stat
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.audit.queries import history_of
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict
from wijkagenda.voting.codes import new_receipt, read_code
from wijkagenda.voting.letters import run as letter_run
from wijkagenda.voting.letters.addresses import Address, Window, keep_addresses
from wijkagenda.voting.letters.letter import make_letter
from wijkagenda.voting.letters.operations import (
    ask_letters,
    begin_fetching,
    go_on_fetching,
    make_codes,
    mark_fetched,
    mark_printed,
    mark_ready,
    withdraw_unprinted,
)
from wijkagenda.voting.letters.run import addresses_file, forget_letters, letters_file, make_letters
from wijkagenda.voting.models import (
    BallotType,
    BatchKind,
    CodeBatch,
    CodeBatchState,
    CodeState,
    DecidingRule,
    Electorate,
    VotingCode,
)

CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]\b")


@pytest.fixture
def vote(session, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vote:
    # Settings are frozen; each test gets a folder of its own.
    settings = app.config["SETTINGS"]
    changed = type(settings)(**{**settings.__dict__, "letters_folder": tmp_path / "letters"})
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    monkeypatch.setattr(letter_run, "LETTERS_PER_PART", 2)
    return make_vote(session, changed, NOW)


def ask(vote: Vote, size: int, electorate: Electorate = Electorate.RESIDENTS) -> CodeBatch:
    """Outside a unit of work nothing is started yet: the clock will find it."""
    return ask_letters(actor=vote.first, now=NOW, voting_round=vote.voting_round, electorate=electorate, size=size)


def files_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as together:
        return {name: together.read(name) for name in together.namelist()}


def pages_of(path: Path, name: str = "brieven.pdf") -> list[str]:
    """What stands on the fronts; every letter has a back as well."""
    document = pypdfium2.PdfDocument(files_of(path)[name])
    pages = [page.get_textpage().get_text_range() for page in document]
    assert all("Geen internet?" in back for back in pages[1::2])
    return pages[::2]


def serials_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_of(path)["volgnummers.csv"].decode("utf-8-sig")), delimiter=";"))


def test_every_letter_has_its_own_code_that_votes(session, vote: Vote) -> None:
    batch = ask(vote, 5)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    pages = pages_of(path)
    assert len(pages) == 5
    codes = [read_code(found.group()) for page in pages if (found := CODE.search(page))]
    assert len(set(codes)) == 5
    for number, page in enumerate(pages, start=1):
        # On the letter and on its stub.
        assert len(CODE.findall(page)) == 2
        assert page.count(f"{vote.voting_round.id:04d}-{number:05d}") == 2
        assert "Stem mee over Molenwijk" in page
    vote.cast(codes[4], vote.options[0], now=NOW, receipt=new_receipt())
    assert (batch.made, batch.printed, batch.state) == (5, 5, CodeBatchState.READY)
    assert [row["volgnummer"] for row in serials_of(path)] == [
        f"{vote.voting_round.id:04d}-0000{n}" for n in range(1, 6)
    ]


def test_the_file_is_readable_by_us_alone_and_nothing_else_stays(vote: Vote) -> None:
    batch = ask(vote, 3)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, "lock"]


def test_letters_of_businesses_say_that_they_count_apart(vote: Vote) -> None:
    batch = ask(vote, 1, Electorate.BUSINESSES)
    make_letters(lambda: NOW)
    text = pages_of(letters_file(vote.settings, batch.id))[0]
    assert "tellen wij apart" in text
    assert "winkel, bedrijf of club" in text


def test_a_letter_says_what_one_does_on_the_paper(vote: Vote) -> None:
    batch = ask(vote, 1)
    make_letters(lambda: NOW)
    assert "U kiest er hoogstens 3." in pages_of(letters_file(vote.settings, batch.id))[0]
    rules = {"ballot_type": BallotType.POINTS, "rule": DecidingRule.MOST_POINTS, "points": 10, "seats": 2}
    points = make_vote(vote.session, vote.settings, NOW, name="Dijkzicht", column=2, **rules)
    batch = ask(points, 1)
    make_letters(lambda: NOW)
    text = " ".join(pages_of(letters_file(vote.settings, batch.id))[0].split())
    assert "U verdeelt 10 punten." in text
    assert "U kiest er" not in text


def test_a_run_that_broke_off_begins_again_and_leaves_no_spare_codes(session, vote: Vote) -> None:
    batch = ask(vote, 3)
    make_codes(batch=batch, number=2, key=b"a key")
    (vote.settings.letters_folder / "run-killed").mkdir(parents=True)
    (vote.settings.letters_folder / "run-killed" / "00000.pdf").write_bytes(b"codes")
    make_letters(lambda: NOW)
    assert len(session.scalars(sa.select(VotingCode.id)).all()) == 3
    assert not (vote.settings.letters_folder / "run-killed").exists()
    assert batch.made == 3


def test_codes_that_were_used_are_never_taken_back(session, vote: Vote) -> None:
    batch = ask(vote, 2)
    make_codes(batch=batch, number=2, key=b"a key")
    session.execute(sa.update(VotingCode).where(VotingCode.serial == 1).values(state=CodeState.USED))
    with pytest.raises(Conflict, match="al gestemd"):
        withdraw_unprinted(batch=batch)


def test_making_letters_twice_makes_them_once(session, vote: Vote) -> None:
    batch = ask(vote, 2)
    make_letters(lambda: NOW)
    first = letters_file(vote.settings, batch.id).read_bytes()
    make_letters(lambda: NOW)
    assert letters_file(vote.settings, batch.id).read_bytes() == first
    assert len(session.scalars(sa.select(VotingCode.id)).all()) == 2


def test_letters_nobody_fetched_go_after_a_day(session, vote: Vote) -> None:
    batch = ask(vote, 1)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    assert batch.ready_at is not None
    forget_letters(batch.ready_at + timedelta(hours=23))
    assert path.exists()
    forget_letters(batch.ready_at + timedelta(hours=24))
    assert not path.exists()
    session.expire_all()
    assert batch.state is CodeBatchState.GONE


def test_a_file_without_a_run_goes_too(vote: Vote) -> None:
    folder = vote.settings.letters_folder
    folder.mkdir(parents=True)
    stray = folder / "letters-987654.zip"
    stray.write_bytes(b"codes")
    os.utime(stray, (NOW.timestamp(), NOW.timestamp()))
    forget_letters(NOW + timedelta(hours=25))
    assert not stray.exists()


def test_the_qr_carries_the_code_behind_the_hash(vote: Vote) -> None:
    letter = make_letter(vote.settings, 7, 42, "K7QM3XWD8NPTR")
    assert letter.serial == "0007-00042"
    assert letter.code == "K7QM 3XWD 8NPT R"
    assert letter.link == "http://localhost/stem#code=K7QM3XWD8NPTR"
    assert "<svg" in letter.qr


def addressed(vote: Vote, *addresses: Address, window: Window = Window.LEFT) -> CodeBatch:
    batch = ask_letters(
        actor=vote.first,
        now=NOW,
        voting_round=vote.voting_round,
        electorate=Electorate.RESIDENTS,
        size=len(addresses),
        addressed=True,
    )
    keep_addresses(addresses_file(vote.settings, batch.id), addresses, window)
    return batch


STREET = [Address(f"N. Geheim {n}" if n != 2 else "", f"Zonsteeg {n}", "9000 XZ", "Markerstad") for n in range(1, 6)]


def test_every_address_gets_its_own_letter_and_stands_in_the_list(vote: Vote) -> None:
    batch = addressed(vote, *STREET)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    pages, rows = pages_of(path), serials_of(path)
    for address, page, row in zip(STREET, pages, rows, strict=True):
        assert address.line in page and "9000 XZ" in page
        assert (address.name or "Aan de bewoner(s) van") in page
        assert row["volgnummer"] in page
        assert (row["naam"], row["adres"]) == (address.name, address.line)
    assert not addresses_file(vote.settings, batch.id).exists()


def test_no_address_comes_into_the_database(session, vote: Vote, caplog: pytest.LogCaptureFixture) -> None:
    addressed(vote, *STREET)
    make_letters(lambda: NOW)
    for table in db.metadata.sorted_tables:
        if not table.name.startswith(("spatial", "geometry")):
            assert "Geheim" not in repr(session.execute(sa.select(table)).all()), table.name
    assert "Geheim" not in caplog.text and "Zonsteeg" not in caplog.text


def test_a_list_for_a_spreadsheet_runs_no_formula(vote: Vote) -> None:
    batch = addressed(vote, Address("=cmd", "Zonsteeg 1", "9000 XZ", "Markerstad"))
    make_letters(lambda: NOW)
    assert serials_of(letters_file(vote.settings, batch.id))[0]["naam"] == "'=cmd"


def test_a_right_window_moves_the_address_to_the_right(vote: Vote) -> None:
    lefts = []
    for window in Window:
        batch = addressed(vote, STREET[0], window=window)
        make_letters(lambda: NOW)
        page = pypdfium2.PdfDocument(files_of(letters_file(vote.settings, batch.id))["brieven.pdf"])[0]
        text = page.get_textpage()
        left, bottom, _right, top = text.get_charbox(text.get_text_range().index("N. Geheim"))
        # Points to millimetres, from the top of the sheet: inside the window of a DL and of a C5 envelope.
        assert 50 < (page.get_height() - top) * 25.4 / 72 < (page.get_height() - bottom) * 25.4 / 72 < 60
        lefts.append(round(left * 25.4 / 72))
    assert lefts == [20, 116]


def test_a_long_run_is_several_files_in_one(vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_run, "LETTERS_PER_FILE", 4)
    batch = addressed(vote, *STREET)
    make_letters(lambda: NOW)
    path = letters_file(vote.settings, batch.id)
    assert list(files_of(path)) == ["brieven-00001-00004.pdf", "brieven-00005-00005.pdf", "volgnummers.csv"]
    assert len(pages_of(path, "brieven-00001-00004.pdf")) == 4
    assert "Zonsteeg 5" in pages_of(path, "brieven-00005-00005.pdf")[0]


def test_a_run_that_is_killed_begins_again_with_its_addresses(vote: Vote) -> None:
    batch = addressed(vote, *STREET)
    make_codes(batch=batch, number=2, key=b"a key")
    mark_printed(batch=batch, number=2)
    (vote.settings.letters_folder / "run-killed").mkdir()
    make_letters(lambda: NOW)
    rows = serials_of(letters_file(vote.settings, batch.id))
    assert [row["adres"] for row in rows] == [address.line for address in STREET]
    assert len({row["volgnummer"] for row in rows}) == 5
    assert (batch.made, batch.printed) == (5, 5)


def test_a_closed_vote_gets_no_letters_any_more(vote: Vote) -> None:
    batch = ask(vote, 2)
    vote.close()
    make_letters(lambda: NOW)
    assert (batch.state, batch.made) == (CodeBatchState.GONE, 0)


def test_a_vote_that_is_over_gets_no_letters_either(vote: Vote) -> None:
    batch = addressed(vote, *STREET)
    make_letters(lambda: vote.voting_round.closes_at)
    assert (batch.state, batch.made) == (CodeBatchState.GONE, 0)


def test_what_a_closed_vote_was_still_making_goes_with_its_addresses(session, vote: Vote) -> None:
    batch = addressed(vote, *STREET)
    make_codes(batch=batch, number=2, key=b"a key")
    session.commit()
    with unit_of_work():
        vote.close()
    assert (batch.state, batch.made) == (CodeBatchState.GONE, 0)
    assert session.scalars(sa.select(VotingCode.id)).all() == []
    assert not addresses_file(vote.settings, batch.id).exists()


def test_letters_are_fetched_by_one_at_a_time(session, vote: Vote) -> None:
    batch = ask(vote, 1)
    mark_ready(batch=batch, now=NOW)
    begin_fetching(actor=vote.first, now=NOW, batch=batch)
    for minutes in (0, 4):
        with pytest.raises(Conflict, match="haalt dit bestand nu op"):
            begin_fetching(actor=vote.second, now=NOW + timedelta(minutes=minutes), batch=batch)
    # A slow line that still lives.
    go_on_fetching(now=NOW + timedelta(minutes=4), batch_id=batch.id)
    with pytest.raises(Conflict, match="haalt dit bestand nu op"):
        begin_fetching(actor=vote.second, now=NOW + timedelta(minutes=8), batch=batch)
    # One that broke off.
    begin_fetching(actor=vote.second, now=NOW + timedelta(minutes=9), batch=batch)
    mark_fetched(actor=vote.second, now=NOW + timedelta(minutes=10), batch=batch)
    assert batch.state is CodeBatchState.GONE
    with pytest.raises(Conflict, match="zijn er niet meer"):
        begin_fetching(actor=vote.first, now=NOW + timedelta(minutes=30), batch=batch)
    go_on_fetching(now=NOW + timedelta(minutes=30), batch_id=batch.id)
    session.expire_all()
    assert (batch.state, batch.fetching_at) == (CodeBatchState.GONE, NOW + timedelta(minutes=9))
    acts = [(entry.action, entry.actor_id) for entry in history_of("code_batch", batch.id)]
    assert acts[1:] == [
        ("voting.begin_fetching_letters", vote.first.staff_id),
        ("voting.begin_fetching_letters", vote.second.staff_id),
        ("voting.fetch_letters", vote.second.staff_id),
    ]


def test_what_is_not_ready_is_never_marked_as_fetched(session, vote: Vote) -> None:
    batch = ask(vote, 1)
    mark_fetched(actor=vote.first, now=NOW, batch=batch)
    assert batch.state is CodeBatchState.ASKED


def test_addresses_nobody_printed_go_after_a_day(vote: Vote) -> None:
    path = addresses_file(vote.settings, addressed(vote, *STREET).id)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    forget_letters(NOW + timedelta(hours=23))
    assert path.exists()
    forget_letters(NOW + timedelta(hours=25))
    assert not path.exists()


def test_letters_of_a_rehearsal_say_so_on_both_sides(session, vote: Vote) -> None:
    vote.voting_round.rehearsal = True
    session.flush()
    batch = ask(vote, 1)
    make_letters(lambda: NOW)
    document = pypdfium2.PdfDocument(files_of(letters_file(vote.settings, batch.id))["brieven.pdf"])
    assert all("met deze brief stemt u niet echt" in page.get_textpage().get_text_range() for page in document)
    assert batch.kind is BatchKind.TEST


def test_the_back_speaks_other_languages_and_holds_no_code(vote: Vote) -> None:
    batch = ask(vote, 1)
    make_letters(lambda: NOW)
    back = pypdfium2.PdfDocument(files_of(letters_file(vote.settings, batch.id))["brieven.pdf"])[1]
    text = back.get_textpage().get_text_range()
    for name in ("English", "Türkçe", "Polski", "Molenwijk"):
        assert name in text
    assert not CODE.search(text)
