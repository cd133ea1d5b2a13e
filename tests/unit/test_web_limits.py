"""Whose tries are counted together."""

import pytest
from flask import Flask

from tests.conftest import settings_for
from wijkagenda.web.limits import hidden_name, who_tries


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.8", "192.0.2.8"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::/64"),
        ("een pijp", "een pijp"),
    ],
)
def test_all_addresses_that_one_home_has_are_counted_as_one(address: str, counted_as: str) -> None:
    with Flask("limits").test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert who_tries() == counted_as


def test_counters_are_kept_under_a_name_that_holds_no_address() -> None:
    app = Flask("limits")
    app.config["SETTINGS"] = settings_for("sqlite://")
    names = set()
    for address, about in (("192.0.2.7", "a"), ("192.0.2.7", "b"), ("192.0.2.8", "a")):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            names.add(hidden_name(about))
            assert hidden_name(about) == hidden_name(about)
    assert len(names) == 3
    assert "192.0.2" not in "".join(names)
