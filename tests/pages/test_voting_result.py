"""After closing: nothing before its time, then everything that can be checked."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from tests.query_count import count_queries
from wijkagenda.db import unit_of_work
from wijkagenda.voting.box.models import Receipt
from wijkagenda.voting.codes import grouped, new_receipt, receipt_hash


def address(vote: Vote) -> str:
    return f"/wijken/molenwijk/stemming/{vote.voting_round.id}"


@pytest.fixture
def old_vote(session, app: Flask) -> Vote:
    """A vote of last week; ten residents voted."""
    moment = datetime.now(UTC) - timedelta(days=7)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=20, business_codes=12, closes_at=moment)
    a, b, c, d = vote.options
    for code, choices in zip(vote.codes, [(a, b)] * 4 + [(b, c)] * 3 + [(a,), (d,), (d,)], strict=False):
        vote.cast(code, *choices, now=moment - timedelta(minutes=1))
    session.commit()
    return vote


def _votes_in(page: Page) -> list[str]:
    return re.findall(r"\d+ stem(?:men)?\b", page.words)


def test_nothing_of_the_votes_shows_before_publication(client: PageClient, session, old_vote: Vote) -> None:
    here = address(old_vote)
    for step in (lambda: None, old_vote.close, old_vote.count):
        with unit_of_work():
            step()
        page = client.get(here)
        assert "De uitslag komt op" in page.words
        assert _votes_in(page) == []
        client.get(f"{here}/uitslag.csv", status=404)
    with unit_of_work():
        old_vote.publish()
    assert _votes_in(client.get(here)) != []


def test_the_result_shows_counts_turnout_and_the_count_sheet(client: PageClient, session, old_vote: Vote) -> None:
    old_vote.finish()
    page = client.get(address(old_vote))
    assert page.h1 == "Uitslag: stemming Molenwijk 2026"
    assert "bewoners stemden 10" in page.words
    assert "50%" in page.words
    assert _votes_in(page)[:4] == ["7 stemmen", "5 stemmen", "3 stemmen", "2 stemmen"]
    for words in ("Codes gemaakt 32", "Gebruikt 10", "In de bus 10", "Eerste Lid Molenwijk", "Tweede Lid Molenwijk"):
        assert words in page.words
    assert "Geen winkel, bedrijf of club stemde." in page.words
    assert page.response.headers["Cache-Control"] == "public, no-cache"


def test_businesses_stand_apart_from_ten_ballots_on(client: PageClient, session, app) -> None:
    moment = datetime.now(UTC) - timedelta(days=7)
    vote = make_vote(session, app.config["SETTINGS"], moment, codes=10, business_codes=10, closes_at=moment)
    for code in vote.codes:
        vote.cast(code, vote.options[0], now=moment - timedelta(minutes=1))
    for code in vote.business_codes:
        vote.cast(code, vote.options[3], now=moment - timedelta(minutes=1))
    vote.finish()
    page = client.get(address(vote))
    assert "10 winkels, bedrijven en clubs stemden ook" in page.words
    assert f"{vote.voting_round.options[3].title} 10" in page.words
    rows = client.get(f"{address(vote)}/uitslag.csv").text.splitlines()
    assert rows[1].endswith(";10") is False
    assert [row.split(";")[-1] for row in rows[1:]].count("10") == 1


def test_totals_as_a_file(client: PageClient, session, old_vote: Vote) -> None:
    old_vote.voting_round.options[1].title = "=HYPERLINK(1)"
    old_vote.finish()
    answer = client.get(f"{address(old_vote)}/uitslag.csv")
    assert answer.response.mimetype == "text/csv"
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("plaats;nummer;punt;stemmen;stembiljetten")
    assert len(lines) == 5
    assert "'=HYPERLINK(1)" in lines[1]


def test_everybody_finds_their_receipt_after_closing(client: PageClient, session, old_vote: Vote) -> None:
    here = f"{address(old_vote)}/bewijzen"
    client.get(here, status=404)
    mine = old_vote.cast(
        old_vote.codes[10], old_vote.options[0], now=old_vote.voting_round.closes_at - timedelta(seconds=1)
    )
    old_vote.close()
    assert "11 bewijzen" in client.get(here).words
    assert "Ja, uw stem zit in de stembus." in client.submit(here, {"receipt": grouped(mine).lower()}, status=200).words
    assert "Nee, dit bewijs staat niet" in client.submit(here, {"receipt": new_receipt()}, status=200).words
    assert "typfout" in client.submit(here, {"receipt": "KM4T 9QXP 22HX"}, status=422).words
    lines = client.get(f"{here}.csv").text.lstrip("\ufeff").splitlines()
    assert len(lines) == 12
    assert lines[1:] == sorted(lines[1:])
    assert len(session.scalars(sa.select(Receipt.receipt_hash)).all()) == 11


def test_the_list_of_receipts_is_read_a_page_at_a_time_and_the_same_for_all(
    client: PageClient, session, app, old_vote: Vote
) -> None:
    here = f"{address(old_vote)}/bewijzen"
    old_vote.close()
    session.add_all(
        Receipt(receipt_hash=f"{number:064x}", voting_round_id=old_vote.voting_round.id) for number in range(1, 300)
    )
    session.commit()
    with count_queries() as asked:
        first = client.get(here)
        last = client.get(f"{here}?pagina=99999")
    assert (len(first.soup.select(".wa-fingerprints li")), len(last.soup.select(".wa-fingerprints li"))) == (120, 69)
    lists = [text for text in asked.statements if "receipt_hash" in text]
    assert [text for text in lists if "LIMIT" not in text] == []
    assert len(lists) == 2
    assert first.response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.response.headers
    with count_queries() as again:
        PageClient(app).get(here)
    assert len(again) <= 1


def test_a_receipt_is_found_on_the_page_where_it_stands(client: PageClient, session, old_vote: Vote) -> None:
    here = f"{address(old_vote)}/bewijzen"
    mine = old_vote.cast(
        old_vote.codes[10], old_vote.options[0], now=old_vote.voting_round.closes_at - timedelta(seconds=1)
    )
    old_vote.close()
    session.add_all(
        Receipt(receipt_hash=f"{number:064x}", voting_round_id=old_vote.voting_round.id) for number in range(1, 300)
    )
    session.commit()
    page = client.submit(here, {"receipt": grouped(mine)}, status=200)
    marked = page.soup.select_one(".wa-fingerprints .is-mine")
    assert marked is not None
    assert marked.get_text().replace(" ", "") == receipt_hash(mine)[:16]
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_file_of_receipts_is_not_made_again_for_who_has_it(client: PageClient, session, old_vote: Vote) -> None:
    here = f"{address(old_vote)}/bewijzen.csv"
    old_vote.close()
    first = client.get(here)
    assert "attachment" in first.response.headers["Content-Disposition"]
    again = client.get(here, status=304, headers={"If-None-Match": first.response.headers["ETag"]})
    assert again.text == ""


@pytest.mark.usefixtures("limits")
def test_the_file_of_receipts_is_bounded_per_address(client: PageClient, session, old_vote: Vote) -> None:
    here = f"{address(old_vote)}/bewijzen.csv"
    old_vote.close()
    for _ in range(30):
        client.get(here)
    client.get(here, status=429)
    client.get(here, environ_base={"REMOTE_ADDR": "192.0.2.7"})


def test_results_stand_under_their_own_neighbourhood_and_drafts_nowhere(client: PageClient, session, app) -> None:
    vote = make_vote(session, app.config["SETTINGS"], datetime.now(UTC))
    draft = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Dijkzicht", column=3, opened=False)
    client.get(f"/wijken/dijkzicht/stemming/{vote.voting_round.id}", status=404)
    client.get(f"/wijken/dijkzicht/stemming/{draft.voting_round.id}", status=404)
    client.get("/wijken/molenwijk/stemming/987654", status=404)
    assert "U kunt nu stemmen." in client.get(address(vote)).words
