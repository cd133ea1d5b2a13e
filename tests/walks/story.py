"""The tasks of the walk of one wish, each as its person does them: from the first word to published progress.

Every function is one task of one person, on the pages, with whatever hands they have.
"""

import re
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
from playwright.sync_api import expect

from tests.browser.hands import Hands, choice
from tests.live import Platform
from tests.mail_server import text_of

SLUG, WIJK = "molenwijk", "Molenwijk"
PASSPHRASES = ("zeven groene fietsen bij de molen", "acht gele stoelen naast de kachel")


def address_in(message: EmailMessage, path: str) -> str:
    """The link to a page in a mail."""
    found = re.search(rf"https?://\S+{path}\S*", text_of(message))
    assert found, f"no link to {path} in: {text_of(message)}"
    return found[0]


def heading(hands: Hands, words: str) -> None:
    """We are on the page with this h1."""
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text(words)


def said(hands: Hands, words: str) -> None:
    """The page says so."""
    expect(hands.page.get_by_role("main")).to_contain_text(words)


# --- residents -----------------------------------------------------------------------------------


def give_wish(
    hands: Hands,
    platform: Platform,
    *,
    text: str,
    theme: str,
    email: str = "",
    wijk: str = WIJK,
    square: str = "Molenplein",
) -> str:
    """From the home page to the number of the wish."""
    hands.page.goto(platform.url)
    hands.press(wijk)
    heading(hands, wijk)
    hands.press("Doe een wens")
    heading(hands, f"Wat moet beter in {wijk}?")
    hands.type(f"Wat moet beter in {wijk}?", text)
    hands.select("Over welk onderwerp gaat het?", theme)
    hands.press("Verder")
    heading(hands, "Waar gaat het over?")
    hands.choose("Een plek in de wijk")
    hands.select("Kies uit de lijst", square)
    hands.press("Verder")
    heading(hands, "Voor wie doet u deze wens?")
    hands.choose("Voor mijzelf, als bewoner")
    if email:
        hands.type("Uw mailadres", email)
    hands.press("Verstuur uw wens")
    heading(hands, "Uw wens is binnen")
    found = re.search(r"W-\d{4,}", hands.page.get_by_role("main").inner_text())
    assert found
    return found[0]


def confirm_address(hands: Hands, message: EmailMessage) -> str:
    """Open the mailed link and press its button; returns the giver's own address."""
    hands.page.goto(address_in(message, "/wensen/bevestig/"))
    hands.press("Ja, mail mij over mijn wens")
    heading(hands, "Uw mailadres is bevestigd")
    return address_in(message, "/wensen/mijn/")


def vote(hands: Hands, platform: Platform, code: str, *points: str) -> str:
    """With the code of a letter; returns the receipt."""
    type_code(hands, platform, code)
    check_choice(hands, *points)
    return send_vote(hands)


def type_code(hands: Hands, platform: Platform, code: str) -> None:
    """The first step, and on."""
    hands.page.goto(f"{platform.url}/stem")
    hands.type("Uw stemcode", code)
    hands.press("Verder")


def check_choice(hands: Hands, *points: str, wijk: str = WIJK) -> None:
    """Choose these, and look at them on the check page."""
    heading(hands, f"Wat moet in {wijk} het eerst gebeuren?")
    for point in points:
        hands.choose(point)
    hands.press("Verder")
    heading(hands, "Klopt uw keuze?")
    for point in points:
        said(hands, point)


