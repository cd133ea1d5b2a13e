"""The demo on one small server: SpatiaLite, no mail server, and still every link of the chain within reach."""

from collections.abc import Iterator

import pytest

from tests.browser.hands import Pointer
from tests.live import Platform, running_platform
from tests.walks import story
from tests.windows import WindowMaker

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("small_server")
    with running_platform("small_server", folder=folder, backend="spatialite", demo=True, web_workers=1) as platform:
        yield platform


def test_home_wijk_wish_desk_and_the_mailbox(small_server: Platform, window: WindowMaker) -> None:
    resident = window(small_server, phone=True)
    hands = Pointer(resident.page)
    number = story.give_wish(
        hands, small_server, wijk="Rustenoord", square="Rustplein", text="Een schommel zou fijn zijn", theme="mensen",
        email="anna@post.example",
    )  # fmt: skip
    mail = resident.page.get_by_role("main").locator("li, tr").filter(has_text="anna@post.example")
    for _try in range(60):
        resident.open("/proef/postvak")
        if mail.count():
            break
        resident.page.wait_for_timeout(250)
    mail.first.get_by_role("link").click()
    story.heading(hands, "Wij hebben uw wens. Bevestig uw mailadres")
    link = resident.page.get_by_role("main").inner_text()
    address = next(word for word in link.split() if "/wensen/bevestig/" in word)
    resident.page.goto(address)
    hands.press("Ja, mail mij over mijn wens")
    story.heading(hands, "Uw mailadres is bevestigd")

    desk = window(small_server)
    desk.sign_in("Noor Bakker")
    story.place_wish(Pointer(desk.page), small_server, "Een schommel zou fijn zijn")
    resident.open(f"/wensen/{number}")
    story.heading(hands, "Een schommel zou fijn zijn")
    for path in ("/", "/wijken/molenwijk", "/wijken/leienburg/agenda", "/wijken/leienburg/nieuws", "/stem", "/en/"):
        resident.open(path)
