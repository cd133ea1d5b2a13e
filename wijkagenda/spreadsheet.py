"""Tables as files that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from surveys.interchange import guard_cell
from wijkagenda.labels import Labelled

BYTE_ORDER_MARK = "\ufeff"
"""Tells spreadsheets that the text is UTF-8."""


def as_csv(columns: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with semicolons, as spreadsheets in the Netherlands expect; no text of anybody runs as a formula."""
    lines = io.StringIO()
    lines.write(BYTE_ORDER_MARK)
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard_cell(column) for column in columns])
    writer.writerows([guard_cell(_plain(value)) for value in row] for row in rows)
    return lines.getvalue()


def _plain(value: object) -> object:
    """Words for what we have words for: labels, yes and no, days; nothing for None."""
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        raise TypeError("on which day a moment was depends on where: make it a day first")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value
