"""`make translations`: collect every Dutch text of code and templates, and bring English in step with it.

Dutch is the source: a text in the code is what the visitor reads. translations/<language> holds the
others. New texts come in empty, to be written by somebody who knows the language; texts that stand
nowhere any more go. Then the catalogues are compiled (the .mo files are made here, not kept).

  (nothing)   extract, update, compile, and say what is still to be written
  --check     change nothing; answer 1 when a text is missing, doubtful or left over, or its placeholders differ
  --compile   only compile
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
LANGUAGES = ("en",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADING = """\
# Wijkagenda in another language. The Dutch text is what residents read first; say the same thing as plainly (B1).
# Keep every %(name)s and {name} as it is. `make translations` brings this file in step with the code."""
A_DAY = datetime(2026, 11, 22, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
TAG = re.compile(r"</?[a-z]+[^>]*>")


def po_file(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Every text of the sources, each with the files it stands in."""
    catalog = Catalog(project="wijkagenda", charset="utf-8")
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS, comment_tags=("Translators:",))
    for file_name, _line, text, comments, context in found:
        catalog.add(text, None, [(file_name, None)], auto_comments=comments, context=context)
    return catalog


def present(language: str) -> Catalog:
    """What is written so far; an empty catalogue where there is nothing."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="wijkagenda", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, source: Catalog) -> Catalog:
    """Bring a language in step with the source: new texts empty, old ones gone, the rest as written."""
    catalog = present(language)
    catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADING
    catalog.version, catalog.msgid_bugs_address = "", "see CONTRIBUTING.md"
    catalog.last_translator = catalog.language_team = f"Wijkagenda ({language})"
    catalog.fuzzy = False
    # The day of today would make every run a change.
    catalog.creation_date = catalog.revision_date = A_DAY
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    output = BytesIO()
    write_po(output, catalog, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path.write_bytes(output.getvalue())
    return catalog


def compile_catalogue(language: str) -> None:
    """The file that gettext reads. Texts that are missing there show in Dutch."""
    with po_file(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, present(language))


def problems(language: str, source: Catalog) -> Iterator[str]:
    """One line per fault of a language."""
    catalog = present(language)
    for message in source:
        if not message.id:
            continue
        written = catalog.get(message.id, message.context)
        if written is None or not _is_complete(written):
            yield f"missing: {_shown(message)}"
        elif written.fuzzy:
            yield f"doubtful (fuzzy): {_shown(message)}"
        else:
            yield from _differences(written)
    for message in catalog:
        if message.id and source.get(message.id, message.context) is None:
            yield f"left over, no source has it: {_shown(message)}"


def _texts(value: str | list[str] | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_complete(message: Message) -> bool:
    return all(text.strip() for text in _texts(message.string))


def _shown(message: Message) -> str:
    places = ", ".join(sorted({str(place[0]) for place in message.locations})[:2])
    return f"{_texts(message.id)[0]!r}{f' ({places})' if places else ''}"


def _differences(message: Message) -> Iterator[str]:
    """Placeholders and tags must be the same; the singular may leave out its number."""
    wanted = _marks(*_texts(message.id))
    for i, text in enumerate(_texts(message.string)):
        marks = _marks(text)
        missing, extra = wanted - marks, marks - wanted
        if message.pluralizable and i == 0:
            missing -= {"%(num)d", "%(num)s"}
        if missing or extra:
            yield f"placeholders differ: {_shown(message)} -> {text!r}: {' '.join(sorted(missing | extra))}"
    for text in _texts(message.string):
        source = _texts(message.id)[0]
        if [s.isspace() for s in (source[:1], source[-1:])] != [s.isspace() for s in (text[:1], text[-1:])]:
            yield f"white space around it differs: {_shown(message)} -> {text!r}"


def _marks(*texts: str) -> set[str]:
    return {match[0] for text in texts for pattern in (PLACEHOLDER, TAG) for match in pattern.finditer(text)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; answer 1 when something is amiss")
    parser.add_argument("--compile", action="store_true", help="only compile the catalogues")
    arguments = parser.parse_args()
    if arguments.compile:
        for language in LANGUAGES:
            compile_catalogue(language)
        return 0
    source = extracted()
    faults = 0
    for language in LANGUAGES:
        if not arguments.check:
            update(language, source)
            compile_catalogue(language)
        found = list(problems(language, source))
        faults += len(found)
        print(f"{language}: {len(source)} texts, {len(found)} to look at")
        for line in found:
            print(f"  {line}")
    return 1 if arguments.check and faults else 0


if __name__ == "__main__":
    sys.exit(main())
