"""What every question type can do, and the small things they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from surveys.errors import N_, DefinitionError, InvalidAnswers, Problem
from surveys.figures import Bar, Counted, Figure, enough, mean_of, percent
from surveys.models import Question
from surveys.texts import in_language

Value = str | int | float | tuple[str, ...] | dict[str, str]
Raw = Mapping[str, Sequence[str]]
"""A form as sent in: every field name with all its values."""


@dataclass(frozen=True)
class Cell:
    """One row for the answer table."""

    row: str = ""
    choice: str = ""
    number: float | None = None
    text: str | None = None


def field_name(question: Question, row: str = "") -> str:
    """The form field of a question, or of one row of a matrix."""
    return f"a.{question.key}.{row}" if row else f"a.{question.key}"


class Handler:
    """What a question type can do. A handler has no state."""

    needs: ClassVar[frozenset[str]] = frozenset()
    may_have: ClassVar[frozenset[str]] = frozenset()

    def fields(self, question: Question) -> list[str]:
        """The form fields in which the answer comes."""
        return [field_name(question)]

    def check(self, question: Question) -> None:
        """Raises DefinitionError when the question cannot be asked like this."""

    def parse(self, question: Question, raw: Raw, language: str = "nl") -> Value | None:
        """The answer in the form, None when skipped. Raises InvalidAnswers."""
        sent = sent_values(raw, field_name(question))
        if not sent:
            if question.required:
                raise invalid(field_name(question), self.missing(question))
            return None
        return self.read(question, sent, language)

    def missing(self, question: Question) -> str:
        return N_("Kies een antwoord.")

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        raise NotImplementedError

    def cells(self, value: Any) -> list[Cell]:
        """The value as rows of the answer table."""
        raise NotImplementedError

    def given(self, value: Any) -> frozenset[str]:
        """The fixed answers in a value, for routing."""
        return frozenset()

    def possible(self, question: Question) -> frozenset[str]:
        """All fixed answers that can be given; empty when routing cannot use this type."""
        return frozenset()

    def columns(self, question: Question) -> list[tuple[str, str, str]]:
        """Columns of an export: (heading, row, choice); choice '' means the value itself."""
        return [(question.key, "", "")]

    def figures(self, question: Question, counted: Mapping[str, Counted], language: str) -> tuple[Figure, ...]:
        """What may be shown, from raw counts per row ('' when there are no rows)."""
        return (self.figure(question, counted.get("", Counted()), language),)

    def figure(self, question: Question, counted: Counted, language: str) -> Figure:
        title = in_language(question.text, language)
        if not enough(counted.n):
            return Figure(title=title, n=0, too_few=True)
        mean, mean_n = mean_of(counted.numbers)
        return Figure(
            title=title,
            n=counted.n,
            too_few=False,
            bars=self.bars(question, counted, language),
            mean=mean,
            mean_n=mean_n,
        )

    def bars(self, question: Question, counted: Counted, language: str) -> tuple[Bar, ...]:
        return ()


def sent_values(raw: Raw, name: str) -> list[str]:
    """The filled-in values of a field, without empty ones and without NUL, which
    PostgreSQL cannot keep."""
    values = (value.replace("\x00", "").strip() for value in raw.get(name, ()))
    return [value for value in values if value]


def bounds_of(question: Question) -> tuple[float, float]:
    if question.minimum is None or question.maximum is None:
        raise wrong(question, N_("Bij vraag “%(key)s” klopt de schaal niet."))
    return question.minimum, question.maximum


def bar(key: str, label: str, count: int, n: int) -> Bar:
    return Bar(key, label, count, percent(count, n))


def wrong(question: Question, text: str) -> DefinitionError:
    return DefinitionError(text, key=question.key)


def invalid(name: str, text: str, **values: object) -> InvalidAnswers:
    return InvalidAnswers([Problem(name, text, values)])
