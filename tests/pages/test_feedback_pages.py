"""Following and stopping by mail, the mailbox of the demo, and the outbox for staff."""

import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker, settings_for
from tests.factories.feedback import make_giver, make_message, make_subscription
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.wishes import make_wish
from tests.page_client import Page, PageClient
from wijkagenda.app import create_app
from wijkagenda.feedback import operations
from wijkagenda.feedback.models import DemoMail, OutboxMessage, Subscription
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role


@pytest.fixture
def here(session: Session) -> Neighbourhood:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    return neighbourhood


def last_mail(session: Session) -> DemoMail:
    session.expire_all()
    return session.scalars(sa.select(DemoMail).order_by(DemoMail.id.desc()).limit(1)).one()


def link_in(mail: DemoMail, part: str) -> str:
    """The path of the first link with `part` in a mail."""
    found = re.search(rf"http://localhost(\S*{part}\S*)", mail.body)
    assert found, mail.body
    return found[1]


def follow(client: PageClient, path: str, email: str = "els@post.example") -> Page:
    return client.follow(client.submit(path, {"email": email}))


def test_following_a_wijk_begins_with_the_button_behind_the_mailed_link(
    client: PageClient, session: Session, here: Neighbourhood
) -> None:
    assert follow(client, "/wijken/molenwijk/volgen").h1 == "Kijk nu in uw mail"
    link = link_in(last_mail(session), "/berichten/volgen/")
    client.get(link)
    assert session.scalar(sa.select(Subscription.confirmed_at)) is None
    done = client.follow(client.submit(link))
    assert done.h1 == "U krijgt voortaan mail"
    assert session.scalar(sa.select(Subscription.confirmed_at)) is not None


def test_known_and_unknown_addresses_get_the_same_answer(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    make_subscription(session, now=now, neighbourhood=here, email="bekend@post.example")
    known = follow(client, "/wijken/molenwijk/volgen", "bekend@post.example")
    unknown = follow(client, "/wijken/molenwijk/volgen", "onbekend@post.example")
    assert known.text == unknown.text


def test_a_wish_is_followed_in_the_language_of_the_page(
    client: PageClient, session: Session, here: Neighbourhood
) -> None:
    wish = make_wish(session, here)
    client.submit(f"/en/wensen/{wish.reference}/volgen", {"email": "ann@post.example"})
    mail = last_mail(session)
    assert mail.language == "en"
    assert link_in(mail, "/berichten/volgen/").startswith("/en/berichten/volgen/")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "geen adres",
        "a@",
        "@b.nl",
        "a@b",
        "a b@post.example",
        "a@post.example\r\nBcc: x@post.example",
        "a" * 260 + "@post.example",
    ],
)
def test_an_address_that_is_none_is_told_at_its_field(
    client: PageClient, session: Session, here: Neighbourhood, email: str
) -> None:
    page = client.submit("/wijken/molenwijk/volgen", {"email": email}, status=422)
    assert len(page.errors) == 1
    assert page.soup.find(id="email")["aria-invalid"] == "true"
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 0


def test_what_does_not_exist_cannot_be_followed(client: PageClient, session: Session, here: Neighbourhood) -> None:
    hidden = make_wish(session, here, placed=False)
    for path in ("/wijken/nergens/volgen", "/wensen/W-9999/volgen", f"/wensen/{hidden.reference}/volgen"):
        client.get(path, status=404)
    client.get("/berichten/volgen/verzonnen", status=404)
    client.get("/berichten/gevolgd/verzonnen", status=404)
    client.get("/berichten/verstuurd?wijk=nergens", status=404)


