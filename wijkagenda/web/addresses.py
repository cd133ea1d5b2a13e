"""What may stand in an address: anything else is a page that does not exist, before any query is made."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

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


def init_addresses(app: Flask) -> None:
    """Before any route is added."""
    app.url_map.converters |= {"int": RowNumber, "default": Words, "string": Words}
