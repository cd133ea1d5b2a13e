"""Open ballots on the site: the result explained, the file, counting again, and earlier votes."""

import hashlib
import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.database.test_voting_archive import CLEAN, ODD
from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.db import db
from wijkagenda.people.models import Role
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.models import BallotType, DecidingRule, Electorate
from wijkagenda.voting.recount.recounting import AT_ONCE
from wijkagenda.wishes.models import Theme

MONEY = {"costs": [40000, 15000, 30000, 12000], "budget": 60000, "rule": DecidingRule.EQUAL_SHARES_ADD1}


def held(
    session: Session, app: Flask, ways: list[tuple[tuple[int, ...], int]], *, businesses: int = 0, **rules
) -> Vote:
    """A published vote of last week. ways: (numbers of the priorities on the ballot, how many voted so)."""
    moment = datetime.now(UTC) - timedelta(days=7)
    voters = sum(times for _, times in ways)
    vote = make_vote(
        session, app.config["SETTINGS"], moment, codes=voters, business_codes=businesses, closes_at=moment, **rules
    )
    ids = {option.priority.number: option.id for option in vote.voting_round.options}
    codes, before = iter(vote.codes), moment - timedelta(minutes=1)
    for numbers, times in ways:
        for _ in range(times):
            if vote.voting_round.ballot_type is BallotType.POINTS:
                given = dict(zip((ids[number] for number in numbers), (5, 3, 2), strict=False))
                given[ids[numbers[0]]] += vote.voting_round.points - sum(given.values())
                vote.cast(next(codes), points=given, now=before)
            else:
                vote.cast(next(codes), *(ids[number] for number in numbers), now=before)
    for code in vote.business_codes:
        vote.cast(code, ids[4], now=before)
    vote.finish()
    session.commit()
    return vote


def money_vote(session: Session, app: Flask) -> Vote:
    """The dearest has most votes; by equal shares the money goes to more people."""
    return held(session, app, [((1, 3), 50), ((2,), 30), ((4, 2), 24), ((3,), 10)], **MONEY)


def address(vote: Vote) -> str:
    return f"/wijken/{vote.neighbourhood.slug}/stemming/{vote.voting_round.id}"


def test_a_money_round_says_who_paid_and_what_was_left(client: PageClient, session: Session, app: Flask) -> None:
    vote = money_vote(session, app)
    page = client.get(address(vote))
    assert "punten zijn gekozen 3 van 4" in page.words
    assert "Gekozen als eerste." in page.words
    assert "mensen gaven er elk €" in page.words
    assert "Dat is te weinig voor" in page.words
    assert "Wat de andere telregel had gegeven" in page.words
    assert "van de 100 stemmers" in page.words
    drawings = page.soup.select("svg.wa-paid")
    assert len(drawings) == 4
    for drawing in drawings:
        assert drawing.find("title").get_text()
        assert drawing.find("desc").get_text()
    titles = {option.title for option in vote.voting_round.options}
    table = page.soup.select_one("section[aria-labelledby=stemmen] table")
    assert {row.find("th").get_text() for row in table.select("tbody tr")} == titles


def test_who_had_paid_before_is_told_only_where_every_ballot_is_public(
    client: PageClient, session: Session, app: Flask
) -> None:
    """How many of a group also chose something else is more than the totals say."""
    public = client.get(address(money_vote(session, app)))
    assert "Alle stembiljetten" in public.words
    assert "Maar 50 van deze 50 mensen kozen ook iets dat won" in public.words
    few = [((1, 3), 10), ((2,), 6), ((4, 2), 5), ((3,), 2)]
    closed = client.get(address(held(session, app, few, name="Dijkzicht", column=2, **MONEY)))
    assert "De losse stembiljetten staan niet op de site." in closed.words
    assert "hadden al betaald voor iets anders dat won" in closed.words
    assert "kozen ook iets dat won" not in closed.words


@pytest.mark.parametrize("rule", [DecidingRule.EQUAL_SHARES_ADD1_TOP_UP, DecidingRule.GREEDY])
def test_the_regulation_and_the_result_call_the_rule_by_one_name(
    client: PageClient, session: Session, app: Flask, rule: DecidingRule
) -> None:
    vote = held(session, app, [((1, 3), 8), ((2,), 6)], **MONEY | {"rule": rule})
    name = rule.label[:1].lower() + rule.label[1:]
    assert f"Deze manier van tellen heet: {name}." in client.get(address(vote) + "/reglement").words
    assert f"De telregel van deze stemming: {name}." in client.get(address(vote)).words


