"""Staff of another stadsdeel: the same role, but not here. Every route that names a thing refuses them.

That each role is kept from the routes of other roles is proven in tests/house/test_refusals.py.
"""

from pathlib import Path

import pytest
from flask import Flask

from tests.bad_inputs.props import staff_named
from tests.bad_inputs.strangers import STRANGERS, things_of_others
from tests.page_client import PageClient

ROUTES = [
    tuple(line.split("  "))
    for line in (Path(__file__).parents[1] / "house" / "routes.txt").read_text().splitlines()
    if "  /werkplek" in line and ("<" in line) and not line.endswith(("everyone", "demo only"))
]


@pytest.mark.parametrize(("method", "path", "endpoint", "guard"), ROUTES, ids=[f"{r[0]} {r[1]}" for r in ROUTES])
def test_a_colleague_of_elsewhere_is_refused(city: Flask, method: str, path: str, endpoint: str, guard: str) -> None:
    address = things_of_others(path)
    let_in = {role: name for role, name in STRANGERS.items() if guard == "staff" or role.value in guard.split(" or ")}
    assert let_in, f"nobody has a role for {guard}"
    for name in let_in.values():
        client = PageClient(city).sign_in(staff_named(name))
        if method == "GET":
            page = client.get(address, status=None)
        else:
            # Any page of theirs has the token: signing out is a form.
            token = client.get("/werkplek").soup.select_one("[name=csrf_token]")
            assert token is not None
            page = client.post(address, {"csrf_token": token["value"]}, status=None)
        assert page.status in {403, 404}, f"{name} got {page.status}: {page.h1} {page.errors}"
