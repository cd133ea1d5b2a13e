"""Questions with fixed answers: one, several, or one per row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from surveys.errors import N_, InvalidAnswers, Problem
from surveys.figures import Bar, Counted, Figure, enough
from surveys.models import Question
from surveys.question_types.base import (
    Cell,
    Handler,
    Raw,
    Value,
    bar,
    field_name,
    invalid,
    sent_values,
    wrong,
)
from surveys.texts import in_language

MAX_OPTIONS = 40


class SingleHandler(Handler):
    needs = frozenset({"options"})

    def check(self, question: Question) -> None:
        check_entries(question, question.options, least=2)

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        if len(sent) > 1 or sent[0] not in option_keys(question):
            raise invalid(field_name(question), N_("Kies één antwoord uit de lijst."))
        return sent[0]

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(choice=value)]

    def given(self, value: Any) -> frozenset[str]:
        return frozenset({value})

    def possible(self, question: Question) -> frozenset[str]:
        return frozenset(option_keys(question))

    def bars(self, question: Question, counted: Counted, language: str) -> tuple[Bar, ...]:
        return option_bars(question, counted, language)


class MultipleHandler(SingleHandler):
    """Counts are per option. Combinations are never counted: they would show
    41 bars for 10 options and point at single people."""

    may_have = frozenset({"max_choices"})

    def check(self, question: Question) -> None:
        super().check(question)
        most = question.max_choices
        if most is not None and not 1 <= most <= len(question.options):
            raise wrong(question, N_("Bij vraag “%(key)s” klopt het hoogste aantal keuzes niet."))

    def missing(self, question: Question) -> str:
        return N_("Kies ten minste één antwoord.")

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        name = field_name(question)
        if not set(sent) <= set(option_keys(question)):
            raise invalid(name, N_("Kies alleen antwoorden uit de lijst."))
        chosen = tuple(key for key in option_keys(question) if key in sent)
        alone = [option for option in question.options if option.get("alone")]
        if len(chosen) > 1 and any(option["key"] in chosen for option in alone):
            raise invalid(
                name,
                N_("Past “%(option)s” bij u? Haal dan de andere vinkjes weg."),
                option=next(in_language(option["text"], language) for option in alone if option["key"] in chosen),
            )
        most = question.max_choices
        if most is not None and len(chosen) > most:
            raise invalid(
                name,
                N_("Kies niet meer dan %(most)s. U heeft er nu %(chosen)s gekozen."),
                most=most,
                chosen=len(chosen),
            )
        return chosen

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(choice=key) for key in value]

    def given(self, value: Any) -> frozenset[str]:
        return frozenset(value)

    def columns(self, question: Question) -> list[tuple[str, str, str]]:
        return [(f"{question.key}.{key}", "", key) for key in option_keys(question)]


class MatrixHandler(Handler):
    """Several single questions that share their options, one per row."""

    needs = frozenset({"options", "rows"})

    def fields(self, question: Question) -> list[str]:
        return [field_name(question, row["key"]) for row in question.rows]

    def check(self, question: Question) -> None:
        check_entries(question, question.options, least=2)
        check_entries(question, question.rows, least=1)

    def parse(self, question: Question, raw: Raw, language: str = "nl") -> Value | None:
        chosen: dict[str, str] = {}
        problems = []
        for row in question.rows:
            name = field_name(question, row["key"])
            sent = sent_values(raw, name)
            label = in_language(row["text"], language)
            if len(sent) == 1 and sent[0] in option_keys(question):
                chosen[row["key"]] = sent[0]
            elif sent:
                text = N_("Kies één antwoord bij “%(row)s”.")
                problems.append(Problem(name, text, {"row": label}))
            elif question.required:
                text = N_("Kies een antwoord bij “%(row)s”.")
                problems.append(Problem(name, text, {"row": label}))
        if problems:
            raise InvalidAnswers(problems)
        return chosen or None

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(row=row, choice=choice) for row, choice in value.items()]

    def columns(self, question: Question) -> list[tuple[str, str, str]]:
        return [(f"{question.key}.{row['key']}", row["key"], "") for row in question.rows]

    def figures(self, question: Question, counted: Mapping[str, Counted], language: str) -> tuple[Figure, ...]:
        figures = []
        for row in question.rows:
            title = in_language(row["text"], language)
            per_row = counted.get(row["key"], Counted())
            if enough(per_row.n):
                bars = option_bars(question, per_row, language)
                figures.append(Figure(title, per_row.n, too_few=False, bars=bars, row=row["key"]))
            else:
                figures.append(Figure(title, 0, too_few=True, row=row["key"]))
        return tuple(figures)


def option_keys(question: Question) -> list[str]:
    return [option["key"] for option in question.options]


def option_bars(question: Question, counted: Counted, language: str) -> tuple[Bar, ...]:
    return tuple(
        bar(
            option["key"],
            in_language(option["text"], language),
            counted.choice(option["key"]),
            counted.n,
        )
        for option in question.options
    )


def check_entries(question: Question, entries: Iterable[Mapping[str, Any]], *, least: int) -> None:
    """Options or rows: enough, not too many, no double keys."""
    keys = [entry["key"] for entry in entries]
    if len(keys) < least or len(keys) > MAX_OPTIONS or len(set(keys)) != len(keys):
        raise wrong(
            question,
            N_("Bij vraag “%(key)s” kloppen de antwoorden of regels niet (te weinig of dubbel)."),
        )
