"""Every route states to whom it is open, and the committed table says the same."""

from tests.house.routes import HEADING, TABLE, all_routes

SIGN_IN = "sign_in."


def test_the_committed_table_of_routes_is_in_step() -> None:
    committed = set(TABLE.read_text().removeprefix(HEADING).splitlines())
    present = {route.line for route in all_routes()}
    lines = [f"+ {line}" for line in sorted(present - committed)] + [
        f"- {line}" for line in sorted(committed - present)
    ]
    assert not lines, "\n".join(
        [
            "routes changed; is this who may use them? Then change tests/house/routes.txt so:",
            *lines,
            "or write it anew: .venv/bin/python -m tests.house.routes",
        ]
    )


def test_every_route_has_a_guard() -> None:
    assert [route.line for route in all_routes() if route.guard is None] == []


def test_everything_under_the_desk_but_signing_in_is_for_staff() -> None:
    open_doors = [
        route.line
        for route in all_routes()
        if route.path.startswith("/werkplek") and route.guard and route.guard.everyone
        if not route.endpoint.startswith(SIGN_IN)
    ]
    assert open_doors == []


def test_what_staff_do_is_under_the_desk() -> None:
    elsewhere = [
        route.line
        for route in all_routes()
        if route.guard and not route.guard.everyone and not route.path.startswith("/werkplek")
    ]
    assert elsewhere == []


def test_the_click_per_role_is_in_the_demo_only() -> None:
    assert {route.endpoint for route in all_routes() if route.demo_only} >= {"sign_in.demo"}


def test_reading_has_no_side_door_that_writes() -> None:
    """GET and POST of one path are two views with two names: a guard is never shared by accident."""
    methods: dict[str, set[str]] = {}
    for route in all_routes():
        methods.setdefault(route.endpoint, set()).add(route.method)
    assert {endpoint: found for endpoint, found in methods.items() if len(found) > 1} == {}