def test_stopping_takes_one_button_and_opening_the_link_stops_nothing(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    subscription = make_subscription(session, now=now, neighbourhood=here)
    path = f"/berichten/stoppen/{subscription.token}"
    client.get(path)
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 1
    assert client.follow(client.submit(path)).h1 == "U krijgt geen mail meer"
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 0
    assert "al geen mail meer" in client.get(path).words


def test_the_button_of_a_mail_program_stops_without_our_token(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    giver = make_giver(session, make_wish(session, here), now=now)
    client.app.config["WTF_CSRF_ENABLED"] = True
    client.post(f"/berichten/stoppen/{giver.token}", {"List-Unsubscribe": "One-Click"})
    session.expire_all()
    assert giver.email is None


def test_a_follower_hears_of_news_and_finds_it_in_the_mailbox(
    client: PageClient, session: Session, here: Neighbourhood, now: datetime
) -> None:
    follow(client, "/wijken/molenwijk/volgen")
    mail = last_mail(session)
    page = client.get("/proef/postvak?aan=ELS@post.example")
    assert mail.subject in page.words
    opened = client.get(f"/proef/postvak/{mail.id}")
    assert opened.h1 == mail.subject
    assert opened.soup.find("a", href=re.compile("/berichten/volgen/")) is not None
    assert mail.subject not in client.get("/proef/postvak?aan=ander@post.example").words
    client.get("/proef/postvak/999999", status=404)


def test_what_people_wrote_is_not_run_in_the_mailbox(client: PageClient, session: Session, now: datetime) -> None:
    mail = DemoMail(
        recipient="a@b.example", subject="<b>x", body="<script>1</script>\n\njavascript:1", language="nl", sent_at=now
    )
    session.add(mail)
    session.flush()
    page = client.get(f"/proef/postvak/{mail.id}")
    assert "<script>1" not in page.text
    assert page.soup.find("a", href=re.compile("^javascript")) is None


def test_outside_the_demo_there_is_no_mailbox() -> None:
    app = create_app(
        settings_for("sqlite+pysqlite://", demo=False, smtp_url="smtp://127.0.0.1:1", redis_url="redis://127.0.0.1:1")
    )
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert not any(rule.startswith("/proef") for rule in rules)


# --- the outbox --------------------------------------------------------------------------------------


def give_up(session: Session, now: datetime) -> OutboxMessage:
    message = make_message(session, now=now)
    operations.claim_message(now=now)
    operations.mark_failed(message_id=message.id, now=now, error="SMTP 550", for_good=True)
    return message


def test_staff_see_mail_that_did_not_arrive_but_never_to_whom(
    client: PageClient, session: Session, staff: StaffMaker, now: datetime
) -> None:
    give_up(session, now)
    page = client.sign_in(staff(Role.AREA_TEAM)).get("/werkplek/berichten")
    assert "SMTP 550" in page.words
    assert "iemand@post.example" not in page.text
    assert "gelezen" not in page.words
    assert "Probeer opnieuw" not in page.words


def test_an_administrator_sends_it_again_or_forgets_it(
    client: PageClient, session: Session, staff: StaffMaker, now: datetime
) -> None:
    message = give_up(session, now)
    client.sign_in(staff(Role.ADMINISTRATOR))
    client.submit("/werkplek/berichten", selector="main form[action$=opnieuw]")
    assert last_mail(session).recipient == "iemand@post.example"
    session.expire_all()
    assert message.sent_at is not None
    assert "Alle mail is aangekomen" in client.get("/werkplek/berichten").words


def test_an_administrator_forgets_what_cannot_arrive(
    client: PageClient, session: Session, staff: StaffMaker, now: datetime
) -> None:
    message = give_up(session, now)
    client.sign_in(staff(Role.ADMINISTRATOR))
    client.submit("/werkplek/berichten", selector="main form[action$=vergeten]")
    session.expire_all()
    assert (message.recipient, message.sent_at) == ("", None)


def test_others_cannot_touch_the_outbox(client: PageClient, session: Session, staff: StaffMaker, now: datetime) -> None:
    message = give_up(session, now)
    client.get("/werkplek/berichten", status=302)
    for role in (Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.VOTING_OFFICER, Role.RESEARCHER):
        client.sign_in(staff(role))
        token = {"csrf_token": client.get("/werkplek/aanmelden").form_data()["csrf_token"]}
        client.post(f"/werkplek/berichten/{message.id}/opnieuw", token, status=403)
        client.post(f"/werkplek/berichten/{message.id}/vergeten", token, status=403)
        client.sign_out()
