"""The receipt of a ballot that is in the box, kept in the browser itself, signed, for as long as it is shown again.

A cookie of its own and not the session: it is set by one answer only, after the commit, it ends by itself, and signing it
takes a tenth of the time of writing a session, which counts on the last evening.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Response

from wijkagenda.config import Settings
from wijkagenda.web.clock import now

NAME = "wijkagenda-receipt"
SHOWN_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class KeptReceipt:
    """The code of a receipt, and of which vote."""

    voting_round_id: int
    receipt: str


def keep(response: Response, receipt: KeptReceipt) -> None:
    """Let this browser show the receipt again; only for a ballot that is committed."""
    until = int((now() + SHOWN_FOR).timestamp())
    value = _signer().sign(f"{receipt.voting_round_id}.{receipt.receipt}.{until}").decode()
    response.set_cookie(
        _name(), value, max_age=SHOWN_FOR, secure=_settings().https, httponly=True, samesite="Lax", path="/"
    )


def kept() -> KeptReceipt | None:
    """The receipt this browser was given; None when there is none, or its time is over."""
    try:
        signed = _signer().unsign(request.cookies.get(_name(), "")).decode()
        voting_round_id, receipt, until = signed.split(".")
        return KeptReceipt(int(voting_round_id), receipt) if now().timestamp() <= int(until) else None
    except (BadSignature, ValueError):
        return None


def forget(response: Response) -> Response:
    """Leave no receipt behind in this browser."""
    if _name() in request.cookies:
        response.delete_cookie(_name(), secure=_settings().https, httponly=True, samesite="Lax", path="/")
    return response


def _name() -> str:
    return f"__Host-{NAME}" if _settings().https else NAME


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _signer() -> Signer:
    return Signer(_settings().secret_key, salt="voting receipt")
