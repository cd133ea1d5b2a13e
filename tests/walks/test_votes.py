"""Walks of a vote on the whole platform, in a real Chromium: whoever votes, is refused, or counts again.

Each person has a window and hands of their own. All votes stand on one platform, each in a wijk of its own.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Pointer
from tests.factories.voting import TITLES
from tests.live import Platform
from tests.walks import office, story
from tests.walks.people import EVERY_WAY, ON_A_PHONE, Person, Way, ways
from tests.walks.running_vote import open_vote
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.letters.letter import printed_serial
from wijkagenda.voting.models import GRACE, Electorate

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("votes")]

CLEAN, SLOW, YOUNG, LIGHT = TITLES[:4]


WAYS_ON_A_PHONE = ways(finger=ON_A_PHONE, keyboard=Way(True, Keyboard), without_script=Way(True, Pointer, script=False))


PersonMaker = Callable[..., Person]


@pytest.fixture(scope="module")
def platform(platform_of_votes: Platform) -> Platform:
    return platform_of_votes


# --- the walks -------------------------------------------------------------------------------------


@WAYS_ON_A_PHONE
def test_somebody_of_80_with_a_letter_and_large_text(platform: Platform, person: PersonMaker, way: Way) -> None:
    vote = open_vote(platform, codes=1)
    (code,) = vote.vote.codes
    mrs = person(way, large_text=True)
    hands, page = mrs.hands, mrs.hands.page
    page.goto(f"{platform.url}/stem")
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    mrs.look("Typ de code uit uw brief")

    # As it stands on paper, but small letters, and once with a slip of the finger.
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    hands.type("Uw stemcode", wrong)
    hands.press("Verder")
    mrs.look("Typ de code uit uw brief")
    story.said(hands, "Er zit een typfout in de code.")
    hands.type("Uw stemcode", grouped(code).lower())
    hands.press("Verder")
    mrs.look(f"Wat moet in {vote.wijk} het eerst gebeuren?")
    hands.choose(LIGHT)
    hands.press("Verder")
    mrs.look("Klopt uw keuze?")
    story.said(hands, LIGHT)
    story.said(hands, "U mag nog 2 punten kiezen. Het hoeft niet.")
    assert vote.in_the_box() == 0
    receipt = story.send_vote(hands)
    mrs.look("Uw stem is binnen")
    assert (vote.in_the_box(), vote.receipts(), vote.used()) == (1, 1, [Electorate.RESIDENTS])

    # Reloading shows it again. On paper stands the receipt, and not what she chose, nor her code.
    page.reload()
    story.said(hands, receipt)
    paper = on_paper(page.pdf(format="A4"))
    assert receipt in paper
    assert LIGHT not in paper and "Bewaar of print" not in paper
    assert not any(words in text for words in (grouped(code), code) for text in (paper, page.content()))
    if way.script:
        page.evaluate("() => { window.print = () => { document.body.dataset.printed = 'yes' } }")
        hands.press("Bewaar of print")
        expect(page.locator("body[data-printed=yes]")).to_be_attached()
    else:
        story.said(hands, "Maak een foto of schrijf deze code op.")


def on_paper(pdf: bytes) -> str:
    """The words of a printed page."""
    pages = [each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(pdf)]
    return re.sub(r"\s+", " ", " ".join(pages))


@EVERY_WAY
def test_a_shopkeeper_votes_with_both_letters_in_one_browser(platform: Platform, person: PersonMaker, way: Way) -> None:
    vote = open_vote(platform, codes=1, business_codes=1)
    keeper = person(way)
    hands, page = keeper.hands, keeper.hands.page
    story.type_code(hands, platform, vote.vote.codes[0])
    story.check_choice(hands, LIGHT, SLOW, wijk=vote.wijk)
    first = story.send_vote(hands)
    hands.press("Ik ben klaar")
    page.goto(f"{platform.url}/stem/bewijs")
    keeper.look("Typ de code uit uw brief")
    assert first not in page.content()

    # The letter of the shop is scanned: its code stands behind the '#'. Without script one types it.
    shop = vote.vote.business_codes[0]
    page.goto("about:blank")
    page.goto(f"{platform.url}/stem#code={shop}")
    if way.script:
        expect(page.get_by_label("Uw stemcode")).to_have_value(re.compile(f"^({shop}|{grouped(shop)})$"))
    else:
        expect(page.get_by_label("Uw stemcode")).to_have_value("")
        hands.type("Uw stemcode", shop)
    keeper.look("Typ de code uit uw brief")
    hands.press("Verder")
    # Nothing of the first ballot is left on this one.
    assert page.get_by_role("checkbox", checked=True).count() == 0
    story.check_choice(hands, CLEAN, wijk=vote.wijk)
    second = story.send_vote(hands)
    keeper.look("Uw stem is binnen")
    assert second != first and first not in page.content()
    assert (vote.in_the_box(), vote.receipts()) == (2, 2)
    assert vote.used() == [Electorate.RESIDENTS, Electorate.BUSINESSES]


@EVERY_WAY
def test_a_used_code_tried_again(platform: Platform, person: PersonMaker, way: Way) -> None:
    """Two in one house with one letter: both at the check page, one is first; later the code is typed again."""
    vote = open_vote(platform, codes=1)
    (code,) = vote.vote.codes
    one, other = person(way), person(way)
    for each, choice in ((one, LIGHT), (other, SLOW)):
        story.type_code(each.hands, platform, code)
        story.check_choice(each.hands, choice, wijk=vote.wijk)
    story.send_vote(one.hands)
    other.hands.press("Verstuur mijn stem")
    other.look("Met deze code is al gestemd")
    story.said(other.hands, "Heeft u zelf gestemd? Dan is uw stem binnen en hoeft u niets te doen.")

    other.hands.press("Een andere code typen")
    other.hands.type("Uw stemcode", code)
    other.hands.press("Verder")
    other.look("Met deze code is al gestemd")
    story.said(other.hands, "Heeft u niet gestemd? Bel ons dan op")
    assert other.hands.page.get_by_role("main").locator("a[href^='tel:']").count()
    # It says nothing of what was chosen.
    assert not {title for title in TITLES if title in other.hands.page.content()}
    other.hands.press(f"Over deze stemming in {vote.wijk}")
    other.look(f"Stemming {vote.wijk} 2026")
    assert (vote.in_the_box(), vote.receipts()) == (1, 1)


@EVERY_WAY
def test_a_vote_in_the_last_second(platform: Platform, person: PersonMaker, way: Way) -> None:
    vote = open_vote(platform, codes=4)
    in_time, choosing, late, slept = (person(way) for _each in range(4))
    for each, code in zip((in_time, choosing, slept), vote.vote.codes, strict=False):
        story.type_code(each.hands, platform, code)
    for each in (in_time, slept):
        story.check_choice(each.hands, LIGHT, wijk=vote.wijk)
    choosing.hands.choose(SLOW)
    late.hands.page.goto(f"{platform.url}/stem")
    late.hands.type("Uw stemcode", vote.vote.codes[3])

    # The voting ends while they are at it.
    end = datetime.now(UTC) + timedelta(seconds=1)
    vote.close_at(end)
    while datetime.now(UTC) < end + timedelta(milliseconds=100):
        late.hands.page.wait_for_timeout(100)
    receipt = story.send_vote(in_time.hands)
    in_time.look("Uw stem is binnen")
    assert vote.in_the_box() == 1

    # Who still had to open the check page is too late, and so is who comes with a code.
    choosing.hands.press("Verder")
    choosing.look("De stemming is gesloten")
    story.said(choosing.hands, "Uw stem is niet verstuurd.")
    late.hands.press("Verder")
    late.look("De stemming is gesloten")
    story.said(late.hands, f"Stemmen in {vote.wijk} kon tot en met")

    # Who opened it in time, and sends when the ten minutes are over.
    vote.close_at(datetime.now(UTC) - GRACE - timedelta(minutes=1))
    slept.hands.page.evaluate(
        "slip => { document.querySelector('[name=slip]').value = slip }", vote.old_slip(vote.vote.codes[2], 12)
    )
    slept.hands.press("Verstuur mijn stem")
    slept.look("De stemming is gesloten")
    story.said(slept.hands, "Uw stem is niet verstuurd.")
    assert (vote.count(), vote.receipts(), vote.used()) == (1, 1, [Electorate.RESIDENTS])
    in_time.hands.page.goto(f"{platform.url}/wijken/{vote.slug}/stemming/{vote.id}/bewijzen")
    story.find_receipt(in_time.hands, receipt)


@EVERY_WAY
def test_a_replaced_letter(platform: Platform, person: PersonMaker, way: Way, tmp_path: Path) -> None:
    """She is about to send when the desk replaces her letter: her old code is worth nothing, the new one votes."""
    vote = open_vote(platform, codes=1)
    resident, officer = person(way), person(way)
    story.type_code(resident.hands, platform, vote.vote.codes[0])
    story.check_choice(resident.hands, LIGHT, wijk=vote.wijk)

    hands = officer.hands
    story.sign_in(hands, platform, vote.officer("Eerste Lid"))
    desk = f"{platform.url}/werkplek/stemmingen/{vote.id}/codes"
    hands.page.goto(desk)
    officer.look("Brief kwijt")
    hands.type("Volgnummer van de brief", printed_serial(vote.id, 1))
    hands.type("Naam", "Mevrouw De Wit")
    hands.type("Straat en huisnummer", "Wiekstraat 4")
    hands.type("Postcode", "1234 AB")
    hands.type("Plaats", "Markerstad")
    hands.press("Maak een nieuwe brief")
    officer.look("Brieven voor")
    story.said(hands, "De oude code werkt niet meer. Wij maken 1 nieuwe brief.")
    (front,) = story.fetch_letters(hands, tmp_path)
    new_serial = printed_serial(vote.id, 2)
    for words in (new_serial, "Mevrouw De Wit", "Wiekstraat 4"):
        assert words in front

    resident.hands.press("Verstuur mijn stem")
    resident.look("Deze code werkt niet meer")
    story.said(resident.hands, "Gebruik de code uit de nieuwe brief.")
    resident.hands.press("Een andere code typen")
    resident.hands.type("Uw stemcode", vote.vote.codes[0])
    resident.hands.press("Verder")
    resident.look("Deze code werkt niet meer")
    assert vote.in_the_box() == 0
    story.type_code(resident.hands, platform, story.code_on(front))
    story.check_choice(resident.hands, LIGHT, wijk=vote.wijk)
    story.send_vote(resident.hands)
    assert (vote.in_the_box(), vote.receipts(), vote.used()) == (1, 1, [Electorate.RESIDENTS])

    # Now it is used: no desk can take it away.
    hands.page.goto(desk)
    hands.type("Volgnummer van de brief", new_serial)
    hands.press("Maak een nieuwe brief")
    officer.look("Brief kwijt")
    story.said(hands, "Een gebruikte code kan niet worden ingetrokken of vervangen")
    assert vote.in_the_box() == 1


@EVERY_WAY
def test_a_resident_finds_her_receipt_and_counts_again(
    platform: Platform, person: PersonMaker, way: Way, tmp_path: Path
) -> None:
    vote = open_vote(platform, codes=120, seats=2)
    hers, *others = vote.vote.codes
    resident = person(way)
    hands, page = resident.hands, resident.hands.page
    story.type_code(hands, platform, hers)
    story.check_choice(hands, LIGHT, SLOW, wijk=vote.wijk)
    receipt = story.send_vote(hands)
    options = {option.title: option.id for option in vote.vote.voting_round.options}
    ways = [(LIGHT, SLOW)] * 49 + [(CLEAN,)] * 40 + [(CLEAN, YOUNG)] * 30
    with platform.work():
        for code, titles in zip(others, ways, strict=True):
            vote.vote.cast(code, *(options[title] for title in titles), now=datetime.now(UTC))
    assert vote.count() == 120
    vote.publish()

    # From her wijk to the result, and to the list.
    page.goto(f"{platform.url}/wijken/{vote.slug}/stemming/{vote.id}")
    resident.look(f"Uitslag: stemming {vote.wijk} 2026")
    published, shown = office.chosen(page), office.votes(page)
    hands.press("Zoek uw bewijs in de lijst")
    resident.look("Zit uw stem in de stembus?")
    story.find_receipt(hands, receipt)
    resident.look("Zit uw stem in de stembus?")
    fingerprint = hashlib.sha256(receipt.replace(" ", "").encode()).hexdigest()
    assert page.locator(".is-mine").inner_text().replace(" ", "") == fingerprint[:16]
    story.said(hands, "120 bewijzen.")

    # The site counts the file again, with one button.
    hands.press("Stemming")
    story.heading(hands, "Uitslag")
    hands.press("Zo telt u na, stap voor stap")
    resident.look("Tel het zelf na")
    hands.press("Tel opnieuw")
    story.said(hands, "Gelijk.")
    resident.look("Tel het zelf na")
    again, on_the_site = (
        page.locator(f".wa-two > :nth-child({side}) li > strong").all_inner_texts() for side in (1, 2)
    )
    assert again == on_the_site == published and len(again) == 2

    # And she counts the file herself: the SHA-256 is the one on the page, the votes are those of the result.
    path = tmp_path / "stembiljetten.pb"
    hands.fetch("Alle stembiljetten (pb)").save_as(path)
    content = path.read_bytes()
    story.said(hands, hashlib.sha256(content).hexdigest())
    assert counted_by_hand(content.decode()) == shown == {LIGHT: 50, SLOW: 50, CLEAN: 70, YOUNG: 30}
    assert receipt not in content.decode()


def counted_by_hand(file: str) -> dict[str, int]:
    """Votes per name, from the lines of a .pb file and nothing else."""
    _meta, _mark, rest = file.partition("PROJECTS\n")
    projects, _mark, ballots = rest.partition("VOTES\n")
    (head, *rows), (ballot_head, *ballot_rows) = (
        [line.split(";") for line in part.splitlines()] for part in (projects, ballots)
    )
    names = {row[0]: row[head.index("name")] for row in rows}
    votes = Counter(choice for row in ballot_rows for choice in row[ballot_head.index("vote")].split(","))
    return {names[choice]: number for choice, number in votes.items()}
