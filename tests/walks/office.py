"""What a voting office does around a vote, each task as its officer does it: paper, a screen for visitors, the result.

Preparing, keys, letters, closing, counting and publishing are in `story`: the walk of one wish passes them too.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.live import Platform
from tests.walks import story

PUT_ASIDE = "Leg strook en biljet in de envelop"


def open_vote_page(hands: Hands, platform: Platform, voting_round_id: int) -> None:
    hands.page.goto(f"{platform.url}/werkplek/stemmingen/{voting_round_id}")


# --- paper -----------------------------------------------------------------------------------------


def print_ballots(hands: Hands, number: int, folder: Path) -> list[str]:
    """On the page about paper: ask for ballots with a code, wait, fetch them; returns the words of each."""
    hands.type("Hoeveel stembiljetten?", str(number))
    hands.press("Vraag stembiljetten aan")
    path = story.fetch_when_made(hands, "Haal de stembiljetten op (ZIP)", folder / "stembiljetten.zip")
    printed = story.printed_pages(path, "stembiljetten.pdf")
    assert len(printed) == number
    return printed


def number_on(ballot: str, title: str) -> int:
    """Which number a point has on a printed ballot."""
    found = re.search(rf"(\d+) {re.escape(title)}", re.sub(r"\s+", " ", ballot))
    assert found, ballot
    return int(found[1])


def begin_pile(hands: Hands) -> None:
    hands.press("Begin een stapel")
    story.heading(hands, "Stapel 1")


def take_stub(hands: Hands, code: str, words: str = "Leg het biljet op deze stapel, ongelezen.") -> None:
    """At desk A, where somebody hands in stub and ballot."""
    hands.type("Code op de strook", code)
    hands.press("Gebruik deze code")
    story.said(hands, words)


def fill_pile(hands: Hands, sheets: int) -> None:
    """Shaken, counted by hand, and numbered."""
    hands.type("Hoeveel biljetten telt u?", str(sheets))
    hands.press("Sluit de stapel")
    story.said(hands, "Nu typen twee mensen hem over, ieder apart.")


def go_to_pile(hands: Hands, platform: Platform, voting_round_id: int) -> None:
    open_vote_page(hands, platform, voting_round_id)
    hands.press("Stemmen op papier")
    hands.press("Stapel 1")
    story.heading(hands, "Stapel 1")


def type_pile_over(hands: Hands, sheets: Sequence[str]) -> None:
    """The whole pile, from its first sheet to its last: on every sheet these numbers."""
    hands.press("Typ biljet 1")
    for number, crosses in enumerate(sheets, 1):
        story.heading(hands, f"Biljet {number} van {len(sheets)}")
        type_sheet(hands, crosses)
    story.heading(hands, "Stapel 1")


def type_sheet(hands: Hands, crosses: str) -> None:
    hands.type("Welke nummers zijn aangekruist?", crosses)
    hands.press("Bewaar en ga verder")


def put_pile_in_box(hands: Hands) -> None:
    hands.choose("Ik weet het zeker.")
    hands.press("Doe de stapel in de stembus")
    story.said(hands, "Deze stapel zit in de stembus.")


# --- a screen for visitors --------------------------------------------------------------------------


def make_screen_for_visitors(hands: Hands, platform: Platform, voting_round_id: int) -> None:
    """The officer signs out with it: who sits here next is a voter."""
    open_vote_page(hands, platform, voting_round_id)
    hands.press("Stemcomputer voor bezoekers")
    story.heading(hands, "Stemcomputer voor bezoekers")
    hands.press("Maak dit een stemcomputer")
    story.heading(hands, "Typ de code uit uw brief")


def make_ordinary_screen(hands: Hands, platform: Platform) -> None:
    """By the address of the page, for a screen for visitors leads nowhere; the officer is signed in."""
    hands.page.goto(f"{platform.url}/werkplek/stemmingen/kiosk")
    hands.press("Zet dit uit")
    story.said(hands, "Dit is nu weer een gewone computer.")


def heading_is(page: Page, words: str) -> None:
    """Whoever came to this page did so by its address."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


# --- what everybody can see afterwards ---------------------------------------------------------------


def chosen(page: Page) -> list[str]:
    """On the page of the result: what was chosen, in order."""
    return page.locator("section[aria-labelledby=gekozen] ol > li > strong").all_inner_texts()


def votes(page: Page) -> dict[str, int]:
    """On the page of the result: how many votes each point had."""
    rows = cells(page, "section[aria-labelledby=stemmen] table")
    return {title: int(number) for title, _place, number in rows}


def cells(page: Page, table: str) -> list[list[str]]:
    """The words of a table, row by row."""
    rows = page.locator(f"{table} tbody tr")
    return rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))")


def rows_of_sheet(page: Page, caption: str) -> list[list[str]]:
    """On the count sheet: the table with this name."""
    heading_is(page, "Telblad")
    return cells(page, f"table:has(caption:text-is('{caption}'))")


def facts(page: Page, *names: str) -> Mapping[str, str]:
    """What stands behind these names."""
    return {name: page.locator(f"dt:text-is('{name}') + dd").inner_text() for name in names}
