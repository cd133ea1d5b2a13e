"""Errors of the house.

An operation that cannot do what was asked raises a `DomainError` with a Dutch message that may be
shown to the visitor as it is (after translation). The web layer turns each kind into a status:
`NotAllowed` 403, `NotFound` 404, `Invalid` 422, `Conflict` 409.
"""

from collections.abc import Sequence
from typing import Any


def N_(message: str) -> str:
    """Mark `message` for translation without translating it (core files know no request)."""
    return message


class DomainError(Exception):
    """Base of all errors a visitor can understand.

    message: Dutch source text, with `%(name)s` placeholders filled from `params`.
    field: the form field the message belongs to, if one does.
    """

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params
        self.field = field


class NotAllowed(DomainError):
    """The actor has no right to do this."""

    def __init__(self, message: str = N_("U mag dit niet doen."), **params: Any) -> None:
        super().__init__(message, **params)


class NotFound(DomainError):
    """What was asked for does not exist, or is not public."""


class Invalid(DomainError):
    """What was typed cannot be used."""


class Several(Invalid):
    """More than one thing cannot be used; a form shows them all at once, each at its field."""

    def __init__(self, errors: Sequence[Invalid]) -> None:
        super().__init__(errors[0].message, field=errors[0].field, **errors[0].params)
        self.errors = tuple(errors)


class Conflict(DomainError):
    """It cannot be done in the present state: already used, closed, or changed meanwhile."""
