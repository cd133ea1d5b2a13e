"""Letters with a voting code, as PDF: one page each, in the hand of the house.

Whoever calls hands in codes and gets bytes; nothing is stored or logged here. WeasyPrint needs memory
for every page of a document, so a long run is made in parts and joined afterwards (`join_parts`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
import segno
from flask import render_template
from flask_babel import force_locale, format_date
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from wijkagenda.config import ROOT, Settings
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import CodeBatch
from wijkagenda.web.i18n import local
from wijkagenda.web.templating import DIST, asset

QUIET_ZONE = 4
FONTS = (("Letter", "font-latin.woff2"), ("Letter Ext", "font-latin-ext.woff2"), ("Letter Arabic", "font-arabic.woff2"))
LANGUAGES = (
    ("en", "ltr", "English", "Vote with this code. Help: {phone}"),
    ("tr", "ltr", "Türkçe", "Bu kodla oy verin."),
    ("pl", "ltr", "Polski", "Zagłosuj tym kodem."),
    ("ar", "rtl", "العربية", "صوّت بهذا الرمز."),
)
"""One line per language on every letter; a native reader looks at them before they are used."""


@dataclass(frozen=True)
class Letter:
    """One letter: `code` and `serial` as printed, and the address its QR leads to.

    The code stands behind '#' in that address: a browser keeps that part to itself.
    """

    code: str
    serial: str
    address: str

    @property
    def qr(self) -> Markup:
        """The QR as SVG, with its quiet zone."""
        drawn = segno.make(self.address, error="m", micro=False).svg_inline(
            border=QUIET_ZONE, omitsize=True, dark="#16231e"
        )
        return Markup(drawn)  # noqa: S704  (drawn by segno)


def printed_serial(voting_round_id: int, serial: int) -> str:
    """As it stands on the letter: round and number, '0036-01842'."""
    return f"{voting_round_id:04d}-{serial:05d}"


def address_of_vote(settings: Settings) -> str:
    """Where one types the code, as people read it: 'wijkagenda.markerstad.example/stem'."""
    parts = urlsplit(settings.public_url)
    return f"{parts.netloc}{parts.path}/stem"


def make_letter(settings: Settings, voting_round_id: int, serial: int, code: str) -> Letter:
    """A letter for this code."""
    address = f"{settings.public_url}/stem#code={code}"
    return Letter(grouped(code), printed_serial(voting_round_id, serial), address)


def letters_pdf(settings: Settings, batch: CodeBatch, letters: Sequence[Letter], now: datetime) -> bytes:
    """These letters as one PDF, in Dutch: the official text, with a line per other language."""
    voting_round = batch.voting_round
    with force_locale("nl"):
        html = render_template(
            "voting/letter.html",
            letters=letters,
            voting_round=voting_round,
            neighbourhood=voting_round.round.neighbourhood,
            electorate=batch.electorate,
            wishes=sum(option.wish_count for option in voting_round.options),
            points=len(voting_round.options),
            last_day=format_date(local(voting_round.closes_at).date(), "EEEE d MMMM y"),
            address_html=_breakable(address_of_vote(settings)),
            municipality_name=settings.municipality_name,
            phone=settings.municipality_phone,
            made_on=now,
            languages=[(*head, text.format(phone=settings.municipality_phone)) for *head, text in LANGUAGES],
            logo=(ROOT / "wijkagenda" / "static" / "img" / "logo.svg").as_uri(),
        )
    fonts = FontConfiguration()
    return HTML(string=html).write_pdf(stylesheets=_stylesheets(fonts), font_config=fonts)


def _breakable(address: str) -> Markup:
    """Bold, and it may break after a dot."""
    return Markup("<b>{}</b>").format(Markup(".<wbr>").join(address.split(".")))


def _stylesheets(fonts: FontConfiguration) -> list[CSS]:
    return [
        CSS(string=_font_faces(), font_config=fonts),
        CSS(filename=ROOT / "templates" / "voting" / "letter.css", font_config=fonts),
    ]


@cache
def _font_faces() -> str:
    """The fonts of the site, from our own files."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{(DIST / asset(name).removeprefix("/static/dist/")).as_uri()}"); }}\n'
        for family, name in FONTS
    )


def write_part(
    path: Path, settings: Settings, batch: CodeBatch, codes: Iterable[tuple[int, str]], now: datetime
) -> None:
    """Letters for these (serial, code) pairs of a run, as a PDF in `path`."""
    letters = [make_letter(settings, batch.voting_round_id, serial, code) for serial, code in codes]
    path.write_bytes(letters_pdf(settings, batch, letters, now))


def join_parts(parts: Iterable[Path], target: Path) -> None:
    """Join PDF files in order. Pages are copied one file at a time; the result is readable by us alone."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(part) as pages:
                whole.pages.extend(pages.pages)
        whole.save(target)
