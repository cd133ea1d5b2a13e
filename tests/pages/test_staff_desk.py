"""Letting people in and giving roles is for who administers the whole municipality."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW, StaffMaker
from tests.factories.neighbourhoods import make_neighbourhood
from tests.page_client import PageClient
from wijkagenda.errors import NotAllowed
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import Role
from wijkagenda.people.operations import grant_role


def test_who_administers_one_area_cannot_take_the_whole_municipality(session: Session, staff: StaffMaker) -> None:
    member = staff(Role.ADMINISTRATOR, make_neighbourhood(session).area_id)
    for role in (Role.ADMINISTRATOR, Role.VOTING_OFFICER):
        with pytest.raises(NotAllowed):
            grant_role(actor=actor_of(member), now=NOW, member=member, role=role, area_id=None)


def test_who_administers_one_area_does_not_see_who_works_here_or_what_they_did(
    session: Session, client: PageClient, staff: StaffMaker
) -> None:
    member = staff(Role.ADMINISTRATOR, make_neighbourhood(session).area_id)
    client.sign_in(member)
    for path in ("", f"/{member.id}", "/logboek"):
        client.get(f"/werkplek/medewerkers{path}", status=403)
    assert "Medewerkers" not in client.get("/werkplek").words


def test_who_administers_everything_gives_roles(client: PageClient, staff: StaffMaker) -> None:
    colleague = staff(name="Nieuwe Collega")
    client.sign_in(staff(Role.ADMINISTRATOR))
    address = f"/werkplek/medewerkers/{colleague.id}"
    form = "main form[action$=rollen]"
    client.submit(address, {"role": Role.RESEARCHER.value, "area": ""}, selector=form)
    assert "Onderzoeker" in client.get(address).words


def test_the_log_says_in_plain_words_what_was_done(client: PageClient, staff: StaffMaker) -> None:
    somebody = staff(Role.ADMINISTRATOR)
    client.sign_in(somebody)
    page = client.get("/werkplek/medewerkers/logboek")
    assert "gaf een medewerker een rol" in page.words
    assert f"medewerker {somebody.id}" in page.words
    assert "people." not in page.text
    assert "gave a staff member a role" in client.get("/en/werkplek/medewerkers/logboek").words