def send_vote(hands: Hands) -> str:
    """The last act; returns the receipt."""
    hands.press("Verstuur mijn stem")
    heading(hands, "Uw stem is binnen")
    found = re.search(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b", hands.page.get_by_role("main").inner_text())
    assert found
    return found[0]


def look_up_receipt(hands: Hands, platform: Platform, voting_round_id: int, receipt: str) -> None:
    hands.page.goto(f"{platform.url}/wijken/{SLUG}/stemming/{voting_round_id}/bewijzen")
    find_receipt(hands, receipt)


def find_receipt(hands: Hands, receipt: str) -> None:
    """On the list."""
    hands.type("De code van uw bewijs", receipt)
    hands.press("Zoek mijn bewijs")
    said(hands, "Ja, uw stem zit in de stembus.")


# --- staff ---------------------------------------------------------------------------------------


def sign_in(hands: Hands, platform: Platform, email: str) -> None:
    """By mailed link."""
    before = len(platform.mail.to(email))
    hands.page.goto(f"{platform.url}/werkplek")
    heading(hands, "Aanmelden bij de werkplek")
    hands.type("Uw mailadres van het werk", email)
    hands.press("Mail mij een link")
    expect(hands.page).to_have_url(re.compile("/werkplek/aanmelden/verstuurd"))
    message = platform.mail.wait_for(before + 1, to=email)[-1]
    hands.page.goto(address_in(message, "/werkplek/aanmelden/"))
    hands.press("Aanmelden")
    expect(hands.page).to_have_url(re.compile("/werkplek$"))


def place_wish(hands: Hands, platform: Platform, title: str) -> None:
    """Read a new wish and make it public."""
    hands.page.goto(f"{platform.url}/werkplek/wensen")
    hands.press(title)
    heading(hands, title)
    hands.press("Plaats deze wens")
    said(hands, "Geplaatst")


def refuse_wish(hands: Hands, platform: Platform, number: str, *, ground: str, text: str, instead: str) -> None:
    """A no with its ground and its text."""
    hands.page.goto(f"{platform.url}/werkplek/wensen/{number}")
    hands.press("Nee, met uitleg")
    hands.select("De reden", ground)
    hands.type("Uitleg voor de indiener", text)
    hands.type("Wat doen wij wel?", instead)
    hands.press("Verstuur antwoord")
    said(hands, "Wat wij antwoordden")


def from_the_menu(hands: Hands, name: str) -> None:
    """A page of the desk; a phone has its links behind a button."""
    menu = hands.page.locator(".wa-deskmenu > summary")
    if menu.is_visible():
        menu.click()
    hands.press(name)


def bundle_wish(hands: Hands, platform: Platform, wish: str, *, point: str, explanation: str) -> None:
    """Put a wish into a point of its own, have it checked, and make the point public."""
    hands.page.goto(f"{platform.url}/werkplek")
    from_the_menu(hands, "Punten")
    heading(hands, f"Punten van {WIJK}")
    hands.choose(wish)
    hands.select("Bij welk punt?", "Een nieuw punt")
    hands.type("Titel van het nieuwe punt", point)
    hands.type("Uitleg voor de indieners", explanation)
    hands.press("Voeg samen en verstuur antwoord")
    heading(hands, point)
    hands.choose("het kan")
    hands.type("Waarom?", "Er is geld en ruimte voor.")
    hands.type("Wie heeft dit bekeken?", "team Licht")
    hands.press("Bewaar de toets")
    said(hands, "De toets is bewaard.")
    hands.press("Maak dit punt openbaar")
    said(hands, "Het punt is openbaar.")


def prepare_vote(
    hands: Hands, *, opens: date, closes: date, result: date, wijk: str = WIJK, preset: str = "Top drie", most: int = 2
) -> int:
    """Rules and points, beginning with one of the ways that go well together; returns the number of the vote."""
    from_the_menu(hands, "Stemming")
    hands.press(f"Bereid een stemming voor in {wijk}")
    hands.press(f"Begin met: {preset}")
    hands.type("Naam van de stemming", f"Stemming {wijk}")
    hands.date("Eerste dag", opens)
    hands.date("Laatste dag", closes)
    hands.date("Dag van de uitslag", result)
    hands.type("Hoeveel punten mag iemand kiezen?", str(most))
    hands.press("Bewaar")
    heading(hands, f"Stemming {wijk}")
    return int(hands.page.url.rstrip("/").rpartition("/")[2].partition("?")[0])


def lock_and_open(first: Hands, second: Hands, platform: Platform, voting_round_id: int) -> None:
    """Two officers become key holders, print the sheet, and each opens a trial ballot; then people can vote."""
    keys = f"{platform.url}/werkplek/stemmingen/{voting_round_id}/sleutels"
    for hands, passphrase in zip((first, second), PASSPHRASES, strict=True):
        hands.page.goto(keys)
        hands.type("Uw wachtzin", passphrase)
        hands.type("Nog een keer uw wachtzin", passphrase)
        hands.press("Word sleutelhouder")
        said(hands, "U bent sleutelhouder.")
    second.press("Maak de sleutel")
    heading(second, "Herstelblad")
    sheet = " ".join(second.page.locator(".wa-keep .wa-code").all_inner_texts())
    second.press("Het blad is geprint: verder")
    second.type("De code van het geprinte blad", sheet.lower())
    second.press("Open het proefbiljet met het blad")
    said(second, "het herstelblad werkt")
    for hands, passphrase in zip((second, first), reversed(PASSPHRASES), strict=True):
        hands.page.goto(keys)
        hands.type("Uw wachtzin van deze stemming", passphrase)
        hands.press("Open het proefbiljet")
        said(hands, "uw wachtzin werkt")
    first.press("Naar het klaarzetten")
    first.choose("Ik weet het zeker.")
    first.press("Zet de stemming klaar")
    said(first, "Brieven aanvragen")


def make_letters(hands: Hands, number: int, folder: Path) -> list[str]:
    """Ask for letters, wait for the worker, fetch them; returns the codes printed in them."""
    hands.press("Brieven aanvragen en ophalen")
    hands.type("Of zonder adressen: hoeveel brieven?", str(number))
    hands.press("Vraag brieven aan")
    fronts = fetch_letters(hands, folder)
    assert len(fronts) == number
    return [code_on(front) for front in fronts]


def fetch_letters(hands: Hands, folder: Path) -> list[str]:
    """Wait for the worker and fetch the file; returns the words on the front of each letter."""
    path = fetch_when_made(hands, "Haal de brieven op (ZIP)", folder / "brieven.zip")
    pages = printed_pages(path, "brieven.pdf")
    # A front and a back each.
    assert len(pages) % 2 == 0
    return pages[::2]


def fetch_when_made(hands: Hands, name: str, path: Path) -> Path:
    """Wait until the worker made what this button gives, and keep it."""
    for _try in range(120):
        if hands.page.get_by_role("button", name=name).count():
            break
        hands.page.wait_for_timeout(500)
        hands.page.reload()
    hands.fetch(name).save_as(path)
    return path


def printed_pages(path: Path, name: str) -> list[str]:
    """The words of each page of a PDF in a ZIP."""
    with ZipFile(path) as together:
        return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(together.read(name))]


