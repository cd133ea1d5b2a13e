"""Postcode tables: what comes in, what is found, and what is refused, on both databases."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo import queries
from geo.errors import InvalidPostcode, PostcodeTableError, SourceError, SourceMissing
from geo.levels import Level
from geo.models import Area, PostcodeArea
from geo.sources import AreaOptions, read_areas, read_postcodes, store_areas, store_postcodes
from tests.factories.areas import squares, write_cbs, write_layer, write_table

WIJK = Level.NEIGHBOURHOOD


@pytest.fixture
def wijken(session: Session, tmp_path: Path) -> None:
    store_areas(session, read_areas(write_cbs(tmp_path / "wijken.gpkg")))


def names(areas: list[Area]) -> list[str]:
    return [area.name for area in areas]


def load(session: Session, tmp_path: Path, *rows: tuple[Any, ...]) -> None:
    store_postcodes(session, read_postcodes(write_table(tmp_path / "pc.csv", rows)))


def test_a_postcode_gives_its_wijk_however_it_is_typed(session: Session, wijken: None, tmp_path: Path) -> None:
    load(session, tmp_path, ("pc6", "wijk"), ("9901 AB", "WK990101"), ("9901AC", "WK990102"))
    for typed in ("9901AB", "9901 ab", " 9901  AB "):
        assert names(queries.find_by_postcode(session, typed)) == ["Havenkwartier"]
    assert names(queries.find_by_postcode(session, "9901")) == ["Havenkwartier", "Sluisbuurt"]
    assert queries.find_by_postcode(session, "9901XX") == []
    assert queries.find_by_postcode(session, "9999") == []


@pytest.mark.parametrize("typed", ["", "12", "0123AB", "1234A", "AB1234", "1234 SS", "1234ABC", "1２３４AB", "1" * 999])
def test_what_is_no_postcode_is_told(session: Session, typed: str) -> None:
    with pytest.raises(InvalidPostcode, match="4 cijfers en 2 letters"):
        queries.find_by_postcode(session, typed)


def test_a_house_number_chooses_between_two_wijken(session: Session, wijken: None, tmp_path: Path) -> None:
    numbers = [(1, "WK990101"), (3, "WK990101"), ("5a", "WK990102"), (7, "WK990102"), (9, "WK990101")]
    load(session, tmp_path, ("PC6", "Huisnummer", "Wijkcode"), *(("9901AB", n, code) for n, code in numbers))
    assert names(queries.find_by_postcode(session, "9901AB")) == ["Havenkwartier", "Sluisbuurt"]
    for number, name in ((1, "Havenkwartier"), (2, "Havenkwartier"), (5, "Sluisbuurt"), (9, "Havenkwartier")):
        assert names(queries.find_by_postcode(session, "9901AB", number)) == [name]
    assert names(queries.find_by_postcode(session, "9901AB", 400)) == ["Havenkwartier", "Sluisbuurt"]
    assert session.scalar(sa.select(sa.func.count()).select_from(PostcodeArea)) == 3


def test_a_postcode_in_one_area_is_one_row_whatever_the_order(session: Session, wijken: None, tmp_path: Path) -> None:
    rows = [("9901AB", n, "WK990101") for n in (9, 1, 5)] + [("9902AB", 1, "WK990102"), ("9901AB", 3, "WK990101")]
    load(session, tmp_path, ("pc6", "huisnummer", "wijk"), *rows)
    stored = session.scalars(sa.select(PostcodeArea).order_by(PostcodeArea.pc6)).all()
    assert [(row.pc6, row.house_number_from) for row in stored] == [("9901AB", None), ("9902AB", None)]


def test_the_national_layout_is_known_with_its_bare_numbers(session: Session, wijken: None, tmp_path: Path) -> None:
    table = write_table(
        tmp_path / "pc6hnr.csv",
        [
            ("PC6", "Huisnummer", "Buurt2026", "Wijk2026", "Gemeente2026"),
            ("9901AB", 1, 99010101, 990101, 9901),
            ("9901AB", 2, 99010101, 990101, 9901),
            ("1011AB", 1, 3630400, 36304, 363),
        ],
    )
    report = store_postcodes(session, read_postcodes(table))
    assert (report.postcodes, report.elsewhere) == (1, 1)
    assert names(queries.find_by_postcode(session, "9901AB", 2)) == ["Havenkwartier"]
    assert queries.find_by_postcode(session, "1011AB") == []


def test_buurten_are_kept_and_lead_up_to_their_wijk(session: Session, wijken: None, tmp_path: Path) -> None:
    fields = {"buurtcode": ["BU99010101"], "buurtnaam": ["Kade"], "wijkcode": ["WK990101"], "gemeentecode": ["GM9901"]}
    path = write_layer(tmp_path / "b.gpkg", squares(1), fields)
    store_areas(session, read_areas(path, AreaOptions(year=2026)))
    load(session, tmp_path, ("pc6", "buurtcode"), ("9901AB", "BU99010101"), ("9902AB", "BU99010201"))
    assert names(queries.find_by_postcode(session, "9901AB")) == ["Kade"]
    assert names(queries.find_by_postcode(session, "9901AB", level=WIJK)) == ["Havenkwartier"]
    assert names(queries.find_by_postcode(session, "9902AB", level=WIJK)) == ["Sluisbuurt"]
    assert names(queries.find_by_postcode(session, "9902AB", level=Level.MUNICIPALITY)) == ["Markerstad"]


def test_loading_again_replaces(session: Session, wijken: None, tmp_path: Path) -> None:
    for _ in range(2):
        load(session, tmp_path, ("pc6", "wijk"), ("9901AB", "WK990101"))
    assert session.scalar(sa.select(sa.func.count()).select_from(PostcodeArea)) == 1
    load(session, tmp_path, ("pc6", "wijk"), ("9902AB", "WK990102"))
    assert queries.find_by_postcode(session, "9901AB") == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "moet een kolom 'pc6' hebben"),
        ([("postcode", "plaats")], "Gevonden: postcode, plaats"),
        ([("pc6", "wijk")], "geen enkele postcode"),
        ([("pc6", "wijk"), ("9901AB", "WK990101"), ("99O1AB", "WK990101")], "regel 3: '99O1AB' is geen postcode"),
        ([("pc6", "wijk"), ("9901", "WK990101")], "regel 2"),
        ([("pc6", "huisnummer", "wijk"), ("9901AB", "tien", "WK990101")], "regel 2: 'tien' is geen huisnummer"),
        ([("pc6", "huisnummer", "wijk"), ("9901AB", "-4", "WK990101")], "regel 2: '-4' is geen huisnummer"),
        ([("pc6", "wijk"), ("9901AB", "")], "regel 2: de code"),
        ([("pc6", "wijk"), ("9901AB",)], "regel 2: de code"),
        ([("pc6", "wijk"), ("9901AB", "WK990101"), ("9901AC", "WK123456")], "regel 3: het gebied 'WK123456'"),
        (
            [("pc6", "huisnummer", "wijk"), ("9901AB", 1, "WK990101"), ("9901AB", 1, "WK990102")],
            "regel 3: 9901AB nummer 1 ligt volgens de tabel in twee gebieden",
        ),
        ([("pc6", "wijk", "gemeente"), ("1011AB", "WK036304", "GM0363")], "Geen enkele postcode"),
    ],
)
def test_a_wrong_table_says_which_line_and_changes_nothing(
    session: Session, wijken: None, tmp_path: Path, rows: list[Any], words: str
) -> None:
    load(session, tmp_path, ("pc6", "wijk"), ("9905AB", "WK990105"))
    with pytest.raises(PostcodeTableError, match=words):
        load(session, tmp_path, *rows)
    assert names(queries.find_by_postcode(session, "9905AB")) == ["Rietvoorn"]


def test_a_missing_or_binary_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        read_postcodes(tmp_path / "nergens.csv")
    (tmp_path / "b.csv").write_bytes(bytes(range(256)) * 100)
    with pytest.raises(SourceError):
        read_postcodes(tmp_path / "b.csv")


def test_postcodes_before_areas_are_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(PostcodeTableError, match="Laad eerst de grenzen"):
        load(session, tmp_path, ("pc6", "wijk"), ("9901AB", "WK990101"))


def test_a_long_table_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        letters = "ABCDEFGHJKLMNPRTUVWXZ"
        table = (
            (f"{1000 + i % 9000}{letters[i % 21]}{letters[i // 21 % 21]}", i % 300, "WK990101") for i in range(rows)
        )
        path = write_table(tmp_path / f"{rows}.csv", [("pc6", "huisnummer", "wijk"), *table])
        tracemalloc.start()
        read_postcodes(path).close()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(40_000) < peak(2_000) + 500_000
