"""The clock of a request: read once, so that one page knows one time."""

from datetime import UTC, date, datetime

from flask import g, has_request_context

from wijkagenda.dutch_days import local


def now() -> datetime:
    """The moment this request came in (UTC); outside requests, now."""
    if not has_request_context():
        return datetime.now(UTC)
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now


def today() -> date:
    """The day in Amsterdam."""
    return local(now()).date()
