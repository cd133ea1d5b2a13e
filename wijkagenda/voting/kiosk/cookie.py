"""Whether this browser is a kiosk of ours: a signed cookie says for which votes, and until when.

Who copies the cookie from a computer in a library can vote with a code of their own "on a computer of ours", and try
more unknown codes in ten minutes; nothing else. It ends when the votes do.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from wijkagenda.config import Settings
from wijkagenda.voting.models import Channel
from wijkagenda.web.clock import now

NAME = "wijkagenda-kiosk"


@dataclass(frozen=True)
class Kiosk:
    """For which votes this computer was set up, and until when."""

    voting_round_ids: frozenset[int]
    until: datetime


def kiosk() -> Kiosk | None:
    """The kiosk this request comes from; None for every other browser, and when its time is over."""
    if "kiosk" not in g:
        g.kiosk = _read(request.cookies.get(_name(), ""))
    found: Kiosk | None = g.kiosk
    return found if found is not None and now() < found.until else None


def channel_here(voting_round_id: int) -> Channel:
    """Over which way somebody votes who sends this request."""
    found = kiosk()
    return Channel.KIOSK if found is not None and voting_round_id in found.voting_round_ids else Channel.ONLINE


def turn_on(response: Response, voting_round_ids: Iterable[int], until: datetime) -> None:
    """Make the browser that gets this answer a kiosk."""
    value = _serializer().dumps([sorted(voting_round_ids), int(until.timestamp()), secrets.token_hex(8)])
    response.set_cookie(
        _name(), value, expires=until, secure=_settings().https, httponly=True, samesite="Lax", path="/"
    )


def turn_off(response: Response) -> None:
    response.delete_cookie(_name(), secure=_settings().https, httponly=True, samesite="Lax", path="/")


def _read(value: str) -> Kiosk | None:
    if not value:
        return None
    try:
        ids, until, _salt = _serializer().loads(value)
        return Kiosk(frozenset(map(int, ids)), datetime.fromtimestamp(until, UTC))
    except (BadData, ValueError, TypeError):
        return None


def _name() -> str:
    return f"__Host-{NAME}" if _settings().https else NAME


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret_key, salt="voting kiosk")
