"""Text without case and accents, the same in Python and in both databases: "Café" is found by "cafe", "EEN" by "één".

Letter by letter, so that an expression stays as long as its text; `geo.names.fold` also takes punctuation out of names.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# No letter of their own under the accent, by the rules of Unicode.
_LOOKS_LIKE = {"ı": "i", "ø": "o", "ł": "l", "đ": "d"}


def _pairs() -> dict[str, str]:
    """Every Latin letter with an accent, small and capital, and the plain small letter."""
    found = dict(_LOOKS_LIKE) | {capital.upper(): small for capital, small in _LOOKS_LIKE.items() if capital != "ı"}
    for code in range(0x00C0, 0x0250):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if base != letter and base.isascii() and base.isalpha():
            found[letter] = base
    return found


_PAIRS = _pairs()
_FROM, _TO = "".join(_PAIRS), "".join(_PAIRS.values())
_TABLE = str.maketrans(_FROM, _TO)


def plain_text(text: str) -> str:
    """What was typed, made comparable; accents typed apart from their letter are taken along."""
    return unicodedata.normalize("NFC", text).translate(_TABLE).lower()


class plain(FunctionElement[str]):
    """plain(Wish.title).contains(plain_text(word), autoescape=True)"""

    name = "plain"
    type = sa.String()
    inherit_cache = True


@compiles(plain, "postgresql")
def _on_postgresql(element: plain, compiler: Any, **how: Any) -> str:
    return f"lower(translate({compiler.process(element.clauses, **how)}, '{_FROM}', '{_TO}'))"


@compiles(plain, "sqlite")
def _on_sqlite(element: plain, compiler: Any, **how: Any) -> str:
    return f"plain_text({compiler.process(element.clauses, **how)})"


@event.listens_for(Engine, "connect")
def _teach_sqlite(connection: Any, _record: object) -> None:
    if hasattr(connection, "create_function"):
        connection.create_function("plain_text", 1, lambda text: None if text is None else plain_text(text))
