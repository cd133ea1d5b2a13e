"""Files for spreadsheets: what people wrote is text, and a cell says what the screen says."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from wijkagenda.spreadsheet import as_csv
from wijkagenda.voting.models import Electorate


def cells(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "  =1", "\r\n=1", "＝1+1", "＠SUM(A1)"])
def test_no_cell_runs_as_a_formula(text: str) -> None:
    assert cells(as_csv((text, "b"), [("x", text)]))[1] == ["x", f"'{text}"]
    assert cells(as_csv((text, "b"), []))[0][0] == f"'{text}"


def test_a_cell_says_what_the_screen_says() -> None:
    row = (Electorate.RESIDENTS, True, False, None, date(2026, 3, 1), -2, 1.5, "a;b")
    assert cells(as_csv(["x"] * 8, [row]))[1] == ["Bewoners", "ja", "nee", "", "2026-03-01", "-2", "1.5", "a;b"]


def test_a_moment_is_made_a_day_by_who_knows_where() -> None:
    with pytest.raises(TypeError, match="depends on where"):
        as_csv(["x"], [(datetime(2026, 1, 1, 23, 30, tzinfo=UTC),)])
