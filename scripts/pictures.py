"""`make pictures`: every page of the demo as a picture, to be looked at beside the design.

Starts the demo on a port and a database of its own in a temporary folder. Pictures go to
pictures/<language>/<width>/, with an index.html over all. At the end it says what does not look
right by itself: pages that scroll sideways, errors of scripts, other hosts, pages without a picture.

  --only wens,stem   just the pages whose name holds one of these
"""

import argparse
import html
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright  # noqa: E402

from scripts import picture_scenes as scenes  # noqa: E402
from scripts.picture_pages import PAGES, Examples, NotInTheDemo, roles_of, routes_without_a_picture  # noqa: E402
from scripts.picture_pages import Page as Wanted  # noqa: E402
from tests import services  # noqa: E402
from tests.live import Platform, running_platform  # noqa: E402
from wijkagenda.config import Settings  # noqa: E402
from wijkagenda.feedback.models import Subscription  # noqa: E402
from wijkagenda.people.models import Role  # noqa: E402
from wijkagenda.rounds.models import PhaseKind  # noqa: E402
from wijkagenda.voting.codes import round_key  # noqa: E402
from wijkagenda.voting.letters.operations import make_codes  # noqa: E402
from wijkagenda.voting.models import CodeBatch, CodeBatchState, Electorate, VotingRound, VotingState  # noqa: E402
from wijkagenda.web.i18n import local  # noqa: E402
from wijkagenda.wishes.models import WishState  # noqa: E402

FOLDER = ROOT / "pictures"
WIDTHS = {390: 844, 1280: 900}
LANGUAGES = {"nl": "", "en": "/en"}
LONGEST = 12_000
RESIDENT = "bewoner"


@dataclass
class Album:
    """What was pictured, and what asks for a look."""

    taken: dict[str, dict[tuple[str, int], Path]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)


def addresses(platform: Platform) -> dict[str, str | NotInTheDemo]:
    """Path of every page by its name, with examples from the database."""
    found: dict[str, str | NotInTheDemo] = {}
    with platform.app.test_request_context(), platform.look():
        examples = Examples(local(datetime.now(UTC)).date())
        for page in PAGES:
            try:
                values = {"endpoint": page.endpoint, "values": page.arguments(examples)}
                found[page.name] = platform.app.url_for(values["endpoint"], _external=False, **values["values"])
            except NotInTheDemo as problem:
                found[page.name] = problem
    return found


def add_what_the_demo_lacks(platform: Platform) -> None:
    """Followers (the demo has no mail addresses of residents) and a vote in preparation."""
    moment = datetime.now(UTC)
    with platform.work() as session:
        examples = Examples(local(moment).date())
        wish = examples.wish(WishState.PLACED)
        for name, confirmed_at in (("een", None), ("twee", moment)):
            session.add(
                Subscription(
                    email=f"{name}@post.example",
                    wish_id=wish.id,
                    token=f"voorbeeld-{name}",
                    asked_at=moment,
                    confirmed_at=confirmed_at,
                )
            )
        agenda_round = examples.round(PhaseKind.BUNDLING)
        session.add(
            VotingRound(
                round_id=agenda_round.id,
                title=f"Stemming in {agenda_round.neighbourhood.name}",
                opens_at=moment + timedelta(days=30),
                closes_at=moment + timedelta(days=50),
                result_on=local(moment).date() + timedelta(days=55),
                state=VotingState.DRAFT,
                seats=3,
            )
        )


def letter_codes(platform: Platform, number: int) -> list[str]:
    """Fresh codes of the vote that is open, as if letters had been printed."""
    with platform.work() as session:
        vote = Examples(local(datetime.now(UTC)).date()).vote(VotingState.OPEN)
        batch = CodeBatch(
            voting_round_id=vote.id,
            electorate=Electorate.RESIDENTS,
            size=number,
            state=CodeBatchState.READY,
            asked_at=datetime.now(UTC),
            ready_at=datetime.now(UTC),
        )
        session.add(batch)
        session.flush()
        settings: Settings = platform.app.config["SETTINGS"]
        return [code for _, code in make_codes(batch=batch, number=number, key=round_key(settings, vote.id))]


