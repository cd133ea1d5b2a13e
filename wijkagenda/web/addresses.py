"""What may stand in an address: anything else is a page that does not exist, before any query is made.

And full addresses, for mail and feeds: of PUBLIC_URL, never of the host that a request says it was sent to.
"""

from typing import Any

from flask import Flask, current_app, url_for
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from wijkagenda.config import Settings

LARGEST_NUMBER = 2**31 - 1
"""The largest number of a row that both databases take."""


class RowNumber(IntegerConverter):
    """`<int:…>`: the number of a row."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, max=LARGEST_NUMBER)


class Words(UnicodeConverter):
    """`<…>`: text without NUL, which PostgreSQL cannot compare with anything."""

    def __init__(self, map: Map) -> None:
        super().__init__(map)
        self.regex = "[^/\x00]+"


def public_url_for(endpoint: str, **values: Any) -> str:
    """Like `url_for`, in full. Whoever sends a request chooses its Host header; others may follow this link."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.public_url}{url_for(endpoint, **values)}"


def init_addresses(app: Flask) -> None:
    """Before any route is added."""
    app.jinja_env.globals["public_url_for"] = public_url_for
    app.url_map.converters |= {"int": RowNumber, "default": Words, "string": Words}
