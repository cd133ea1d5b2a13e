"""What a page shows after something went wrong, or half-way through a task: the same must hold as for every page."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from geo.crs import lat_lon
from tests.addresses import ASKING, LISTENING, VOTING, WHO
from tests.browser.hands import Pointer
from tests.browser.inspection import inspect
from tests.factories.voting import make_vote
from tests.live import Platform
from tests.windows import Window, WindowMaker
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.voting.codes import grouped, round_keys
from wijkagenda.voting.letters.operations import make_codes
from wijkagenda.voting.models import BallotType, CodeBatch, DecidingRule, Electorate, VotingRound, VotingState

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture
def visitor(demo_platform: Platform, window: WindowMaker) -> Window:
    return window(demo_platform)


class Inspector:
    """Looks at the page as it stands, and keeps what is wrong with it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.problems: list[str] = []

    def look(self, heading: str) -> None:
        """We are on the page with this h1 (or so it begins); inspect it."""
        self.window.page.get_by_role("heading", level=1, name=heading).first.wait_for()
        self.problems += inspect(self.window)

    def done(self) -> None:
        assert not self.problems, "\n".join(self.problems)


def letter_code(platform: Platform) -> str:
    """A code that nobody used yet, of the vote in Molenwijk."""
    with platform.work() as session:
        voting_round = session.query(VotingRound).filter_by(state=VotingState.OPEN).order_by(VotingRound.id).first()
        assert voting_round is not None
        batch = session.query(CodeBatch).filter_by(voting_round_id=voting_round.id, electorate=Electorate.RESIDENTS)
        key = round_keys(platform.app.config["SETTINGS"])(voting_round.id)
        ((_serial, code),) = make_codes(batch=batch.first(), number=1, key=key)  # type: ignore[arg-type]
    return grouped(code)


def test_giving_a_wish(visitor: Window) -> None:
    eye, hands, page = Inspector(visitor), Pointer(visitor.page), visitor.page
    visitor.open(f"/wijken/{LISTENING}/wens")
    hands.press("Verder")
    eye.look("Wat moet beter in Rustenoord?")
    hands.type("Wat moet beter in Rustenoord?", "Een bankje bij de halte, en meer prullenbakken op het plein.")
    hands.select("Over welk onderwerp gaat het?", "verkeer")
    hands.press("Verder")
    if page.get_by_role("heading", name="Bestaat uw wens al?").count():
        eye.look("Wat moet beter in Rustenoord?")
        hands.press("Verder")
    eye.look("Waar gaat het over?")
    hands.press("Verder")
    eye.look("Waar gaat het over?")
    hands.choose("De hele wijk")
    hands.press("Verder")
    hands.type("Uw mailadres", "geen adres")
    hands.press("Verstuur uw wens")
    eye.look("Voor wie doet u deze wens?")
    eye.done()


def test_a_place_in_another_wijk_is_offered_there(demo_platform: Platform, window: WindowMaker) -> None:
    visitor = window(demo_platform)
    eye, hands = Inspector(visitor), Pointer(visitor.page)
    visitor.open(f"/wijken/{LISTENING}/wens")
    hands.type("Wat moet beter in Rustenoord?", "Zzgl qwrt plmk vbnx")
    hands.select("Over welk onderwerp gaat het?", "wonen")
    hands.press("Verder")
    visitor.page.get_by_role("heading", level=1, name="Waar gaat het over?").wait_for()
    elsewhere = _a_point_in(demo_platform, VOTING)
    visitor.page.evaluate(
        "([lat, lon]) => { document.querySelector('[name=lat]').value = lat; document.querySelector('[name=lon]').value = lon }",
        list(elsewhere),
    )
    hands.press("Verder")
    visitor.page.get_by_role("heading", name="Deze plek ligt in Molenwijk").wait_for()
    eye.look("Waar gaat het over?")
    hands.press("Ja, stuur naar Molenwijk")
    eye.look("Voor wie doet u deze wens?")
    eye.done()


