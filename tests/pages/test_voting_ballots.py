"""Ballot papers with points, with money, and to practise on: the same steps, nothing typed is lost, nothing kept too much."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_vote
from tests.page_client import Page, PageClient
from tests.query_count import count_queries
from wijkagenda.db import Base
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.content import decode
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.box.sealing import unseal
from wijkagenda.voting.models import BallotType, DecidingRule


@pytest.fixture
def points_vote(session, app: Flask) -> Vote:
    return make_vote(
        session,
        app.config["SETTINGS"],
        datetime.now(UTC),
        codes=3,
        ballot_type=BallotType.POINTS,
        rule=DecidingRule.MOST_POINTS,
        points=10,
        seats=2,
    )


@pytest.fixture
def money_vote(session, app: Flask) -> Vote:
    return make_vote(
        session,
        app.config["SETTINGS"],
        datetime.now(UTC),
        codes=3,
        rule=DecidingRule.EQUAL_SHARES_ADD1,
        budget=50_000,
        costs=(40_000, 25_000, 15_000, 5_000),
    )


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=2)


def choose(client: PageClient, code: str) -> Page:
    return client.submit("/stem", {"code": code}, status=200)


def fields(given: Mapping[int, object]) -> dict[str, Any]:
    return {f"punten-{option}": str(number) for option, number in given.items()}


def last_form(page: Page) -> dict[str, Any]:
    """What the button that ends the check page sends."""
    return page.form_data(len(page.soup.select("main form")) - 1)


def order_of(page: Page) -> list[str]:
    return [str(field["name"]) for field in page.soup.select("input[data-points-field]")]


def inside(vote: Vote) -> list[dict[int, int]]:
    """The points on the sealed ballots, by option, as a key holder would read them."""
    private_key = keys.opened_by(vote.voting_round, vote.first, FIRST_PASSPHRASE)
    found = []
    for sealed in vote.session.scalars(sa.select(SealedBallot.content)):
        points = decode(unseal(private_key, sealed), len(vote.options)).points
        found.append({option: number for option, number in zip(vote.options, points, strict=True) if number})
    return found


def test_points_are_given_checked_and_sent(client: PageClient, points_vote: Vote) -> None:
    ballot = choose(client, points_vote.codes[0])
    assert "Verdeel 10 punten" in ballot.words
    one, two, three, four = points_vote.options
    checking = client.post("/stem/nakijken", ballot.form_data() | fields({one: 7, two: 3, three: 0}), status=200)
    assert checking.h1 == "Klopt uw keuze?"
    assert "7 punten" in checking.words
    assert "3 punten" in checking.words
    chosen = [option.title for option in points_vote.voting_round.options if option.id in (three, four)]
    assert not any(title in checking.words for title in chosen)
    done = client.follow(client.post("/stem/versturen", last_form(checking)))
    assert done.h1 == "Uw stem is binnen"
    assert inside(points_vote) == [{one: 7, two: 3}]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("", "", "", ""), "Verdeel uw punten over de keuzes."),
        (("0", "0", "0", "0"), "Verdeel uw punten over de keuzes."),
        (("7", "4", "", ""), "U gaf samen 11 punten. Verdeel er precies 10."),
        (("7", "2", "", ""), "U gaf samen 9 punten. Verdeel er precies 10."),
        (("tien", "", "", ""), "heel getal"),
        (("10.0", "", "", ""), "heel getal"),
        (("-1", "11", "", ""), "heel getal"),
        (("1e1", "", "", ""), "heel getal"),
        (("²", "8", "", ""), "heel getal"),
        (("9" * 12, "", "", ""), "heel getal"),
    ],
)
def test_points_that_cannot_be_bring_the_paper_back_as_it_was(
    client: PageClient, session, points_vote: Vote, typed: tuple[str, ...], words: str
) -> None:
    ballot = choose(client, points_vote.codes[0])
    given = fields(dict(zip(points_vote.options, typed, strict=True)))
    again = client.post("/stem/nakijken", ballot.form_data() | given, status=422)
    assert words in again.words
    assert order_of(again) == order_of(ballot)
    assert {name: again.form_data()[name] for name in given} == given
    assert again.soup.select_one("#points") is not None
    assert again.soup.select_one('[data-errors] a[href="#points"]') is not None
    # Forged at the last step they are refused just as well.
    right = client.post("/stem/nakijken", ballot.form_data() | fields({points_vote.options[0]: 10}), status=200)
    forged = {name: value for name, value in last_form(right).items() if not name.startswith("punten-")} | given
    assert words in client.post("/stem/versturen", forged, status=422).words
    assert inside(points_vote) == []


def test_points_stay_on_the_way_back(client: PageClient, points_vote: Vote) -> None:
    ballot = choose(client, points_vote.codes[0])
    given = fields({points_vote.options[2]: 4, points_vote.options[3]: 6})
    checking = client.post("/stem/nakijken", ballot.form_data() | given, status=200)
    back = client.post("/stem/kiezen", checking.form_data(), status=200)
    assert order_of(back) == order_of(ballot)
    assert {name: back.form_data()[name] for name in given} == given


def test_points_for_another_paper_are_refused(client: PageClient, session, points_vote: Vote) -> None:
    ballot = choose(client, points_vote.codes[0])
    page = client.post("/stem/nakijken", ballot.form_data() | fields({999_999: 10}), status=422)
    assert "staat niet op dit stembiljet" in page.words
    # Ticks of another kind of paper count for nothing here.
    page = client.post("/stem/nakijken", ballot.form_data() | {"choices": points_vote.options[:1]}, status=422)
    assert "Verdeel uw punten" in page.words


def test_casting_points_takes_as_few_statements(client: PageClient, points_vote: Vote) -> None:
    ballot = choose(client, points_vote.codes[0])
    checking = client.post("/stem/nakijken", ballot.form_data() | fields({points_vote.options[0]: 10}), status=200)
    with count_queries() as counter:
        client.post("/stem/versturen", last_form(checking))
    assert len(counter) <= 5, counter.statements


def test_where_money_is_divided_every_card_says_what_it_costs(client: PageClient, money_vote: Vote) -> None:
    ballot = choose(client, money_vote.codes[0])
    assert ballot.h1 == "Waar gaat in Molenwijk het geld naartoe?"
    assert "Er is € 50.000 te verdelen." in ballot.words
    for cost in ("Kost € 40.000", "Kost € 25.000", "Kost € 15.000", "Kost € 5.000"):
        assert cost in ballot.words
    counted = ballot.soup.select_one("[data-cost-sum]")
    assert counted is not None
    assert str(counted["data-cost-sum"]).split() == ["Samen", "€", "{sum}"]
    costs = {int(str(box["value"])): int(str(box["data-cost"])) for box in ballot.soup.select("input[data-cost]")}
    assert costs == {option.id: option.cost for option in money_vote.voting_round.options}
    # One may choose more than the money would pay for: what fits is found at the count.
    dear = sorted(costs, key=lambda option: -costs[option])[:3]
    checking = client.post("/stem/nakijken", ballot.form_data() | {"choices": dear}, status=200)
    assert "Kost € 40.000" in checking.words
    client.post("/stem/versturen", last_form(checking))
    assert money_vote.look_inside() == [sorted(dear)]


def test_who_votes_for_a_shop_reads_so_and_both_receipts_say_of_which_vote_they_are(
    client: PageClient, session, app: Flask
) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=1, business_codes=1)
    told = "U stemt met de code van een winkel, bedrijf of club."
    for code, of_shop in ((vote.codes[0], False), (vote.business_codes[0], True)):
        ballot = choose(client, code)
        assert (told in ballot.words) is of_shop
        empty = client.post("/stem/nakijken", ballot.form_data(), status=422)
        assert (told in empty.words) is of_shop
        checking = client.post("/stem/nakijken", ballot.form_data() | {"choices": vote.options[:1]}, status=200)
        client.post("/stem/versturen", last_form(checking))
        receipt = client.get("/stem/bewijs")
        assert f"Dit bewijs is van de stemming ‘{vote.voting_round.title}’ in Molenwijk." in receipt.words
        printed = receipt.soup.select_one(".wa-printonly")
        assert printed is not None
        assert f"/wijken/molenwijk/stemming/{vote.voting_round.id}/bewijzen" in printed.get_text()
        assert "Stem met de volgende code" in receipt.words


def everything(session) -> dict[str, int]:
    """How many rows every table has."""
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_practising_goes_through_every_step_and_keeps_nothing(client: PageClient, session, vote: Vote) -> None:
    before = everything(session)
    paper = client.follow(client.get("/stem/oefenen", status=302))
    here = f"/stem/oefenen/{vote.voting_round.id}"
    assert paper.h1 == "Oefenen: Wat moet in Molenwijk het eerst gebeuren?"
    pages = [paper]
    pages.append(client.post(f"{here}/nakijken", paper.form_data(), status=422))
    assert "Kies minstens 1 punt." in pages[-1].words
    pages.append(client.post(f"{here}/nakijken", paper.form_data() | {"choices": vote.options[:2]}, status=200))
    pages.append(client.post(here, pages[-1].form_data(), status=200))
    ticked = {str(box["value"]) for box in pages[-1].soup.select("input[checked]")}
    assert ticked == {str(option) for option in vote.options[:2]}
    checking = client.post(f"{here}/nakijken", pages[-1].form_data(), status=200)
    done = client.post(f"{here}/klaar", last_form(checking), status=200)
    assert done.h1 == "U heeft geoefend, nog niet gestemd"
    for page in [*pages, checking, done]:
        assert "Dit is oefenen." in page.words
        assert "Verstuur mijn stem" not in page.words
        assert page.response.headers["Cache-Control"] == "no-store"
        assert not page.soup.select("input[name=slip]")
    session.expire_all()
    assert everything(session) == before
    # A letter code typed on the way is not asked for, and none is used up.
    assert choose(client, vote.codes[0]).h1 == "Wat moet in Molenwijk het eerst gebeuren?"


def test_practising_with_points_and_reloading_a_step(client: PageClient, points_vote: Vote) -> None:
    here = f"/stem/oefenen/{points_vote.voting_round.id}"
    paper = client.get(here)
    wrong = client.post(f"{here}/nakijken", paper.form_data() | fields({points_vote.options[0]: 11}), status=422)
    assert "U gaf samen 11 punten." in wrong.words
    for step in ("nakijken", "klaar"):
        assert client.get(f"{here}/{step}", status=302).location.endswith(here)


def test_one_practises_only_for_a_vote_that_is_on(client: PageClient, session, app: Flask, vote: Vote) -> None:
    moment = datetime.now(UTC) - timedelta(days=1)
    over = make_vote(session, app.config["SETTINGS"], moment, name="Dijkzicht", column=3, closes_at=moment)
    draft = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Veenhof", column=5, opened=False)
    for voting_round_id in (over.voting_round.id, draft.voting_round.id, 999_999):
        client.get(f"/stem/oefenen/{voting_round_id}", status=404)
    second = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Rietvoorn", column=7)
    listed = client.get("/stem/oefenen")
    assert "Molenwijk" in listed.words
    assert "Rietvoorn" in listed.words
    assert "Dijkzicht" not in listed.words
    assert client.get(f"/stem/oefenen/{second.voting_round.id}").h1.startswith("Oefenen")


def test_the_pages_around_voting_lead_to_practising(client: PageClient, vote: Vote) -> None:
    for path in ("/stem", "/stem/hulp"):
        links = [str(link["href"]) for link in client.get(path).soup.select("main a")]
        assert "/stem/oefenen" in links, path
