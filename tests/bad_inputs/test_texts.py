"""Malicious text that is allowed: taken in as typed, shown as typed, and never taken for anything but text."""

import csv
import io
import json
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from surveys import operations as engine
from tests.conftest import StaffMaker
from tests.factories.consultations import make_survey
from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.surveys import filled_form
from tests.page_client import Page, PageClient
from wijkagenda.dutch_days import local
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import PhaseKind

MALICIOUS = {
    "a script": "<script>alert(1)</script>",
    "an image that runs": "\"><img src=x onerror=alert(1)>",
    "the end of a field": "</textarea></form><h1>Gratis</h1>",
    "a template": "{{7*7}} {% print 49 %} #{7*7}",
    "a template literal": "`${alert(1)}`",
    "a format": "%(name)s %s %d {0} {name}",
    "SQL": "'; DROP TABLE wish; --",
    "a formula": "=HYPERLINK(\"http://elders.example\")",
    "a formula with a plus": "+31612345678",
    "a formula with an at": "@SUM(A1:A9)",
    "a formula with a minus": "-2+3+cmd|' /C calc'!A0",
    "a tab before a formula": "\t=1+1",
    "right to left": "Bankje \u202ecod.exe",
    "a NUL": "Bank\x00je bij de halte",
    "half a character": "Bankje \udcff bij de halte",
    "letters that pile up": "B" + "\u0301" * 60 + "ankje",
    "a link": "javascript:alert(1) https://elders.example",
}  # fmt: skip


def as_shown(text: str) -> str:
    """What a page shows of it: without what no database can hold, white space folded."""
    sent = text.encode("utf-8", "replace").decode()
    return " ".join(sent.replace("\x00", "").split())


def never_markup(page: Page) -> None:
    """Nothing of ours has these, so they would come from what was typed."""
    assert not page.soup.find_all("img", src="x")
    assert all(script.get("src") for script in page.soup.find_all("script"))
    assert not page.soup.find("h1", string="Gratis")
    assert not page.soup.find("a", href=lambda href: href and ("javascript:" in href or "elders.example" in href))


@pytest.mark.parametrize("text", MALICIOUS.values(), ids=list(MALICIOUS))
def test_a_malicious_wish_is_text_everywhere(
    client: PageClient, session: Session, staff: StaffMaker, text: str
) -> None:
    today = local(datetime.now(UTC)).date()
    neighbourhood = make_neighbourhood(session)
    make_round(session, neighbourhood, PhaseKind.LISTENING, today=today)
    give = "/wijken/molenwijk/wens"
    typed = {
        "step": "3", "go": "next", "text": text, "theme": "traffic", "place_choice": "point", "place_text": text,
        "given_as": "resident", "email": "anna@post.example", "submission_key": str(uuid.uuid4()),
    }  # fmt: skip
    client.follow(client.submit(give, _sendable(typed)))

    member = staff(Role.AREA_TEAM, area_id=neighbourhood.area_id)
    client.sign_in(member)
    desk = client.get("/werkplek/wensen/W-0001")
    never_markup(desk)
    assert as_shown(text) in desk.words
    never_markup(client.get("/werkplek/wensen"))
    client.submit("/werkplek/wensen/W-0001", selector="form[action$='/place']")
    client.sign_out()

    public = client.get("/wensen/W-0001")
    assert as_shown(text) in public.words
    for path in (
        "/wensen/W-0001",
        "/wijken/molenwijk",
        "/wijken/molenwijk/wensen",
        "/zoeken?q=W-0001",
        "/wensen/W-0001/volgen",
    ):
        page = client.get(path, status=None)
        never_markup(page)
    client.browser.get("/zoeken", query_string={"q": as_shown(text)})
    never_markup(client.get("/proef/postvak"))
    never_markup(client.get("/wijken/molenwijk/wensen"))
    points = client.get("/wijken/molenwijk/wensen.geojson").response.get_data(as_text=True)
    assert "<script" not in points.replace("\\u003c", "<") or "<script" in text
    json.loads(points)
    _no_formulas(client.get("/cijfers/wensen.csv").response.get_data(as_text=True))


@pytest.mark.parametrize("text", MALICIOUS.values(), ids=list(MALICIOUS))
def test_a_malicious_answer_is_text_on_the_desk_and_in_the_file(
    client: PageClient, session: Session, staff: StaffMaker, text: str
) -> None:
    neighbourhood = make_neighbourhood(session)
    survey = make_survey(session, neighbourhood, now=datetime.now(UTC))
    for number in range(10):
        engine.submit_response(
            session, survey, raw=filled_form(waarom=_sendable({"a": text})["a"]), submission_key=f"k{number}",
            segment=str(neighbourhood.id),
        )  # fmt: skip
    engine.close_survey(session, survey, today=local(datetime.now(UTC)).date())
    client.sign_in(staff(Role.RESEARCHER))
    page = client.get(f"/werkplek/vragenlijsten/{survey.id}/open-antwoorden")
    never_markup(page)
    assert as_shown(text) in page.words
    for what in ("antwoorden", "open-antwoorden"):
        file = client.get(f"/werkplek/vragenlijsten/{survey.id}/{what}.csv").response.get_data(as_text=True)
        _no_formulas(file)


def _sendable(typed: dict[str, str]) -> dict[str, str]:
    """As a browser sends it: half characters become question marks."""
    return {name: value.encode("utf-8", "replace").decode() for name, value in typed.items()}


def _no_formulas(file: str) -> None:
    for row in csv.reader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";"):
        for cell in row:
            assert cell[:1] not in {"=", "+", "@", "\t", "\r"}, f"a formula: {cell!r}"
            assert not cell.startswith("-") or cell[1:].replace(",", "").replace(".", "").isdigit(), cell
