"""Paper ballots on the desk, without script: stubs, a pile, two people who type it over, a difference, the box."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories.paper import Pile, make_pile
from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from wijkagenda.audit.models import AuditEntry
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.codes import grouped, new_code
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeState, Electorate, VotingCode
from wijkagenda.voting.paper.models import PaperBatch, PaperEntry, PaperState
from wijkagenda.voting.paper.printing import PaperStub, ballot_file, ballots_html, make_ballot_papers, write_ballots


@pytest.fixture(autouse=True)
def own_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(app.config["SETTINGS"], letters_folder=tmp_path / "letters")
    monkeypatch.setitem(app.config, "SETTINGS", changed)


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=12)


@pytest.fixture
def pile(session, vote: Vote) -> Pile:
    return make_pile(session, vote, datetime.now(UTC))


def desk(vote: Vote, more: str = "") -> str:
    return f"/werkplek/stemmingen/{vote.voting_round.id}/papier{more}"


def as_(client: PageClient, session, staff_id: int | None) -> PageClient:
    return client.sign_out().sign_in(session.get_one(StaffMember, staff_id))


def type_stub(client: PageClient, vote: Vote, code: str, *, status: int = 302) -> Page:
    page = client.submit(desk(vote, "/1"), {"code": code}, to=desk(vote, "/1/strook"), status=status)
    return client.follow(page) if status == 302 else page


def enter(client: PageClient, vote: Vote, sheet: int, status: int = 302, **typed: str) -> Page:
    return client.submit(desk(vote, f"/1/biljet/{sheet}"), typed, status=status)


def test_a_batch_from_the_first_stub_to_the_box_with_one_difference(session, client: PageClient, vote: Vote) -> None:
    first, second = vote.first.staff_id, vote.second.staff_id
    as_(client, session, first)
    assert client.follow(client.submit(desk(vote), {"electorate": "residents"})).h1 == "Stapel 1"
    vote.cast(vote.codes[11], vote.options[0], now=datetime.now(UTC))
    assert "al gestemd. Dit biljet telt niet" in type_stub(client, vote, grouped(vote.codes[11])).words
    for code in vote.codes[:10]:
        assert "Leg het biljet op deze stapel" in type_stub(client, vote, grouped(code).lower()).words
    client.submit(desk(vote, "/1"), {"sheets": "10"}, to=desk(vote, "/1/vol"))
    for sheet in range(1, 11):
        following = enter(client, vote, sheet, read="1 3")
        assert following.location.endswith(f"/biljet/{sheet + 1}" if sheet < 10 else "/papier/1")
    assert "Nu is een ander aan de beurt" in client.get(desk(vote, "/1")).words
    as_(client, session, second)
    for sheet in range(1, 11):
        enter(client, vote, sheet, read="0" if sheet == 7 else "3,1")
    page = client.get(desk(vote, "/1"))
    assert "Verschil: 1 biljet" in page.words
    assert "Doe de stapel in de stembus" not in page.words
    third = make_third(session, vote)
    as_(client, session, third)
    assert client.get(desk(vote, "/1")).soup.select_one("a[href$='/biljet/7']")
    enter(client, vote, 7, read="1 3")
    refused = client.submit(desk(vote, "/1"), {}, to=desk(vote, "/1/stembus"), status=422)
    assert "Zet een vinkje als u het zeker weet." in refused.words
    client.submit(desk(vote, "/1"), {"sure": "y"}, to=desk(vote, "/1/stembus"))
    assert session.query(SealedBallot).count() == 11
    assert session.query(PaperEntry).count() == 0
    assert "Deze stapel zit in de stembus" in client.get(desk(vote, "/1")).words


def make_third(session, vote: Vote) -> int | None:
    return make_pile(session, vote, datetime.now(UTC), Electorate.BUSINESSES).third.staff_id


@pytest.mark.parametrize(
    "typed, words",
    [
        ("", "Typ de code"),
        ("K7QM", "U typte er 4"),
        pytest.param(grouped(new_code()), "kennen wij niet", id="somebody_elses"),
    ],
)
def test_a_wrong_code_of_a_stub_comes_back_as_typed(
    session, client: PageClient, pile: Pile, typed: str, words: str
) -> None:
    as_(client, session, pile.vote.first.staff_id)
    page = type_stub(client, pile.vote, typed, status=422)
    assert words in page.words
    assert page.soup.select_one("#code")["value"] == typed


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"read": ""}, "Typ wat er op het biljet staat"),
        ({"read": "1 9"}, "Typ nummers van 1 tot 4"),
        ({"read": "een"}, "Typ nummers van 1 tot 4"),
        ({"read": "²"}, "Typ nummers van 1 tot 4"),
        ({"read": "2 2"}, "twee keer"),
        ({"read": "1 2 3 4"}, "4 kruisjes"),
        ({"read": "1", "blank": "y"}, "Niet allebei"),
    ],
)
def test_what_cannot_be_on_a_sheet_comes_back_as_typed(
    session, client: PageClient, pile: Pile, typed: dict[str, str], words: str
) -> None:
    pile.take(*[[]] * 10)
    pile.fill()
    as_(client, session, pile.vote.second.staff_id)
    page = enter(client, pile.vote, 1, status=422, **typed)
    assert words in page.words
    assert page.form_data(0)["read"] == typed["read"]
    assert session.query(PaperEntry).count() == 0


def test_a_blank_sheet_is_a_tick_or_a_zero(session, client: PageClient, pile: Pile) -> None:
    pile.take(*[[]] * 10)
    pile.fill()
    as_(client, session, pile.vote.second.staff_id)
    enter(client, pile.vote, 1, read="0")
    enter(client, pile.vote, 2, blank="y")
    assert session.query(PaperEntry).count() == 2


def test_points_are_typed_option_by_option(session, client: PageClient, app: Flask) -> None:
    vote = make_vote(
        session, app.config["SETTINGS"], datetime.now(UTC), ballot_type="points", points=10, rule="most-points"
    )
    pile = make_pile(session, vote, datetime.now(UTC))
    pile.take(*[[]] * 10)
    pile.fill()
    as_(client, session, vote.second.staff_id)
    wrong = enter(client, vote, 1, status=422, **{"points-0": "7", "points-1": "4"})
    assert "11 punten" in wrong.words
    assert wrong.form_data(0)["points-0"] == "7"
    assert "van 0 tot 100" in enter(client, vote, 1, status=422, **{"points-0": "-1"}).words
    assert "Niet allebei" in enter(client, vote, 1, status=422, **{"points-0": "1", "blank": "y"}).words
    enter(client, vote, 1, **{"points-0": "7", "points-3": "3"})
    enter(client, vote, 2, blank="y")
    assert session.query(PaperEntry).count() == 2


def test_nobody_sees_what_somebody_else_typed(session, client: PageClient, pile: Pile) -> None:
    pile.take(*[[pile.vote.options[0]]] * 10)
    pile.fill()
    pile.enter_all(pile.vote.first)
    as_(client, session, pile.vote.second.staff_id)
    page = client.get(desk(pile.vote, "/1/biljet/1"))
    assert page.form_data(0)["read"] == ""
    # Also one's own does not come back: it is sealed.
    as_(client, session, pile.vote.first.staff_id)
    assert client.get(desk(pile.vote, "/1/biljet/1")).form_data(0)["read"] == ""


def test_a_count_that_differs_asks_to_count_again_and_keeps_what_was_typed(
    session, client: PageClient, pile: Pile
) -> None:
    pile.take(*[[]] * 10)
    as_(client, session, pile.vote.first.staff_id)
    page = client.submit(desk(pile.vote, "/1"), {"sheets": "9"}, to=desk(pile.vote, "/1/vol"), status=422)
    assert "U telde 9 biljetten, en er zijn 10 stroken" in page.words
    data = {"sheets": "9", "because": "Een kiezer nam het biljet mee."}
    client.submit(desk(pile.vote, "/1"), data, to=desk(pile.vote, "/1/vol"))
    session.expire_all()
    assert (pile.batch.state, pile.batch.difference) == (PaperState.FULL, -1)
    client.submit(desk(pile.vote, "/1"), {}, to=desk(pile.vote, "/1/weer-open"))
    session.expire_all()
    assert session.query(PaperBatch).one().state is PaperState.TAKING


def test_small_piles_go_together(session, client: PageClient, pile: Pile) -> None:
    other = make_pile(session, pile.vote, datetime.now(UTC), third="Vierde Lid")
    other.take([])
    as_(client, session, pile.vote.first.staff_id)
    client.submit(desk(pile.vote, "/2"), {"into": "1"}, to=desk(pile.vote, "/2/samenvoegen"))
    assert "Ligt nu bij stapel 1" in client.get(desk(pile.vote, "/2")).words
    assert "Bij een andere stapel gedaan" in client.get(desk(pile.vote)).words


def test_paper_is_for_officers_of_this_neighbourhood(session, client: PageClient, pile: Pile, staff) -> None:
    elsewhere = make_vote(session, pile.vote.settings, datetime.now(UTC), name="Havenkwartier", column=1).first.staff_id
    as_(client, session, elsewhere)
    for path in ("", "/1", "/stembiljet.pdf"):
        client.get(desk(pile.vote, path), status=403)
    client.sign_out().sign_in(staff(Role.AREA_TEAM, area_id=pile.vote.neighbourhood.area_id))
    client.get(desk(pile.vote), status=403)


def test_a_pile_or_sheet_that_is_not_there(session, client: PageClient, pile: Pile) -> None:
    as_(client, session, pile.vote.first.staff_id)
    client.get(desk(pile.vote, "/99"), status=404)
    client.get(desk(pile.vote, "/1/biljet/1"), status=302)
    pile.take(*[[]] * 10)
    pile.fill()
    client.get(desk(pile.vote, "/1/biljet/11"), status=404)
    client.get(desk(pile.vote, "/1/biljet/0"), status=404)


# --- the ballot as it is printed -------------------------------------------------------------------


def test_the_worker_draws_the_blank_ballot_of_each_open_vote_once(session, client: PageClient, vote: Vote, app) -> None:
    as_(client, session, vote.first.staff_id)
    assert "Wij maken het stembiljet" in client.get(desk(vote)).words
    client.get(desk(vote, "/stembiljet.pdf"), status=404)
    make_ballot_papers()
    path = ballot_file(app.config["SETTINGS"], vote.voting_round.id)
    first = path.stat().st_mtime_ns
    make_ballot_papers()
    assert path.stat().st_mtime_ns == first
    assert client.get(desk(vote, "/stembiljet.pdf")).response.mimetype == "application/pdf"
    assert "Open het stembiljet (PDF)" in client.get(desk(vote)).words
    vote.finish()
    make_ballot_papers()
    assert not path.exists()


def test_every_printed_ballot_is_the_same_but_for_its_stub(vote: Vote, app: Flask) -> None:
    code = grouped(new_code())
    stubs = [PaperStub(code, "0001-00041"), PaperStub()]
    html = ballots_html(app.config["SETTINGS"], vote.voting_round, stubs, Electorate.BUSINESSES)
    first, second = (page.split('<div class="ballot">') for page in html.split('<section class="paper">')[1:])
    # Of the last one the end of the document is no part.
    assert second[1].startswith(first[1].split("</section>")[0])
    assert code in first[0]
    assert "00041" in first[0]
    assert "Winkels" not in first[1]
    titles = [option.title for option in vote.voting_round.options]
    assert [first[1].index(title) for title in titles] == sorted(first[1].index(title) for title in titles)


def test_ballots_with_codes_are_a_page_each(vote: Vote, app: Flask, tmp_path: Path) -> None:
    target, batch = (
        tmp_path / "ballots.pdf",
        CodeBatch(voting_round_id=vote.voting_round.id, electorate=Electorate.RESIDENTS),
    )
    write_ballots(target, app.config["SETTINGS"], batch, [(41, new_code()), (42, new_code())])
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 2


def test_a_pile_that_is_not_typed_over_twice_does_not_go_into_the_box(session, client: PageClient, pile: Pile) -> None:
    pile.take(*[[]] * 10)
    pile.fill()
    pile.enter_all(pile.vote.first)
    as_(client, session, pile.vote.first.staff_id)
    data = {"csrf_token": client.get("/stem").form_data()["csrf_token"], "sure": "y"}
    page = client.post(desk(pile.vote, "/1/stembus"), data, status=422)
    assert "Nog niet elk biljet is twee keer overgetypt." in page.words
    assert session.query(SealedBallot).count() == 0


def test_ballots_with_a_code_are_asked_made_and_fetched_once(session, client: PageClient, vote: Vote) -> None:
    as_(client, session, vote.first.staff_id)
    page = client.submit(desk(vote), {"group": "residents", "size": "veel"}, to=desk(vote, "/biljetten"), status=422)
    assert "Vul in hoeveel stembiljetten u wilt" in page.words
    assert page.soup.select_one("#size")["value"] == "veel"
    page = client.follow(client.submit(desk(vote), {"group": "residents", "size": "2"}, to=desk(vote, "/biljetten")))
    # Without a queue the job ran at once.
    assert "2 stembiljetten" in page.words and "Klaar om op te halen" in page.words
    batch = session.scalars(sa.select(CodeBatch).where(CodeBatch.kind == BatchKind.PAPER)).one()
    fetch = f"/werkplek/stemmingen/{vote.voting_round.id}/brieven/{batch.id}/ophalen"
    typed = page.form_data(selector='form[action$="/ophalen"]')
    got = client.post(fetch, typed, status=200)
    assert f"stembiljetten-{vote.voting_round.id}-{batch.id}.zip" in got.response.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(got.response.get_data())) as together:
        assert together.namelist() == ["stembiljetten.pdf", "volgnummers.csv"]
    assert "Deze stembiljetten zijn er niet meer" in client.post(fetch, typed, status=409).words
    assert "Opgehaald of verlopen" in client.get(desk(vote)).words
    assert "stembiljet" not in client.get(f"/werkplek/stemmingen/{vote.voting_round.id}/brieven").soup.main.get_text()


def test_ballots_that_are_left_over_are_withdrawn_as_a_range(session, client: PageClient, vote: Vote) -> None:
    as_(client, session, vote.first.staff_id)
    client.submit(desk(vote), {"group": "residents", "size": "4"}, to=desk(vote, "/biljetten"))
    batch = session.scalars(sa.select(CodeBatch).where(CodeBatch.kind == BatchKind.PAPER)).one()
    stubs = session.scalars(
        sa.select(VotingCode).where(VotingCode.batch_id == batch.id).order_by(VotingCode.serial)
    ).all()
    letter = session.scalars(sa.select(VotingCode).where(VotingCode.batch_id != batch.id)).first()
    stubs[1].state = CodeState.USED
    session.flush()
    first, last = stubs[0].serial, stubs[2].serial
    round_id = vote.voting_round.id
    typed = {"first": f"{round_id:04}-{first:05}", "last": str(last), "reason": "over na de markt"}
    to = desk(vote, "/over")
    # A letter among them, no reason, the wrong way round: nothing changes, and what was typed is there.
    for wrong, words in (
        ({"first": str(letter.serial)}, "Er is niets veranderd."),
        ({"reason": ""}, "Schrijf in een paar woorden op waarom"),
        ({"first": str(last), "last": str(first)}, "Draai ze om."),
        ({"last": "9999-00001"}, "Dit is geen volgnummer van deze stemming."),
        ({"last": str(first + 5000)}, "hoogstens 1000 codes"),
    ):
        page = client.submit(desk(vote), typed | wrong, to=to, status=422)
        assert words in page.words
        assert page.form_data(selector='form[action$="/over"]').items() >= (typed | wrong).items()
        assert page.soup.select_one("details[open] form[action$='/over']") is not None
    session.expire_all()
    assert [code.state for code in stubs] == [CodeState.ISSUED, CodeState.USED, CodeState.ISSUED, CodeState.ISSUED]
    page = client.follow(client.submit(desk(vote), typed, to=to))
    assert "Deze codes werken niet meer." in page.words
    session.expire_all()
    assert [code.state for code in stubs] == [CodeState.VOIDED, CodeState.USED, CodeState.VOIDED, CodeState.ISSUED]
    event = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "voting.withdraw_stubs")).one()
    assert event.detail == {"serials": f"{first}-{last}", "reason": "over na de markt"}


def test_whose_plan_it_is_asks_for_no_ballots(session, client: PageClient, staff, vote: Vote) -> None:
    client.sign_in(staff(Role.AREA_TEAM, area_id=vote.neighbourhood.area_id))
    typed = {"csrf_token": client.get("/stem").form_data()["csrf_token"], "group": "residents", "size": "2"}
    client.post(desk(vote, "/biljetten"), typed, status=403)
    client.post(desk(vote, "/over"), typed | {"first": "1", "last": "2", "reason": "over na de markt"}, status=403)
    assert not session.scalars(sa.select(CodeBatch).where(CodeBatch.kind == BatchKind.PAPER)).all()


def test_a_full_pile_waits_on_the_list_of_who_can_do_something(session, client: PageClient, pile: Pile) -> None:
    first, second = pile.vote.first.staff_id, pile.vote.second.staff_id

    def waiting(staff_id: int | None) -> list[str]:
        page = as_(client, session, staff_id).get("/werkplek")
        assert all(link["href"] == desk(pile.vote, "/1") for link in page.soup.select("a[href*='/papier/']"))
        return [words for words in ("Stapel overtypen", "Stapel in de stembus doen") if words in page.words]

    pile.take(*[[]] * 10)
    assert waiting(first) == []
    pile.fill()
    assert waiting(first) == waiting(second) == ["Stapel overtypen"]
    pile.enter_all(pile.vote.first)
    assert waiting(first) == []
    pile.enter_all(pile.vote.second, sheet_4=[pile.vote.options[0]])
    # A difference is for a third.
    assert waiting(first) == waiting(second) == []
    assert waiting(pile.third.staff_id) == ["Stapel overtypen"]
    pile.enter(pile.third, 4, [])
    assert waiting(first) == ["Stapel in de stembus doen"]
    assert client.get("/werkplek").soup.select("a[href*='/papier/']")
    pile.into_the_box()
    assert waiting(first) == []
