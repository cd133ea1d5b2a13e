"""Every answer has a reason, moves the wish one allowed step and is told, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import NOW, StaffMaker
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.wishes import make_refused_wish, make_wish
from wijkagenda.audit.queries import history_of
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import Conflict, Invalid, NotAllowed
from wijkagenda.events import subscribe
from wijkagenda.people.actors import SYSTEM, actor_of
from wijkagenda.people.models import Role
from wijkagenda.wishes import answers
from wijkagenda.wishes.events import WishAnswered, WishReconsidered
from wijkagenda.wishes.models import Answer, AnswerKind, RefusalGround, WishState
from wijkagenda.wishes.queries import steps_of

WHY = "Door deze straat rijden ziekenwagens."
heard: list[object] = []
subscribe(WishAnswered, heard.append)
subscribe(WishReconsidered, heard.append)


@pytest.fixture(autouse=True)
def _hear_nothing_yet() -> None:
    heard.clear()


def test_a_no_has_a_ground_and_a_text_and_is_told(session: Session) -> None:
    wijk = make_neighbourhood(session)
    wish = make_wish(session, wijk)
    answer = answers.refuse_wish(
        actor=SYSTEM, now=NOW, wish=wish, ground=RefusalGround.RULE, text=WHY, what_we_do="Er komt een bord."
    )
    assert (wish.state, answer.kind, answer.ground) == (WishState.REFUSED, AnswerKind.REFUSED, RefusalGround.RULE)
    assert answer.team_name == "gebiedsteam Molenwijk"
    assert wish.answers == [answer]
    assert heard == [WishAnswered(wish.id, answer.id)]
    assert [step.state for step in steps_of(wish.id)][-1] is WishState.REFUSED
    assert history_of("wish", wish.id)[-1].detail == {"answer": answer.id}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": None}, "ground"),
        ({"text": ""}, "text"),
        ({"text": "nee"}, "text"),
        ({"text": " " * 20}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"what_we_do": "x" * 2001}, "what_we_do"),
        ({"team_name": "x" * 201}, "team_name"),
    ],
)
def test_a_no_without_a_reason_is_not_given(session: Session, changes: dict, field: str) -> None:
    wish = make_wish(session, make_neighbourhood(session))
    with pytest.raises(Invalid) as caught:
        answers.refuse_wish(
            **{"actor": SYSTEM, "now": NOW, "wish": wish, "ground": RefusalGround.RULE, "text": WHY} | changes
        )
    assert caught.value.field == field
    assert wish.state is WishState.PLACED
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 0
    assert not heard


def test_the_database_knows_no_refusal_without_a_ground(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session))
    values = {"wish_id": wish.id, "answered_at": NOW, "team_name": "team", "text": WHY}
    for wrong in (
        {"kind": AnswerKind.REFUSED},
        {"kind": AnswerKind.REFERRED},
        {"kind": AnswerKind.TAKEN_UP, "text": "kort"},
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Answer(**values | wrong))
            session.flush()


def test_a_referral_names_who_got_the_wish(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session))
    with pytest.raises(Invalid) as caught:
        answers.refer_wish(actor=SYSTEM, now=NOW, wish=wish, referred_to=" ", text=WHY)
    assert caught.value.field == "referred_to"
    answer = answers.refer_wish(actor=SYSTEM, now=NOW, wish=wish, referred_to="de provincie", text=WHY)
    assert (wish.state, answer.referred_to) == (WishState.REFERRED, "de provincie")


def test_a_wish_that_is_taken_up_is_bundled_and_can_be_released(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session))
    due = wish.answer_due_on
    answers.answer_taken_up(actor=SYSTEM, now=NOW, wish=wish, text="Uw wens hoort nu bij punt 1.")
    assert wish.state is WishState.BUNDLED
    answers.release_wish(actor=SYSTEM, now=NOW, wish=wish)
    assert (wish.state, wish.answer_due_on) == (WishState.PLACED, due)
    with pytest.raises(Conflict):
        answers.release_wish(actor=SYSTEM, now=NOW, wish=wish)


def test_a_wish_that_is_not_placed_is_told_why(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session), placed=False)
    answers.remove_wish(
        actor=SYSTEM, now=NOW, wish=wish, ground=RefusalGround.NOT_A_WISH, text="Er staat een naam in uw wens."
    )
    assert not wish.is_public
    assert len(heard) == 1


def test_a_second_look_gives_four_weeks(session: Session) -> None:
    wish = make_refused_wish(session, make_neighbourhood(session))
    later = NOW + timedelta(days=30)
    answers.reconsider_wish(actor=SYSTEM, now=later, wish=wish)
    assert wish.state is WishState.PLACED
    assert wish.answer_due_on == day_of(later) + timedelta(weeks=4)
    assert heard[-1] == WishReconsidered(wish.id)
    with pytest.raises(Conflict):
        answers.reconsider_wish(actor=SYSTEM, now=later, wish=wish)


def test_a_wish_is_answered_once_until_it_is_looked_at_again(session: Session) -> None:
    wish = make_refused_wish(session, make_neighbourhood(session))
    with pytest.raises(Conflict):
        answers.refuse_wish(actor=SYSTEM, now=NOW, wish=wish, ground=RefusalGround.MONEY, text=WHY)
    with pytest.raises(Conflict):
        answers.refer_wish(actor=SYSTEM, now=NOW, wish=wish, referred_to="de stad", text=WHY)
    assert len(wish.answers) == 1


def test_an_unread_wish_cannot_be_answered_with_no(session: Session) -> None:
    wish = make_wish(session, make_neighbourhood(session), placed=False)
    with pytest.raises(Conflict):
        answers.refuse_wish(actor=SYSTEM, now=NOW, wish=wish, ground=RefusalGround.MONEY, text=WHY)


@pytest.mark.parametrize("role", [Role.VOTING_OFFICER, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_other_roles_and_other_teams_answer_nothing(session: Session, staff: StaffMaker, role: Role) -> None:
    wijk, other = make_neighbourhood(session), make_neighbourhood(session, "Rustenoord", column=1)
    wish = make_wish(session, wijk)
    for stranger in (actor_of(staff(role)), actor_of(staff(Role.AREA_TEAM, other.area_id))):
        with pytest.raises(NotAllowed):
            answers.refuse_wish(actor=stranger, now=NOW, wish=wish, ground=RefusalGround.RULE, text=WHY)
        with pytest.raises(NotAllowed):
            answers.reconsider_wish(actor=stranger, now=NOW, wish=wish)
    assert wish.state is WishState.PLACED
