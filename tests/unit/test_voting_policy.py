"""Who counts a vote, who may not, and from when."""

from datetime import UTC, datetime

import pytest

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role
from wijkagenda.voting.models import GRACE, Tally, VotingRound
from wijkagenda.voting.policy import may_count, may_manage_voting, may_publish_result

HERE, ELSEWHERE = 1, 2


def somebody(*grants: Grant, staff_id: int = 7) -> Actor:
    return Actor("staff", staff_id=staff_id, grants=grants)


@pytest.fixture
def neighbourhood() -> Neighbourhood:
    return Neighbourhood(area_id=HERE, name="Molenwijk", slug="molenwijk")


def test_an_officer_counts(neighbourhood: Neighbourhood) -> None:
    assert may_count(somebody(Grant(Role.VOTING_OFFICER)), neighbourhood)


@pytest.mark.parametrize("role", [Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER])
def test_whose_plan_it_is_does_not_count_although_an_officer(neighbourhood: Neighbourhood, role: Role) -> None:
    officer = Grant(Role.VOTING_OFFICER)
    assert not may_count(somebody(officer, Grant(role, HERE)), neighbourhood)
    assert may_count(somebody(officer, Grant(role, ELSEWHERE)), neighbourhood)


def test_who_counted_does_not_publish(neighbourhood: Neighbourhood) -> None:
    officer = Grant(Role.VOTING_OFFICER)
    tally = Tally(counted_by_id=7)
    assert not may_publish_result(somebody(officer, staff_id=7), neighbourhood, tally)
    assert may_publish_result(somebody(officer, staff_id=8), neighbourhood, tally)


def test_the_system_prepares_but_never_counts(neighbourhood: Neighbourhood) -> None:
    assert may_manage_voting(SYSTEM, neighbourhood)
    assert not may_count(SYSTEM, neighbourhood)


@pytest.mark.parametrize(
    ("closes_at", "told"),
    [
        (datetime(2026, 11, 29, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 29, 23, 10, tzinfo=UTC)),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 11, 29, 23, 10, tzinfo=UTC)),
    ],
)
def test_officers_are_told_a_whole_minute_at_which_closing_is_sure_to_work(closes_at: datetime, told: datetime) -> None:
    voting_round = VotingRound(closes_at=closes_at)
    assert voting_round.closable_from == told
    assert closes_at + GRACE <= told
