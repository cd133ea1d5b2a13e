"""The guard of every staff route works: visitors are sent to sign in, other roles are refused."""

import pytest
from flask import Flask

from tests.conftest import StaffMaker
from tests.house.routes import Route, all_routes
from tests.page_client import PageClient
from wijkagenda.people.models import Role

STAFF_ROUTES = [route for route in all_routes() if route.guard and not route.guard.everyone]
NEEDS_NO_TOKEN = {
    "feedback.stop_mail": "mail programs send it by themselves, after one click (RFC 8058)",
    "wishes.support": "stands on pages kept for everyone, which hold no token; it looks at where the request came from",
    "voting_recount.count_again": "counts a public file and writes nothing; stands on a page kept for everyone",
    "voting_archive.count_again": "counts a public file and writes nothing; stands on a page kept for everyone",
    "voting_result.find_receipt": "looks something up and writes nothing; stands on a page kept for everyone, which holds no token",
}
"""Endpoint and reason: what may be sent without the token of a form of ours."""
WRITING_ROUTES = [route for route in all_routes() if route.method != "GET" and route.endpoint not in NEEDS_NO_TOKEN]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture
def without_token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a request pass the check of its form token, so that the guard has to stop it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.usefixtures("without_token")
@pytest.mark.parametrize("route", STAFF_ROUTES, ids=name_of)
def test_a_visitor_is_sent_to_the_sign_in_page(client: PageClient, route: Route) -> None:
    page = client._open(route.example, route.method, 302)
    assert page.location.split("?")[0].endswith("/werkplek/aanmelden")


@pytest.mark.usefixtures("without_token")
@pytest.mark.parametrize("route", [r for r in STAFF_ROUTES if r.guard and r.guard.roles], ids=name_of)
def test_other_roles_are_refused(client: PageClient, staff: StaffMaker, route: Route) -> None:
    assert route.guard
    for role in [None, *Role]:
        if role not in route.guard.roles:
            client.sign_in(staff(role))
            page = client._open(route.example, route.method, 403)
            assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("route", WRITING_ROUTES, ids=name_of)
def test_nothing_is_written_without_the_token_of_the_form(client: PageClient, staff: StaffMaker, route: Route) -> None:
    client.sign_in(staff(Role.ADMINISTRATOR))
    client._open(route.example, route.method, 400)
