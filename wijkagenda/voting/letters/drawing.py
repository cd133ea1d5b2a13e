"""Letters with a voting code, as PDF: one sheet each, in the hand of the house.

Whoever calls hands in codes and gets bytes; nothing is stored or logged here. WeasyPrint needs memory
for every page of a document, so a long run is made in parts and joined afterwards (`join_letters`).
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from flask import render_template
from flask_babel import force_locale, format_date
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from wijkagenda.config import ROOT, Settings
from wijkagenda.dutch_days import local
from wijkagenda.voting.letters.addresses import Address, Window
from wijkagenda.voting.letters.languages import OTHER_SIDE, told_in_other_languages
from wijkagenda.voting.letters.letter import Letter, NotDrawn, address_of_vote, make_letter
from wijkagenda.voting.models import CodeBatch
from wijkagenda.web.templating import DIST, asset

LETTER_STYLE = "letter.css"
FONTS = (("Letter", "font-latin.woff2"), ("Letter Ext", "font-latin-ext.woff2"), ("Letter Arabic", "font-arabic.woff2"))


def fronts_page(
    settings: Settings, batch: CodeBatch, letters: Sequence[Letter], now: datetime, window: Window = Window.LEFT
) -> str:
    """The fronts of these letters as one page of HTML, in Dutch: the official text."""
    voting_round = batch.voting_round
    return _page(
        "voting/letter.html",
        settings,
        batch,
        letters=letters,
        window=window.value,
        wishes=sum(option.wish_count for option in voting_round.options),
        points=len(voting_round.options),
        address_html=_breakable(address_of_vote(settings)),
        made_on=now,
        languages=OTHER_SIDE,
        logo=(ROOT / "wijkagenda" / "static" / "img" / "logo.svg").as_uri(),
    )


def back_pdf(settings: Settings, batch: CodeBatch) -> bytes:
    """The back of every letter of a run: the same for all, so it is drawn once. It holds no code and no name."""
    closes_on = local(batch.voting_round.closes_at).date()
    page = _page(
        "voting/letter_back.html",
        settings,
        batch,
        address=address_of_vote(settings),
        languages=told_in_other_languages(
            place=batch.voting_round.round.neighbourhood.name,
            address=address_of_vote(settings),
            phone=settings.municipality_phone,
            closes_on=closes_on,
        ),
    )
    return _pdf(page, LETTER_STYLE)


def _page(template: str, settings: Settings, batch: CodeBatch, **context: Any) -> str:
    voting_round = batch.voting_round
    with force_locale("nl"):
        return render_template(
            template,
            voting_round=voting_round,
            neighbourhood=voting_round.round.neighbourhood,
            electorate=batch.electorate,
            rehearsal=voting_round.rehearsal,
            last_day=format_date(local(voting_round.closes_at).date(), "EEEE d MMMM y"),
            municipality_name=settings.municipality_name,
            phone=settings.municipality_phone,
            **context,
        )


def _pdf(page: str, style: str) -> bytes:
    fonts, stylesheets = _paper(style)
    return HTML(string=page).write_pdf(stylesheets=stylesheets, font_config=fonts)


def draw_apart(page: str, style: str, path: Path) -> None:
    """Draw a page into `path` in a process of its own, which takes all the memory of the drawing with it.

    Drawing never gives back what it used: 50,000 letters in one process would take gigabytes. The child is a copy of
    this process, so no code passes through a file or an argument; it does nothing but draw. Whatever ends it, raises
    NotDrawn here. `style`: which style sheet of the templates of voting.
    """
    _paper(style)
    child = os.fork()
    if child == 0:
        try:
            path.write_bytes(_pdf(page, style))
        except BaseException:
            os._exit(1)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        raise NotDrawn("a part of a run was not drawn")


def _breakable(address: str) -> Markup:
    """Bold, and it may break after a dot."""
    return Markup("<b>{}</b>").format(Markup(".<wbr>").join(address.split(".")))


@cache
def _paper(style: str) -> tuple[FontConfiguration, list[CSS]]:
    """Fonts and style, read once for the life of the process: what holds fonts never gives back its memory."""
    fonts = FontConfiguration()
    return fonts, [
        CSS(string=_font_faces(), font_config=fonts),
        CSS(filename=ROOT / "templates" / "voting" / style, font_config=fonts),
    ]


def _font_faces() -> str:
    """The fonts of the site, from our own files."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{(DIST / asset(name).removeprefix("/static/dist/")).as_uri()}"); }}\n'
        for family, name in FONTS
    )


def write_fronts(
    path: Path,
    settings: Settings,
    batch: CodeBatch,
    codes: Sequence[tuple[int, str]],
    now: datetime,
    *,
    addresses: Sequence[Address] = (),
    window: Window = Window.LEFT,
) -> None:
    """Fronts for these (serial, code) pairs, each to its address if there are any, as a PDF in `path`."""
    to: Sequence[Address | None] = addresses or [None] * len(codes)
    letters = [
        make_letter(settings, batch.voting_round_id, serial, code, address)
        for (serial, code), address in zip(codes, to, strict=True)
    ]
    draw_apart(fronts_page(settings, batch, letters, now, window), LETTER_STYLE, path)


def join_letters(fronts: Iterable[Path], back: Path, target: Path) -> None:
    """One PDF to be printed on both sides: every front followed by the back, whose content is there once."""
    with pikepdf.new() as whole, pikepdf.open(back) as shared:
        whole.pages.append(shared.pages[0])
        for path in fronts:
            with pikepdf.open(path) as part:
                for page in part.pages:
                    whole.pages.append(page)
                    whole.pages.append(whole.pages[0])
        del whole.pages[0]
        whole.save(target)


def join_pages(parts: Iterable[Path], target: Path) -> None:
    """One PDF of all parts, page after page."""
    with pikepdf.new() as whole:
        for path in parts:
            with pikepdf.open(path) as part:
                whole.pages.extend(part.pages)
        whole.save(target)
