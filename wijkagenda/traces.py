"""What went wrong, told without what people typed: for the logs, and for failed jobs that Redis keeps.

The message of an error may repeat data: PostgreSQL's DETAIL line holds the whole row it refused, and
"invalid literal for int(): …" holds what somebody typed. Where it happened says enough to mend it.
"""

import logging
import traceback

from sqlalchemy.exc import DBAPIError

WORDS_ARE_OURS = (AttributeError, ImportError, NameError, RuntimeError, TypeError)
"""Errors of a programmer: their messages name things in the code."""


def what_happened(error: BaseException) -> str:
    """The frames and the kind of an error, those it came from first; no data."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append("".join(traceback.format_tb(current.__traceback__)) + _kind(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nwhich led to\n\n".join(reversed(told))


def _kind(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, DBAPIError):
        facts = [getattr(error.orig, "sqlstate", None), _constraint(error.orig)]
        return " ".join([kind, *(fact for fact in facts if fact)])
    return f"{kind}: {error}" if type(error) in WORDS_ARE_OURS else kind


def _constraint(error: BaseException | None) -> str | None:
    """What was broken, by name. SQLite says it in its message, which holds names only, never a row."""
    if error is not None and "sqlite" in type(error).__module__:
        return str(error)
    return getattr(getattr(error, "diag", None), "constraint_name", None)


class WithoutData(logging.Filter):
    """For a logger that others write tracebacks to: they are told in our way."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = what_happened(record.exc_info[1])
            record.exc_info = None
        return True
