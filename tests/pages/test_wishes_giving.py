"""Giving a wish in three steps: nothing typed is ever lost, and there is no wrong door."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.crs import lat_lon
from geo.models import as_shape
from tests.factories.neighbourhoods import make_neighbourhood, make_place, make_round, point_in
from tests.factories.wishes import make_wish
from tests.page_client import Page, PageClient
from wijkagenda.dutch_days import AMSTERDAM
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.wishes.models import Channel, GivenAs, PlaceChoice, Theme, Wish, WishGiver, WishSupport

FORM = "/wijken/molenwijk/wens"
TEXT = 'Het is donker in het Molenpark.\nGraag lampen bij het grote pad. <b>Echt</b> & "snel" 🌳'
STEP_1 = {"text": TEXT, "theme": "safety"}
STEP_3 = {"given_as": "resident"}


def today():
    """Pages read the real clock."""
    return datetime.now(AMSTERDAM).date()


@pytest.fixture
def wijk(session: Session) -> Neighbourhood:
    """Molenwijk listens; Rustenoord beside it does not."""
    here, there = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    make_round(session, here, today=today())
    make_round(session, there, PhaseKind.VOTING, today=today())
    make_place(session, here)
    return here


def pin(column: int = 0, **where: float) -> dict[str, str]:
    lat, lon = lat_lon(point_in(column, **where))
    return {"lat": str(lat), "lon": str(lon)}


def go_on(client: PageClient, page: Page, changes: dict[str, Any] | None = None, *, status: int = 200) -> Page:
    """Press the button that goes on, like a browser: it is the first one of the form."""
    return client.post(FORM, page.form_data() | {"go": "next"} | (changes or {}), status=status)


def at_step(client: PageClient, step: int, **typed: str) -> Page:
    page = client.get(FORM)
    if step > 1:
        page = go_on(client, page, STEP_1)
    if step > 2:
        page = go_on(client, page, typed or {"place_choice": "no_place"})
    return page


def wishes(session: Session) -> list[Wish]:
    session.expire_all()
    return list(session.scalars(sa.select(Wish).order_by(Wish.number)))


def test_three_steps_make_one_wish(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    page = client.get(FORM)
    assert page.h1 == "Wat moet beter in Molenwijk?"
    page = go_on(client, page, STEP_1)
    assert page.h1 == "Waar gaat het over?"
    page = go_on(client, page, pin(dx=412, dy=338) | {"place_text": "Molenpark, hoofdpad"})
    assert page.h1 == "Voor wie doet u deze wens?"
    page = go_on(client, page, STEP_3 | {"email": "fatma@post.example", "wants_to_do_it": "y"}, status=302)
    [wish] = wishes(session)
    assert wish.text == TEXT
    assert (wish.theme, wish.given_as, wish.channel) == (Theme.SAFETY, GivenAs.RESIDENT, Channel.WEBSITE)
    assert (wish.place_choice, wish.place_text, wish.wants_to_do_it) == (PlaceChoice.POINT, "Molenpark, hoofdpad", True)
    assert as_shape(wish.point).distance(point_in(dx=412, dy=338)) < 1
    assert session.scalar(sa.select(WishGiver.email)) == "fatma@post.example"
    assert page.location.endswith("/wensen/W-0001/verstuurd?mail=1")
    thanks = client.follow(page)
    assert thanks.h1 == "Uw wens is binnen"
    assert "W-0001" in thanks.words
    assert "mail gestuurd" in thanks.words


def test_the_thank_you_page_does_not_show_the_text(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, "Mijn buurman heet Jan", placed=False, email="jan@post.example")
    page = client.get("/wensen/W-0001/verstuurd")
    for secret in ("buurman", "Jan", "post.example"):
        assert secret not in page.text
    client.get("/wensen/W-0002/verstuurd", status=404)
    client.get("/wensen/x/verstuurd", status=404)


def test_nothing_is_stored_before_the_end(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    at_step(client, 3)
    assert wishes(session) == []


def test_going_back_loses_nothing(client: PageClient, wijk: Neighbourhood) -> None:
    page = at_step(client, 3, place_choice="point", place_text="Wiekstraat 80", **pin())
    page = go_on(client, page, {"go": "back", "given_as": "entrepreneur", "email": "half een adres"})
    assert page.h1 == "Waar gaat het over?"
    assert page.soup.find(id="lat")["value"] == pin()["lat"]
    assert page.soup.find(id="place_text")["value"] == "Wiekstraat 80"
    page = go_on(client, page, {"go": "back"})
    assert page.soup.find(id="text").text.lstrip("\r\n") == TEXT
    assert page.soup.find(id="theme").find(selected=True)["value"] == "safety"
    page = go_on(client, go_on(client, page))
    assert page.soup.find(id="email")["value"] == "half een adres"
    assert page.soup.find("input", checked=True)["value"] == "entrepreneur"


def test_enter_goes_on_and_not_back(client: PageClient, wijk: Neighbourhood) -> None:
    for step in (1, 2, 3):
        first = at_step(client, step).soup.select_one("main form button")
        assert (first["name"], first["value"]) == ("go", "next")


def test_every_step_says_what_is_missing_and_keeps_the_rest(client: PageClient, wijk: Neighbourhood) -> None:
    page = go_on(client, client.get(FORM), {"text": "  "}, status=422)
    assert page.errors == [
        "Schrijf wat er beter moet. Een paar woorden is genoeg.",
        "Kies over welk onderwerp uw wens gaat.",
    ]
    page = go_on(client, at_step(client, 2), status=422)
    assert page.errors == ["Kies een plek op de kaart of in de lijst, of typ een adres."]
    page = go_on(client, at_step(client, 3), {"email": "fatma.post.example"}, status=422)
    assert page.errors == [
        "Kies voor wie u de wens doet.",
        "Uw mailadres mist een @. Bijvoorbeeld: naam@post.example",
    ]
    assert page.soup.find(id="email")["value"] == "fatma.post.example"
    assert ("text", TEXT) in [(field.get("name"), field.get("value")) for field in page.soup.select("input")]


@pytest.mark.parametrize(
    ("changes", "step", "error"),
    [
        ({"text": "x" * 1001}, 1, "1 letters te lang"),
        ({"text": "x" * 100_000}, 1, "99000 letters te lang"),
        ({"text": "\x00\u200b \n"}, 1, "Schrijf wat er beter moet"),
        ({"theme": "'; drop table wish"}, 1, "Kies over welk onderwerp"),
        ({"theme": ""}, 1, "Kies over welk onderwerp"),
        ({"place_choice": "moon"}, 2, "Kies waar uw wens over gaat"),
        ({"place_choice": "point", "lat": "nan", "lon": "nan"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "1e999", "lon": "5"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "-inf", "lon": "inf"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "52", "lon": ""}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "abc", "lon": "def"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "48.85", "lon": "2.35"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "0", "lon": "0"}, 2, "ligt niet in Nederland"),
        ({"place_choice": "point", "lat": "50.85", "lon": "5.69"}, 2, "ver buiten deze gemeente"),
        ({"place_choice": "point", "place_id": "999999"}, 2, "Kies een plek op de kaart"),
        ({"place_text": "x" * 201}, 2, "hooguit 200 letters"),
        ({"given_as": "mayor"}, 3, "Kies voor wie"),
        ({"email": "a@" + "b" * 300 + ".example"}, 3, "te lang"),
        ({"email": "a@b@c"}, 3, "klopt niet"),
        ({"email": "a@post.example\nBcc: b@post.example"}, 3, "klopt niet"),
        ({"email": "<script>@post.example"}, 3, "klopt niet"),
        ({"submission_key": "x"}, 3, "Laad de pagina opnieuw"),
    ],
)
def test_bad_input_gets_its_error_on_its_step_and_stores_nothing(
    client: PageClient, session: Session, wijk: Neighbourhood, changes: dict[str, str], step: int, error: str
) -> None:
    """Also when somebody sends everything at once, past the steps."""
    sent = client.get(FORM).form_data() | STEP_1 | STEP_3 | {"place_choice": "no_place", "step": "3"} | changes
    page = client.post(FORM, sent, status=422)
    assert any(error in line for line in page.errors), page.errors
    assert page.soup.select_one(".wa-progress b").text == str(step)
    assert wishes(session) == []
    kept = page.form_data()
    for name in ("text", "theme", "given_as", "place_choice"):
        if name not in changes:
            value = kept.get(name, "")
            assert (value if isinstance(value, str) else value[0]) == sent[name]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</textarea><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "{{ 7*7 }} ${7*7} %(x)s {n}",
        "مصابيح في الحديقة \u202eabc",
        "👩‍👩‍👧‍👦" * 20,
        "' OR 1=1 --",
    ],
)
def test_any_text_is_stored_as_plain_text_and_shown_escaped(
    client: PageClient, session: Session, wijk: Neighbourhood, text: str
) -> None:
    page = at_step(client, 3)
    page = go_on(client, page, STEP_3 | {"text": text, "place_choice": "whole_neighbourhood"}, status=302)
    [wish] = wishes(session)
    assert wish.text == text
    page = go_on(client, at_step(client, 1), {"text": text + "x" * 1000}, status=422)
    assert page.soup.find(id="text").text.lstrip("\r\n") == text + "x" * 1000
    assert not page.soup.select("main script, main svg[onload], main img")


def test_sending_the_last_step_twice_is_one_wish(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    page = at_step(client, 3)
    first = go_on(client, page, STEP_3, status=302)
    again = go_on(client, page, STEP_3, status=302)
    assert first.location == again.location
    assert len(wishes(session)) == 1


def test_a_named_place_works_without_a_map(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    page = at_step(client, 2)
    place_id = page.soup.select("#place_id option")[1]["value"]
    page = go_on(client, go_on(client, page, {"place_id": place_id}), STEP_3, status=302)
    typed = go_on(client, at_step(client, 2), {"place_text": "molenplein"})
    go_on(client, typed, STEP_3, status=302)
    for wish in wishes(session):
        assert wish.place_choice is PlaceChoice.POINT
        assert as_shape(wish.point).distance(point_in()) < 1
    assert wishes(session)[0].place_text == "Molenplein"


def test_an_address_that_cannot_be_found_is_kept_in_words(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    page = go_on(client, at_step(client, 2), {"place_text": "achter de oude school"})
    go_on(client, page, STEP_3, status=302)
    [wish] = wishes(session)
    assert (wish.place_choice, wish.place_text) == (PlaceChoice.NO_PLACE, "achter de oude school")


def test_a_place_in_another_wijk_is_an_offer_and_not_a_refusal(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    page = go_on(client, at_step(client, 2), pin(1) | {"place_text": "Lindelaan 4"})
    assert page.h1 == "Waar gaat het over?"
    assert "Deze plek ligt in Rustenoord" in page.words
    assert "Uw wens naar Rustenoord sturen?" in page.words
    button = page.soup.select_one("#elders button")
    # A browser sends the hidden field first and the button that was pressed after it.
    data = page.form_data()
    data[button["name"]] = [data.get("send_to", ""), button["value"]]
    page = client.post(FORM, data, status=200)
    assert page.h1 == "Voor wie doet u deze wens?"
    assert "Uw wens gaat naar Rustenoord." in page.words
    page = client.follow(go_on(client, page, STEP_3, status=302))
    assert "het gebiedsteam van Rustenoord" in page.words
    [wish] = wishes(session)
    assert (wish.neighbourhood.slug, wish.text, wish.place_text) == ("rustenoord", TEXT, "Lindelaan 4")
    assert wish.neighbourhood.area.polygons.contains(as_shape(wish.public_point))


def test_after_an_offer_one_may_stay_with_another_place(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    page = go_on(client, at_step(client, 2), pin(1))
    page = go_on(client, page, {"place_choice": "whole_neighbourhood"})
    go_on(client, page, STEP_3, status=302)
    [wish] = wishes(session)
    assert (wish.neighbourhood.slug, wish.place_choice) == ("molenwijk", PlaceChoice.WHOLE_NEIGHBOURHOOD)


def test_agreeing_to_one_wijk_does_not_send_a_wish_to_a_third(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_neighbourhood(session, "Bloemenhof", column=2)
    page = go_on(client, at_step(client, 2), pin(2) | {"send_to": "rustenoord"})
    assert "Deze plek ligt in Bloemenhof" in page.words
    go_on(client, at_step(client, 3), STEP_3 | {"send_to": "bloemenhof"}, status=302)
    assert [wish.neighbourhood.slug for wish in wishes(session)] == ["molenwijk"]


def test_a_place_just_outside_the_city_goes_to_the_nearest_wijk_without_a_point(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    page = go_on(client, at_step(client, 2), pin(dx=-800) | {"place_text": "De dijk"})
    assert "Deze plek ligt buiten de gemeente" in page.words
    page = go_on(client, page, {"send_to": "molenwijk"})
    go_on(client, page, STEP_3, status=302)
    [wish] = wishes(session)
    assert (wish.neighbourhood.slug, wish.place_choice, wish.place_text) == (
        "molenwijk",
        PlaceChoice.NO_PLACE,
        "De dijk",
    )


def test_similar_wishes_are_shown_once_and_can_be_supported_on_the_way(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    make_wish(session, wijk, "Lampen langs het hoofdpad in het Molenpark")
    page = go_on(client, client.get(FORM), STEP_1)
    assert page.h1 == "Wat moet beter in Molenwijk?"
    assert "1 wens lijkt op die van u." in page.words
    page = go_on(client, page, {"go": "support.W-0001"})
    assert "U steunt nu W-0001." in page.words
    assert "1 mens steunt dit" in page.words
    assert page.soup.find(id="text").text.lstrip("\r\n") == TEXT
    page = go_on(client, page, {"go": "support.W-0001"})
    assert session.scalar(sa.select(sa.func.count()).select_from(WishSupport)) == 1
    page = go_on(client, page)
    assert page.h1 == "Waar gaat het over?"


def test_supporting_what_is_not_public_is_refused(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, placed=False)
    go_on(client, client.get(FORM), {"go": "support.W-0001"}, status=404)


@pytest.mark.parametrize("phase", [PhaseKind.BUNDLING, PhaseKind.CARRYING_OUT])
def test_after_listening_the_page_says_when_it_was_and_how_else(
    client: PageClient, session: Session, phase: PhaseKind
) -> None:
    wijk = make_neighbourhood(session)
    make_round(session, wijk, phase, today=today())
    page = client.get(FORM)
    assert page.h1 == "U kunt nu geen wens doen in Molenwijk"
    assert "Het kon van" in page.words
    for way in ("14 0300", "Bijeenkomsten", "Volg Molenwijk"):
        assert way in page.words


def test_before_listening_the_page_says_when_it_will_be(client: PageClient, session: Session) -> None:
    make_round(session, make_neighbourhood(session), today=today() + timedelta(days=30))
    assert "Het kan van" in client.get(FORM).words


def test_without_a_round_the_page_is_kind_too(client: PageClient, session: Session) -> None:
    make_neighbourhood(session)
    assert "Deze wijk maakt nu geen wijkagenda." in client.get(FORM).words
    client.get("/wijken/nergens/wens", status=404)


def test_what_was_typed_comes_back_when_listening_ended_meanwhile(
    client: PageClient, session: Session, wijk: Neighbourhood
) -> None:
    page = at_step(client, 3)
    agenda_round = session.scalars(sa.text("select id from agenda_round order by id")).first()
    session.execute(
        sa.text("update phase set starts_on = :a, ends_on = :b where round_id = :r and kind = 'listening'"),
        {"a": today() - timedelta(days=9), "b": today() - timedelta(days=1), "r": agenda_round},
    )
    page = client.post(FORM, page.form_data() | STEP_3, status=409)
    assert "Het is niet verstuurd." in page.words
    assert "Graag lampen bij het grote pad." in page.words
    assert wishes(session) == []


def test_a_form_without_its_token_is_refused(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    data = at_step(client, 3).form_data() | STEP_3
    data.pop("csrf_token")
    client.post(FORM, data, status=400)
    assert wishes(session) == []


def test_in_english_the_wish_is_english(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    page = client.get("/en" + FORM)
    data = page.form_data() | STEP_1 | STEP_3 | {"place_choice": "no_place", "step": "3", "email": "a@post.example"}
    assert client.post("/en" + FORM, data).location.startswith("/en/wensen/W-0001")
    assert wishes(session)[0].language == "en"
    assert session.scalar(sa.select(WishGiver.language)) == "en"


def test_the_giver_confirms_with_a_button(client: PageClient, session: Session, wijk: Neighbourhood) -> None:
    make_wish(session, wijk, email="a@post.example")
    token = session.scalar(sa.select(WishGiver.token))
    path = f"/wensen/bevestig/{token}"
    assert client.get(path).h1 == "Klopt uw mailadres?"
    assert session.scalar(sa.select(WishGiver.confirmed_at)) is None
    page = client.follow(client.submit(path))
    assert page.h1 == "Uw mailadres is bevestigd"
    session.expire_all()
    assert session.scalar(sa.select(WishGiver.confirmed_at)) is not None
    client.get("/wensen/bevestig/iets-anders", status=404)