def new_context(browser: Browser, platform: Platform, width: int, album: Album) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        has_touch=width < 600,
    )
    context.set_default_timeout(15_000)
    context.on("request", lambda request: _note_request(request.url, platform.url, album))
    context.on("console", lambda message: _note_console(message.type, message.text, message.page, album))
    context.on("weberror", lambda error: album.remark(f"script: {error.error}"))
    return context


def _note_request(url: str, own: str, album: Album) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        album.remark(f"another host was asked: {url}")


def _note_console(kind: str, text: str, page: Page | None, album: Album) -> None:
    # A page that answers 404 or 422 on purpose is logged as an error by the browser.
    if kind == "error" and "the server responded with a status of 4" not in text:
        album.remark(f"console: {text[:200]} ({page.url if page else ''})")


def take(page: Page, name: str, language: str, width: int, album: Album) -> None:
    """One picture of the page as it stands."""
    path = FOLDER / language / str(width) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("load")
    if page.locator(".folium-map").count():
        page.wait_for_load_state("networkidle")  # its data comes later
    page.evaluate("() => document.fonts.ready.then(() => true)")
    size = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    if size[0] > width:
        album.remark(f"scrolls sideways at {width}: {name} ({language}, {size[0]} px)")
    page.screenshot(path=path, full_page=size[1] <= LONGEST, animations="disabled")
    album.taken.setdefault(name, {})[language, width] = path


def visit(page: Page, platform: Platform, wanted: Wanted, path: str, language: str) -> int:
    answer = page.goto(f"{platform.url}{LANGUAGES[language]}{path}")
    return answer.status if answer else 0


def sign_in(context: BrowserContext, platform: Platform, staff_id: int) -> Page:
    """By one click, as anybody can in the demo."""
    page = context.new_page()
    page.goto(f"{platform.url}/werkplek/aanmelden")
    with page.expect_navigation():
        page.locator(f"form[action$='/proef/{staff_id}'] button").click()
    return page


def picture_residents(
    browser: Browser, platform: Platform, wanted: list[Wanted], paths: dict[str, str], album: Album
) -> None:
    for width in WIDTHS:
        context = new_context(browser, platform, width, album)
        page = context.new_page()
        for language in LANGUAGES:
            for one in wanted:
                if roles_of(platform.app, one.endpoint) is None:
                    status = visit(page, platform, one, paths[one.name], language)
                    if status >= 500:
                        album.remark(f"{one.name} answered {status}")
                    take(page, one.name, language, width, album)
        context.close()


def picture_staff(
    browser: Browser, platform: Platform, wanted: list[Wanted], paths: dict[str, str], album: Album
) -> None:
    """Every staff page: four pictures as the first role that may see it, one as each other role."""
    first: dict[str, Role] = {}
    for role, staff_ids in staff_by_role(platform).items():
        for width in WIDTHS:
            people = People(browser, platform, width, album, staff_ids)
            for language in LANGUAGES:
                for one in wanted:
                    admitted = roles_of(platform.app, one.endpoint)
                    if admitted is None or role not in admitted:
                        continue
                    if first.get(one.name, role) is not role and (language, width) != ("nl", 1280):
                        continue
                    page = people.who_may_see(one, paths[one.name], language)
                    if page is not None:
                        first.setdefault(one.name, role)
                        take(page, f"{one.name}--{role.value}", language, width, album)
            people.leave()
    for one in wanted:
        if roles_of(platform.app, one.endpoint) is not None and one.name not in first:
            album.remark(f"{one.name}: nobody may see {paths[one.name]}")


@dataclass
class People:
    """Colleagues with one role, each for another part of the city; they sign in when they are needed."""

    browser: Browser
    platform: Platform
    width: int
    album: Album
    staff_ids: list[int]
    signed_in: dict[int, Page] = field(default_factory=dict)

    def who_may_see(self, wanted: Wanted, path: str, language: str) -> Page | None:
        """The window of the first of them who is let in."""
        for staff_id in self.staff_ids:
            if staff_id not in self.signed_in:
                context = new_context(self.browser, self.platform, self.width, self.album)
                self.signed_in[staff_id] = sign_in(context, self.platform, staff_id)
            status = visit(self.signed_in[staff_id], self.platform, wanted, path, language)
            if status >= 400 and status != 403:
                self.album.remark(f"{wanted.name} answered {status}")
            if status != 403:
                return self.signed_in[staff_id]
        return None

    def leave(self) -> None:
        for page in self.signed_in.values():
            page.context.close()


