"""COPY: many rows at once into the table of a model."""

import json
from collections.abc import Iterable
from enum import Enum
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session


def copy_rows(session: Session, model: type, rows: Iterable[dict[str, Any]]) -> None:
    """COPY rows into the table of a model; columns that are left out get the model's own default."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    connection = session.connection().connection.dbapi_connection
    assert isinstance(connection, psycopg.Connection)
    defaults = {
        column.name: column.default.arg  # type: ignore[attr-defined]
        for column in table.columns
        if column.default is not None and column.default.is_scalar
    }
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    names = [column.name for column in table.columns if column.name in defaults | first]
    listed = ", ".join(f'"{name}"' for name in names)
    with connection.cursor().copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
        for row in _chain(first, iterator):
            values = defaults | row
            copy.write_row([_as_text(values[name]) for name in names])


def _chain(first: dict[str, Any], rest: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    yield first
    yield from rest


def _as_text(value: Any) -> Any:
    """How a value goes into COPY."""
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, list | dict) else value
