"""Who hears what: one message per person, in the person's own language, on both databases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.feedback import make_giver, make_subscription
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.wishes import make_wish
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM
from wijkagenda.wishes import answers, operations
from wijkagenda.wishes.models import RefusalGround, Wish, WishGiver

WHY = "Door deze straat rijden ziekenwagens. Een drempel mag niet."


def setting(session: Session, **changes: object) -> tuple[Neighbourhood, Wish]:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood, **changes)  # type: ignore[arg-type]
    session.execute(sa.delete(OutboxMessage))
    return neighbourhood, wish


def refuse(wish: Wish, now: datetime) -> None:
    answers.refuse_wish(actor=SYSTEM, now=now, wish=wish, ground=RefusalGround.RULE, text=WHY)


def mails(session: Session) -> dict[str, OutboxMessage]:
    """The outbox by recipient; fails when somebody gets two."""
    found = list(session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))
    assert len({mail.recipient for mail in found}) == len(found)
    return {mail.recipient: mail for mail in found}


def test_who_leaves_an_address_is_asked_to_confirm_it(session: Session) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood, email="els@post.example", placed=False)
    giver = session.scalars(sa.select(WishGiver)).one()
    mail = mails(session)["els@post.example"]
    assert mail.kind == "wish_received"
    assert f"http://localhost/wensen/mijn/{giver.token}" in mail.body
    assert wish.reference in mail.body


def test_a_mail_to_an_address_that_was_not_confirmed_holds_no_words_of_the_sender(session: Session) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(
        session, neighbourhood, "Koop pillen", email="els@post.example", place_text="pillen.example", placed=False
    )
    mail = mails(session)["els@post.example"]
    assert "pillen" not in (mail.subject + mail.body).lower()
    assert f"Het nummer is {wish.reference}." in mail.body


def test_the_address_of_a_forgotten_giver_leaves_the_outbox_too(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood, email="els@post.example", placed=False)
    operations.forget_giver(actor=SYSTEM, now=now, wish=wish)
    session.expire_all()
    assert list(mails(session)) == [""]


def test_an_address_that_was_not_confirmed_gets_no_news(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    make_giver(session, wish, now=now, confirmed=False)
    make_subscription(session, now=now, wish=wish, confirmed=False)
    refuse(wish, now)
    assert mails(session) == {}


def test_giver_and_followers_hear_an_answer(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    giver = make_giver(session, wish, now=now)
    follower = make_subscription(session, now=now, wish=wish)
    refuse(wish, now)
    found = mails(session)
    assert set(found) == {giver.email, follower.email}
    mail = found[giver.email or ""]
    assert "is nee. De reden: een regel." in mail.body
    assert f"http://localhost/wensen/{wish.reference}" in mail.body
    assert mail.unsubscribe_url == f"http://localhost/berichten/stoppen/{giver.token}"
    assert mail.unsubscribe_url in mail.body
    assert follower.token in found[follower.email].body


def test_who_gave_and_follows_hears_it_once(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    make_giver(session, wish, now=now, email="Els@post.example")
    make_subscription(session, now=now, wish=wish, email="els@post.example")
    refuse(wish, now)
    assert len(mails(session)) == 1


def test_the_giver_reads_a_wish_that_was_not_placed_on_a_page_of_her_own(session: Session, now: datetime) -> None:
    _, wish = setting(session, placed=False)
    giver = make_giver(session, wish, now=now)
    make_subscription(session, now=now, wish=wish)
    answers.remove_wish(actor=SYSTEM, now=now, wish=wish, ground=RefusalGround.NOT_A_WISH, text=WHY)
    found = mails(session)
    assert set(found) == {giver.email}
    assert f"http://localhost/wensen/mijn/{giver.token}" in found[giver.email or ""].body


def test_an_english_giver_reads_english(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    giver = make_giver(session, wish, now=now, language="en")
    refuse(wish, now)
    mail = mails(session)[giver.email or ""]
    assert mail.language == "en"
    assert "Our answer to the wish" in mail.body
    assert "Vragen?" not in mail.body
    assert f"http://localhost/en/wensen/{wish.reference}" in mail.body
    assert f"http://localhost/en/berichten/stoppen/{giver.token}" in mail.body


def test_placing_again_after_a_second_look_is_other_news(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    make_giver(session, wish, now=now)
    refuse(wish, now)
    answers.reconsider_wish(actor=SYSTEM, now=now, wish=wish)
    refuse(wish, now)
    kinds = session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["wish_refused", "wish_reconsidered", "wish_refused"]


def test_a_wish_that_moves_tells_where_it_went(session: Session, now: datetime) -> None:
    neighbourhood, wish = setting(session)
    giver = make_giver(session, wish, now=now)
    other = make_neighbourhood(session, "Zeehelden", column=1)
    operations.move_wish_to_neighbourhood(
        actor=SYSTEM, now=now, wish=wish, neighbourhood=other, agenda_round=make_round(session, other)
    )
    body = mails(session)[giver.email or ""].body
    assert neighbourhood.name in body
    assert other.name in body


def test_a_title_with_lines_makes_one_subject_line(session: Session, now: datetime) -> None:
    _, wish = setting(session)
    wish.title = "Een bank\r\nBcc: iedereen@post.example"
    giver = make_giver(session, wish, now=now)
    answers.refer_wish(actor=SYSTEM, now=now, wish=wish, referred_to="de provincie", text="Die gaat over deze weg.")
    assert "\n" not in mails(session)[giver.email or ""].subject