def _a_point_in(platform: Platform, slug: str) -> tuple[float, float]:
    with platform.look():
        return lat_lon(neighbourhood_by_slug(slug).area.polygons.representative_point())


def test_voting(demo_platform: Platform, visitor: Window) -> None:
    eye, hands, page = Inspector(visitor), Pointer(visitor.page), visitor.page
    code = letter_code(demo_platform)
    visitor.open("/stem")
    hands.type("Uw stemcode", "K7QM 3XWD 8NPT")
    hands.press("Verder")
    eye.look("Typ de code uit uw brief")
    hands.type("Uw stemcode", code)
    hands.press("Verder")
    eye.look("Wat moet in Molenwijk het eerst gebeuren?")
    hands.press("Verder")
    page.get_by_text("Kies minstens 1 punt.").first.wait_for()
    eye.look("Wat moet in Molenwijk het eerst gebeuren?")
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    eye.look("Wat moet in Molenwijk het eerst gebeuren?")
    hands.press("Verder")
    eye.look("Klopt uw keuze?")
    hands.press("Verstuur mijn stem")
    eye.look("Uw stem is binnen")
    visitor.open("/stem")
    hands.type("Uw stemcode", code)
    hands.press("Verder")
    eye.look("Met deze code is al gestemd")
    eye.done()


def test_practising_with_points_that_are_counted_along(demo_platform: Platform, visitor: Window) -> None:
    with demo_platform.work() as session:
        vote = make_vote(
            session,
            demo_platform.app.config["SETTINGS"],
            datetime.now(UTC),
            name="Puntenwijk",
            column=40,
            ballot_type=BallotType.POINTS,
            rule=DecidingRule.MOST_POINTS,
            points=10,
        )
        voting_round_id = vote.voting_round.id
    eye, hands, page = Inspector(visitor), Pointer(visitor.page), visitor.page
    question = "Oefenen: Wat moet in Puntenwijk het eerst gebeuren?"
    visitor.open(f"/stem/oefenen/{voting_round_id}")
    hands.press("Verder")
    page.get_by_text("Verdeel uw punten over de keuzes.").first.wait_for()
    eye.look(question)
    fields = page.get_by_role("textbox", name="Punten voor:")
    fields.nth(0).fill("7")
    page.get_by_text("Nog 3 te verdelen").wait_for()
    fields.nth(1).fill("5")
    page.get_by_text("2 te veel.").wait_for()
    eye.look(question)
    fields.nth(1).fill("3")
    page.get_by_text("Alle punten zijn verdeeld").wait_for()
    # By keyboard: Enter in a field goes on.
    fields.nth(1).press("Enter")
    eye.look("Oefenen: klopt uw keuze?")
    hands.press("Klaar met oefenen")
    eye.look("U heeft geoefend, nog niet gestemd")
    eye.done()


def test_preparing_a_vote_that_cannot_work(demo_platform: Platform, window: WindowMaker) -> None:
    officer = window(demo_platform)
    officer.sign_in(WHO[Role.VOTING_OFFICER])
    eye, hands, page = Inspector(officer), Pointer(officer.page), officer.page
    officer.open("/werkplek/stemmingen")
    page.get_by_role("link", name="Bereid een stemming voor").first.click()
    eye.look("Hoe gaat")
    page.get_by_role("link", name="Begin met: Wijkbudget").click()
    for label in ("Eerste dag", "Laatste dag", "Dag van de uitslag"):
        page.get_by_label(label, exact=True).fill("2046-03-01")
    hands.press("Bewaar")
    page.get_by_text("Vul in hoeveel geld er te verdelen is.").first.wait_for()
    eye.look("Stemming in")
    eye.done()


