"""Against guessing codes: who tries codes that are nobody's waits, and when many do, the officers are warned.

Only codes that are nobody's count, so a library full of voters is not slowed down; a typo is no such code, for its
check symbol does not fit. No address is kept: counters stand under a keyed hash (`web.limits`) and go by themselves.

Two limits. One address may try 30 unknown codes in ten minutes. When all addresses together try more than 300 in an
hour there is an alarm: all officers get a mail, and an address that tried five within the
hour waits until the hour is over. A desk of ours (`recognise_desks`) may try more, and does not wait for an alarm.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g
from limits import parse

from wijkagenda.db import unit_of_work
from wijkagenda.voting.letters.alarm import raise_alarm
from wijkagenda.web.clock import now
from wijkagenda.web.limits import hidden_name, limiter

View = TypeVar("View", bound=Callable[..., Any])

PER_ADDRESS = "30 per 10 minutes"
PER_DESK = "300 per 10 minutes"
WHILE_ALARM = parse("5 per 1 hour")
ALARM = parse("300 per 1 hour")
LOOK_AGAIN = parse("1 per 1 minute")
EVERYBODY = "unknown voting codes"
DESKS = "voting_desks"
log = logging.getLogger("wijkagenda.voting")


def recognise_desks(app: Flask, is_ours: Callable[[], bool]) -> None:
    """Let `is_ours` say of a request that it comes from a desk or kiosk of the municipality, by a mark that we signed.

    It is asked for every try of a code, so it looks at the request and at nothing else.
    """
    app.extensions.setdefault(DESKS, []).append(is_ours)


def is_desk() -> bool:
    """Whether this request comes from a desk of ours."""
    return any(is_ours() for is_ours in current_app.extensions.get(DESKS, ()))


_slower = limiter.shared_limit(
    lambda: PER_DESK if is_desk() else PER_ADDRESS,
    scope="voting codes",
    deduct_when=lambda _response: g.get("unknown_code", False),
)


def slow_down(view: View) -> View:
    """For views that look a code up."""

    @wraps(view)
    def patient(*args: Any, **kwargs: Any) -> Any:
        if _must_wait():
            abort(429)
        return view(*args, **kwargs)

    # Its own check comes first: it notices when the counter is away.
    return _slower(patient)  # type: ignore[return-value]


def note_unknown_code() -> None:
    """Count one code that is nobody's: for this address, and for all together. Outside any unit of work."""
    g.unknown_code = True
    if not limiter.enabled:
        return
    counter = limiter.limiter
    counter.hit(WHILE_ALARM, hidden_name(EVERYBODY))
    if counter.hit(ALARM, EVERYBODY) or not counter.hit(LOOK_AGAIN, EVERYBODY, "alarm"):
        return
    with unit_of_work():
        new = raise_alarm(now=now())
    if new:
        log.warning("more than %s unknown voting codes were tried", ALARM)


def _must_wait() -> bool:
    """While there is an alarm, who tried some unknown codes already waits. One question to the counter, mostly."""
    if not limiter.enabled or limiter.limiter.test(WHILE_ALARM, hidden_name(EVERYBODY)):
        return False
    return not limiter.limiter.test(ALARM, EVERYBODY) and not is_desk()
