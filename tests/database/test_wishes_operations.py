"""Wishes come in once, are placed, moved and supported, on both databases."""

import uuid
from datetime import UTC, date, datetime

import pytest
import shapely
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.models import as_shape
from tests.conftest import NOW, StaffMaker
from tests.factories.neighbourhoods import (
    TODAY,
    make_city_district,
    make_neighbourhood,
    make_round,
    point_in,
)
from tests.factories.wishes import TEXT, make_wish
from wijkagenda.audit.queries import history_of
from wijkagenda.errors import Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.people.actors import SYSTEM, VISITOR, actor_of
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.wishes import operations, queries
from wijkagenda.wishes.models import Channel, GivenAs, PlaceChoice, Theme, Wish, WishGiver, WishState
from wijkagenda.wishes.places import ElsewherePlace


def values(neighbourhood, agenda_round, **changes):
    return {
        "actor": VISITOR,
        "now": NOW,
        "submission_key": str(uuid.uuid4()),
        "neighbourhood": neighbourhood,
        "agenda_round": agenda_round,
        "text": TEXT,
        "theme": Theme.SAFETY,
        "given_as": GivenAs.RESIDENT,
        "place_choice": PlaceChoice.NO_PLACE,
    } | changes


def test_a_wish_sent_twice_is_one_wish(session: Session) -> None:
    wijk = make_neighbourhood(session)
    given = values(wijk, make_round(session, wijk))
    first = operations.submit_wish(**given)
    again = operations.submit_wish(**given | {"text": "Iets anders"})
    assert first.id == again.id
    assert again.text == TEXT
    assert session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 1
    assert len(queries.steps_of(first.id)) == 1


def test_numbers_go_up_and_leave_room_for_gaps(session: Session) -> None:
    wijk = make_neighbourhood(session)
    first = make_wish(session, wijk)
    first.number = 147
    session.flush()
    assert make_wish(session, wijk).reference == "W-0148"


