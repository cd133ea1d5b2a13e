"""The walk of one wish, on the whole platform: PostGIS, Redis, worker, SMTP, and a real Chromium.

From the first word of its giver to published progress, and beside it a wish that gets a reasoned no.
Once on a phone, once on a desk with nothing but a keyboard, once on a desk without script.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from geo.models import as_element
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.factories.areas import write_cbs, write_districts
from tests.live import Platform, running_platform
from tests.mail_server import text_of
from tests.walks import story
from tests.windows import Window, WindowMaker
from wijkagenda.dutch_days import local
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, PlaceKind
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.rounds.operations import Days, plan_phases, publish_approach, start_round
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.models import GRACE, VotingRound

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEAM, MANAGER = "team@markerstad.example", "manager@markerstad.example"
FIRST, SECOND = "eerste@markerstad.example", "tweede@markerstad.example"
ANNA, BRAM = "anna@post.example", "bram@post.example"
LAMPS = "In de avond durf ik niet door het park"
BENCH = "Bij de bushalte kan ik nergens zitten"
HUMP = "Graag een drempel in de Havenstraat"
MORE = ". Kunnen jullie daar iets aan doen?"
POINT_1, POINT_2 = "Meer licht in het Molenpark", "Zitten bij de halte"
NEWS = "De eerste twaalf lampen branden"


def days_in(phase: PhaseKind, today: date) -> Days:
    """Phases of 30 days, today on the eleventh day of `phase`."""
    starts = {kind: today + timedelta(days=30 * (kind.number - phase.number) - 10) for kind in PhaseKind}
    return {kind: (start, start + timedelta(days=29)) for kind, start in starts.items()}


@dataclass
class Walk:
    """Where the walk takes place, and a window for each of its people."""

    platform: Platform
    folder: Path
    open_window: Callable[[], Window]
    hands_of: type[Pointer] | type[Keyboard]

    def hands(self) -> Hands:
        return self.hands_of(self.open_window().page)

    def turn_to(self, phase: PhaseKind) -> None:
        """Time passes: the round is now in this phase."""
        now = datetime.now(UTC)
        with self.platform.work() as session:
            agenda_round = session.scalars(sa.select(AgendaRound)).one()
            plan_phases(actor=SYSTEM, now=now, agenda_round=agenda_round, days=days_in(phase, local(now).date()))

    def mail_to(self, address: str, count: int) -> list[str]:
        """The subjects so far; waits until there are `count`."""
        return [str(message["Subject"]) for message in self.platform.mail.wait_for(count, to=address, seconds=30)]


def settle(platform: Platform, folder: Path) -> None:
    """The municipality moves in: its own boundaries by the real command, staff with roles by area, a first round."""
    districts = write_districts(folder / "stadsdelen.csv")
    platform.command("areas", "load", write_cbs(folder / "wijken.gpkg"), "--city-districts", districts)
    now = datetime.now(UTC)
    today = local(now).date()
    with platform.work() as session:
        wijk = session.scalars(sa.select(Neighbourhood).where(Neighbourhood.slug == story.SLUG)).one()
        district = session.get_one(CityDistrict, wijk.city_district_id)
        for email, role, area_id in (
            (TEAM, Role.AREA_TEAM, wijk.area_id),
            (MANAGER, Role.CITY_DISTRICT_MANAGER, district.area_id),
            (FIRST, Role.VOTING_OFFICER, None),
            (SECOND, Role.VOTING_OFFICER, None),
        ):
            member = add_staff_member(actor=SYSTEM, now=now, email=email, name=email.partition("@")[0].title())
            grant_role(actor=SYSTEM, now=now, member=member, role=role, area_id=area_id)
        point = as_element(wijk.area.polygons.representative_point())
        session.add(Place(neighbourhood_id=wijk.id, name="Molenplein", kind=PlaceKind.SQUARE, point=point))
        agenda_round = start_round(
            actor=SYSTEM, now=now, neighbourhood=wijk, start_year=2027, end_year=2030,
            days=days_in(PhaseKind.LISTENING, today),
        )  # fmt: skip
        publish_approach(
            actor=SYSTEM, now=now, agenda_round=agenda_round, who="Iedereen van 12 jaar en ouder.",
            what="Eerst hoort u de wensen. Dan kiest u 3 punten.", what_we_do_with_it="De volgorde volgt de stemmen.",
            what_can_change="De volgorde.", means="Op de website en op papier.",
        )  # fmt: skip


@pytest.fixture(
    params=[
        pytest.param(("phone", Pointer, True), id="phone"),
        pytest.param(("desk", Keyboard, True), id="desk-by-keyboard"),
        pytest.param(("desk", Pointer, False), id="desk-without-script"),
    ]
)
def walk(request: pytest.FixtureRequest, tmp_path: Path, window: WindowMaker) -> Iterator[Walk]:
    screen, hands, script = request.param
    with running_platform(f"walk_{request.node.callspec.id}".replace("-", "_"), folder=tmp_path) as platform:
        settle(platform, tmp_path)
        yield Walk(platform, tmp_path, lambda: window(platform, phone=screen == "phone", script=script), hands)


def test_a_wish_becomes_an_action_and_its_giver_hears_each_step(walk: Walk) -> None:
    platform = walk.platform
    today = local(datetime.now(UTC)).date()

    # Two residents ask for something, and show that their mail address is theirs.
    anna, bram = walk.hands(), walk.hands()
    lamps = story.give_wish(anna, platform, text=LAMPS + MORE, theme="veiligheid", email=ANNA)
    story.give_wish(anna, platform, text=BENCH + MORE, theme="verkeer")
    hump = story.give_wish(bram, platform, text=HUMP + MORE, theme="verkeer", email=BRAM)
    annas_page = story.confirm_address(anna, platform.mail.wait_for(to=ANNA)[0])
    brams_page = story.confirm_address(bram, platform.mail.wait_for(to=BRAM)[0])

    # The area team reads and places them, and refuses one with a reason.
    team = walk.hands()
    story.sign_in(team, platform, TEAM)
    for title in (LAMPS, BENCH, HUMP):
        story.place_wish(team, platform, title)
    assert walk.mail_to(ANNA, 2)[1] == f"Wens {lamps} staat op de website"
    story.refuse_wish(
        team, platform, hump, ground="een regel",
        text="Door deze straat rijden ziekenwagens. Op zo'n weg mag geen drempel liggen.",
        instead="In maart komt er een bord dat de snelheid laat zien.",
    )  # fmt: skip
    assert walk.mail_to(BRAM, 3)[2] == f"Antwoord op wens {hump}"
    bram.page.goto(brams_page)
    for words in ("een regel", "Op zo'n weg mag geen drempel liggen.", "In maart komt er een bord"):
        story.said(bram, words)

    # What belongs together becomes a point.
    walk.turn_to(PhaseKind.BUNDLING)
    for wish, point in ((LAMPS, POINT_1), (BENCH, POINT_2)):
        story.bundle_wish(team, platform, wish, point=point, explanation="Uw wens hoort bij dit punt.")
    assert walk.mail_to(ANNA, 3)[2] == f"Wens {lamps} doet mee"

    # Three people vote with a code from a letter.
    walk.turn_to(PhaseKind.VOTING)
    officer = walk.hands()
    story.sign_in(officer, platform, FIRST)
    vote = story.prepare_vote(officer, opens=today, closes=today + timedelta(days=7), result=today + timedelta(days=14))
    other = walk.hands()
    story.sign_in(other, platform, SECOND)
    story.lock_and_open(officer, other, platform, vote)
    codes = story.make_letters(officer, 3, walk.folder)
    voters = [walk.hands() for _code in codes]
    chosen = [(POINT_1, POINT_2), (POINT_1,), (POINT_1,)]
    receipts = [
        story.vote(hands, platform, code, *points) for hands, code, points in zip(voters, codes, chosen, strict=True)
    ]

    # The vote ends; one officer counts, another publishes.
    with platform.work() as session:
        voting_round = session.get_one(VotingRound, vote)
        ended = datetime.now(UTC) - GRACE - timedelta(minutes=1)
        voting_round.opens_at, voting_round.closes_at = ended - timedelta(days=7), ended
        assert session.scalar(sa.select(sa.func.count()).select_from(SealedBallot)) == 3
    story.close_and_count(officer, platform, vote)
    story.publish_result(other, platform, vote)
    story.look_up_receipt(voters[0], platform, vote, receipts[0])

    # The agenda follows the vote; the manager adopts it.
    walk.turn_to(PhaseKind.ADOPTING)
    motive = "Veel mensen durven in de avond niet door het park."
    story.draft_agenda(
        team, platform, motives={f"1. {POINT_1}": motive, f"2. {POINT_2}": "Wie wacht, moet kunnen zitten."}
    )
    manager = walk.hands()
    story.sign_in(manager, platform, MANAGER)
    story.adopt_agenda(manager, platform, today)

    # It is carried out, and people hear of it.
    walk.turn_to(PhaseKind.CARRYING_OUT)
    action = "Achttien lampen langs het grote pad"
    story.add_action(team, platform, action, year=today.year + 1)
    story.write_update(team, platform, action, title=NEWS, text="De lampen zijn zuinig en schijnen op het pad.")
    story.publish_update(manager, platform, NEWS)

    # Her mailbox holds every step, in order, and her page shows the whole journey.
    subjects = walk.mail_to(ANNA, 8)
    assert [re.sub(r"W-\d+", "W", subject) for subject in subjects] == [
        "Wij hebben uw wens. Bevestig uw mailadres",
        "Wens W staat op de website",
        "Wens W doet mee",
        "Stemmen in Molenwijk",
        "De uitslag van de stemming in Molenwijk",
        "De wijkagenda van Molenwijk is vastgesteld",
        f"Nieuwe actie: {action}",
        NEWS,
    ]
    for page in (annas_page, f"{platform.url}/wensen/{lamps}"):
        anna.page.goto(page)
        journey = anna.page.locator("section[aria-labelledby=reis] li")
        for step in (
            POINT_1,
            "Plaats 1 van 2 in de stemming",
            "Vastgesteld in de wijkagenda",
            action,
            "Laatste nieuws",
        ):
            expect(journey.filter(has_text=step).first).to_be_visible()
    anna.press(action)
    story.said(anna, NEWS)
    assert "De reden: een regel." in text_of(platform.mail.to(BRAM)[2])
    bram.page.goto(f"{platform.url}/wensen/{hump}")
    story.said(bram, "Op zo'n weg mag geen drempel liggen.")
