"""Every page of Markerstad in a real Chromium: axe, no other host, nothing refused by the policy, no scrolling sideways.

A page family per test; `tests/addresses.py` knows them all. What a page shows after something went
wrong is in `test_every_state.py`.
"""

import pytest

from tests.addresses import Address, every_address
from tests.browser.inspection import inspect
from tests.live import Platform
from tests.windows import Window, WindowMaker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

FAMILIES = {
    "the city and its pages": {"home"},
    "wishes": {"wishes"},
    "conversations": {"consultations", "rounds"},
    "voting": {"voting", "voting_practice", "voting_rules", "voting_remarks"},
    "results of votes": {"voting_result", "voting_recount", "voting_sheet", "voting_archive"},
    "agenda, actions and news": {"priorities", "plan", "progress"},
    "mail and signing in": {"feedback", "sign_in", "neighbourhoods", "publication"},
    "desk: work list and wishes": {"desk", "wishes_desk", "feedback_desk"},
    "desk: conversations": {"consultations_desk", "rounds_desk", "neighbourhoods_desk", "staff_desk"},
    "desk: points and voting": {
        "priorities_desk",
        "voting_desk",
        "voting_rules_desk",
        "voting_rehearsal_desk",
        "voting_kiosk_desk",
    },
    "desk: the ballot box and letters": {"voting_box_desk", "voting_acts", "voting_letters"},
    "desk: paper ballots, meldingen and the count sheet": {
        "voting_archive_desk",
        "voting_paper_desk",
        "voting_remarks_desk",
        "voting_sheet_desk",
    },
    "desk: agenda, actions and news": {"agenda_desk", "plan_desk", "progress_desk"},
}
NO_PAGE = {
    "health.health", "wishes.map_code", "home.map_code", "home.city_areas", "home.wish_point", "wishes.areas",
    "wishes.places", "wishes.points", "progress.feed", "desk.overview_file", "voting_result.totals", "voting_result.receipts_file",
    "voting_kiosk.begin_again", "voting_paper_desk.ballot_paper",
    "voting_rules.regulation_file", "voting_recount.ballots_file", "voting_archive.ballots_file", "voting_archive.program",
    "consultations_desk.download_answers", "consultations_desk.download_questions", "home.figures_file",
    "publication.actions", "publication.votes", "publication.wishes",
}  # fmt: skip
"""Routes that answer with a file, not with a page."""


@pytest.fixture(scope="module")
def addresses(demo_platform: Platform) -> list[Address]:
    with demo_platform.look():
        return [one for one in every_address(demo_platform.app) if one.endpoint not in NO_PAGE]


def test_every_page_belongs_to_a_family(addresses: list[Address]) -> None:
    families = set().union(*FAMILIES.values())
    assert {one.endpoint for one in addresses if one.endpoint.partition(".")[0] not in families} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_pages_are_accessible_private_and_fit_a_phone(
    demo_platform: Platform, window: WindowMaker, addresses: list[Address], family: str
) -> None:
    mine = [one for one in addresses if one.endpoint.partition(".")[0] in FAMILIES[family]]
    windows: dict[str | None, Window] = {}
    problems: list[str] = []
    seen: set[str] = set()
    for one in mine:
        if one.who not in windows:
            windows[one.who] = window(demo_platform)
            if one.who:
                windows[one.who].sign_in(one.who)
        here = windows[one.who]
        here.open(one.path)
        if one.who:
            assert "/aanmelden" not in here.page.url, f"{one.who} had to sign in for {one.path}"
        problems += inspect(here, seen_before=one.endpoint in seen)
        seen.add(one.endpoint)
    assert not problems, "\n".join(problems)


def test_the_menu_of_the_desk_works_on_a_phone_without_script_and_with_the_keyboard(
    demo_platform: Platform, window: WindowMaker
) -> None:
    here = window(demo_platform, phone=True, script=False)
    here.sign_in("Ines Vermeer")
    page = here.page
    bar = page.locator(".wa-deskbar")
    assert bar.evaluate("e => e.getBoundingClientRect().height") < 80, "the bar takes more than one row"
    assert not page.get_by_role("link", name="Punten", exact=True).is_visible()
    page.locator("summary", has_text="Menu").focus()
    page.keyboard.press("Enter")
    for _link in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/werkplek/punten")
    page.locator("summary", has_text="Menu").tap()
    page.get_by_role("button", name="Afmelden").tap()
    page.wait_for_url(lambda url: "/werkplek/punten" not in url)


def test_name_and_menu_stand_on_one_row_of_a_phone_in_every_language(
    demo_platform: Platform, window: WindowMaker
) -> None:
    here = window(demo_platform, phone=True)
    for path in ("/", "/en/"):
        page = here.open(path)
        brand, menu = (page.locator(f".wa-header {name}").bounding_box() for name in (".wa-brand", ".wa-menu"))
        assert brand and menu and menu["y"] < brand["y"] + brand["height"], path


def test_the_inspection_sees_what_is_wrong(demo_platform: Platform, window: WindowMaker) -> None:
    """A page without alternative text, with a pale word, a tiny target and something too wide."""
    here = window(demo_platform)
    here.open("/hulp")
    here.page.evaluate(
        "() => { document.querySelector('main').innerHTML = '<h1>Hulp</h1><img src=\"/static/nothing.png\">"
        '<p id="pale">bleek</p><p><a href="/a" id="one">a</a><a href="/b" id="two">b</a></p><div id="wide">breed</div>\';'
        "document.querySelector('#pale').style.color = '#bbb';"
        "for (const id of ['one', 'two']) Object.assign(document.getElementById(id).style,"
        "{display: 'inline-block', width: '8px', height: '8px', overflow: 'hidden'});"
        "document.querySelector('#wide').style.width = '2000px' }"
    )
    problems = "\n".join(inspect(here))
    for rule in ("image-alt", "color-contrast", "target-size", "390 px", "1280 px, text of 200%"):
        assert rule in problems
