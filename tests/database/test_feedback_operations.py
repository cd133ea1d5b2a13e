"""Following, the outbox and forgetting, on both databases."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.feedback import make_giver, make_message, make_subscription
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.wishes import make_wish
from wijkagenda.errors import Conflict, NotAllowed, NotFound
from wijkagenda.feedback import operations, queries
from wijkagenda.feedback.models import OutboxMessage, Subscription
from wijkagenda.feedback.operations import NewMessage
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import Role
from wijkagenda.wishes.models import WishGiver


def new_message(key: str = "proef:1") -> NewMessage:
    return NewMessage(
        key=key, kind="proef", recipient="iemand@post.example", subject="Nieuws", body="Tekst\n", language="nl"
    )


def kinds(session: Session) -> list[str]:
    return list(session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_following_needs_the_mailed_link(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    operations.follow(now=now, email=" Els@Post.Example ", language="nl", neighbourhood=neighbourhood)
    subscription = session.scalars(sa.select(Subscription)).one()
    assert (subscription.email, subscription.confirmed_at) == ("els@post.example", None)
    mail = session.scalars(sa.select(OutboxMessage)).one()
    assert subscription.token in mail.body
    operations.confirm_subscription(token=subscription.token, now=now)
    assert subscription.confirmed_at == now


def test_asking_twice_is_one_subscription(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    for _ in range(2):
        operations.follow(now=now, email="els@post.example", language="nl", neighbourhood=neighbourhood)
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 1


def test_who_follows_already_is_told_so_by_mail_only(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    make_subscription(session, now=now, neighbourhood=neighbourhood)
    operations.follow(now=now, email="volger@post.example", language="nl", neighbourhood=neighbourhood)
    assert kinds(session) == ["follow_known"]


def test_a_wish_that_is_not_public_cannot_be_followed(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood, placed=False)
    with pytest.raises(NotFound):
        operations.follow(now=now, email="els@post.example", language="nl", wish=wish)


def test_an_unknown_link_confirms_nothing(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        operations.confirm_subscription(token="verzonnen", now=now)


def test_stopping_forgets_the_address_and_twice_is_fine(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    subscription = make_subscription(session, now=now, neighbourhood=neighbourhood)
    for _ in range(2):
        operations.stop_mail(token=subscription.token)
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 0


def test_a_giver_who_stops_keeps_the_link_but_no_address(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    giver = make_giver(session, make_wish(session, neighbourhood), now=now)
    operations.stop_mail(token=giver.token)
    session.expire_all()
    assert (giver.email, giver.confirmed_at) == (None, None)
    assert queries.what_stops(giver.token) is None


def test_a_giver_who_stops_is_forgotten_with_postal_address_and_mail_on_its_way(
    session: Session, now: datetime
) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    giver = make_giver(session, make_wish(session, neighbourhood), now=now)
    giver.postal_address = "Molenlaan 1, Markerstad"
    mine = make_message(session, now=now, key=f"wish_placed:7:giver:{giver.id}", recipient="gever@post.example")
    others = make_message(session, now=now, key="wish_placed:7:subscription:1", recipient="volger@post.example")
    mine.wish_id = others.wish_id = giver.wish_id
    session.flush()
    operations.stop_mail(token=giver.token)
    session.expire_all()
    assert giver.postal_address is None
    assert (mine.recipient, mine.body) == ("", "")
    assert operations.claim_message(now=now) is others
    assert operations.claim_message(now=now) is None


def test_a_key_is_queued_once(session: Session, now: datetime) -> None:
    assert operations.queue_message(now=now, message=new_message())
    assert not operations.queue_message(now=now, message=new_message())
    assert kinds(session) == ["proef"]


def test_a_thousand_messages_go_into_the_outbox(session: Session, now: datetime) -> None:
    messages = [new_message(f"proef:{n}") for n in range(1_001)]
    assert operations.queue_messages(now=now, messages=messages) == 1_001
    assert operations.queue_messages(now=now, messages=messages) == 0


def test_a_claimed_message_is_not_claimed_again_before_its_lease_ends(session: Session, now: datetime) -> None:
    make_message(session, now=now)
    claimed = operations.claim_message(now=now)
    assert claimed is not None
    assert operations.claim_message(now=now) is None
    assert operations.claim_message(now=now + operations.LEASE) is claimed


def test_a_sent_message_forgets_to_whom_and_what(session: Session, now: datetime) -> None:
    message = make_message(session, now=now)
    operations.mark_sent(message_id=message.id, now=now)
    session.expire_all()
    assert (message.recipient, message.subject, message.body, message.unsubscribe_url) == ("", "", "", "")
    assert message.sent_at == now
    assert operations.claim_message(now=now + timedelta(days=9)) is None


def test_failing_takes_longer_pauses_and_gives_up_after_three_days(session: Session, now: datetime) -> None:
    message = make_message(session, now=now)
    moment, pauses = now, []
    while message.gave_up_at is None:
        assert operations.claim_message(now=moment) is message
        operations.mark_failed(message_id=message.id, now=moment, error="SMTP 451")
        pauses.append(message.next_attempt_at - moment)
        moment = message.next_attempt_at
    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(minutes=5)
    assert timedelta(days=2) < message.gave_up_at - now <= timedelta(days=3)
    assert operations.claim_message(now=moment + timedelta(days=9)) is None
    stand = queries.outbox_stand()
    assert (stand.waiting, stand.given_up, message.last_error) == (0, [message], "SMTP 451")


def test_an_address_that_does_not_exist_is_given_up_at_once(session: Session, now: datetime) -> None:
    message = make_message(session, now=now)
    operations.claim_message(now=now)
    operations.mark_failed(message_id=message.id, now=now, error="SMTP 550", for_good=True)
    assert message.gave_up_at == now


def test_only_an_administrator_tries_again(session: Session, now: datetime, staff: StaffMaker) -> None:
    message = make_message(session, now=now)
    operations.claim_message(now=now)
    operations.mark_failed(message_id=message.id, now=now, error="SMTP 550", for_good=True)
    team, boss = actor_of(staff(Role.AREA_TEAM)), actor_of(staff(Role.ADMINISTRATOR))
    with pytest.raises(NotAllowed):
        operations.retry_message(actor=team, now=now, message=message)
    operations.retry_message(actor=boss, now=now, message=message)
    assert operations.claim_message(now=now) is message
    with pytest.raises(Conflict):
        operations.drop_message(actor=boss, now=now, message=message)


def test_a_dropped_message_is_forgotten(session: Session, now: datetime, staff: StaffMaker) -> None:
    message = make_message(session, now=now)
    operations.claim_message(now=now)
    operations.mark_failed(message_id=message.id, now=now, error="SMTP 550", for_good=True)
    operations.drop_message(actor=actor_of(staff(Role.ADMINISTRATOR)), now=now, message=message)
    assert (message.recipient, message.body) == ("", "")
    assert queries.outbox_stand().given_up == []


def test_addresses_nobody_confirmed_are_forgotten(session: Session, now: datetime) -> None:
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood)
    wish = make_wish(session, neighbourhood)
    make_subscription(session, now=now, neighbourhood=neighbourhood, confirmed=False)
    make_subscription(session, now=now, neighbourhood=neighbourhood, email="wel@post.example")
    giver = make_giver(session, wish, now=now, confirmed=False)

    operations.forget_unconfirmed(now=now + timedelta(days=5))
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 2
    operations.forget_unconfirmed(now=now + timedelta(days=8))
    assert session.scalars(sa.select(Subscription.email)).all() == ["wel@post.example"]
    assert session.scalar(sa.select(WishGiver.email).where(WishGiver.id == giver.id)) == "gever@post.example"
    operations.forget_unconfirmed(now=now + timedelta(days=31))
    assert session.scalar(sa.select(WishGiver.email).where(WishGiver.id == giver.id)) is None


def test_mail_that_could_not_arrive_is_forgotten_after_thirty_days(session: Session, now: datetime) -> None:
    message = make_message(session, now=now)
    operations.claim_message(now=now)
    operations.mark_failed(message_id=message.id, now=now, error="SMTP 550", for_good=True)
    operations.forget_unconfirmed(now=now + timedelta(days=31))
    session.expire_all()
    assert (message.recipient, message.body) == ("", "")


def test_an_address_that_confirms_nothing_gets_ten_requests_a_day_however_much_is_asked_for_it(
    session: Session, now: datetime
) -> None:
    neighbourhood = make_neighbourhood(session)
    for number in range(14):
        wish = make_wish(session, neighbourhood, f"Wens nummer {number} van de straat")
        operations.follow(now=now, email="slachtoffer@post.example", language="nl", wish=wish)
    sent = sa.select(sa.func.count()).where(OutboxMessage.recipient == "slachtoffer@post.example")
    assert session.scalar(sent) == operations.MOST_UNCONFIRMED
    wish = make_wish(session, neighbourhood, "Een wens van later")
    operations.follow(now=now + timedelta(days=2), email="slachtoffer@post.example", language="nl", wish=wish)
    assert session.scalar(sent) == operations.MOST_UNCONFIRMED + 1
