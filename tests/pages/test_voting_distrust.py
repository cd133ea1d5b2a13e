"""Pages for people who want more than they may."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.voting import Vote, make_vote
from tests.page_client import PageClient
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import grant_role
from wijkagenda.voting.archive.incoming import LARGEST_ON_SITE


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


def test_a_monstrous_file_keeps_no_web_process_busy(client: PageClient, staff) -> None:
    """Refused by its size, before anything of it is read."""
    client.sign_in(staff(Role.VOTING_OFFICER))
    here = "/werkplek/stemmingen/archief"
    content = b"META\nkey;value\n" + b"x;y\n" * (LARGEST_ON_SITE // 4)
    sent = client.get(here).form_data() | {"rule": "greedy", "file": (io.BytesIO(content), "groot.pb")}
    page = client.post(here, sent, status=422, content_type="multipart/form-data")
    assert "Kies een bestand van hoogstens 8 MB." in page.words


@pytest.mark.parametrize("role", [Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER])
def test_who_belongs_to_the_plan_sees_no_link_that_will_refuse(
    client: PageClient, session, staff, vote: Vote, role: Role
) -> None:
    area = vote.neighbourhood.area_id
    both = staff(Role.VOTING_OFFICER, area)
    here = f"/werkplek/stemmingen/{vote.voting_round.id}"
    page = client.sign_in(both).get(here)
    assert "Stemming sluiten" in client.get("/werkplek").words
    assert page.soup.select_one(f"main a[href='{here}/brieven']") is not None
    grant_role(actor=SYSTEM, now=vote.opened_at, member=both, role=role, area_id=area)
    page = client.get(here)
    assert "Stemming sluiten" not in client.get("/werkplek").words
    assert "Dit doet een ander stembureaulid" in page.words
    links = [str(link["href"]) for link in page.soup.select("main a[href^='/werkplek/stemmingen/']")]
    assert links == [f"{here}/reglement"]
    client.get(links[0])
