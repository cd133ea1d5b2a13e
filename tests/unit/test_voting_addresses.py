"""Files of addresses as municipalities export them."""

import stat
from pathlib import Path

import pytest

from tests.bad_inputs.table_letters import BAD_ADDRESS_FILES, BadAddressFile
from wijkagenda.errors import Invalid
from wijkagenda.voting.letters.addresses import (
    Address,
    BadAddresses,
    Window,
    keep_addresses,
    kept_addresses,
    kept_window,
    read_addresses,
    typed_address,
)

WIEK = Address("J. Voorbeeld", "Wiekstraat 112", "9000 XZ", "Markerstad")
PLAIN = "Naam;Straat;Huisnummer;Postcode;Plaats\nJ. Voorbeeld;Wiekstraat;112;9000 XZ;Markerstad\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(";", ",").encode(),
        PLAIN.replace(";", "\t").encode(),
        ("sep=;\n" + PLAIN).encode(),
        ("\n;;;;\n" + PLAIN + "\n;;;;\n").encode(),
        b'"NAAM";"STRAATNAAM";"HUIS NR.";"PC6";"WOONPLAATS"\n"J.  Voorbeeld";"Wiekstraat";"112";"9000xz";"Markerstad"',
        b"voorletters,voorvoegsel,achternaam,adres,postcode,plaats\nJ.,,Voorbeeld,Wiekstraat 112,9000XZ,Markerstad",
        b"bsn;naam;straat;huisnummer;postcode;plaats\n123;J. Voorbeeld;Wiekstraat;112.0;9000 XZ;Markerstad",
    ],
)
def test_the_same_address_in_every_dress(content: bytes) -> None:
    assert read_addresses(content).addresses == [WIEK]


def test_letters_of_windows_are_read() -> None:
    content = "naam;adres;postcode;plaats\nZoë Çelik;Cafésteeg 3;9000 AB;’s-Gravenhage".encode("cp1252")
    assert read_addresses(content).addresses == [Address("Zoë Çelik", "Cafésteeg 3", "9000 AB", "’s-Gravenhage")]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ("12;;", "Wiekstraat 12"),
        ("12;A;", "Wiekstraat 12 A"),
        ("12;;2", "Wiekstraat 12-2"),
        ("12;A;bis", "Wiekstraat 12 A-bis"),
        ("12-2;;", "Wiekstraat 12 2"),
        ("12bis;;", "Wiekstraat 12 bis"),
    ],
)
def test_house_numbers_with_letter_and_addition(cells: str, line: str) -> None:
    text = f"straat;huisnummer;huisletter;toevoeging;postcode;plaats\nWiekstraat;{cells};9000AB;Markerstad"
    assert read_addresses(text.encode()).addresses[0].line == line


def test_a_name_may_be_empty_and_a_comma_may_stand_in_quotes() -> None:
    found = read_addresses(b'naam,adres,postcode,plaats\n,Wiekstraat 1,9000AB,M\n"Bakker, Jan",Wiekstraat 2,9000AB,M\n')
    assert [address.name for address in found.addresses] == ["", "Bakker, Jan"]


def test_doubles_are_told_by_line_and_kept() -> None:
    found = read_addresses((PLAIN + PLAIN.splitlines()[1].upper() + "\nA;Wiekstraat;112;9000 XZ;Markerstad\n").encode())
    assert found.doubles == [(3, 2)]
    assert len(found.addresses) == 3


@pytest.mark.parametrize("bad", BAD_ADDRESS_FILES, ids=lambda bad: bad.what)
def test_a_bad_file_is_refused_with_the_line_and_the_reason(bad: BadAddressFile) -> None:
    with pytest.raises(Invalid) as refused:
        read_addresses(bad.content)
    if bad.line is None:
        assert bad.words in str(refused.value)
        return
    assert isinstance(refused.value, BadAddresses)
    assert [each.line for each in refused.value.problems] == [bad.line]
    assert bad.words in refused.value.problems[0].message % (refused.value.problems[0].params or {})


def test_every_bad_row_is_told_at_once() -> None:
    with pytest.raises(BadAddresses) as refused:
        read_addresses((PLAIN + "A;;;;\nB;X;1;9000 AB;M\nC;X;1;9000;M\n").encode())
    assert [each.line for each in refused.value.problems] == [3, 5]


def test_a_typed_address_is_read_the_same_way() -> None:
    assert typed_address(name="", line="", postcode="", place="") is None
    typed = {"name": "J. Voorbeeld", "line": "Wiekstraat 112", "postcode": "9000xz", "place": "Markerstad"}
    assert typed_address(**typed) == WIEK
    with pytest.raises(Invalid, match="postcode"):
        typed_address(**typed | {"postcode": ""})


def test_kept_addresses_are_ours_alone_and_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "letters" / "addresses-1.jsonl"
    some = [WIEK, Address("", "Ë 2", "9000 AB", "M")]
    keep_addresses(path, some, Window.RIGHT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (kept_window(path), list(kept_addresses(path))) == (Window.RIGHT, some)
