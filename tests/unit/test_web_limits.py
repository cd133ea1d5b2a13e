"""Whose tries are counted together."""

import pytest
from flask import Flask

from wijkagenda.web.limits import who_tries


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
