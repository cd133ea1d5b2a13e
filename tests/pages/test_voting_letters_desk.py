"""The desk about letters and codes: what leaves the house leaves once, and what goes wrong is told."""

import contextvars
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.bad_inputs.table_letters import BAD_ADDRESS_FILES, BadAddressFile
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.audit.queries import history_of
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.voting.codes import new_code, new_receipt, read_code
from wijkagenda.voting.letters import desk as letters_desk
from wijkagenda.voting.letters.operations import REDO_AFTER
from wijkagenda.voting.letters.run import letters_file
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeBatchState, CodeState, VotingCode

LIST = (
    "naam;straat;huisnummer;postcode;plaats\nN. Geheim;Zonsteeg;1;9000 AB;Markerstad\n;Zonsteeg;2;9000 AB;Markerstad\n"
)


@pytest.fixture(autouse=True)
def own_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    changed = replace(app.config["SETTINGS"], letters_folder=tmp_path / "letters")
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    return changed.letters_folder


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=3)


@pytest.fixture
def officer(client: PageClient, session, vote: Vote) -> PageClient:
    return client.sign_in(session.get_one(StaffMember, vote.first.staff_id))


def at(vote: Vote, rest: str) -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}{rest}"


def send(officer: PageClient, vote: Vote, page: str, status: int = 302, to: str = "", **typed: Any) -> Page:
    return officer.submit(at(vote, page), typed, to=at(vote, to or page), status=status)


