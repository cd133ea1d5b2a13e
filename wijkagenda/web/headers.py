"""Headers that keep a visitor safe: a strict policy for scripts, no framing, no referrer leaks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, request
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from wijkagenda.config import Settings
from wijkagenda.web.templating import DIST

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:"],
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers, serve built assets for ever, and trust just the proxies we were told of."""
    # Registered first, so run last: Talisman sets its own referrer policy on every answer.
    app.after_request(_leave_no_trace)
    if settings.https:
        app.before_request(_to_https)
    Talisman(
        app,
        # Its redirect would go to whatever host a request names; ours goes home.
        force_https=False,
        strict_transport_security=settings.https,
        session_cookie_secure=settings.https,
        content_security_policy=CONTENT_SECURITY_POLICY,
        referrer_policy="same-origin",
        frame_options="DENY",
        permissions_policy={"browsing-topics": "()", "geolocation": "(self)"},
    )
    app.after_request(_never_keep_answers_to_posts)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=DIST if DIST.exists() else None,
        prefix="static/dist/",
        max_age=0,
        immutable_file_test=lambda _path, url: "-" in url.rsplit("/", 1)[-1],
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _to_https() -> Response | None:
    """Who comes without TLS goes on to PUBLIC_URL, with the same path and query."""
    if request.is_secure or request.headers.get("X-Forwarded-Proto") == "https":
        return None
    settings: Settings = current_app.config["SETTINGS"]
    path = (request.script_root + request.path).lstrip("/")
    query = request.query_string.decode("latin-1")
    return redirect(f"{settings.public_url}/{quote(path)}" + (f"?{query}" if query else ""))


def _never_keep_answers_to_posts(response: Response) -> Response:
    if request.method == "POST":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def leaves_no_trace(view: View) -> View:
    """For pages with a secret: nothing keeps them, and no link from them says where it came from."""

    @wraps(view)
    def quiet(*args: Any, **kwargs: Any) -> Any:
        g.leaves_no_trace = True
        return view(*args, **kwargs)

    return quiet  # type: ignore[return-value]


def _leave_no_trace(response: Response) -> Response:
    if g.get("leaves_no_trace"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
