"""The voting office at work, on the whole platform, in a real Chromium: paper, a screen for visitors, a whole vote.

Officers and voters have windows and hands of their own; see test_votes for who votes at home.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.factories.voting import FIRST_PASSPHRASE, TITLES
from tests.live import BIN, Platform
from tests.walks import office, story
from tests.walks.people import AT_A_DESK, BY_KEYBOARD, ON_A_PHONE, WITHOUT_SCRIPT, Person, Way, ways
from tests.walks.running_vote import Running, open_vote, vote_at_home, wijk_before_its_vote
from wijkagenda.dutch_days import local
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import Channel

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("votes")]

CLEAN, SLOW, YOUNG, LIGHT = TITLES[:4]
FIELDS = "() => [...document.querySelectorAll('input, textarea, select')].map(e => e.value).join(' ')"
PersonMaker = Callable[..., Person]


@pytest.fixture(scope="module")
def platform(platform_of_votes: Platform) -> Platform:
    return platform_of_votes


# --- paper -------------------------------------------------------------------------------------------


def test_a_pile_of_paper_ballots_with_one_difference(platform: Platform, person: PersonMaker, tmp_path: Path) -> None:
    """Desk A takes the stubs, B and C type the pile over, they differ about one ballot, and D looks again.

    Each works in another way: A at the table on a phone, B and D with nothing but a keyboard, C without script.
    """
    vote = open_vote(platform, codes=9)
    at_home, *letters = vote.vote.codes
    four = {"Tweede Lid": ON_A_PHONE, "Derde Lid": BY_KEYBOARD, "Vierde Lid": WITHOUT_SCRIPT, "Eerste Lid": BY_KEYBOARD}
    a, b, c, d = (person(way).hands for way in four.values())
    for hands, name in zip((a, b, c, d), four, strict=True):
        story.sign_in(hands, platform, vote.officer(name))

    # Eight come with their letter, two without; and one voted at home already.
    office.open_vote_page(a, platform, vote.id)
    a.press("Stemmen op papier")
    printed = office.print_ballots(a, 2, tmp_path)
    stubs = letters + [story.code_on(each) for each in printed]
    vote_at_home(platform, vote.id, [at_home], LIGHT)
    office.begin_pile(a)
    for code in stubs:
        office.take_stub(a, code)
    office.take_stub(a, at_home, "Met deze code is al gestemd. Dit biljet telt niet.")
    story.said(a, office.PUT_ASIDE)
    office.fill_pile(a, 10)
    assert vote.channels().count(Channel.PAPER) == 10
    assert vote.in_the_box() == 1

    # What stands on the ten ballots, in the numbers of the paper.
    clean, slow, light = (str(office.number_on(printed[0], title)) for title in (CLEAN, SLOW, LIGHT))
    sheets = [f"{light} {slow}"] * 6 + [clean] * 3 + ["0"]
    office.go_to_pile(b, platform, vote.id)
    office.type_pile_over(b, sheets)
    story.said(b, "U heeft alles van deze stapel getypt. Nu is een ander aan de beurt.")
    office.go_to_pile(c, platform, vote.id)
    office.type_pile_over(c, [*sheets[:6], light, *sheets[7:]])
    story.said(c, "Verschil: 1 biljet")
    assert not c.page.get_by_role("button", name="Doe de stapel in de stembus").count()

    # Who saw it does not look again while there is somebody else. D sees which ballot, and not what they typed.
    c.press("Biljet 7")
    c.type("Waarom kijkt u nog een keer?", "Ik denk dat ik mij vergiste.")
    office.type_sheet(c, clean)
    story.said(c, "U heeft dit biljet al gezien. Vraag een ander stembureaulid")
    office.go_to_pile(d, platform, vote.id)
    d.press("Biljet 7")
    assert d.page.get_by_label("Welke nummers zijn aangekruist?").input_value() == ""
    office.type_sheet(d, clean)
    assert vote.in_the_box() == 1
    office.put_pile_in_box(d)
    assert (vote.in_the_box(), vote.receipts()) == (11, 1)

    # D has a key and counts; A, who has one too, publishes.
    vote.end()
    story.close_and_count(d, platform, vote.id, FIRST_PASSPHRASE)
    d.press("Telblad")
    assert office.rows_of_sheet(d.page, "Papieren biljetten") == [
        ["Stapel 1, Bewoners", "10", "10", "0", "1", "In de stembus"]
    ]
    story.publish_result(a, platform, vote.id)
    a.press("Bekijk de uitslag op de site")
    story.heading(a, "Uitslag")
    assert office.votes(a.page) == {LIGHT: 7, SLOW: 6, CLEAN: 3, YOUNG: 0}
    assert office.facts(a.page, "In de bus", "Op papier") == {"In de bus": "11", "Op papier": "10"}
    a.press("Telblad")
    # For everyone, without small numbers.
    few = "minder dan 10"
    assert office.rows_of_sheet(a.page, "Papieren biljetten") == [
        ["Stapel 1, Bewoners", "10", "10", "0", few, "In de stembus"]
    ]
    assert office.rows_of_sheet(a.page, "De stembus")[2] == [
        "Codes op papier en papieren biljetten",
        "10",
        "10",
        "klopt",
    ]
    story.said(a, f"Ongeldig of leeg: {few}.")


# --- a screen for visitors -----------------------------------------------------------------------------


@ways(keyboard=BY_KEYBOARD, without_script=WITHOUT_SCRIPT)
def test_two_vote_one_after_the_other_on_the_screen_of_a_library(
    platform: Platform, person: PersonMaker, way: Way
) -> None:
    vote = open_vote(platform, codes=2)
    screen = person(way)
    hands, page = screen.hands, screen.hands.page
    officer = vote.officer("Eerste Lid")
    story.sign_in(hands, platform, officer)
    office.make_screen_for_visitors(hands, platform, vote.id)

    hands.type("Uw stemcode", vote.vote.codes[0])
    hands.press("Verder")
    story.check_choice(hands, LIGHT, wijk=vote.wijk)
    first = story.send_vote(hands)
    hands.press("Ik ben klaar")
    screen.look("Typ de code uit uw brief")
    assert shown_to_the_next(page, platform, vote, first, vote.vote.codes[0]) == set()

    # The second wants to begin again: what they chose is gone for the third, and their code still votes.
    for choice in (SLOW, CLEAN):
        page.goto(f"{platform.url}/stem")
        assert page.get_by_label("Uw stemcode").input_value() == ""
        hands.type("Uw stemcode", vote.vote.codes[1])
        hands.press("Verder")
        assert page.get_by_role("checkbox", checked=True).count() == 0
        story.check_choice(hands, choice, wijk=vote.wijk)
        if choice == SLOW:
            hands.press("Opnieuw beginnen")
            screen.look("Typ de code uit uw brief")
            assert shown_to_the_next(page, platform, vote, vote.vote.codes[1]) == set()
    second = story.send_vote(hands)
    screen.look("Uw stem is binnen")
    assert second != first and first not in page.content()
    hands.press("Ik ben klaar")
    assert vote.channels() == [Channel.KIOSK, Channel.KIOSK]
    assert (vote.in_the_box(), vote.receipts()) == (2, 2)

    # Only an officer makes it an ordinary computer again.
    story.sign_in(hands, platform, officer)
    office.make_ordinary_screen(hands, platform)
    page.goto(f"{platform.url}/wijken/{vote.slug}")
    screen.look(vote.wijk)


def shown_to_the_next(page: Page, platform: Platform, vote: Running, *secrets: str) -> set[str]:
    """What of these, and of the points on the ballot, one sees who looks for the last voter.

    With the button to go back, by sending again what was sent from there, and by addresses.
    """
    words = {*secrets, *map(grouped, secrets), *TITLES[:4], "al gestemd"}
    seen = found_on(page, words)
    for _step in range(3):
        # A page that came of a form is not shown again: the browser says so, until somebody loads it again.
        for once_more in (page.go_back, page.reload):
            with suppress(Error):
                once_more()
            seen |= found_on(page, words)
    for path in ("/stem/bewijs", "/", f"/wijken/{vote.slug}"):
        page.goto(platform.url + path)
        office.heading_is(page, "Typ de code uit uw brief")
        seen |= found_on(page, words)
    page.goto(f"{platform.url}/werkplek")
    office.heading_is(page, "Aanmelden bij de werkplek")
    return seen


def found_on(page: Page, words: set[str]) -> set[str]:
    """On the page and in its fields."""
    for _try in range(100):
        with suppress(Error):  # it is between two pages
            everything = page.content() + page.evaluate(FIELDS)
            return {each for each in words if each in everything}
        page.wait_for_timeout(50)
    raise AssertionError("no page comes")


# --- a whole vote ----------------------------------------------------------------------------------------


def test_officers_do_a_whole_vote_and_somebody_counts_it_again(
    platform: Platform, person: PersonMaker, tmp_path: Path
) -> None:
    """One officer works by keyboard, the other on a phone without script; what they did anybody can repeat."""
    wijk = wijk_before_its_vote(platform)
    first, second = person(BY_KEYBOARD), person(Way(True, AT_A_DESK.hands, script=False))
    story.sign_in(first.hands, platform, wijk.officers[0])
    story.sign_in(second.hands, platform, wijk.officers[1])
    today = local(datetime.now(UTC)).date()
    vote = story.prepare_vote(
        first.hands, wijk=wijk.name, preset="Top drie met een sociale plaats", most=3,
        opens=today, closes=today + timedelta(days=7), result=today + timedelta(days=14),
    )  # fmt: skip
    story.lock_and_open(first.hands, second.hands, platform, vote)
    at_home, at_work = story.make_letters(first.hands, 2, tmp_path)
    others = wijk.more_letters(vote, 100)

    # Two with their letters; the rest of the wijk votes too.
    receipts = []
    for way, code, points in ((ON_A_PHONE, at_home, (LIGHT, SLOW)), (AT_A_DESK, at_work, (CLEAN,))):
        voter = person(way).hands
        story.type_code(voter, platform, code)
        story.check_choice(voter, *points, wijk=wijk.name)
        receipts.append(story.send_vote(voter))
    for codes, titles in ((others[:60], (LIGHT, SLOW)), (others[60:90], (CLEAN, LIGHT)), (others[90:], (SLOW, CLEAN))):
        vote_at_home(platform, vote, codes, *titles)

    wijk.end(vote)
    story.close_and_count(first.hands, platform, vote)
    story.publish_result(second.hands, platform, vote)

    # A resident fetches all ballots, and counts them without us.
    resident = person(AT_A_DESK)
    hands, page = resident.hands, resident.hands.page
    page.goto(f"{platform.url}/wijken/{wijk.slug}/stemming/{vote}")
    resident.look(f"Uitslag: Stemming {wijk.name}")
    chosen, votes = office.chosen(page), office.votes(page)
    assert len(chosen) == 3 and votes[LIGHT] == 91 and sum(votes.values()) == 2 * 102 - 1
    file, program = tmp_path / "stembiljetten.pb", tmp_path / "hertellen.pyz"
    hands.fetch("Alle stembiljetten").save_as(file)
    story.said(hands, hashlib.sha256(file.read_bytes()).hexdigest())
    assert recounted(file, BIN / "wijkagenda", "voting", "recount") == (chosen, votes)

    # With the program from the site, of which the fingerprint stands there too.
    hands.press("Zo telt u na, stap voor stap")
    hands.fetch("Natelprogramma (hertellen.pyz)").save_as(program)
    story.said(hands, hashlib.sha256(program.read_bytes()).hexdigest())
    assert recounted(file, sys.executable, "-I", program) == (chosen, votes)
    for receipt in receipts:
        page.goto(f"{platform.url}/wijken/{wijk.slug}/stemming/{vote}/bewijzen")
        story.find_receipt(hands, receipt)


def recounted(file: Path, *program: object) -> tuple[list[str], dict[str, int]]:
    """Who wins, in order, and how many votes each has, says this program: with a file, and no settings or database."""
    words = [str(word) for word in (*program, file, "--json")]
    done = subprocess.run(words, env={"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["same_winners"] is True
    names = {line["option"]: line["name"] for line in outcome["lines"]}
    return [names[winner] for winner in outcome["winners"]], {line["name"]: line["votes"] for line in outcome["lines"]}
