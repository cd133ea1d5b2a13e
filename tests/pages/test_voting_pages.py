"""Voting as a resident does it, without script: three steps, one ballot, and no trace of the code."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from tests.page_client import Page, PageClient
from tests.query_count import count_queries
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.codes import grouped, new_code
from wijkagenda.voting.letters.serials import void_code
from wijkagenda.voting.models import GRACE
from wijkagenda.web import clock


@pytest.fixture
def vote(session, app: Flask) -> Vote:
    """Open at this very moment: pages read the clock themselves."""
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=6)


def choose(client: PageClient, code: str, *, status: int = 200) -> Page:
    """Step 1: type the code."""
    return client.submit("/stem", {"code": code}, status=status)


def check(client: PageClient, ballot: Page, *choices: object, status: int = 200) -> Page:
    """Step 2: tick and go on."""
    return client.post("/stem/nakijken", ballot.form_data() | {"choices": list(choices)}, status=status)


def send_form(page: Page) -> dict[str, object]:
    """What the button 'Verstuur mijn stem' sends."""
    form = page.soup.select_one('form[action$="/stem/versturen"]')
    assert form is not None, page.words[:300]
    data: dict[str, object] = {}
    for field in form.select("input"):
        name, value = str(field["name"]), str(field.get("value", ""))
        data[name] = [*data[name], value] if name in data else [value]  # type: ignore[misc]
    return data


def ballots(session) -> list[bytes]:
    """What is in the box: sealed, so here it can only be counted."""
    return list(session.scalars(sa.select(SealedBallot.content)))


def test_a_resident_votes_in_three_steps_and_gets_a_receipt(client: PageClient, session, vote: Vote) -> None:
    ballot = choose(client, grouped(vote.codes[0]).lower())
    assert ballot.h1 == "Wat moet in Molenwijk het eerst gebeuren?"
    assert "Kies 3 punten" in ballot.words
    checking = check(client, ballot, vote.options[1], vote.options[0])
    assert checking.h1 == "Klopt uw keuze?"
    done = client.follow(client.post("/stem/versturen", send_form(checking)))
    assert done.h1 == "Uw stem is binnen"
    assert vote.look_inside() == [sorted(vote.options[:2])]
    shown = done.soup.select_one(".wa-code")
    assert shown is not None
    assert re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", shown.text)
    # Nothing on this page tells the choice, and loading it again shows it again.
    for option in vote.voting_round.options:
        assert option.title not in done.words
    assert shown.text in client.get("/stem/bewijs").words


def test_on_a_shared_computer_the_receipt_can_be_taken_away(client: PageClient, vote: Vote) -> None:
    done = client.follow(
        client.post("/stem/versturen", send_form(check(client, choose(client, vote.codes[0]), vote.options[0])))
    )
    client.post("/stem/klaar", done.form_data(selector='form[action$="/stem/klaar"]'))
    assert client.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_the_next_voter_does_not_see_the_receipt_of_the_last(client: PageClient, vote: Vote) -> None:
    client.post("/stem/versturen", send_form(check(client, choose(client, vote.codes[0]), vote.options[0])))
    choose(client, vote.codes[1])
    assert client.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_without_a_vote_there_is_no_receipt(client: PageClient) -> None:
    assert client.get("/stem/bewijs", status=302).location.endswith("/stem")


def test_sent_twice_is_one_ballot_and_the_same_receipt(client: PageClient, session, vote: Vote) -> None:
    form = send_form(check(client, choose(client, vote.codes[0]), vote.options[0]))
    first = client.follow(client.post("/stem/versturen", form))
    second = client.follow(client.post("/stem/versturen", form))
    assert first.soup.select_one(".wa-code") == second.soup.select_one(".wa-code")
    assert len(ballots(session)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Typ de code uit uw brief."),
        ("K7QM", "U typte er 4"),
        ("' OR 1=1 --", "U typte er"),
        ("<script>alert(1)</script>", "U typte er"),
        ("K" * 5000, "U typte er"),
        ("\x00\x00", "Typ de code uit uw brief."),
        ("🙈🙈🙈", "Typ de code uit uw brief."),
    ],
)
def test_a_typo_is_told_at_the_field(client: PageClient, vote: Vote, typed: str, words: str) -> None:
    page = choose(client, typed, status=422)
    assert words in page.words
    assert page.soup.title is not None
    assert page.soup.title.text.startswith("Fout: ")


def test_a_typo_and_an_unknown_code_get_different_words(client: PageClient, vote: Vote) -> None:
    code = vote.codes[0]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "typfout" in choose(client, wrong, status=422).words
    unknown = choose(client, new_code(), status=422)
    assert "kennen wij niet" in unknown.words
    assert "typfout" not in unknown.words


def test_a_used_code_meets_a_kind_page_at_every_step(client: PageClient, session, vote: Vote) -> None:
    elsewhere = check(client, choose(client, vote.codes[0]), vote.options[0])
    vote.cast(vote.codes[0], vote.options[1], now=datetime.now(UTC))
    session.commit()
    for page in (
        choose(client, vote.codes[0], status=409),
        client.post("/stem/nakijken", send_form(elsewhere), status=409),
        client.post("/stem/versturen", send_form(elsewhere), status=409),
    ):
        assert page.h1 == "Met deze code is al gestemd"
    assert len(ballots(session)) == 1


def test_a_withdrawn_code_says_so(client: PageClient, session, vote: Vote) -> None:
    void_code(actor=vote.first, now=NOW, voting_round=vote.voting_round, serial=1)
    assert choose(client, vote.codes[0], status=409).h1 == "Deze code werkt niet meer"


def test_before_and_after_the_days_of_the_vote_nobody_votes(client: PageClient, session, app: Flask) -> None:
    moment = datetime.now(UTC)
    settings = app.config["SETTINGS"]
    early = make_vote(session, settings, moment, codes=1, opens_at=moment + timedelta(hours=1))
    over = make_vote(
        session,
        settings,
        moment,
        name="Dijkzicht",
        column=3,
        codes=1,
        closes_at=moment - timedelta(hours=1),
        reference_on=(moment - timedelta(days=2)).date(),
    )
    assert choose(client, early.codes[0], status=409).h1 == "De stemming is nog niet begonnen"
    page = choose(client, over.codes[0], status=409)
    assert page.h1 == "De stemming is gesloten"
    assert page.soup.select_one(f'a[href$="/stemming/{over.voting_round.id}"]')


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([], "Kies minstens 1 punt."),
        (["all"], "U koos 4 punten. U mag er 3 kiezen."),
        (["999999"], "staat niet op dit stembiljet"),
        (["-1"], "staat niet op dit stembiljet"),
        (["abc"], "staat niet op dit stembiljet"),
        (["9" * 5000], "staat niet op dit stembiljet"),
        (["1; DROP TABLE ballot"], "staat niet op dit stembiljet"),
        (["²"], "staat niet op dit stembiljet"),
    ],
)
def test_choices_that_cannot_be_bring_the_ballot_back(
    client: PageClient, session, vote: Vote, choices: list[str], words: str
) -> None:
    ballot = choose(client, vote.codes[0])
    if choices == ["all"]:
        choices = [str(option) for option in vote.options]
    page = check(client, ballot, *choices, status=422)
    assert words in page.words
    assert page.h1.startswith("Wat moet in Molenwijk")
    # Forged at the last step they are refused just as well.
    forged = send_form(check(client, page, vote.options[0])) | {"choices": choices}
    assert words in client.post("/stem/versturen", forged, status=422).words
    assert ballots(session) == []


def _order(page: Page) -> list[str]:
    return [str(box["value"]) for box in page.soup.select("input[name=choices][type=checkbox]")]


def test_ticks_and_the_order_of_the_cards_stay_after_a_mistake_and_on_the_way_back(
    client: PageClient, vote: Vote
) -> None:
    ballot = choose(client, vote.codes[0])
    everything = _order(ballot)
    wrong = check(client, ballot, *everything, status=422)
    assert _order(wrong) == everything
    assert [str(box["value"]) for box in wrong.soup.select("input[checked]")] == everything
    checking = check(client, wrong, everything[2], everything[0])
    back = client.post("/stem/kiezen", send_form(checking), status=200)
    assert _order(back) == everything
    assert {str(box["value"]) for box in back.soup.select("input[checked]")} == {everything[0], everything[2]}


def test_cards_come_in_another_order_for_everyone_and_the_page_says_so(client: PageClient, vote: Vote) -> None:
    pages = [choose(client, vote.codes[0]) for _ in range(12)]
    assert len({tuple(_order(page)) for page in pages}) > 1
    assert "De volgorde op dit scherm is geloot." in pages[0].words


def test_a_slip_that_was_not_made_here_costs_nothing(client: PageClient, session, vote: Vote) -> None:
    mine = send_form(check(client, choose(client, vote.codes[0]), vote.options[0]))
    other = send_form(check(client, choose(client, vote.codes[1]), vote.options[0]))
    for slip in ("", "nonsense", "a.b.c", str(other["slip"])):
        page = client.post("/stem/versturen", mine | {"slip": slip}, status=422)
        assert "Deze bladzijde werkt niet meer" in page.words
    assert ballots(session) == []
    # A slip of another code would bring the receipt of somebody else.
    page = client.post("/stem/versturen", mine | {"slip": other["slip"]}, status=422)
    assert "Kijk uw keuze nog een keer na" in page.words
    client.post("/stem/versturen", mine)
    assert len(ballots(session)) == 1


def test_the_code_of_another_neighbourhood_brings_its_own_ballot(client: PageClient, session, app, vote: Vote) -> None:
    other = make_vote(session, app.config["SETTINGS"], datetime.now(UTC), name="Dijkzicht", column=3, codes=1)
    ballot = choose(client, other.codes[0])
    assert ballot.h1 == "Wat moet in Dijkzicht het eerst gebeuren?"
    assert "staat niet op dit stembiljet" in check(client, ballot, vote.options[0], status=422).words


def test_who_was_checking_at_closing_time_may_still_send(
    client: PageClient, session, app, vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_time = send_form(check(client, choose(client, vote.codes[0]), vote.options[0]))
    closing = vote.voting_round.closes_at

    def at(moment: datetime) -> None:
        # The clock of the server is the one thing here that a test must set.
        monkeypatch.setattr("wijkagenda.voting.ballot.pages.now", lambda: moment)

    at(closing + timedelta(minutes=5))
    assert client.post("/stem/nakijken", in_time, status=409).h1 == "De stemming is gesloten"
    client.post("/stem/versturen", in_time)
    assert len(ballots(session)) == 1
    at(closing - timedelta(minutes=1))
    late = send_form(check(client, choose(client, vote.codes[1]), vote.options[0]))
    at(closing + GRACE)
    page = client.post("/stem/versturen", late, status=409)
    assert page.h1 == "De stemming is gesloten"
    assert "Uw stem is niet verstuurd." in page.words
    assert len(ballots(session)) == 1
    assert clock.now() < closing


def test_the_code_is_in_no_address_and_nothing_is_kept(client: PageClient, vote: Vote) -> None:
    pages = [client.get("/stem")]
    pages.append(choose(client, vote.codes[0]))
    pages.append(check(client, pages[-1], vote.options[0]))
    sent = client.post("/stem/versturen", send_form(pages[-1]))
    pages += [sent, client.follow(sent)]
    for page in pages:
        assert page.response.headers["Cache-Control"] == "no-store"
        assert page.response.headers["Referrer-Policy"] == "no-referrer"
        assert page.response.headers.getlist("Referrer-Policy") == ["no-referrer"]
        addresses = [
            str(tag.get(name)) for tag in page.soup.find_all(True) for name in ("href", "action") if tag.get(name)
        ]
        assert not any(vote.codes[0] in address for address in [*addresses, page.response.headers.get("Location", "")])
    for form in pages[1].soup.select("main form"):
        assert str(form["method"]).lower() == "post"
    assert vote.codes[0] not in str(client.browser.get_cookie("wijkagenda"))


def test_a_get_never_uses_a_code_up(client: PageClient, session, vote: Vote) -> None:
    for path in ("/stem/kiezen", "/stem/nakijken", "/stem/versturen"):
        assert client.get(f"{path}?code={vote.codes[0]}&choices=1", status=302).location.endswith("/stem")
    assert ballots(session) == []


def test_casting_writes_nothing_to_the_log(client: PageClient, vote: Vote, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="wijkagenda"):
        client.post("/stem/versturen", send_form(check(client, choose(client, vote.codes[0]), vote.options[0])))
        choose(client, new_code(), status=422)
    assert [record for record in caplog.records if record.name.startswith("wijkagenda")] == []


def test_casting_takes_two_statements_however_many_votes_there_are(client: PageClient, session, vote: Vote) -> None:
    form = send_form(check(client, choose(client, vote.codes[0]), vote.options[0]))
    with count_queries() as counter:
        client.post("/stem/versturen", form)
    assert len(counter) <= 2, counter.statements
    assert len(ballots(session)) == 1


def test_help_for_who_has_no_letter(client: PageClient, vote: Vote) -> None:
    page = client.get("/stem/hulp")
    assert page.h1 == "Geen brief met code gekregen?"
    assert "wijkcentrum De Wieken" in page.words


def test_english_pages_stay_english(client: PageClient, vote: Vote) -> None:
    page = client.get("/en/stem")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    assert str(page.soup.select("main form")[0]["action"]).startswith("/en/stem/")
