"""Addresses for letters: read from the file a municipality exports, and kept beside the letters for a day at most.

No address is ever in the database, a job, a log or a backup. The file is read whole and checked row by row before
anything happens; afterwards the run reads it back line by line, so that 50,000 letters need no more memory than fifty.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from wijkagenda.errors import N_, Invalid
from wijkagenda.labels import Labelled

MOST_ADDRESSES = 50_000
LARGEST_FILE = 16 * 1024 * 1024
LONGEST_LINE = 60
"""Letters in a line of the address: two lines of the window at most."""
PROBLEMS_SHOWN = 20
POSTCODE = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}")
HOUSE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
ADDITION = re.compile(r"[0-9A-Za-z][0-9A-Za-z /.+-]{0,19}")
WHOLE_LINE = re.compile(r".*[^\W\d].* [1-9][0-9]{0,4}\b.*")
NEVER_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffd]")
DELIMITERS = ";,\t"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

COLUMNS = {
    "name": "naam bewoner geadresseerde ontvanger tenaamstelling aanschrijfnaam volledigenaam naambewoner adressering "
    "bedrijfsnaam bedrijf organisatie handelsnaam name",
    "initials": "voorletters voornaam voornamen initialen",
    "prefix": "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels",
    "surname": "achternaam geslachtsnaam",
    "street": "straat straatnaam openbareruimte openbareruimtenaam street",
    "line": "adres adresregel adresregel1 straatenhuisnummer straatenhuisnr straathuisnummer address",
    "number": "huisnummer huisnr nummer nr number",
    "letter": "huisletter letter",
    "addition": "toevoeging huisnummertoevoeging huisnrtoevoeging huisnrtoev toev",
    "postcode": "postcode postcode6 pc6 pc postalcode zip",
    "place": "plaats woonplaats woonplaatsnaam plaatsnaam stad city",
}
"""Headers as they are written in the Netherlands, without spaces, capitals, dots and underscores."""
_MEANING = {word: meaning for meaning, words in COLUMNS.items() for word in words.split()}


class Window(Labelled):
    """Where the window of the envelope is, seen from the front."""

    LEFT = "left", N_("Links")
    RIGHT = "right", N_("Rechts")


@dataclass(frozen=True)
class Address:
    """One letter goes here. `name` may be empty: then it goes to whoever lives there."""

    name: str
    line: str
    postcode: str
    place: str


@dataclass(frozen=True)
class Problem:
    """What is wrong at a line of the file (1 is the header), in words for the officer."""

    line: int
    message: str
    params: dict[str, object]


class BadAddresses(Invalid):
    """The file cannot be used; `problems` says why, line by line. Nothing of it was kept."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            N_("Het bestand klopt niet. Er is niets bewaard. Verbeter het en kies het bestand opnieuw."),
            field="addresses",
        )
        self.problems = problems


@dataclass(frozen=True)
class AddressList:
    """Good addresses, and which lines are the same as an earlier line: (line, earlier line)."""

    addresses: list[Address]
    doubles: list[tuple[int, int]]


def read_addresses(content: bytes) -> AddressList:
    """Every address of a CSV file; raises Invalid or BadAddresses, and then nothing of it stays."""
    if len(content) > LARGEST_FILE:
        raise Invalid(
            N_("Dit bestand is te groot: hoogstens %(most)s MB."), field="addresses", most=LARGEST_FILE // 1024 // 1024
        )
    rows = _rows(_decoded(content))
    columns, width = _header(rows)
    found: list[Address] = []
    problems: list[Problem] = []
    first_seen: dict[tuple[str, ...], int] = {}
    doubles: list[tuple[int, int]] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) + len(problems) >= MOST_ADDRESSES:
            raise Invalid(
                N_("Dit bestand heeft meer dan %(most)s adressen. Verdeel het over twee bestanden."),
                field="addresses",
                most=MOST_ADDRESSES,
            )
        try:
            if any(cell.strip() for cell in cells[width:]):
                raise Invalid(
                    N_("Deze rij heeft meer vakjes dan de eerste rij. Zet tekst met een komma tussen aanhalingstekens.")
                )
            address = _address(columns, cells)
        except Invalid as error:
            problems.append(Problem(line, error.message, error.params))
            continue
        found.append(address)
        key = tuple(part.casefold() for part in asdict(address).values())
        if key in first_seen:
            doubles.append((line, first_seen[key]))
        first_seen.setdefault(key, line)
    if problems:
        raise BadAddresses(problems)
    if not found:
        raise Invalid(N_("In dit bestand staan geen adressen."), field="addresses")
    return AddressList(found, doubles)


def typed_address(*, name: str, line: str, postcode: str, place: str) -> Address | None:
    """One address as an officer types it, for one new letter; None when nothing was typed."""
    if not any((name, line, postcode, place)):
        return None
    columns = {0: "name", 1: "line", 2: "postcode", 3: "place"}
    return _address(columns, [name, line, postcode, place])