def test_places_points_and_most_votes_explain_themselves(client: PageClient, session: Session, app: Flask) -> None:
    ways = [((1, 2), 50), ((1, 3), 20), ((3,), 20), ((4,), 20)]
    places = held(session, app, ways, name="Molenwijk", seats=2, rule=DecidingRule.EQUAL_SHARES_UNIT)
    page = client.get(address(places))
    assert "Iedere stemmer krijgt een even groot stukje van die plaatsen." in page.words
    assert "van hun deel aan" in page.words
    most = held(session, app, ways, name="Dijkzicht", column=2, seats=2)
    page = client.get(address(most))
    assert "De laatste die won, ‘Minder hard rijden in de Wiekstraat’, kreeg er 50." in page.words
    assert len(page.soup.select(".wa-bar__mark")) == 2
    points = held(
        session, app, ways, name="Rietvoorn", column=4, seats=2,
        ballot_type=BallotType.POINTS, points=10, rule=DecidingRule.MOST_POINTS,
    )  # fmt: skip
    page = client.get(address(points))
    assert "mensen gaven hier samen" in page.words
    assert "van 70 mensen" in page.words


def test_a_reserved_place_and_a_lot_are_told(client: PageClient, session: Session, app: Flask) -> None:
    probe = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Dijkzicht", column=3)
    last = {option.priority.number: option.theme for option in probe.voting_round.options}[4]
    vote = held(session, app, [((1,), 50), ((2,), 40), ((3,), 30), ((4,), 5)], seats=3, reserves={last: 1})
    page = client.get(address(vote))
    assert "Van de 3 plaatsen hielden wij er minstens 1 vrij" in page.words
    assert "Deze plaats was vrijgehouden voor" in page.words
    assert "Gelijk waren:" not in page.words
    tied = held(session, app, [((1,), 40), ((2,), 40), ((3,), 30)], name="Rietvoorn", column=5, seats=1)
    page = client.get(address(tied))
    assert "De loting besliste:" in page.words
    assert tied.voting_round.lot_seed in page.words
    assert last in list(Theme)


def test_what_businesses_chose_stands_apart_and_not_in_the_file(client: PageClient, session, app) -> None:
    vote = held(session, app, [((1,), 60), ((2,), 50)], businesses=12, seats=2)
    page = client.get(address(vote))
    assert "Hun stemmen zijn een advies en veranderen de uitslag niet." in page.words
    assert f"{Electorate.BUSINESSES.value}" not in client.get(f"{address(vote)}/stembiljetten.pb").text
    assert "Zij staan niet in dit bestand." in client.get(f"{address(vote)}/natellen").words


def test_the_file_is_public_unchanging_and_has_its_sha256_on_the_pages(client: PageClient, session, app) -> None:
    vote = money_vote(session, app)
    answer = client.get(f"{address(vote)}/stembiljetten.pb")
    digest = hashlib.sha256(answer.response.get_data()).hexdigest()
    assert answer.response.mimetype == "text/plain"
    assert answer.response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.response.headers["ETag"] == f'"{digest}"'
    again = client.get(f"{address(vote)}/stembiljetten.pb", status=304, headers={"If-None-Match": f'"{digest}"'})
    assert again.text == ""
    for path in (address(vote), f"{address(vote)}/natellen", "/cijfers"):
        assert digest in client.get(path).words
    assert f"S{vote.voting_round.title[1:]}" in client.get("/stemmingen/archief").words


def test_few_ballots_have_no_file_and_say_so(client: PageClient, session: Session, app: Flask) -> None:
    vote = held(session, app, [((1,), 20), ((2,), 10)], seats=1)
    client.get(f"{address(vote)}/stembiljetten.pb", status=404)
    assert "U mag bij ons komen natellen." in client.get(address(vote)).words
    page = client.get(f"{address(vote)}/natellen")
    assert "Natellen kan bij ons" in page.words
    assert page.soup.select("main form") == []
    client.post(f"{address(vote)}/natellen", {"rule": "most-votes"}, status=404)


