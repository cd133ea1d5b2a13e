"""Pages that whose plan it is never gets to see."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import grant_role


@pytest.fixture
def vote(session: Session, app: Flask) -> Vote:
    return make_vote(session, app.config["SETTINGS"], datetime.now(UTC), codes=2)


@pytest.mark.parametrize("role", [Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER])
def test_whose_plan_it_is_comes_nowhere_near_the_codes(client: PageClient, staff, vote: Vote, role: Role) -> None:
    area = vote.neighbourhood.area_id
    both = staff(Role.VOTING_OFFICER, area)
    grant_role(actor=SYSTEM, now=vote.opened_at, member=both, role=role, area_id=area)
    client.sign_in(both)
    desk = f"/werkplek/stemmingen/{vote.voting_round.id}"
    for path in ("/brieven", "/codes", "/codes/terug", "/balie", "/papier", "/sleutels"):
        client.get(desk + path, status=403)
    client.get(desk)