def code_on(front: str) -> str:
    """The voting code of a letter."""
    return re.findall(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]\b", front)[0]


def close_and_count(hands: Hands, platform: Platform, voting_round_id: int, passphrase: str = PASSPHRASES[0]) -> None:
    """The first officer."""
    hands.page.goto(f"{platform.url}/werkplek/stemmingen/{voting_round_id}")
    hands.press("Sluit de stembus")
    heading(hands, "Sluit de stembus")
    hands.choose("Ik weet het zeker")
    hands.press("Sluit de stembus")
    said(hands, "Nu: tellen")
    hands.press("Tel de stemmen")
    said(hands, "De stembus klopt")
    hands.type("Uw wachtzin van deze stemming", passphrase)
    hands.press("Open de stembus en tel")
    said(hands, "Een ander stembureaulid maakt de uitslag bekend.")


def publish_result(hands: Hands, platform: Platform, voting_round_id: int) -> None:
    """Another officer."""
    hands.page.goto(f"{platform.url}/werkplek/stemmingen/{voting_round_id}")
    hands.press("Kijk na en maak bekend")
    heading(hands, "Maak de uitslag bekend")
    hands.choose("Ik weet het zeker.")
    hands.press("Maak de uitslag bekend")
    said(hands, "Bekijk de uitslag op de site")


def draft_agenda(hands: Hands, platform: Platform, *, motives: dict[str, str]) -> None:
    """In the order of the vote, with a reason for every point."""
    hands.page.goto(f"{platform.url}/werkplek/agenda/{SLUG}")
    hands.press("Maak het concept")
    said(hands, "Het concept staat klaar")
    for point, motive in motives.items():
        hands.type(point, motive)
    hands.press("Bewaar de teksten")
    said(hands, "De teksten zijn bewaard.")


def adopt_agenda(hands: Hands, platform: Platform, day: date) -> None:
    """The manager."""
    hands.page.goto(f"{platform.url}/werkplek/agenda/{SLUG}")
    hands.press("Naar het vaststellen")
    hands.date("Datum van het besluit", day)
    hands.type("Wie stelt de agenda vast?", "het college van burgemeester en wethouders")
    hands.type("Met welk mandaat?", "Mandaatbesluit 2026, artikel 4")
    hands.press("Stel de agenda vast")
    said(hands, "De wijkagenda is vastgesteld en staat op de site.")


def add_action(hands: Hands, platform: Platform, title: str, *, year: int) -> None:
    hands.page.goto(f"{platform.url}/werkplek/acties/{SLUG}")
    hands.press("Actie toevoegen bij punt 1")
    hands.type("Titel", title)
    hands.type("Wat gaan wij doen?", "Wij zetten achttien lampen langs het grote pad.")
    hands.type("Wie is de trekker?", "Gemeente, team Licht")
    hands.select("Klaar in welk jaar?", str(year))
    hands.type("Afgesproken geld in euro's", "54000")
    hands.type("Partner 1", "Stichting Park")
    hands.type("Wat doet partner 1?", "onderhoudt de lampen")
    hands.press("Zet deze actie op de site")
    said(hands, "De actie staat op de site.")


def write_update(hands: Hands, platform: Platform, action: str, *, title: str, text: str) -> None:
    """The team writes, and hands it in."""
    hands.page.goto(f"{platform.url}/werkplek/nieuws")
    hands.press("Schrijf bericht")
    hands.press(action)
    hands.type("Titel", title)
    hands.type("Wat is er gebeurd?", text)
    hands.choose("Op schema")
    hands.press("Bewaar het concept")
    said(hands, "Het concept is bewaard.")
    hands.press("Lever in bij de stadsdeelmanager")
    said(hands, "Het bericht ligt bij de stadsdeelmanager.")


def publish_update(hands: Hands, platform: Platform, title: str) -> None:
    """The manager."""
    hands.page.goto(f"{platform.url}/werkplek/nieuws")
    hands.press(title)
    hands.press("Zet op de site")
    said(hands, "Het bericht staat op de site.")


def is_chosen(hands: Hands, name: str) -> bool:
    return choice(hands.page, name).is_checked()