def upload(content: bytes, name: str = "adressen.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def newest(session) -> CodeBatch:
    session.expire_all()
    return session.scalars(sa.select(CodeBatch).order_by(CodeBatch.id.desc())).first()


def states(session) -> list[CodeState]:
    session.expire_all()
    return list(session.scalars(sa.select(VotingCode.state).order_by(VotingCode.serial)))


# --- asking and fetching -----------------------------------------------------------------------------


def test_letters_are_asked_made_and_fetched_once(officer: PageClient, session, vote: Vote) -> None:
    asked = send(officer, vote, "/brieven", electorate="residents", size="2")
    # Without a queue the job ran at once.
    page = officer.follow(asked)
    assert "Klaar om op te halen" in page.words
    batch = newest(session)
    path = letters_file(vote.settings, batch.id)
    fetch = at(vote, f"/brieven/{batch.id}/ophalen")
    got = officer.post(fetch, page.form_data(selector='form[action$="/ophalen"]'), status=200)
    assert got.response.mimetype == "application/zip"
    assert got.response.headers["Cache-Control"] == "no-store"
    with ZipFile(io.BytesIO(got.response.get_data())) as together:
        assert together.namelist() == ["brieven.pdf", "volgnummers.csv"]
        assert together.read("brieven.pdf").startswith(b"%PDF-")
    assert not path.exists()
    assert newest(session).state is CodeBatchState.GONE
    officer.post(fetch, page.form_data(selector='form[action$="/ophalen"]'), status=409)


def test_a_file_of_addresses_becomes_letters_and_a_list(
    officer: PageClient, session, vote: Vote, own_folder: Path
) -> None:
    send(officer, vote, "/brieven", electorate="residents", size="", addresses=upload(LIST.encode()), window="right")
    batch = newest(session)
    assert (batch.size, batch.addressed, batch.state) == (2, True, CodeBatchState.READY)
    assert sorted(path.name for path in own_folder.iterdir()) == [f"letters-{batch.id}.zip", "lock"]
    with ZipFile(letters_file(vote.settings, batch.id)) as together:
        rows = list(csv.DictReader(io.StringIO(together.read("volgnummers.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row["adres"] for row in rows] == ["Zonsteeg 1", "Zonsteeg 2"]
    assert "Geheim" not in repr([entry.detail for entry in history_of("code_batch", batch.id)])


def test_the_same_form_sent_twice_is_one_run(officer: PageClient, session, vote: Vote) -> None:
    page = officer.get(at(vote, "/brieven"))
    typed = page.form_data(selector='form[action$="/brieven"]') | {"size": "1"}
    for _ in range(2):
        officer.post(at(vote, "/brieven"), typed)
    assert session.scalar(sa.select(sa.func.count()).where(CodeBatch.kind == BatchKind.LETTERS)) == 2


@pytest.mark.parametrize("bad", BAD_ADDRESS_FILES, ids=lambda bad: bad.what)
def test_a_bad_file_keeps_nothing(
    officer: PageClient, session, vote: Vote, own_folder: Path, bad: BadAddressFile
) -> None:
    content = bad.content
    page = send(officer, vote, "/brieven", 422, electorate="residents", size="", addresses=upload(content))
    assert bad.words in page.words
    assert bad.line is None or f"Regel {bad.line}" in page.words
    assert session.scalar(sa.select(sa.func.count()).select_from(CodeBatch)) == 1
    assert not own_folder.exists() or not list(own_folder.glob("addresses-*"))


def test_at_most_twenty_bad_lines_are_shown(officer: PageClient, vote: Vote) -> None:
    content = LIST.encode() + b"A;;1;9000 AB;Markerstad\n" * 25
    page = send(officer, vote, "/brieven", 422, electorate="residents", size="", addresses=upload(content))
    assert "Regel 23" in page.words and "Regel 24" not in page.words
    assert "En nog 5 regels." in page.words


def test_doubles_ask_for_a_tick_first(officer: PageClient, session, vote: Vote) -> None:
    double = (LIST + LIST.splitlines()[1] + "\n").encode()
    page = send(officer, vote, "/brieven", 422, electorate="residents", size="", addresses=upload(double))
    assert "4 (= 2)" in page.words
    send(officer, vote, "/brieven", electorate="residents", size="", addresses=upload(double), doubles="y")
    assert newest(session).size == 3


def test_a_city_of_addresses_fits_and_more_does_not(officer: PageClient, vote: Vote) -> None:
    # Larger than any other form may be; too wide to be printed, so that nothing is.
    wide = LIST.encode() + (b"B" * 99 + b";Zonsteeg;1;9000 AB;Markerstad\n") * 49_000
    assert len(wide) > 5 * 1024 * 1024
    page = send(officer, vote, "/brieven", 422, electorate="residents", size="", addresses=upload(wide))
    assert "te lang voor het venster" in page.words
    send(officer, vote, "/brieven", 413, electorate="residents", size="", addresses=upload(b"x" * 17 * 1024 * 1024))


@pytest.mark.parametrize("size", ["", "0", "-5", "50001", "veel", "1e9"])
def test_a_number_of_letters_that_cannot_be_is_told(officer: PageClient, vote: Vote, size: str) -> None:
    page = send(officer, vote, "/brieven", 422, electorate="residents", size=size)
    assert page.soup.select_one("#size[aria-invalid]")


def test_who_begins_to_fetch_letters_is_on_record_also_when_the_download_breaks_off(
    officer: PageClient, session, vote: Vote
) -> None:
    page = officer.follow(send(officer, vote, "/brieven", electorate="residents", size="2"))
    batch, token = newest(session), page.form_data(selector='form[action$="/ophalen"]')
    session.commit()
    # As far as the first bytes, and then the line goes dead.
    fetch = at(vote, f"/brieven/{batch.id}/ophalen")
    broken = contextvars.Context().run(officer.browser.post, fetch, data=token)
    broken.close()
    assert broken.status_code == 200
    assert letters_file(vote.settings, batch.id).exists()
    begun = [entry for entry in history_of("code_batch", batch.id) if entry.action == "voting.begin_fetching_letters"]
    assert [entry.actor_id for entry in begun] == [vote.first.staff_id]
    # For all we know it is still going on: nobody gets the codes a second time, until it has been silent for a while.
    assert "Iemand haalt dit bestand nu op." in officer.post(fetch, token, status=409).words
    assert "Somebody is fetching this file now." in officer.post("/en" + fetch, token, status=409).words
    newest(session).fetching_at = datetime.now(UTC) - REDO_AFTER
    session.commit()
    assert officer.post(fetch, token, status=200).response.get_data().startswith(b"PK")
    assert newest(session).state is CodeBatchState.GONE


def test_a_download_on_a_slow_line_says_that_it_is_still_going(
    officer: PageClient, session, vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_desk, "SECONDS_BETWEEN_SIGNS", 0.0)
    page = officer.follow(send(officer, vote, "/brieven", electorate="residents", size="2"))
    fetch = at(vote, f"/brieven/{newest(session).id}/ophalen")
    officer.post(fetch, page.form_data(selector='form[action$="/ophalen"]'), status=200)
    batch = newest(session)
    begun = next(e.at for e in history_of("code_batch", batch.id) if e.action == "voting.begin_fetching_letters")
    assert batch.fetching_at is not None and batch.fetching_at > begun


def test_how_far_a_run_is_stands_on_the_page(officer: PageClient, session, vote: Vote) -> None:
    batch = newest(session)
    batch.state, batch.size, batch.printed = CodeBatchState.ASKED, 1200, 350
    session.commit()
    page = officer.get(at(vote, "/brieven"))
    assert "350 van 1.200" in page.words
    assert page.soup.find("a", string="Kijk hoe ver het is") or "Kijk hoe ver het is" in page.words


# --- lost and returned -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "status"), [("{round:04d}-00002", 302), (" 2 ", 302), ("99", 422), ("twee", 422), ("", 422), ("-2", 422)]
)
def test_a_lost_letter_is_made_worthless_by_its_serial(
    officer: PageClient, session, vote: Vote, typed: str, status: int
) -> None:
    send(officer, vote, "/codes", status, to="/codes/intrekken", serial=typed.format(round=vote.voting_round.id))
    assert (CodeState.VOIDED in states(session)) is (status == 302)


def test_the_serial_of_another_round_is_refused(officer: PageClient, session, vote: Vote) -> None:
    page = send(officer, vote, "/codes", 422, serial=f"{vote.voting_round.id + 1:04d}-00002")
    assert "bestaat niet" in page.words


def test_a_lost_letter_is_replaced_to_an_address_that_is_never_stored(
    officer: PageClient, session, vote: Vote, own_folder: Path
) -> None:
    typed = {"name": "N. Geheim", "line": "Zonsteeg 1", "postcode": "9000ab", "place": "Markerstad"}
    done = officer.follow(send(officer, vote, "/codes", serial="2", **typed))
    assert "Wij maken 1 nieuwe brief" in done.words
    assert states(session) == [CodeState.ISSUED, CodeState.REPLACED, CodeState.ISSUED, CodeState.ISSUED]
    with ZipFile(letters_file(vote.settings, newest(session).id)) as together:
        listed = together.read("volgnummers.csv").decode("utf-8-sig").splitlines()[1]
    here = f"{vote.voting_round.id:04d}"
    assert listed == f"{here}-00004;{here}-00002;N. Geheim;Zonsteeg 1;9000 AB;Markerstad"
    assert not list(own_folder.glob("addresses-*"))


def test_half_an_address_is_refused_and_kept_in_the_form(officer: PageClient, session, vote: Vote) -> None:
    page = send(officer, vote, "/codes", 422, serial="2", name="N. Geheim", line="Zonsteeg 1", place="Markerstad")
    assert "De postcode ontbreekt." in page.words
    assert page.soup.select_one("#line")["value"] == "Zonsteeg 1"  # type: ignore[index]
    assert CodeState.REPLACED not in states(session)


@pytest.mark.parametrize(("to", "asked"), [("/codes", "replace"), ("/codes/intrekken", "void")])
def test_a_used_code_is_refused_kindly_and_the_question_is_on_record(
    officer: PageClient, session, vote: Vote, to: str, asked: str
) -> None:
    vote.cast(vote.codes[1], vote.options[0], now=datetime.now(UTC))
    page = send(officer, vote, "/codes", 422, to=to, serial="2")
    assert "de stem zit in de bus" in page.words and "melding over de stemming" in page.words
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "voting.refuse_used_code")).one()
    assert (entry.actor_id, entry.detail) == (vote.first.staff_id, {"serial": 2, "asked": asked})
    assert states(session)[1] is CodeState.USED


def test_returned_letters_are_pasted_as_they_come(officer: PageClient, session, vote: Vote) -> None:
    here = f"{vote.voting_round.id:04d}"
    done = officer.follow(send(officer, vote, "/codes/terug", serials=f"{here}-00001,\n 3;{here}-00001"))
    assert "2 brieven staan nu als teruggekomen." in done.words
    assert states(session) == [CodeState.VOIDED, CodeState.ISSUED, CodeState.VOIDED]


@pytest.mark.parametrize("typed", ["", "drie", "1, 99", "9999-00001", "1 -"])
def test_a_list_with_one_wrong_serial_changes_nothing(officer: PageClient, session, vote: Vote, typed: str) -> None:
    page = send(officer, vote, "/codes/terug", 422, serials=typed)
    assert states(session) == [CodeState.ISSUED] * 3
    assert typed in page.soup.select_one("#serials").text  # type: ignore[union-attr]


def test_the_pages_are_the_same_whoever_voted(officer: PageClient, vote: Vote) -> None:
    pages = ("", "/brieven", "/codes", "/codes/terug", "/balie")
    before = [_without_keys(officer.get(at(vote, page))) for page in pages]
    vote.cast(vote.codes[0], vote.options[0], now=datetime.now(UTC))
    assert [_without_keys(officer.get(at(vote, page))) for page in pages] == before


def _without_keys(page: Page) -> str:
    return page.words


# --- at the desk -------------------------------------------------------------------------------------


def test_a_code_at_the_desk_is_shown_once_and_votes(officer: PageClient, session, vote: Vote) -> None:
    form = officer.get(at(vote, "/balie")).form_data() | {"electorate": "residents", "looked": "y"}
    page = officer.post(at(vote, "/balie"), form, status=200)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert f"{vote.voting_round.id:04d}-00004" in page.words
    code = read_code(page.soup.select_one(".wa-code").text)  # type: ignore[union-attr]
    assert page.soup.select_one("svg") and "lijst van de gemeente" in page.words
    # The same form again, or the page reloaded: nothing is shown, nothing is made.
    again = officer.post(at(vote, "/balie"), form, status=422)
    assert code[:4] not in again.words and "nooit twee keer" in again.words
    assert len(states(session)) == 4
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "voting.issue_at_desk")).one()
    assert entry.detail == {"serial": 4, "electorate": "residents"}
    vote.cast(code, vote.options[0], now=datetime.now(UTC), receipt=new_receipt())


