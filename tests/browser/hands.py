"""How somebody works a page: with a pointer, or with nothing but a keyboard.

The same tasks run with either. Things are found by what people perceive: the words of a button, the
label of a field.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Protocol

from playwright.sync_api import Download, Error, Locator, Page, expect

MOST_TABS = 250
SAFELY = 6
STOPS_BEFORE = """target => {
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter(e => e.tabIndex >= 0 && e.type !== "radio" && e.checkVisibility());
  const from = document.activeElement, after = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  const begun = from && from !== document.body;
  return stops.filter(e => after(e, target) && (!begun || after(from, e))).length;
}"""
"""How many Tab stops lie between the focus and the target, radio buttons left out: never too many."""
LEADS_ELSEWHERE = """target => {
  const e = target.closest("a[href], button, input");
  if (e && e.tagName === "A") return !e.target && e.href.split("#")[0] !== location.href.split("#")[0];
  return Boolean(e && e.form && e.type === "submit");
}"""
"""Whether pressing this gives a new page: a link to another page, or the button of a form."""
DOCUMENT = """() => document.readyState === 'complete' && document.body && location.protocol !== 'about:'
  ? performance.timeOrigin : 0"""
"""A number that every document has for itself, or 0 for one that is still coming in, and for the empty one before it."""
PATIENCE_SECONDS = 10


class Hands(Protocol):
    """What a task needs. Names are the words on the screen; part of a label is enough."""

    page: Page

    def press(self, name: str) -> None:
        """A button or a link."""
        ...

    def type(self, label: str, text: str) -> None: ...

    def date(self, label: str, day: date) -> None: ...

    def choose(self, name: str) -> None:
        """A radio button or a tick box."""
        ...

    def select(self, label: str, option: str) -> None: ...

    def fetch(self, name: str) -> Download:
        """Press something that gives a file."""
        ...


def button_or_link(page: Page, name: str) -> Locator:
    """The one with these words; buttons before links, the whole name before a part of it."""
    return _soon(
        page,
        f"button or link {name!r}",
        [page.get_by_role(role, name=name, exact=exact) for exact in (True, False) for role in ("button", "link")],  # type: ignore[arg-type]
    )


def field(page: Page, label: str) -> Locator:
    """The field with this label, or whose label begins with it."""
    beginning = page.get_by_label(re.compile(f"^{re.escape(label)}"))
    return _soon(page, f"field {label!r}", [page.get_by_label(label, exact=True), beginning])


def choice(page: Page, name: str) -> Locator:
    """The radio button or tick box whose words begin so."""
    words = re.compile(f"^{re.escape(name)}", re.IGNORECASE)
    return _soon(page, f"choice {name!r}", [page.get_by_role(role, name=words) for role in ("radio", "checkbox")])  # type: ignore[arg-type]


def _soon(page: Page, what: str, ways: list[Locator]) -> Locator:
    """The first that is there; the page may still be on its way."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        for found in ways:
            if found.count():
                return found.first
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url} has no {what}")


@contextmanager
def arriving(page: Page, target: Locator) -> Iterator[None]:
    """After what is pressed here we are on the new page, if it leads to one, and not still on the old."""
    before = page.evaluate(DOCUMENT) if target.evaluate(LEADS_ELSEWHERE) else None
    yield
    until = time.monotonic() + 3 * PATIENCE_SECONDS
    while before is not None and time.monotonic() < until:
        page.wait_for_timeout(20)
        try:
            if page.evaluate(DOCUMENT) not in {before, 0}:
                return
        except Error:  # between two documents there is nothing to ask
            continue
    assert before is None, f"{page.url}: nothing came of pressing {target}"


class Pointer:
    """Mouse or finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        target = button_or_link(self.page, name)
        with arriving(self.page, target):
            target.click()

    def type(self, label: str, text: str) -> None:
        field(self.page, label).fill(text)

    def date(self, label: str, day: date) -> None:
        field(self.page, label).fill(day.isoformat())

    def choose(self, name: str) -> None:
        choice(self.page, name).check()

    def select(self, label: str, option: str) -> None:
        field(self.page, label).select_option(label=option)

    def fetch(self, name: str) -> Download:
        with self.page.expect_download() as coming:
            button_or_link(self.page, name).click()
        return coming.value


class Keyboard:
    """Tab, Enter, Space, arrows and letters; never a click, never a value put in from outside."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        target = self._go_to(button_or_link(self.page, name))
        with arriving(self.page, target):
            self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        target = self._go_to(field(self.page, label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        expect(target).to_have_value(text)

    def date(self, label: str, day: date) -> None:
        target = self._go_to(field(self.page, label))
        # In what order a date is typed depends on the language of the browser, not of the page.
        for order in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.type(day.strftime(order))
            if target.input_value() == day.isoformat():
                return
            self._back_to_the_first_part(target)
        raise AssertionError(f"{label} cannot be typed: it became {target.input_value()!r}")

    def choose(self, name: str) -> None:
        target = choice(self.page, name)
        if target.get_attribute("type") == "checkbox":
            self._go_to(target)
            self.page.keyboard.press("Space")
        else:
            self._go_to(target, group=True)
            if self._has_focus(target):
                self.page.keyboard.press("Space")
            for _option in range(20):
                if target.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        expect(target).to_be_checked()

    def select(self, label: str, option: str) -> None:
        target = self._go_to(field(self.page, label))
        self.page.keyboard.press("Home")
        for _option in range(60):
            if target.locator("option:checked").inner_text().strip() == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} has no option {option!r}")

    def fetch(self, name: str) -> Download:
        self._go_to(button_or_link(self.page, name))
        with self.page.expect_download() as coming:
            self.page.keyboard.press("Enter")
        return coming.value

    def _go_to(self, target: Locator, *, group: bool = False) -> Locator:
        """Tab until the target has the focus (or, of a group of radio buttons, one of them), and is seen."""
        # Most of the way without looking: each look costs as much as ten presses.
        for _tab in range(target.evaluate(STOPS_BEFORE) - SAFELY):
            self.page.keyboard.press("Tab")
        for _tab in range(MOST_TABS):
            if self._has_focus(target) or (group and self._has_focus(target, group=True)):
                if not group:
                    expect(target).to_be_in_viewport()
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: {target} cannot be reached with Tab")

    @staticmethod
    def _has_focus(target: Locator, *, group: bool = False) -> bool:
        same = "document.activeElement && document.activeElement.name === e.name && e.name" if group else "false"
        return target.evaluate(f"e => e === document.activeElement || Boolean({same})")

    def _back_to_the_first_part(self, target: Locator) -> None:
        self.page.keyboard.press("Shift+Tab")
        for _part in range(4):
            if self._has_focus(target):
                self.page.keyboard.press("Shift+Tab")
        self.page.keyboard.press("Tab")
