"""A real Chromium for tests: phone or desk, with or without script, and never another host."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect, sync_playwright

from tests.addresses import furnish
from tests.live import Platform, running_platform
from tests.services import CHROMIUM_ARGUMENTS, chromium_path

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 20_000
"""Milliseconds: two cores serve browser, platform and database at once."""
expect.set_options(timeout=PATIENCE)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def demo_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Markerstad on PostGIS, for looking at every page. Tests leave it as others expect it."""
    folder = tmp_path_factory.mktemp("demo")
    with running_platform("demo", folder=folder, demo=True, RATE_LIMITS_OFF="1") as platform:
        with platform.work():
            furnish(datetime.now(UTC))
        yield platform


@pytest.fixture
def platform(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """An empty platform of this test alone, run for real: no demo, mail by SMTP."""
    name = "".join(c if c.isalnum() else "_" for c in request.node.name.lower())[:40]
    with running_platform(name, folder=tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright) -> Iterator[Browser]:
    browser = _playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def chromium_with_large_text(_playwright: Playwright) -> Iterator[Browser]:
    """As somebody sets it who sees little: text of 200%, in the browser itself."""
    arguments = [*CHROMIUM_ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    browser = _playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
    yield browser
    browser.close()


@dataclass
class Window:
    """One visitor's browser. At the end of the test it must have asked no other host anything."""

    context: BrowserContext
    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(path if path.startswith("http") else self.base + path)
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        return self.page

    def sign_in(self, name: str) -> None:
        """Be somebody of the demo's staff, by its button."""
        self.open("/werkplek/aanmelden").get_by_role("button", name=f"Kies {name}", exact=True).click()
        self.page.wait_for_url("**/werkplek")

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands, with the WCAG 2.2 AA tags."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(
            """async tags => {
                const options = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
                const {violations} = await axe.run(document, options);
                return violations.map(v => `${v.id}: ${JSON.stringify(v.nodes.slice(0, 4).map(n => n.target))}`);
            }""",
            TAGS,
        )
        return [f"{self.page.url} {violation}" for violation in found]


WindowMaker = Callable[..., Window]


@pytest.fixture
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[WindowMaker]:
    """Open a window: window(platform, phone=True, script=False, large_text=True)."""
    opened: list[Window] = []

    def make(platform: Platform, *, phone: bool = False, script: bool = True, large_text: bool = False) -> Window:
        browser = request.getfixturevalue("chromium_with_large_text") if large_text else chromium
        context = browser.new_context(
            viewport=PHONE if phone else DESK, java_script_enabled=script, locale="nl-NL", has_touch=phone,
            timezone_id="Europe/Amsterdam",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        new = Window(context, context.new_page(), platform.url)

        def note(request: Request) -> None:
            if not request.url.startswith((platform.url, "data:", "blob:", "about:")):
                new.foreign.append(request.url)

        context.on("request", note)
        context.on("console", lambda message: _note_refusal(new, message.text))
        opened.append(new)
        return new

    yield make
    for each in opened:
        each.context.close()
        assert not each.foreign, f"another host was asked: {each.foreign}"
        assert not each.refused, f"the content security policy was broken: {each.refused}"


def _note_refusal(window: Window, text: str) -> None:
    if "Content Security Policy" in text or "Content-Security-Policy" in text:
        window.refused.append(text)
