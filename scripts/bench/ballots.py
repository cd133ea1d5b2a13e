"""Voters with their ballots ready: what a browser holds at the moment somebody presses "Verstuur mijn stem"."""

from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from scripts.bench.city import Seeded
from scripts.bench.load import post
from tests.page_client import Page

BASE = "http://127.0.0.1"
ENTER, CHECK, CAST = "/stem", "/stem/nakijken", "/stem/versturen"


def prepared_ballots(app: Flask, seeded: Seeded, codes: list[str]) -> list[bytes]:
    """One POST per code: its own session and form token, three choices, and what the check page gave along."""
    return [_post_of(app, seeded, code, i) for i, code in enumerate(codes)]


def checked_ballot(client: FlaskClient, seeded: Seeded, code: str, i: int = 0) -> dict[str, object]:
    """Walk to the last step as a visitor does; returns the form that stands there."""
    form = Page(client.get(ENTER, base_url=BASE)).form_data()
    options = seeded.option_ids
    choices = [str(options[(i + step) % len(options)]) for step in (0, 2, 5)]
    given = {"csrf_token": form["csrf_token"], "code": code, "choices": choices}
    page = Page(client.post(CHECK, base_url=BASE, data=given))
    if page.status != 200:
        raise RuntimeError(f"{CHECK} answered {page.status}: {page.errors or page.h1}")
    last: dict[str, object] = page.form_data(selector=f"form[action='{CAST}']")
    # form_data keeps one value per name; the page holds one hidden field per choice.
    return last | {"choices": choices}


def _post_of(app: Flask, seeded: Seeded, code: str, i: int) -> bytes:
    client = app.test_client()
    body = urlencode(checked_ballot(client, seeded, code, i), doseq=True)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    return post(CAST, body, f"{cookie.key}={cookie.value}" if cookie else "")


def bare_ballots(count: int) -> list[bytes]:
    """The same choices for the vote ceiling, and nothing else."""
    return [post("/", urlencode({"choices": [i % 8, (i + 2) % 8, (i + 5) % 8]}, doseq=True)) for i in range(count)]
