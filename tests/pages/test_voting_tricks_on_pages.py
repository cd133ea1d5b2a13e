"""What somebody tries by hand on the pages: things of another vote, other addresses, a counter that is away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.conftest import settings_for
from tests.factories.paper import make_pile
from tests.factories.voting import Vote, make_officer, make_vote
from tests.page_client import PageClient
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.box.models import KeyHolder, SealedBallot
from wijkagenda.voting.codes import new_code
from wijkagenda.voting.models import CodeBatch, CodeState, VotingCode
from wijkagenda.voting.operations import close_round
from wijkagenda.web.limits import init_limits, limiter


@pytest.fixture
def votes(session, app: Flask) -> tuple[Vote, Vote]:
    """Mine, and one of another wijk."""
    moment = datetime.now(UTC)
    settings = app.config["SETTINGS"]
    return (
        make_vote(session, settings, moment, codes=3),
        make_vote(session, settings, moment, name="Havenwijk", column=3, codes=3),
    )


@pytest.fixture
def officer(client: PageClient, session, votes: tuple[Vote, Vote]) -> PageClient:
    return client.sign_in(session.get_one(StaffMember, votes[0].first.staff_id))


def token(client: PageClient, path: str) -> dict[str, str]:
    return {"csrf_token": str(client.get(path).form_data(selector="form")["csrf_token"])}


def used(session, vote: Vote) -> int:
    session.expire_all()
    return session.query(VotingCode).filter_by(voting_round_id=vote.voting_round.id, state=CodeState.USED).count()


# --- the slip and the choices of another vote ------------------------------------------------------


def check_page(client: PageClient, vote: Vote, code: str, option: int) -> dict[str, object]:
    ballot = client.submit("/stem", {"code": code}, status=200)
    check = client.post("/stem/nakijken", ballot.form_data(selector="#stap") | {"choices": [option]}, status=200)
    return check.form_data(selector="#stap")


def test_a_slip_works_for_its_own_code_only(client: PageClient, session, votes: tuple[Vote, Vote]) -> None:
    mine, other = votes
    slip = check_page(client, mine, mine.codes[0], mine.options[0])
    for stolen in ({"code": mine.codes[1]}, {"code": other.codes[0]}, {"slip": str(slip["slip"])[:-2] + "xx"}):
        assert client.post("/stem/versturen", slip | stolen, status=None).status in {409, 422}
    other_slip = check_page(client, other, other.codes[0], other.options[0])
    assert client.post("/stem/versturen", slip | {"slip": other_slip["slip"]}, status=None).status in {409, 422}
    assert session.scalar(sa.select(sa.func.count()).select_from(SealedBallot)) == 0
    assert (used(session, mine), used(session, other)) == (0, 0)


def test_points_of_another_vote_are_on_no_ballot(client: PageClient, session, votes: tuple[Vote, Vote]) -> None:
    mine, other = votes
    slip = check_page(client, mine, mine.codes[0], mine.options[0])
    for choices in ([other.options[0]], [mine.options[0], other.options[0]], ["-1"], ["1e3"], [], ["٣"]):
        assert client.post("/stem/versturen", slip | {"choices": choices}, status=None).status == 422
    assert used(session, mine) == 0


def test_two_tabs_are_one_ballot_and_the_second_says_so(client: PageClient, session, votes: tuple[Vote, Vote]) -> None:
    mine = votes[0]
    first = check_page(client, mine, mine.codes[0], mine.options[0])
    second = check_page(client, mine, mine.codes[0], mine.options[1])
    assert client.post("/stem/versturen", first).location.endswith("/stem/bewijs")
    assert client.post("/stem/versturen", second, status=409).status == 409
    assert client.post("/stem/versturen", first | {"choices": [mine.options[2]]}).location.endswith("/stem/bewijs")
    assert session.scalar(sa.select(sa.func.count()).select_from(SealedBallot)) == 1


# --- my vote in the address, a thing of another vote behind it -------------------------------------


def test_things_of_another_vote_cannot_be_had_through_mine(
    officer: PageClient, session, votes: tuple[Vote, Vote]
) -> None:
    mine, other = votes
    make_pile(session, mine, mine.opened_at)
    for _ in range(2):
        theirs = make_pile(session, other, other.opened_at, third=f"Ander {_}")
    batch = session.scalars(sa.select(CodeBatch).where(CodeBatch.voting_round_id == other.voting_round.id)).first()
    holder = session.scalars(sa.select(KeyHolder).where(KeyHolder.voting_round_id == other.voting_round.id)).first()
    session.commit()
    here = f"/werkplek/stemmingen/{mine.voting_round.id}"
    sent = token(officer, f"{here}/papier")
    for path in (
        f"/brieven/{batch.id}/ophalen",
        f"/sleutels/{holder.id}/toelaten",
        f"/sleutels/{holder.id}/weghalen",
        f"/papier/{theirs.batch.number}/vol",
        f"/papier/{theirs.batch.number}/strook",
        f"/papier/{theirs.batch.number}/biljet/1",
        "/meldingen/1",
    ):
        page = officer.post(here + path, sent | {"sure": "1", "passphrase": "x", "sheets": "3"}, status=None)
        assert page.status == 404, f"{path}: {page.status} {page.errors}"
    merged = officer.post(f"{here}/papier/1/samenvoegen", sent | {"into": str(theirs.batch.number)}, status=422)
    assert merged.errors
    stub = officer.post(f"{here}/papier/1/strook", sent | {"code": other.codes[0]}, status=422)
    assert stub.errors
    serial = officer.post(
        f"{here}/codes/intrekken", sent | {"serial": f"{other.voting_round.id:04d}-00001"}, status=422
    )
    assert serial.errors
    kiosk = officer.post(
        "/werkplek/stemmingen/kiosk", sent | {"voting_round_ids": [str(other.voting_round.id)]}, status=422
    )
    assert kiosk.errors
    assert used(session, other) == 0


# --- guessing --------------------------------------------------------------------------------------


def guess(client: PageClient, code: str, status: int, **place: object) -> None:
    sent = {"csrf_token": client.get("/stem", **place).form_data()["csrf_token"], "code": code}
    client.post("/stem/kiezen", sent, status=status, **place)


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_header_makes_nobody_another_visitor(
    app: Flask, client: PageClient, votes: tuple[Vote, Vote], proxies: int
) -> None:
    """Behind one proxy only what that proxy added counts; without one nothing does."""
    own = app.wsgi_app
    if proxies:
        app.wsgi_app = ProxyFix(own, x_for=1)  # type: ignore[method-assign]
    try:
        for n in range(30):
            said = f"192.0.2.{n}, 203.0.113.9" if proxies else f"192.0.2.{n}"
            guess(client, new_code(), 422, headers={"X-Forwarded-For": said, "Forwarded": f"for=192.0.2.{n}"})
        said = "192.0.2.99, 203.0.113.9" if proxies else "192.0.2.99"
        guess(client, new_code(), 429, headers={"X-Forwarded-For": said, "X-Real-IP": "192.0.2.99"})
    finally:
        app.wsgi_app = own  # type: ignore[method-assign]


@pytest.fixture
def counter_away(app: Flask) -> Iterator[None]:
    """Tries are counted in a Redis that does not answer."""
    kept = app.config["SETTINGS"]
    init_limits(Flask("counts"), settings_for("", rate_limits=True, redis_url="redis://127.0.0.1:1"))
    try:
        yield
    finally:
        app.config["SETTINGS"] = kept
        init_limits(Flask("counts"), settings_for("", rate_limits=True))
        limiter.reset()
        limiter.enabled = False


@pytest.mark.usefixtures("counter_away")
def test_a_counter_that_is_away_keeps_nobody_from_voting(client: PageClient, session, votes: tuple[Vote, Vote]) -> None:
    mine = votes[0]
    guess(client, new_code(), 422)
    slip = check_page(client, mine, mine.codes[0], mine.options[0])
    client.post("/stem/versturen", slip)
    assert used(session, mine) == 1


# --- a kiosk ---------------------------------------------------------------------------------------


def test_the_next_voter_at_a_kiosk_sees_no_receipt(officer: PageClient, votes: tuple[Vote, Vote]) -> None:
    mine = votes[0]
    officer.submit("/werkplek/stemmingen/kiosk")
    officer.post("/stem/versturen", check_page(officer, mine, mine.codes[0], mine.options[0]))
    assert officer.get("/stem/bewijs").status == 200
    officer.get("/stem/opnieuw", status=302)
    assert officer.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_a_kiosk_is_one_until_its_votes_are_over(officer: PageClient, votes: tuple[Vote, Vote]) -> None:
    officer.submit("/werkplek/stemmingen/kiosk")
    cookie = officer.browser.get_cookie("wijkagenda-kiosk")
    assert cookie is not None and cookie.expires is not None
    assert cookie.expires - votes[0].voting_round.closes_at < timedelta(minutes=11)


# --- whose plan it is ------------------------------------------------------------------------------


def test_whose_plan_it_is_sees_no_number_that_the_public_does_not(
    officer: PageClient, session, votes: tuple[Vote, Vote]
) -> None:
    """Also not as a voting officer: a code given at a desk and used would tell what somebody did."""
    mine = votes[0]
    mine.cast(mine.codes[0], mine.options[0], now=mine.opened_at)
    here = f"/werkplek/stemmingen/{mine.voting_round.id}"
    member = session.get_one(StaffMember, mine.first.staff_id)
    grant_role(actor=SYSTEM, now=mine.opened_at, member=member, role=Role.AREA_TEAM, area_id=mine.neighbourhood.area_id)
    member_of_the_box = make_officer(session, mine.neighbourhood.area_id, mine.opened_at, "Nieuw Lid")
    close_round(actor=member_of_the_box, now=mine.after_closing, voting_round=mine.voting_round)
    session.commit()
    officer.get(f"{here}/telblad", status=403)
    assert "/telblad" not in officer.get(here).text
    officer.sign_in(session.get_one(StaffMember, member_of_the_box.staff_id))
    officer.get(f"{here}/telblad")
    assert "/telblad" in officer.get(here).text
