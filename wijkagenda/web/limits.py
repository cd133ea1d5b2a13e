"""Slow-down for who tries too often: codes, sign-in links, wishes, mail."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from wijkagenda.config import Settings

limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=False)


def init_limits(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one, so that all processes count together."""
    # Its counter calls a Redis on a socket redis+unix://, where all others say unix://.
    address = (settings.redis_url or "memory://").replace("unix://", "redis+unix://", 1)
    app.config["RATELIMIT_STORAGE_URI"] = address
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    # A broken counter must not stop anybody from voting.
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)
