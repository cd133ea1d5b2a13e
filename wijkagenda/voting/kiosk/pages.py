"""What a kiosk has beside the voting pages: begin again, and more time."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from wijkagenda.voting.ballot import receipt_cookie
from wijkagenda.voting.kiosk.cookie import kiosk
from wijkagenda.voting.kiosk.forms import TypedSoFar
from wijkagenda.voting.queries import open_rounds
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.headers import leaves_no_trace

pages = Blueprint("voting_kiosk", __name__)


@pages.get("/stem/opnieuw")
@open_to_everyone
@leaves_no_trace
def begin_again() -> Response:
    """Leave nothing of the last voter behind. Outside a kiosk nothing is forgotten: a link must not sign anybody out."""
    response = redirect(url_for("voting.enter_code"))
    if kiosk() is None:
        return response
    session.clear()
    return receipt_cookie.forget(response)


@pages.post("/stem/meer-tijd")
@open_to_everyone
@leaves_no_trace
def more_time() -> str:
    """The first step again with what was typed so far; nothing is looked up."""
    return render_template("voting/code.html", form=TypedSoFar(), open_rounds=open_rounds(now()))