def test_no_code_before_somebody_looked_in_the_list(officer: PageClient, session, vote: Vote) -> None:
    page = send(officer, vote, "/balie", 422, electorate="residents")
    assert "Kijk eerst op de lijst met volgnummers." in page.words
    assert len(states(session)) == 3


def test_officers_of_other_areas_and_other_roles_stay_out(client: PageClient, session, staff, vote: Vote) -> None:
    elsewhere = make_neighbourhood(session, "Zeggeland", column=9)
    members = [staff(Role.VOTING_OFFICER, elsewhere.area_id)]
    members += [staff(r, vote.neighbourhood.area_id) for r in (Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)]
    members += [staff(Role.ADMINISTRATOR)]
    for member in members:
        client.sign_out().sign_in(member)
        token = {"csrf_token": client.get("/stem").form_data()["csrf_token"]}
        for page in ("/brieven", "/codes", "/codes/terug", "/balie"):
            client.get(at(vote, page), status=403)
            client.post(at(vote, page), token, status=403)
        client.post(at(vote, "/codes/intrekken"), token, status=403)
        client.post(at(vote, f"/brieven/{newest(session).id}/ophalen"), token, status=403)


def test_after_closing_the_pages_offer_nothing_more(session, officer: PageClient, vote: Vote) -> None:
    vote.close()
    session.commit()
    for page in ("/brieven", "/codes", "/codes/terug", "/balie"):
        assert not officer.get(at(vote, page)).soup.select(f'form[action^="{at(vote, "/")}"]')
    token = {"csrf_token": officer.get("/stem").form_data()["csrf_token"]}
    typed = {"electorate": "residents", "looked": "y", "submission_key": "00000000-0000-4000-8000-000000000000"}
    assert "zolang de stemming open is" in officer.post(at(vote, "/balie"), token | typed, status=422).words


def test_a_code_that_was_replaced_says_so_to_who_tries_it(client: PageClient, session, officer, vote: Vote) -> None:
    send(officer, vote, "/codes", serial="1")
    client.sign_out()
    page = client.submit("/stem", {"code": vote.codes[0]}, to="/stem/kiezen", status=409)
    assert page.h1 == "Deze code werkt niet meer"
    assert "Gebruik de code uit de nieuwe brief." in page.words
    client.submit("/stem", {"code": new_code()}, to="/stem/kiezen", status=422)
