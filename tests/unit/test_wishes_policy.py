"""Who may give, read and answer wishes, and which steps a wish may take."""

from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from wijkagenda.errors import Conflict
from wijkagenda.people.actors import SYSTEM, VISITOR, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import AgendaRound, Phase, PhaseKind
from wijkagenda.wishes import policy
from wijkagenda.wishes.lifecycle import ALLOWED, check_step
from wijkagenda.wishes.models import WishState

HERE = SimpleNamespace(rights_areas={7, 70})
START, END = date(2026, 11, 1), date(2026, 11, 30)


def listening() -> AgendaRound:
    return AgendaRound(phases=[Phase(kind=PhaseKind.LISTENING, starts_on=START, ends_on=END)])


def staff(role: Role, area_id: int | None) -> Actor:
    return Actor("staff", staff_id=1, grants=(Grant(role, area_id),))


@pytest.mark.parametrize(
    ("day", "open_then"),
    [(START - timedelta(days=1), False), (START, True), (END, True), (END + timedelta(days=1), False)],
)
def test_everyone_gives_wishes_on_the_days_of_listening(day: date, open_then: bool) -> None:
    assert policy.may_submit(VISITOR, HERE, listening(), day) is open_then


def test_without_a_round_there_is_nothing_to_give_to() -> None:
    assert not policy.may_submit(VISITOR, HERE, None, START)


@pytest.mark.parametrize("may", [policy.may_enter_for, policy.may_moderate, policy.may_answer, policy.may_see_giver])
@pytest.mark.parametrize(("role", "area_id"), list(product(Role, [7, 70, 8, None])))
def test_only_the_team_and_the_manager_of_this_area_work_on_its_wishes(may, role: Role, area_id: int | None) -> None:
    allowed = role in {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER} and area_id != 8
    assert may(staff(role, area_id), HERE) is allowed
    assert not may(VISITOR, HERE)


def test_the_areas_somebody_works_on() -> None:
    both = Actor("staff", 1, grants=(Grant(Role.AREA_TEAM, 7), Grant(Role.RESEARCHER, 8)))
    assert policy.moderated_areas(both) == {7}
    assert policy.moderated_areas(staff(Role.CITY_DISTRICT_MANAGER, None)) is None
    assert policy.moderated_areas(SYSTEM) is None
    assert policy.moderated_areas(VISITOR) == set()


@pytest.mark.parametrize(("old", "new"), list(product(WishState, WishState)))
def test_a_wish_takes_only_the_steps_it_may(old: WishState, new: WishState) -> None:
    if new in ALLOWED[old]:
        check_step(old, new)
    else:
        with pytest.raises(Conflict):
            check_step(old, new)


def test_no_wish_goes_back_to_received_and_every_state_has_a_way_on() -> None:
    assert not any(WishState.RECEIVED in after for after in ALLOWED.values())
    assert all(ALLOWED[state] for state in WishState)
