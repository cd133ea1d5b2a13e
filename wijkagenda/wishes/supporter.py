"""Who supports a wish: a random key in a cookie, that says nothing about anybody."""

import re
import secrets
from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response

COOKIE = "wijkagenda-steun"
A_YEAR = 365 * 24 * 60 * 60


def visitor_key() -> str:
    """The key of this browser; a new one when it has none."""
    key = request.cookies.get(COOKIE, "")
    return key if re.fullmatch(r"[\w-]{32,64}", key) else secrets.token_urlsafe(24)


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
