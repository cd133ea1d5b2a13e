"""Bad files of addresses: what is in them, and what the officer is told. Nothing of them may be kept."""

from dataclasses import dataclass

HEAD = "naam;straat;huisnummer;postcode;plaats\n"
GOOD = "A. Voorbeeld;Wiekstraat;1;9000 AB;Markerstad\n"


@dataclass(frozen=True)
class BadAddressFile:
    """`line` is the line of the file that is named, if the trouble is at one."""

    what: str
    content: bytes
    words: str
    line: int | None = None


def _row(what: str, row: str, words: str, *, line: int = 3) -> BadAddressFile:
    return BadAddressFile(what, (HEAD + GOOD + row + "\n").encode(), words, line)


BAD_ADDRESS_FILES = [
    BadAddressFile("empty", b"", "Dit bestand is leeg."),
    BadAddressFile("white space", b" \r\n \n", "Dit bestand is leeg."),
    BadAddressFile("a spreadsheet", b"PK\x03\x04 adressen", "Dit is geen CSV-bestand."),
    BadAddressFile("an old spreadsheet", b"\xd0\xcf\x11\xe0 adressen", "Dit is geen CSV-bestand."),
    BadAddressFile("a PDF", b"%PDF-1.7", "Dit is geen CSV-bestand."),
    BadAddressFile("half a UTF-16 file", b"\xff\xfen\x00", "Wij missen: straat, huisnummer, postcode, plaats."),
    BadAddressFile("UTF-16 that stops in a letter", b"\xff\xfen\x00a\x00x", "De letters in dit bestand"),
    BadAddressFile("UTF-8 by its mark, but broken", b"\xef\xbb\xbfnaam;stra\xffat", "De letters in dit bestand"),
    BadAddressFile("neither UTF-8 nor Windows", (HEAD + GOOD).encode() + b"\x81\x8d;", "De letters in dit bestand"),
    BadAddressFile("no header", GOOD.encode() * 2, "De eerste rij moet de namen van de kolommen hebben"),
    BadAddressFile("a header without a postcode", b"adres;plaats\nWiekstraat 1;Markerstad\n", "Wij missen: postcode."),
    BadAddressFile(
        "a column twice", b"adres;postcode;plaats;woonplaats\n", "De kolom ‘woonplaats’ staat er twee keer in."
    ),
    BadAddressFile("only a header", HEAD.encode(), "In dit bestand staan geen adressen."),
    _row("no street", "A;;1;9000 AB;Markerstad", "De straat ontbreekt."),
    _row("no number", "A;Wiekstraat;;9000 AB;Markerstad", "Het huisnummer ontbreekt."),
    _row("neither", "A;;;9000 AB;Markerstad", "De straat en het huisnummer ontbreken."),
    _row("a number in words", "A;Wiekstraat;drie;9000 AB;Markerstad", "‘drie’ is geen huisnummer."),
    _row("number nought", "A;Wiekstraat;0;9000 AB;Markerstad", "‘0’ is geen huisnummer."),
    _row("a number with a story", "A;Wiekstraat;3 (achter de kerk);9000 AB;Markerstad", "is geen huisnummer."),
    _row("no postcode", "A;Wiekstraat;3;;Markerstad", "De postcode ontbreekt."),
    _row("half a postcode", "A;Wiekstraat;3;9000;Markerstad", "‘9000’ is geen postcode."),
    _row("a postcode abroad", "A;Wiekstraat;3;D-48599;Gronau", "‘D-48599’ is geen postcode."),
    _row("columns swapped", "A;Wiekstraat;3;Markerstad;9000 AB", "‘Markerstad’ is geen postcode."),
    _row("a place with a number", "A;Wiekstraat;3;9000 AB;Markerstad 2", "‘Markerstad 2’ is geen plaats."),
    _row("no place", "A;Wiekstraat;3;9000 AB;", "De plaats ontbreekt."),
    _row("a row that is short", "A;Wiekstraat", "Het huisnummer ontbreekt."),
    _row("a separator without quotes", "Jansen; J.;Wiekstraat;3;9000 AB;Markerstad", "meer vakjes dan de eerste rij"),
    _row("a name that is too long", f"{'A' * 61};Wiekstraat;3;9000 AB;Markerstad", "te lang voor het venster"),
    _row("a street that is too long", f"A;{'B' * 59};3;9000 AB;Markerstad", "te lang voor het venster"),
    _row("a bell in a name", "A\x07;Wiekstraat;3;9000 AB;Markerstad", "tekens in die wij niet kunnen afdrukken"),
    _row(
        "a name that turns around",
        "A\u202eB;Wiekstraat;3;9000 AB;Markerstad",
        "tekens in die wij niet kunnen afdrukken",
    ),
    _row("a quote that never ends", '"A;Wiekstraat;3;9000 AB;Markerstad', "De aanhalingstekens kloppen niet"),
    _row("a quote in the middle", 'A;"Wiek"straat;3;9000 AB;Markerstad', "De aanhalingstekens kloppen niet"),
    _row(
        "after a name on two lines",
        '"A\nB";Wiekstraat;3;9000 AB;Markerstad\n;;;;\nC;;;;',
        "De straat en het huisnummer ontbreken.",
        line=6,
    ),
    BadAddressFile(
        "an address line without a number",
        b"adres;postcode;plaats\nWiekstraat;9000 AB;Markerstad\n",
        "vinden wij geen straat met een huisnummer",
        2,
    ),
    BadAddressFile("one too many", (HEAD + GOOD * 50_001).encode(), "Dit bestand heeft meer dan 50000 adressen."),
]