def test_the_title_is_the_first_sentence_and_the_answer_is_due_in_six_weeks(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = operations.submit_wish(**values(wijk, make_round(session, wijk)))
    assert wish.title == "In de avond durf ik niet door het park"
    assert wish.answer_due_on == date(2026, 12, 28)
    assert wish.state is WishState.RECEIVED
    assert not wish.is_public


def test_the_term_counts_from_the_day_in_the_netherlands(session: Session) -> None:
    wijk = make_neighbourhood(session)
    just_after_midnight = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    wish = operations.submit_wish(**values(wijk, make_round(session, wijk), now=just_after_midnight))
    assert wish.answer_due_on == date(2026, 12, 28)


def test_the_public_point_is_rounded_and_the_exact_one_is_kept(session: Session) -> None:
    wijk = make_neighbourhood(session)
    exact = point_in(dx=511, dy=338)
    wish = make_wish(session, wijk, point=exact, place_text="Molenlaan 12")
    session.expire(wish)
    assert as_shape(wish.point).equals(exact)
    assert as_shape(wish.public_point).x % 25 == 0
    assert as_shape(wish.public_point).distance(exact) <= 25


def test_a_point_elsewhere_names_the_right_neighbourhood(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    agenda_round = make_round(session, wijk)
    with pytest.raises(ElsewherePlace) as caught:
        operations.submit_wish(
            **values(wijk, agenda_round, place_choice=PlaceChoice.POINT, point=point_in(column=1, dx=200))
        )
    assert caught.value.whereabouts.neighbourhood is other
    assert caught.value.whereabouts.inside


@pytest.mark.parametrize(
    ("point", "known"),
    [(point_in(dx=-900), True), (point_in(dx=-40_000), False), (shapely.Point(float("nan"), 1), False)],
)
def test_a_point_outside_the_city_is_not_inside_anything(session: Session, point: shapely.Point, known: bool) -> None:
    wijk = make_neighbourhood(session)
    with pytest.raises(ElsewherePlace) as caught:
        operations.submit_wish(**values(wijk, make_round(session, wijk), place_choice=PlaceChoice.POINT, point=point))
    assert (caught.value.whereabouts.neighbourhood is wijk) is known
    assert not caught.value.whereabouts.inside


def test_a_tap_just_over_the_outer_border_counts_as_inside(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = make_wish(session, wijk, point=point_in(dx=-12))
    assert wijk.area.polygons.contains(as_shape(wish.public_point))


def test_an_address_without_a_point_is_kept_in_words(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = operations.submit_wish(
        **values(wijk, make_round(session, wijk), place_choice=PlaceChoice.POINT, place_text=" Wiekstraat  80 ")
    )
    assert (wish.place_choice, wish.place_text) == (PlaceChoice.NO_PLACE, "Wiekstraat 80")


def test_outside_the_listening_phase_visitors_cannot_give_a_wish_but_the_team_can_enter_one(
    session: Session, staff: StaffMaker
) -> None:
    wijk = make_neighbourhood(session)
    agenda_round = make_round(session, wijk, PhaseKind.VOTING)
    with pytest.raises(NotAllowed):
        operations.submit_wish(**values(wijk, agenda_round))
    team = actor_of(staff(Role.AREA_TEAM, wijk.area_id))
    entered = operations.enter_wish_for(
        **values(wijk, agenda_round, actor=team, channel=Channel.PAPER, postal_address="Molenlaan 1, Markerstad"),
        received_on=date(2026, 11, 2),
    )
    assert entered.answer_due_on == date(2026, 12, 14)
    assert session.scalar(sa.select(WishGiver)).postal_address == "Molenlaan 1, Markerstad"
    assert [entry.action for entry in history_of("wish", entered.id)] == ["wishes.enter_wish_for"]


def test_a_wish_given_through_an_open_door_is_taken_in_where_it_belongs(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    door, closed = make_round(session, wijk), make_round(session, other, PhaseKind.VOTING)
    wish = operations.submit_wish(
        **values(other, closed, place_choice=PlaceChoice.POINT, point=point_in(column=1)), came_through=door
    )
    assert wish.neighbourhood_id == other.id


def test_only_the_team_of_this_neighbourhood_enters_wishes(session: Session, staff: StaffMaker) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    for role in Role:
        stranger = actor_of(staff(role, other.area_id))
        with pytest.raises(NotAllowed):
            operations.enter_wish_for(**values(wijk, None, actor=stranger, channel=Channel.PHONE))
    for role in (Role.VOTING_OFFICER, Role.RESEARCHER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            operations.enter_wish_for(**values(wijk, None, actor=actor_of(staff(role)), channel=Channel.PHONE))


def test_a_manager_of_the_city_district_works_in_its_neighbourhoods(session: Session, staff: StaffMaker) -> None:
    district = make_city_district(session)
    wijk = make_neighbourhood(session, district=district)
    manager = actor_of(staff(Role.CITY_DISTRICT_MANAGER, district.area_id))
    assert operations.enter_wish_for(**values(wijk, None, actor=manager, channel=Channel.STREET)).number == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \u200b\u2028 "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"place_choice": PlaceChoice.POINT}, "place_text"),
        ({"place_text": "x" * 201}, "place_text"),
        ({"email": "x" * 255}, "email"),
        ({"submission_key": "no key"}, None),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(session: Session, changes: dict, field: str | None) -> None:
    wijk = make_neighbourhood(session)
    with pytest.raises(Invalid) as caught:
        operations.submit_wish(**values(wijk, make_round(session, wijk)) | changes)
    assert caught.value.field == field
    assert session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE wish; --",
        "🌳🌳🌳",
        "مصابيح في الحديقة",
        "e\u0301\u0301\u0301\u0301 Zalgo \u202eomgekeerd",
        "${7*7} {{ 7*7 }} %(x)s %s",
    ],
)
def test_any_text_is_kept_as_it_was_written(session: Session, text: str) -> None:
    wijk = make_neighbourhood(session)
    wish = operations.submit_wish(**values(wijk, make_round(session, wijk), text=text))
    session.expire(wish)
    assert wish.text == text


def test_what_no_database_can_hold_is_left_out(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = operations.submit_wish(**values(wijk, make_round(session, wijk), text="Meer\x00 bomen\ud800\x1b!\r\nNu."))
    session.expire(wish)
    assert wish.text == "Meer bomen!\nNu."
    assert wish.title == "Meer bomen!"


def test_the_giver_is_kept_apart_and_confirms_once(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = operations.submit_wish(**values(wijk, make_round(session, wijk), email="fatma@post.example"))
    giver = queries.giver_of(wish.id)
    assert giver is not None
    assert giver.confirmed_at is None
    assert operations.confirm_giver(now=NOW, token=giver.token) is wish
    operations.confirm_giver(now=datetime(2027, 1, 1, tzinfo=UTC), token=giver.token)
    assert giver.confirmed_at == NOW
    with pytest.raises(NotFound):
        operations.confirm_giver(now=NOW, token="somebody else")


def test_without_an_address_there_is_no_giver(session: Session) -> None:
    assert queries.giver_of(make_wish(session, make_neighbourhood(session)).id) is None


def test_support_counts_once_per_visitor_and_cannot_be_joined_between_wishes(session: Session) -> None:
    wijk = make_neighbourhood(session)
    one, two = make_wish(session, wijk), make_wish(session, wijk)
    for wish in (one, two):
        assert operations.support_wish(actor=VISITOR, now=NOW, wish=wish, visitor_key="a")
        assert not operations.support_wish(actor=VISITOR, now=NOW, wish=wish, visitor_key="a")
    operations.support_wish(actor=VISITOR, now=NOW, wish=one, visitor_key="b")
    assert queries.supporters_of([one.id, two.id]) == {one.id: 2, two.id: 1}
    hashes = session.execute(sa.text("select supporter_hash from wish_support")).scalars().all()
    assert len(set(hashes)) == 3


def test_a_wish_that_is_not_public_cannot_be_supported(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session), placed=False)
    with pytest.raises(NotFound):
        operations.support_wish(actor=VISITOR, now=NOW, wish=wish, visitor_key="a")


def test_placing_may_change_the_title_and_never_the_text(session: Session, staff: StaffMaker) -> None:
    wijk = make_neighbourhood(session)
    wish = make_wish(session, wijk, placed=False)
    team = actor_of(staff(Role.AREA_TEAM, wijk.area_id))
    operations.place_wish(actor=team, now=NOW, wish=wish, title="Lampen langs het hoofdpad")
    assert (wish.title, wish.text, wish.is_public) == ("Lampen langs het hoofdpad", TEXT, True)
    with pytest.raises(Conflict):
        operations.place_wish(actor=team, now=NOW, wish=wish)
    assert [step.state for step in queries.steps_of(wish.id)] == [WishState.RECEIVED, WishState.PLACED]
    with pytest.raises(NotAllowed):
        operations.place_wish(actor=VISITOR, now=NOW, wish=make_wish(session, wijk, placed=False))


def test_a_moved_wish_keeps_its_point_its_giver_and_its_term(session: Session) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    there = make_round(session, other)
    wish = make_wish(session, wijk, point=point_in(dx=700), email="a@post.example")
    due = wish.answer_due_on
    operations.move_wish_to_neighbourhood(actor=SYSTEM, now=NOW, wish=wish, neighbourhood=other, agenda_round=there)
    session.expire(wish)
    assert (wish.neighbourhood_id, wish.round_id, wish.answer_due_on) == (other.id, there.id, due)
    assert as_shape(wish.point).equals(point_in(dx=700))
    assert other.area.polygons.contains(as_shape(wish.public_point))
    assert queries.giver_of(wish.id) is not None
    assert queries.public_wishes(other.id).total == 1
    assert queries.public_wishes(wijk.id).total == 0


def test_days_in_the_future_or_long_ago_are_refused(session: Session) -> None:
    wijk = make_neighbourhood(session)
    for day in (date(2026, 11, 17), date(1026, 11, 16)):
        with pytest.raises(Invalid) as caught:
            operations.enter_wish_for(**values(wijk, None, actor=SYSTEM, channel=Channel.PAPER), received_on=day)
        assert caught.value.field == "received_on"
    assert date(2026, 11, 16) == TODAY


def test_a_giver_who_asks_is_forgotten_and_the_audit_row_holds_no_address(session: Session, staff: StaffMaker) -> None:
    wijk = make_neighbourhood(session)
    make_round(session, wijk)
    wish = make_wish(session, wijk, email="fatma@post.example")
    team = actor_of(staff(Role.AREA_TEAM, wijk.area_id))
    for _twice in range(2):
        operations.forget_giver(actor=team, now=NOW, wish=wish)
    assert queries.giver_of(wish.id) is None
    (row,) = [entry for entry in history_of("wish", wish.id) if entry.action == "wishes.forget_giver"]
    assert (row.actor_id, row.detail) == (team.staff_id, None)
    assert wish.text == TEXT


def test_only_the_team_and_the_manager_of_this_neighbourhood_forget_a_giver(
    session: Session, staff: StaffMaker
) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    make_round(session, wijk)
    wish = make_wish(session, wijk, email="fatma@post.example")
    others = (Role.VOTING_OFFICER, Role.RESEARCHER, Role.ADMINISTRATOR)
    for stranger in [
        VISITOR,
        *(actor_of(staff(role, other.area_id)) for role in Role),
        *(actor_of(staff(role, wijk.area_id)) for role in others),
    ]:
        with pytest.raises(NotAllowed):
            operations.forget_giver(actor=stranger, now=NOW, wish=wish)
    operations.forget_giver(actor=actor_of(staff(Role.CITY_DISTRICT_MANAGER, wijk.area_id)), now=NOW, wish=wish)
    assert queries.giver_of(wish.id) is None
