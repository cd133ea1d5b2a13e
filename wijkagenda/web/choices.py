"""Fields with a list to choose from. Forms give (value, words) pairs, or triples with attributes of the option."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import wtforms
from wtforms.fields import SelectChoice

Offered: TypeAlias = SelectChoice | tuple[Any, ...]
_theirs = wtforms.SelectField.choices


class _OffersPairs:
    """Hands what a form offers to WTForms as its own type, at the class and when it is filled in later."""

    def __init__(self, *args: Any, choices: Iterable[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, choices=as_choices(choices), **kwargs)  # type: ignore[call-arg]

    @property
    def choices(self) -> list[SelectChoice]:
        return _theirs.fget(self)

    @choices.setter
    def choices(self, offered: Iterable[Offered]) -> None:
        _theirs.fset(self, as_choices(offered))


def as_choices(offered: Iterable[Offered]) -> list[SelectChoice]:
    """In the order they are offered."""
    return [one if isinstance(one, SelectChoice) else SelectChoice(*one) for one in offered]


class SelectField(_OffersPairs, wtforms.SelectField):
    """One from a list."""


class SelectMultipleField(_OffersPairs, wtforms.SelectMultipleField):
    """None, one or more from a list."""


class RadioField(_OffersPairs, wtforms.RadioField):
    """One of a few, all in sight."""