def test_anybody_counts_again_on_the_spot(client: PageClient, session: Session, app: Flask) -> None:
    vote = money_vote(session, app)
    here = f"{address(vote)}/natellen"
    form = client.get(here)
    assert "Set-Cookie" not in form.response.headers
    same = client.submit(here, status=200)
    assert "Gelijk. Wij telden het bestand net opnieuw." in same.words
    other = client.submit(here, {"rule": "greedy"}, status=200)
    assert "Geteld met een andere regel." in other.words
    client.submit(here, {"rule": "most-points"}, status=422)


def test_a_file_that_does_not_give_the_result_is_told(client: PageClient, session: Session, app: Flask) -> None:
    """The published outcome was changed behind our back: the count on the spot finds it."""
    vote = money_vote(session, app)
    tally = vote.voting_round.tally
    assert tally is not None
    tally.outcome = tally.outcome | {"winners": list(reversed(tally.outcome["winners"]))}
    session.commit()
    assert "Niet gelijk." in client.submit(f"{address(vote)}/natellen", status=200).words


@pytest.mark.usefixtures("limits")
def test_counting_again_is_slowed_down_per_address(client: PageClient, session: Session, app: Flask) -> None:
    vote = held(session, app, [((1,), 20)], seats=1)
    for _ in range(20):
        client.post(f"{address(vote)}/natellen", {"rule": "most-votes"}, status=404)
    client.post(f"{address(vote)}/natellen", {"rule": "most-votes"}, status=429)


def test_the_program_counts_the_file_on_a_computer_of_ones_own(
    client: PageClient, session: Session, app: Flask, tmp_path: Path
) -> None:
    vote = money_vote(session, app)
    program, ballots = tmp_path / "hertellen.pyz", tmp_path / "stembiljetten.pb"
    answer = client.get("/zelf-natellen/hertellen.pyz")
    program.write_bytes(answer.response.get_data())
    ballots.write_bytes(client.get(f"{address(vote)}/stembiljetten.pb").response.get_data())
    assert hashlib.sha256(program.read_bytes()).hexdigest() in client.get(f"{address(vote)}/natellen").words
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(ballots), "--language", "nl"],
        capture_output=True,
        text=True,
        check=True,
    )
    for line in vote.voting_round.tally.lines:
        if line.elected:
            assert line.option.title in done.stdout


# --- earlier votes ---------------------------------------------------------------------------------


def archivist(client: PageClient, staff: StaffMaker) -> PageClient:
    return client.sign_in(staff(Role.ADMINISTRATOR, None))


def bring_in(client: PageClient, text: str, *, status: int = 302, **fields: str):
    page = client.get("/werkplek/stemmingen/archief")
    data = page.form_data() | {"rule": "greedy", "file": (io.BytesIO(text.encode()), "toen.pb")} | fields
    return client.post("/werkplek/stemmingen/archief", data, status=status, content_type="multipart/form-data")


def test_an_earlier_vote_is_brought_in_shown_counted_and_taken_away(client: PageClient, session, staff) -> None:
    archivist(client, staff)
    page = client.follow(bring_in(client, ODD, source="griffie"))
    assert page.h1 == "Wijkbudget 2019"
    assert "Ja. Onze telling geeft dezelfde winnaars als het bestand." in page.words
    assert "age, sex" in page.words
    client.sign_out()
    here = "/stemmingen/archief/wijkbudget-2019"
    assert "Wijkbudget 2019" in client.get("/stemmingen/archief").words
    assert "Gelijk." in client.submit(here, status=200).words
    assert "Geteld met een andere regel." in client.submit(here, {"rule": "equal-shares"}, status=200).words
    answer = client.get(f"{here}/stembiljetten.pb")
    assert answer.text == CLEAN
    assert hashlib.sha256(CLEAN.encode()).hexdigest() in client.get(here).words
    archivist(client, staff)
    client.submit("/werkplek/stemmingen/archief/wijkbudget-2019/weg", status=422)
    client.submit("/werkplek/stemmingen/archief/wijkbudget-2019/weg", {"sure": "y"})
    client.get(here, status=404)
    assert db.session.query(BallotFile).count() == db.session.query(ArchivedVote).count() == 0


