"""Slow-down for who tries too often: codes, sign-in links, wishes, mail.

The counters know no address: they are kept under a hash that only who has SECRET_KEY can make.
"""

import hashlib
import hmac
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem

from wijkagenda.config import Settings

IPV6_HOME = 64


def who_tries() -> str:
    """Whose tries are counted together: an IPv4 address, or the /64 of IPv6 that one home gets.

    With IPv6 one computer has more addresses than anybody could count. An IPv4 address written as IPv6 is IPv4.
    """
    address = get_remote_address()
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), IPV6_HOME), strict=False))


def hidden_name(*about: str) -> str:
    """Under which who tries is counted, for `about` apart: nobody reads in the counters who did what."""
    settings: Settings = current_app.config["SETTINGS"]
    text = "\n".join((who_tries(), *about))
    return hmac.new(settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


limiter = Limiter(key_func=hidden_name, default_limits=[], headers_enabled=False)


def may_try(limit: RateLimitItem, *about: str) -> bool:
    """Count one more of `about` from this address; False when that is one too many.

    For views that have another limit as well: that one notices a counter that is away.
    """
    return not limiter.enabled or limiter.limiter.hit(limit, hidden_name(*about))


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
