"""Voters with their ballots ready: what a browser holds at the moment somebody presses "Verstuur mijn stem"."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask

from scripts.bench.city import Seeded
from scripts.bench.load import post
from wijkagenda.voting.check_token import CheckSlip, seal
from wijkagenda.voting.codes import code_hmac, new_receipt, round_key

CAST = "/stem/versturen"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def prepared_ballots(app: Flask, seeded: Seeded, codes: list[str]) -> list[bytes]:
    """One POST per code: its own session and form token, three choices, the slip of its check page."""
    return [_post_of(app, seeded, code, i) for i, code in enumerate(codes)]


def form_of(app: Flask, seeded: Seeded, code: str, token: str, i: int = 0) -> dict[str, object]:
    """The fields of the last step."""
    settings = app.config["SETTINGS"]
    mark = code_hmac(round_key(settings, seeded.voting_round_id), code)[:16]
    slip = CheckSlip(seeded.voting_round_id, mark, new_receipt(), datetime.now(UTC))
    choices = sorted({seeded.option_ids[(i + step) % len(seeded.option_ids)] for step in (0, 2, 5)})
    return {"csrf_token": token, "code": code, "slip": seal(settings.secret_key, slip), "choices": choices}


def _post_of(app: Flask, seeded: Seeded, code: str, i: int) -> bytes:
    client = app.test_client()
    page = client.get("/stem", base_url="http://127.0.0.1")
    found = TOKEN.search(page.get_data(as_text=True))
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    if found is None or cookie is None:
        raise RuntimeError("/stem gave no form token or no session")
    body = urlencode(form_of(app, seeded, code, found[1], i), doseq=True)
    return post(CAST, body, f"{cookie.key}={cookie.value}")


def bare_ballots(count: int) -> list[bytes]:
    """The same choices for the vote ceiling, and nothing else."""
    return [post("/", urlencode({"choices": [i % 8, (i + 2) % 8, (i + 5) % 8]}, doseq=True)) for i in range(count)]
