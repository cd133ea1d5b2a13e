"""Who supports a wish: a random key in a cookie, that says nothing about anybody.

Who throws the cookie away can support again. Support is a sign and no vote, so we ask nobody who they are; but one
address counts a wish's support a bounded number of times a day. A library or a care home, where many share one
address, stays far below it for one wish on one day; a script with 10,000 supports needs half a year.
"""

import re
import secrets
from urllib.parse import urlsplit

from flask import request
from limits import parse
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, Conflict
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now
from wijkagenda.web.limits import may_try
from wijkagenda.wishes import operations, queries
from wijkagenda.wishes.models import Wish

PER_WISH = parse("50 per day")
COOKIE = "wijkagenda-steun"
A_YEAR = 365 * 24 * 60 * 60


def visitor_key() -> str:
    """The key of this browser; a new one when it has none."""
    key = request.cookies.get(COOKIE, "")
    return key if re.fullmatch(r"[\w-]{32,64}", key) else secrets.token_urlsafe(24)


def support(reference: str, key: str) -> Wish:
    """Count the support of this visitor once; raises Conflict when this address did so too often today."""
    with unit_of_work():
        wish = queries.public_wish(reference)
        new = operations.support_wish(actor=current_actor(), now=now(), wish=wish, visitor_key=key)
        if new and not may_try(PER_WISH, "support", wish.reference):
            raise Conflict(
                N_(
                    "Vanaf deze plek is deze wens vandaag al vaak gesteund. Morgen kan het weer. "
                    "Lukt dat niet? Bel ons dan."
                )
            )
        return wish


def remember(response: Response, key: str) -> Response:
    """Let the browser keep its key, so that its support counts once."""
    response.set_cookie(COOKIE, key, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return response


def from_this_site() -> bool:
    """Whether a page of ours sent this request, as far as the browser tells."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