def test_filling_in_a_survey(visitor: Window) -> None:
    eye, hands, page = Inspector(visitor), Pointer(visitor.page), visitor.page
    visitor.open(f"/wijken/{ASKING}/vragenlijst/vragen")
    seen = set()
    for _question in range(40):
        heading = page.get_by_role("heading", level=1).inner_text()
        if heading.startswith("Klaar?"):
            break
        assert heading not in seen
        seen.add(heading)
        eye.look(heading)
        _answer(page)
        hands.press("Volgende")
    eye.look("Klaar? Verstuur uw antwoorden")
    eye.done()


def _answer(page: Page) -> None:
    """Something for whatever stands there: the first option of each group."""
    names = {box.get_attribute("name") for box in page.locator("main input[type=radio]").all()}
    for name in sorted(filter(None, names)):
        page.locator(f"main input[type=radio][name='{name}']").first.check()


def test_forms_with_errors(visitor: Window) -> None:
    eye, hands = Inspector(visitor), Pointer(visitor.page)
    visitor.open("/wijken/molenwijk/volgen")
    hands.press("Volg Molenwijk")
    eye.look("Volg Molenwijk")
    visitor.open("/werkplek/aanmelden")
    hands.press("Mail mij een link")
    eye.look("Aanmelden bij de werkplek")
    visitor.open("/zoeken?q=rommeldam")
    eye.look("Zoeken")
    eye.done()


@pytest.mark.parametrize(
    ("path", "who", "heading"),
    [
        ("/wijken/rommeldam", None, "Deze"),
        ("/wensen/W-9999", None, "Deze"),
        ("/bestaat-niet", None, "Deze pagina bestaat niet"),
        ("/en/nowhere", None, "This page does not exist"),
        ("/wensen/bevestig/oud", None, "Deze"),
        ("/werkplek/medewerkers", WHO[Role.RESEARCHER], "U mag hier niet bij"),
        ("/werkplek/wijken/havenkant/plekken", WHO[Role.AREA_TEAM], "U mag hier niet bij"),
    ],
)
def test_kind_error_pages(
    demo_platform: Platform, window: WindowMaker, path: str, who: str | None, heading: str
) -> None:
    here = window(demo_platform)
    if who:
        here.sign_in(who)
    here.page.goto(demo_platform.url + path)
    eye = Inspector(here)
    eye.look(heading)
    eye.done()


@pytest.mark.parametrize("role", [Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.VOTING_OFFICER])
def test_the_desk_with_errors(demo_platform: Platform, window: WindowMaker, role: Role) -> None:
    here = window(demo_platform)
    here.sign_in(WHO[role])
    eye, hands = Inspector(here), Pointer(here.page)
    if role is Role.AREA_TEAM:
        here.open("/werkplek/punten/morgenhof/nieuw")
        hands.press("Maak dit punt")
        eye.look("Nieuw punt in Morgenhof")
        here.open("/werkplek/bijeenkomsten/nieuw")
        here.page.locator("main form button[type=submit]").last.click()
        eye.look("Nieuwe bijeenkomst")
        here.open("/werkplek/wensen/nieuw?wijk=molenwijk")
        eye.look("Wens opschrijven")
        hands.press("Bewaar de wens")
        here.page.locator("[data-errors]").wait_for()
        eye.look("Wens opschrijven")
    elif role is Role.CITY_DISTRICT_MANAGER:
        here.open("/werkplek/wensen?toon=answer")
        here.page.locator("main table a").first.click()
        here.page.get_by_role("button", name="Verstuur antwoord").or_(
            here.page.get_by_role("link", name="Nee, met uitleg")
        ).first.wait_for()
        hands.press("Nee, met uitleg")
        hands.press("Verstuur antwoord")
        here.page.locator("[data-errors]").wait_for()
        eye.problems += inspect(here)
    else:
        here.open("/werkplek/stemmingen")
        here.page.get_by_role("link", name="Wat moet in Morgenhof het eerst gebeuren?").first.click()
        hands.press("Zet de stembus op slot")
        here.page.get_by_text("Ik wil een andere wachtzin").click()
        hands.press("Neem deze wachtzin")
        here.page.locator("[data-errors]").wait_for()
        eye.problems += inspect(here)
    eye.done()