def _decoded(content: bytes) -> str:
    if not content.strip():
        raise Invalid(N_("Dit bestand is leeg."), field="addresses")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Invalid(N_("Dit is geen CSV-bestand. Kies in uw rekenprogramma: opslaan als CSV."), field="addresses")
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _as_text(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as_text(content, "cp1252")


def _as_text(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(
            N_("De letters in dit bestand kunnen wij niet lezen. Sla het op als CSV met UTF-8."), field="addresses"
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line at which the row begins, cells). Some programs say with which sign they separate: 'sep=;'."""
    # One kind of line end for the counting of lines; what stands inside quotes keeps its own.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    skipped = 0
    announced = re.match(r'"?sep=([;,\t])"?\n', text)
    if announced:
        text, skipped = text[announced.end() :], 1
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = announced.group(1) if announced else max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    begins = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadAddresses(
                [Problem(begins, N_("De aanhalingstekens kloppen niet: er mist er een aan het begin of het eind."), {})]
            ) from None
        yield begins, cells
        begins = reader.line_num + 1 + skipped


def _header(rows: Iterator[tuple[int, list[str]]]) -> tuple[dict[int, str], int]:
    """Which column means what, and how many there are; columns with other names are not read."""
    cells = next((cells for _line, cells in rows if any(cell.strip() for cell in cells)), [])
    columns: dict[int, str] = {}
    for index, cell in enumerate(cells):
        meaning = _MEANING.get(re.sub(r"[^a-z0-9]", "", cell.casefold()))
        if meaning is None:
            continue
        if meaning in columns.values():
            raise Invalid(N_("De kolom ‘%(name)s’ staat er twee keer in."), field="addresses", name=cell.strip()[:40])
        columns[index] = meaning
    has = set(columns.values())
    # Names of columns, not words of the screen: they are the same in every language.
    missing = (
        []
        if "line" in has
        else [name for name, key in (("straat", "street"), ("huisnummer", "number")) if key not in has]
    )
    missing += [name for name, key in (("postcode", "postcode"), ("plaats", "place")) if key not in has]
    if missing:
        raise Invalid(
            N_(
                "De eerste rij moet de namen van de kolommen hebben: naam, straat, huisnummer, postcode, plaats. "
                "Wij missen: %(missing)s. Gevonden: %(shown)s."
            ),
            field="addresses",
            missing=", ".join(missing),
            shown=", ".join(cell.strip()[:30] for cell in cells[:12]) or "–",
        )
    return columns, len(cells)


def _address(columns: dict[int, str], cells: list[str]) -> Address:
    """One row as an address; raises Invalid with what is wrong with it."""
    read = {meaning: " ".join(cells[index].split()) for index, meaning in columns.items() if index < len(cells)}
    for meaning, value in read.items():
        if NEVER_PRINTED.search(value):
            raise Invalid(N_("Er staan tekens in die wij niet kunnen afdrukken."), field=meaning)
    name = read.get("name") or " ".join(
        part for part in (read.get("initials"), read.get("prefix"), read.get("surname")) if part
    )
    address = Address(name, _line(read), _postcode(read.get("postcode", "")), read.get("place", ""))
    if not address.place:
        raise Invalid(N_("De plaats ontbreekt."), field="place")
    if any(character.isdigit() for character in address.place):
        raise Invalid(N_("‘%(text)s’ is geen plaats. Staan de kolommen goed?"), field="place", text=address.place[:30])
    for field, text in (("name", address.name), ("line", address.line), ("place", address.place)):
        if len(text) > LONGEST_LINE:
            raise Invalid(
                N_("‘%(text)s…’ is te lang voor het venster van de envelop: hoogstens %(most)s letters."),
                field=field,
                text=text[:30],
                most=LONGEST_LINE,
            )
    return address


def _line(read: dict[str, str]) -> str:
    """Street, number, letter and addition as they stand on an envelope: 'Wiekstraat 112 A-2'."""
    street, number = read.get("street", ""), read.get("number", "")
    if not street and not number:
        whole = read.get("line", "")
        if not whole:
            raise Invalid(N_("De straat en het huisnummer ontbreken."), field="line")
        if not WHOLE_LINE.fullmatch(whole):
            raise Invalid(N_("In ‘%(text)s’ vinden wij geen straat met een huisnummer."), field="line", text=whole[:30])
        return whole
    if not street:
        raise Invalid(N_("De straat ontbreekt."))
    if not number:
        raise Invalid(N_("Het huisnummer ontbreekt."))
    # '12', but also '12-A' or '12 bis' in one cell; a spreadsheet makes of it '12.0'.
    number = number.removesuffix(".0")
    digits = HOUSE_NUMBER.match(number)
    rest = number[digits.end() :].strip(" -") if digits else ""
    if digits is None or (rest and not ADDITION.fullmatch(rest)):
        raise Invalid(N_("‘%(text)s’ is geen huisnummer."), text=number[:30])
    addition = read.get("addition", "")
    if addition and not ADDITION.fullmatch(addition):
        raise Invalid(N_("‘%(text)s’ is geen toevoeging bij een huisnummer."), text=addition[:30])
    ends = " ".join(part for part in (rest, read.get("letter", "")) if part)
    whole = f"{digits.group()} {ends}".strip()
    return f"{street} {whole}{'-' + addition if addition else ''}"


def _postcode(text: str) -> str:
    upper = text.upper()
    if not upper:
        raise Invalid(N_("De postcode ontbreekt."), field="postcode")
    if not POSTCODE.fullmatch(upper):
        raise Invalid(
            N_("‘%(text)s’ is geen postcode. Een postcode is bijvoorbeeld 9000 XZ."), field="postcode", text=text[:30]
        )
    return f"{upper[:4]} {upper[-2:]}"


# --- beside the letters ------------------------------------------------------------------------------


def keep_addresses(path: Path, addresses: Iterable[Address], window: Window) -> None:
    """Write them beside the letters, readable by us alone: first the window, then one line each, in order."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps(window.value) + "\n")
        for address in addresses:
            lines.write(json.dumps(list(asdict(address).values()), ensure_ascii=False) + "\n")


def kept_window(path: Path) -> Window:
    """For which envelopes these addresses are printed."""
    with path.open(encoding="utf-8") as lines:
        return Window(json.loads(lines.readline()))


def kept_addresses(path: Path) -> Iterator[Address]:
    """Read them back, one at a time."""
    with path.open(encoding="utf-8") as lines:
        lines.readline()
        for line in lines:
            yield Address(*json.loads(line))
