"""Enums whose members carry the words a visitor reads."""

from enum import Enum
from typing import Self


class Labelled(Enum):
    """A state or kind: `value` stands in the database, `label` is its Dutch name, marked with N_.

    Written as `PAPER = "paper", N_("op papier")`; found again by value alone: `Channel("paper")`.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member
