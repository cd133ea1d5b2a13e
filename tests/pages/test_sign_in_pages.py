"""Staff sign in with a mailed link; in the demo also with a click."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import NOW, StaffMaker
from tests.factories.feedback import make_giver, make_subscription
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.wishes import make_wish
from tests.page_client import PageClient
from wijkagenda.feedback.models import DemoMail
from wijkagenda.people.models import Role, SignInLink


def test_the_mailed_link_signs_in_once_by_its_button(client: PageClient, session: Session, staff: StaffMaker) -> None:
    member = staff(Role.AREA_TEAM)
    sent = client.submit("/werkplek/aanmelden", {"email": member.email.upper()})
    assert client.follow(sent).h1 == "Kijk nu in uw mail"
    mail = session.scalars(sa.select(DemoMail).where(DemoMail.recipient == member.email)).one()
    link = re.search(r"http://localhost(\S+)", mail.body)
    assert link is not None
    client.get(link[1])
    assert client.submit(link[1]).location.endswith("/werkplek")
    client.get("/werkplek")
    client.sign_out()
    used = client.submit(link[1], status=422)
    assert "Deze link werkt niet meer" in used.words


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: PageClient, session: Session, staff: StaffMaker
) -> None:
    member = staff()
    known = client.follow(client.submit("/werkplek/aanmelden", {"email": member.email}))
    unknown = client.follow(client.submit("/werkplek/aanmelden", {"email": "niemand@post.example"}))
    assert known.text == unknown.text
    assert session.scalar(sa.select(sa.func.count()).select_from(SignInLink)) == 1


def test_an_address_that_is_none_is_told_at_its_field(client: PageClient) -> None:
    for email in ("", "onzin", "a@b"):
        page = client.submit("/werkplek/aanmelden", {"email": email}, status=422)
        assert len(page.errors) == 1


def test_the_demo_offers_each_person_with_their_role(client: PageClient, staff: StaffMaker) -> None:
    staff(Role.CITY_DISTRICT_MANAGER, name="Ines Vermeer")
    page = client.get("/werkplek/aanmelden")
    assert "Ines Vermeer" in page.words
    assert "Stadsdeelmanager" in page.words
    client.submit("/werkplek/aanmelden", selector="main form[action*=proef]")
    assert client.get("/werkplek").status == 200


def test_after_signing_in_one_goes_on_where_one_wanted_and_never_elsewhere(
    client: PageClient, staff: StaffMaker
) -> None:
    member = staff(Role.ADMINISTRATOR)
    path = f"/werkplek/aanmelden/proef/{member.id}"
    for target, expected in (
        ("/werkplek/berichten", "/werkplek/berichten"),
        ("https://kwaad.example/werkplek", "/werkplek"),
        ("//kwaad.example", "/werkplek"),
        ("/werkplek\\@kwaad.example", "/werkplek"),
    ):
        data = client.get("/werkplek/aanmelden").form_data()
        answer = client.post(f"{path}?verder={target}", {"csrf_token": data["csrf_token"]})
        assert answer.location == expected
        client.sign_out()


def test_the_mailed_link_leads_to_our_own_site_whatever_host_the_request_names(
    client: PageClient, session: Session, staff: StaffMaker
) -> None:
    member = staff()
    elsewhere = {"base_url": "http://kwaad.example"}
    data = client.get("/werkplek/aanmelden", **elsewhere).form_data()
    client.post("/werkplek/aanmelden", data | {"email": member.email}, **elsewhere)
    mail = session.scalars(sa.select(DemoMail).where(DemoMail.recipient == member.email)).one()
    assert "kwaad.example" not in mail.body
    assert "http://localhost/werkplek/aanmelden/" in mail.body


def test_a_page_with_a_secret_in_its_address_leaves_no_trace(client: PageClient, session: Session) -> None:
    neighbourhood = make_neighbourhood(session)
    wish = make_wish(session, neighbourhood)
    giver = make_giver(session, wish, now=NOW)
    follower = make_subscription(session, now=NOW, neighbourhood=neighbourhood)
    for path in (
        "/werkplek/aanmelden/geheim",
        f"/wensen/bevestig/{giver.token}",
        f"/wensen/mijn/{giver.token}",
        f"/berichten/volgen/{follower.token}",
        f"/berichten/gevolgd/{follower.token}",
        f"/berichten/stoppen/{follower.token}",
    ):
        headers = client.get(path).response.headers
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer"), path


def test_an_odd_address_does_not_make_the_choice_of_language_lead_to_another_site(client: PageClient) -> None:
    page = client.get("/en//kwaad.example/x", status=404)
    assert not [link["href"] for link in page.soup.select("[href]") if link["href"].startswith("//")]
