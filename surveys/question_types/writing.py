"""Questions answered in one's own words."""

from __future__ import annotations

from typing import Any

from surveys.errors import N_
from surveys.models import Question
from surveys.question_types.base import Cell, Handler, Value, field_name, invalid, wrong

DEFAULT_MAX_LENGTH = 2000
LONGEST_TEXT = 10_000


class OpenHandler(Handler):
    """What people wrote is never published: figures hold only how many wrote."""

    may_have = frozenset({"max_length"})

    def check(self, question: Question) -> None:
        most = question.max_length
        if most is not None and not 1 <= most <= LONGEST_TEXT:
            raise wrong(question, N_("Bij vraag “%(key)s” klopt de grootste lengte niet."))

    def missing(self, question: Question) -> str:
        return N_("Schrijf uw antwoord op.")

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        text = sent[0].replace("\r\n", "\n").replace("\r", "\n").strip()
        most = question.max_length or DEFAULT_MAX_LENGTH
        if len(text) > most:
            raise invalid(
                field_name(question),
                N_("Maak uw tekst korter. Er passen %(most)s tekens, u heeft er %(length)s."),
                most=most,
                length=len(text),
            )
        return text

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(text=value)]

    def columns(self, question: Question) -> list[tuple[str, str, str]]:
        return []
