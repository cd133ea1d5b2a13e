"""Domain events: news that must travel up the house without imports going up.

A slice emits a frozen dataclass from inside its operation; rooms above subscribe in `app.py`.
Handlers run at once, in the same transaction, so what they write is committed or lost together
with the change they heard of.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event], handler: Callable[[Event], None]) -> None:
    """Call `handler` for each event of exactly `event_type`; subscribing twice counts once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def emit(event: object) -> None:
    """Tell everybody who subscribed to this kind of event."""
    for handler in _handlers[type(event)]:
        handler(event)