def test_where_our_count_differs_from_then_is_told_with_the_reason(client: PageClient, session, staff) -> None:
    archivist(client, staff)
    page = client.follow(bring_in(client, CLEAN, rule="equal-shares"))
    assert "Nee, niet helemaal." in page.words
    assert "Won toen, bij ons niet Bomen Niet gekozen." in page.words


def test_a_wrong_file_is_refused_with_its_line_and_what_was_typed_is_kept(client: PageClient, session, staff) -> None:
    archivist(client, staff)
    page = bring_in(client, CLEAN.replace("2;50;6", "2;vijftig;6"), status=422, title="Wijkbudget van toen")
    assert "18" in page.errors[0]
    assert page.form_data()["title"] == "Wijkbudget van toen"
    assert bring_in(client, "", status=422).errors == ["Dit bestand is leeg."]
    # No file at all: a browser then sends one without a name.
    form = client.get("/werkplek/stemmingen/archief").form_data() | {"rule": "greedy", "file": (io.BytesIO(), "")}
    sent = client.post("/werkplek/stemmingen/archief", form, status=422, content_type="multipart/form-data")
    assert sent.errors == ["Kies een bestand."]


def test_only_officers_and_administrators_bring_in_votes(client: PageClient, session, app, staff) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC))
    session.commit()
    client.sign_in(staff(Role.AREA_TEAM, vote.neighbourhood.area_id))
    client.get("/werkplek/stemmingen/archief", status=403)
    client.sign_out()
    client.sign_in(staff(Role.VOTING_OFFICER, vote.neighbourhood.area_id))
    bring_in(client, CLEAN, status=403)
    bring_in(client, CLEAN, neighbourhood=str(vote.neighbourhood.id))


def test_a_rule_that_cannot_count_the_file_is_not_offered(client: PageClient, session, staff) -> None:
    """Something that costs nothing can be chosen by most votes, not bought in equal shares."""
    archivist(client, staff)
    page = client.follow(bring_in(client, CLEAN.replace("2;50;6", "2;0;6")))
    here = "/stemmingen/archief/wijkbudget-2019"
    assert [choice["value"] for choice in page.soup.select("select[name=rule] option")] == ["greedy"]
    client.submit(here, {"rule": "equal-shares"}, status=422)
    assert "Gelijk." in client.submit(here, status=200).words


@pytest.mark.parametrize("damaged", [CLEAN.replace("2;50;6", "2;0;6"), "META"])
def test_a_file_that_can_no_longer_be_counted_is_told_kindly(client: PageClient, session, staff, damaged: str) -> None:
    archivist(client, staff)
    bring_in(client, CLEAN)
    kept = session.query(BallotFile).one()
    kept.content = damaged.encode()
    session.commit()
    page = client.submit("/stemmingen/archief/wijkbudget-2019", {"rule": "equal-shares"}, status=409)
    assert page.errors == [
        "De site kan dit bestand met deze telregel niet tellen. Kies een andere telregel, of bel ons."
    ]


def test_while_others_count_nothing_more_is_begun(client: PageClient, session, staff) -> None:
    archivist(client, staff)
    bring_in(client, CLEAN)
    with AT_ONCE, AT_ONCE:
        page = bring_in(client, CLEAN.replace("Bomen", "Boom"), status=422, title="Nog een")
        assert page.errors == ["Er wordt nu al geteld. Probeer het over een minuut nog eens."]
        assert page.form_data()["title"] == "Nog een"
        page = client.submit("/stemmingen/archief/wijkbudget-2019", status=409)
        assert page.errors[0].startswith("Er tellen nu al anderen na.")
    assert "Gelijk." in client.submit("/stemmingen/archief/wijkbudget-2019", status=200).words


def test_the_same_file_twice_is_told_with_what_was_typed(client: PageClient, session, staff) -> None:
    archivist(client, staff)
    bring_in(client, CLEAN)
    page = bring_in(client, CLEAN, status=422, title="Nog een keer")
    assert page.errors == ["Dit bestand staat al op de site, in de lijst met eerdere stemmingen."]
    assert page.form_data()["title"] == "Nog een keer"
