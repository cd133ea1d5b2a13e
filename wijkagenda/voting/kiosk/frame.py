"""How a kiosk stays on the voting pages: no way out, and back to the start by itself.

The time limit works without script: the page says when it begins again, shows a bar in the last minute, and "more time"
sends the form as it stands and gets it back with everything kept, as often as somebody likes (WCAG 2.2.1).
"""

from datetime import datetime, timedelta

from flask import Flask, has_request_context, redirect, request, url_for
from werkzeug.wrappers import Response

from wijkagenda.voting.ballot.guessing import recognise_desks
from wijkagenda.voting.kiosk.cookie import kiosk
from wijkagenda.web.clock import now

BEGINS_AGAIN_AFTER = timedelta(minutes=5)
STEPS = frozenset(
    {
        "voting.enter_code",
        "voting.begin_again",
        "voting.choose",
        "voting.check",
        "voting.send",
        "voting.receipt",
        "voting.leave",
        "voting_kiosk.begin_again",
        "voting_kiosk.more_time",
        "static",
    }
)
STAFF = "/werkplek"


def init_kiosk(app: Flask) -> None:
    """Keep kiosks on the voting pages, and let guessing know them."""
    recognise_desks(app, lambda: kiosk() is not None)
    app.before_request(_stay_here)
    app.after_request(_begin_again_later)
    app.jinja_env.globals.update(in_kiosk=in_kiosk, kiosk_begins_again_at=_begins_again_at)


def in_kiosk() -> bool:
    """Whether this page is shown on a kiosk. Pages that are kept for everybody never are: see `_stay_here`."""
    return has_request_context() and request.endpoint in STEPS and kiosk() is not None


def _stay_here() -> Response | None:
    """Every other page leads back to the code. Officers can still sign in, by typing the address of the desk."""
    if request.endpoint in STEPS or request.path.startswith(STAFF) or kiosk() is None:
        return None
    return redirect(url_for("voting.enter_code"))


def _begin_again_later(response: Response) -> Response:
    """By a header, so that it needs no script."""
    if in_kiosk() and response.mimetype == "text/html":
        seconds = int(BEGINS_AGAIN_AFTER.total_seconds())
        response.headers["Refresh"] = f"{seconds}; url={url_for('voting_kiosk.begin_again')}"
    return response


def _begins_again_at() -> datetime:
    return now() + BEGINS_AGAIN_AFTER
