"""Voters on line, who do what browsers and people do: a broken answer is asked for again, with the same form."""

import contextlib
import html
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Thread
from urllib.parse import urlencode

from wijkagenda.voting.codes import RECEIPT_LENGTH, is_well_typed

ENTER, CHECK, SEND, PROOF = "/stem", "/stem/nakijken", "/stem/versturen", "/stem/bewijs"
SYMBOL = "[0-9A-HJKMNP-TV-Z]"
RECEIPT = re.compile(rf"(?<!{SYMBOL})({SYMBOL}{{4}}) ({SYMBOL}{{4}}) ({SYMBOL}{{4}})(?!{SYMBOL})")
ANSWER_SECONDS = 60
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.2


class Broken(Exception):
    """No answer, or half of one: the server died while it worked."""


class GaveUp(Exception):
    """No good answer in all that time."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass
class Voter:
    """Somebody with a code. `receipt` is what the screen showed; `in_doubt`: left after a broken answer."""

    code: str
    choices: list[int]
    kiosk: bool = False
    taps_twice: bool = False
    leaves_when_broken: bool = False
    form: dict[str, object] = field(default_factory=dict)
    receipt: str = ""
    in_doubt: bool = False
    refused: str = ""


class Browser:
    """Cookies and a form token, kept over voters as on a computer in a library. Counts answers by kind."""

    def __init__(self, port: int, answers: Counter[str], cookies: dict[str, str] | None = None) -> None:
        self.port, self.answers, self.cookies = port, answers, dict(cookies or {})
        self.token = ""

    def ask(self, method: str, path: str, data: dict[str, object] | None = None) -> Answer:
        """One request on a connection of its own; raises Broken."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            body, headers["Content-Type"] = urlencode(data, doseq=True), "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self.answers[f"{path} broken"] += 1
            raise Broken(str(error)) from None
        finally:
            connection.close()
        self.answers[f"{path} {response.status}"] += 1
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)

    def insist(self, method: str, path: str, data: dict[str, object] | None = None) -> Answer:
        """Again and again until there is an answer that is no fault of the server."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = self.ask(method, path, data)
                if answer.status < 500:
                    return answer
            except Broken:
                pass
            self.answers["tried again"] += 1
            time.sleep(PAUSE_SECONDS)
        raise GaveUp(f"{path} did not answer in {PATIENCE_SECONDS} s")

    def open(self) -> None:
        """The first page, with the token of its form."""
        self.token = _field(self.insist("GET", ENTER).text, "csrf_token")


def vote(browser: Browser, voter: Voter) -> None:
    """All the way to the receipt; fills in what became of it."""
    if not browser.token:
        browser.open()
    given: dict[str, object] = {"csrf_token": browser.token, "code": voter.code, "choices": voter.choices}
    checked = browser.insist("POST", CHECK, given)
    if checked.status != 200:
        voter.refused = f"{CHECK} {checked.status}"
        return
    voter.form = given | {"slip": _field(checked.text, "slip")}
    if voter.leaves_when_broken:
        try:
            answer = browser.ask("POST", SEND, voter.form)
        except Broken:
            voter.in_doubt = True
            return
        if answer.status >= 500:
            voter.in_doubt = True
            return
    elif voter.taps_twice:
        answer = _tap_twice(browser, voter)
    else:
        answer = browser.insist("POST", SEND, voter.form)
    _read_proof(browser, voter, answer)


def settle(browser: Browser, voter: Voter) -> None:
    """Who left in doubt asks again, with the same code and receipt."""
    browser.open()
    _read_proof(browser, voter, browser.insist("POST", SEND, voter.form | {"csrf_token": browser.token}))
    voter.in_doubt = False


def _tap_twice(browser: Browser, voter: Voter) -> Answer:
    """The same form two times at the same moment, as a tap that bounces; the browser shows the second answer."""
    other = Browser(browser.port, browser.answers, browser.cookies)
    first = Thread(target=_quietly(lambda: other.insist("POST", SEND, voter.form)))
    first.start()
    try:
        return browser.insist("POST", SEND, voter.form)
    finally:
        first.join()


def _quietly(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with contextlib.suppress(GaveUp):
            work()

    return run


def _read_proof(browser: Browser, voter: Voter, answer: Answer) -> None:
    if answer.status != 302 or PROOF not in answer.location:
        voter.refused = f"{SEND} {answer.status}"
        return
    proof = browser.insist("GET", PROOF)
    found = RECEIPT.search(html.unescape(proof.text))
    if proof.status != 200 or found is None:
        raise AssertionError(f"{PROOF} answered {proof.status} without a receipt")
    voter.receipt = "".join(found.groups())
    if not is_well_typed(voter.receipt, RECEIPT_LENGTH):
        raise AssertionError(f"{PROOF} shows something else than a receipt")


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    if found is None:
        raise AssertionError(f"no field {name} on a page that begins {page[:300]!r}")
    return html.unescape(found[1])


def make_voters(codes: list[str], options: list[int], random: Random, *, kiosk: bool = False) -> list[Voter]:
    """Each chooses one to three points; a few tap twice, a few walk away after a broken answer."""
    return [
        Voter(
            code,
            sorted(random.sample(options, random.randint(1, 3))),
            kiosk=kiosk,
            taps_twice=(habit := random.random()) < 0.05,
            leaves_when_broken=habit > 0.7,
        )
        for code in codes
    ]
