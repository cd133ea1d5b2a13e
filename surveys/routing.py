"""Which questions are asked, given the answers so far.

A rule looks back at one earlier question: {"question": key, "is_any": [answers]}.
Because every question leans on at most one other, and that one comes earlier,
the rules form trees: two rules can never contradict each other, and a question
can be reached as soon as its rule names at least one answer that can be given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surveys.errors import N_, DefinitionError
from surveys.models import Question
from surveys.question_types import Value, handler_of


def shown_questions(questions: Iterable[Question], answers: Mapping[str, Value | None]) -> list[Question]:
    """The questions to ask, in order. The answer to a question that is itself
    not shown does not count."""
    shown: dict[str, Question] = {}
    for question in questions:
        rule = question.shown_if
        if rule is None or _holds(rule, shown, answers):
            shown[question.key] = question
    return list(shown.values())


def _holds(rule: Mapping[str, Any], shown: Mapping[str, Question], answers: Mapping[str, Value | None]) -> bool:
    earlier = shown.get(rule["question"])
    if earlier is None:
        return False
    value = answers.get(earlier.key)
    if value is None:
        return False
    return not handler_of(earlier).given(value).isdisjoint(rule["is_any"])


def keep_shown(questions: Sequence[Question], answers: Mapping[str, Value | None]) -> dict[str, Value]:
    """Only the answers to questions that are shown: the rest was given on a way
    that the person has left again."""
    kept: dict[str, Value] = {}
    for question in shown_questions(questions, answers):
        value = answers.get(question.key)
        if value is not None:
            kept[question.key] = value
    return kept


def check_rules(questions: Sequence[Question]) -> None:
    """Raises DefinitionError for a rule that does not look back at a question with
    fixed answers, or under which its question could never be asked."""
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.shown_if is not None:
            _check_rule(question, earlier)
        earlier[question.key] = question


def _check_rule(question: Question, earlier: Mapping[str, Question]) -> None:
    rule = question.shown_if
    if (
        not isinstance(rule, Mapping)
        or set(rule) != {"question", "is_any"}
        or not isinstance(rule["question"], str)
        or not isinstance(rule["is_any"], list)
        or not all(isinstance(answer, str) for answer in rule["is_any"])
    ):
        raise DefinitionError(
            N_("Bij vraag “%(key)s” klopt de regel niet die zegt wanneer de vraag komt."),
            key=question.key,
        )
    if rule["question"] not in earlier:
        raise DefinitionError(
            N_("Vraag “%(key)s” hangt af van “%(other)s”, maar die vraag komt niet eerder."),
            key=question.key,
            other=rule["question"],
        )
    possible = handler_of(earlier[rule["question"]]).possible(earlier[rule["question"]])
    if not possible:
        raise DefinitionError(
            N_("Vraag “%(key)s” kan niet afhangen van “%(other)s”: die heeft geen vaste antwoorden."),
            key=question.key,
            other=rule["question"],
        )
    if not rule["is_any"]:
        raise DefinitionError(N_("Vraag “%(key)s” kan nooit gesteld worden."), key=question.key)
    unknown = [answer for answer in rule["is_any"] if answer not in possible]
    if unknown:
        raise DefinitionError(
            N_("Vraag “%(key)s” hangt af van het antwoord “%(answer)s”, maar dat bestaat niet."),
            key=question.key,
            answer=unknown[0],
        )
