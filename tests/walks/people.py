"""Who walk: somebody at a window with hands of their own, and an eye that looks at every page they pass."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import ConsoleMessage, Download, Page

from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.inspection import inspect_as_it_stands
from tests.walks import story
from tests.windows import Window

KIND = """() => [location.pathname, ...[...document.querySelectorAll("h1, h2, .utrecht-form-field-error-message")]
  .map(e => e.textContent.trim())].join("\\n")"""
"""What kind of page this is: its address, its headings and what it says is wrong."""
IS_DRESSED = "() => [...document.styleSheets].some(sheet => sheet.cssRules.length > 20)"
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
looked_at: set[tuple[object, ...]] = set()
"""Kinds of pages, as they were seen in one kind of window: once is enough."""


@dataclass(frozen=True)
class Way:
    """How somebody works: on what, with what, and whether scripts run."""

    phone: bool
    hands: type[Pointer] | type[Keyboard]
    script: bool = True


ON_A_PHONE = Way(True, Pointer)
AT_A_DESK = Way(False, Pointer)
BY_KEYBOARD = Way(False, Keyboard)
WITHOUT_SCRIPT = Way(False, Pointer, script=False)


def ways(**named: Way) -> pytest.MarkDecorator:
    """Walk this story in each of these ways."""
    return pytest.mark.parametrize("way", [pytest.param(way, id=name.replace("_", "-")) for name, way in named.items()])


EVERY_WAY = ways(phone=ON_A_PHONE, desk_by_keyboard=BY_KEYBOARD, desk_without_script=WITHOUT_SCRIPT)


class WatchfulHands:
    """Hands that look at every page they come to, and at every page as it stands when they leave it."""

    def __init__(self, hands: Hands, look: Callable[[], None]) -> None:
        self.page: Page = hands.page
        self.type, self.date, self.choose, self.select = hands.type, hands.date, hands.choose, hands.select
        self._hands, self._look = hands, look

    def press(self, name: str) -> None:
        self._look()
        self._hands.press(name)
        self._look()

    def fetch(self, name: str) -> Download:
        self._look()
        return self._hands.fetch(name)


@dataclass
class Person:
    """Somebody at a window. `problems` is whatever was wrong with a page they passed: it must stay empty.

    twin: gives a window of the same size in which scripts run. Axe is a script, so a page in a window without is looked
    at there, as it stood.
    """

    window: Window
    way: Way
    twin: Callable[[], Window]
    large_text: bool = False
    problems: list[str] = field(default_factory=list)
    hands: Hands = field(init=False)
    _twin: Window | None = None

    def __post_init__(self) -> None:
        self.hands = WatchfulHands(self.way.hands(self.window.page), self.look_around)
        self.window.page.on("pageerror", lambda error: self.problems.append(f"{self.window.page.url}: {error}"))
        self.window.context.on("console", self._note)

    def look(self, heading: str) -> None:
        """We are on the page with this h1, and it is as it should be."""
        story.heading(self.hands, heading)
        self.look_around()

    def look_around(self) -> None:
        """The page as it stands is as it should be; of each kind one is looked at closely."""
        page = self.window.page
        if not page.url.startswith(self.window.base):
            return
        kind = re.sub(r"\d+", "0", page.evaluate(KIND))
        seen = (self.way.phone, self.way.script, self.large_text, kind)
        if seen in looked_at:
            return
        looked_at.add(seen)
        self.problems += inspect_as_it_stands(self.window, script=self.way.script)
        if not self.way.script:
            self._twin = self._twin or self.twin()
            self._twin.open("/health")
            self._twin.page.set_content(SCRIPT.sub("", page.content()))
            assert self._twin.page.evaluate(IS_DRESSED), f"{page.url} came to its twin without its style"
            self.problems += [f"{page.url} without script: {problem}" for problem in self._twin.axe()]

    def _note(self, message: ConsoleMessage) -> None:
        """Errors in the console. That a form came back with an error, a browser tells there too: that is none."""
        answer = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
        if message.type == "error" and not (answer and "status of 4" in message.text):
            self.problems.append(f"{self.window.page.url}: the console says: {message.text}")