def staff_by_role(platform: Platform) -> dict[Role, list[int]]:
    with platform.look():
        examples = Examples(local(datetime.now(UTC)).date())
        return {role: [member.id for member in examples.members(role)] for role in Role}


def picture_scenes(browser: Browser, platform: Platform, only: list[str], album: Album) -> None:
    codes = letter_codes(platform, len(WIDTHS) * len(LANGUAGES))
    with platform.look():
        listening = Examples(local(datetime.now(UTC)).date()).slug(PhaseKind.LISTENING)
    for width in WIDTHS:
        for language, prefix in LANGUAGES.items():
            context = new_context(browser, platform, width, album)
            for scene, argument in (
                (scenes.voting, codes.pop()),
                (scenes.giving_a_wish, listening),
                (scenes.a_wrong_address, ""),
            ):
                page = context.new_page()
                name = "the beginning"
                try:
                    for name in scene(page, platform.url + prefix, argument):
                        if _is_wanted(name, only):
                            take(page, name, language, width, album)
                except Error as problem:
                    album.remark(f"{scene.__name__} stopped after {name}: {str(problem).splitlines()[0]}")
                page.close()
            context.close()


def _is_wanted(name: str, only: list[str]) -> bool:
    return not only or any(part in name for part in only)


def write_index(album: Album) -> None:
    """One page with all pictures, small, each a link to the whole."""

    def cells(pictures: dict[tuple[str, int], Path]) -> Iterator[str]:
        for key in ((language, width) for language in LANGUAGES for width in WIDTHS):
            path = pictures.get(key)
            source = path.relative_to(FOLDER).as_posix() if path else ""
            yield f'<td>{f"""<a href="{source}"><img src="{source}" alt="" loading="lazy"></a>""" if path else ""}</td>'

    heads = "".join(f"<th>{language} {width}</th>" for language in LANGUAGES for width in WIDTHS)
    rows = "".join(
        f'<tr id="{html.escape(name)}"><th>{html.escape(name)}</th>{"".join(cells(pictures))}</tr>'
        for name, pictures in album.taken.items()
    )
    remarks = "".join(f"<li>{html.escape(remark)}</li>" for remark in album.remarks)
    (FOLDER / "index.html").write_text(
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of Wijkagenda</title>
<style>body{{font:16px sans-serif;margin:24px}}img{{max-width:100%;max-height:420px;border:1px solid #999}}
td,th{{vertical-align:top;padding:8px;text-align:left;width:20%}}</style>
<h1>Pictures of Wijkagenda</h1><p>{len(album.taken)} pages.</p><h2>To look at</h2><ul>{remarks or "<li>nothing</li>"}</ul>
<table><tr><th></th>{heads}</tr>{rows}</table></html>"""
    )


def make(only: list[str]) -> Album:
    album = Album()
    folder = services.new_run_folder()
    os.environ[services.RUN_FOLDER] = folder
    try:
        with (
            tempfile.TemporaryDirectory() as data,
            running_platform("pictures", folder=Path(data), backend="spatialite", demo=True) as platform,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=services.chromium_path(), args=list(services.CHROMIUM_ARGUMENTS)
            )
            add_what_the_demo_lacks(platform)
            found = addresses(platform)
            for name, problem in found.items():
                if isinstance(problem, NotInTheDemo):
                    album.remark(f"{name}: the demo has no {problem}")
            paths = {name: path for name, path in found.items() if isinstance(path, str)}
            wanted = [page for page in PAGES if page.name in paths and _is_wanted(page.name, only)]
            picture_residents(browser, platform, wanted, paths, album)
            picture_staff(browser, platform, wanted, paths, album)
            picture_scenes(browser, platform, only, album)
            for route in routes_without_a_picture(platform.app):
                album.remark(f"no picture of {route}")
            browser.close()
    finally:
        services.stop_run(folder)
    return album


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="parts of names, separated by commas")
    only = [part for part in parser.parse_args().only.split(",") if part]
    began = time.monotonic()
    album = make(only)
    write_index(album)
    count = sum(len(pictures) for pictures in album.taken.values())
    print(f"{count} pictures of {len(album.taken)} pages in {time.monotonic() - began:.0f} s: {FOLDER / 'index.html'}")
    for remark in album.remarks:
        print(f"  look at: {remark}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
