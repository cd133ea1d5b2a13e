"""What must hold for every page as it stands in a window."""

from playwright.sync_api import Page

from tests.windows import DESK, PHONE, Window

SMALLEST = {"width": 320, "height": 640}


def inspect(window: Window, *, seen_before: bool = False) -> list[str]:
    """Everything that is wrong here: at desk width, on a phone, and how far it scrolls sideways.

    Sideways at 390 and 320 px (a page of 1,280 px zoomed to 400%), and with text twice as large on a phone and a desk.
    A page of a kind that was seen before is looked at by axe on a phone only.
    """
    page = window.page
    found = [] if seen_before else [f"desk: {problem}" for problem in window.axe()]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += [f"phone: {problem}" for problem in window.axe()]
    for size in (PHONE, SMALLEST):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += _sideways(page, f"{size['width']} px")
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += _sideways(page, f"{size['width']} px, text of 200%")
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    return found


def inspect_as_it_stands(window: Window, *, script: bool = True) -> list[str]:
    """What axe finds, and how far it scrolls sideways, in the window as its visitor has it.

    Axe is a script, and never ends in a window without.
    """
    return (window.axe() if script else []) + _sideways(window.page, "as it stands")


def _sideways(page: Page, how: str) -> list[str]:
    """How far the page scrolls sideways, and what sticks out."""
    too_wide, what = page.evaluate(
        "() => [document.documentElement.scrollWidth - window.innerWidth, [...document.querySelectorAll('header *, main *')]"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 3)"
        ".map(e => e.tagName + '.' + e.className)]"
    )
    return [f"{how}: {page.url} scrolls {too_wide} px sideways: {what}"] if too_wide > 0 else []
