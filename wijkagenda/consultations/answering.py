"""The way through a questionnaire, one question per page, without keeping anything.

Every page carries what was answered before in hidden fields, so that nothing is stored until the
last button, and a resident who stops has left nothing behind. No web in here: `raw` is the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from surveys.errors import InvalidAnswers, Problem
from surveys.models import Question, QuestionType, Survey
from surveys.question_types import DONT_KNOW, Raw, Value, field_name, handler_of, scale_points, sent_values
from surveys.routing import shown_questions
from surveys.texts import in_language

LONGEST_FIELD = 20_000


@dataclass(frozen=True)
class Way:
    """Where somebody is: the survey, and the form as it came in."""

    survey: Survey
    raw: Raw
    language: str = "nl"

    @cached_property
    def questions(self) -> list[Question]:
        return self.survey.questions

    @cached_property
    def answers(self) -> dict[str, Value | None]:
        """Valid answers so far; what is not valid does not count for the way."""
        found: dict[str, Value | None] = {}
        for question in self.questions:
            try:
                found[question.key] = handler_of(question).parse(question, self.raw, self.language)
            except InvalidAnswers:
                found[question.key] = None
        return found

    @cached_property
    def shown(self) -> list[Question]:
        return shown_questions(self.questions, self.answers)

    def question(self, key: str) -> Question | None:
        """A question that is on the way, by its key."""
        return next((question for question in self.shown if question.key == key), None)

    def number_of(self, question: Question) -> int:
        return self.shown.index(question) + 1

    def after(self, question: Question | None) -> Question | None:
        """The next question; the first one after None; None when this was the last."""
        index = self.shown.index(question) + 1 if question else 0
        return self.shown[index] if index < len(self.shown) else None

    def before(self, question: Question | None) -> Question | None:
        """The question before this one; the last one before None (the check page)."""
        index = (self.shown.index(question) if question else len(self.shown)) - 1
        return self.shown[index] if index >= 0 else None

    def problems_at(self, question: Question) -> tuple[Problem, ...]:
        """What must be corrected at this question before going on."""
        try:
            handler_of(question).parse(question, self.raw, self.language)
        except InvalidAnswers as refused:
            return refused.problems
        return ()

    def question_of_field(self, name: str) -> Question | None:
        """The question a form field belongs to."""
        return next((q for q in self.questions if name in handler_of(q).fields(q)), None)

    def carried(self, question: Question | None) -> list[tuple[str, str]]:
        """Name and value of every answer that does not stand on this page, for hidden fields."""
        return [
            (name, value)
            for other in self.questions
            if other is not question
            for name in handler_of(other).fields(other)
            for value in sent_values(self.raw, name)
        ]


@dataclass(frozen=True)
class QuestionView:
    """A question as its page shows it. `lang` is filled when its text is not in the language of the page."""

    question: Question
    raw: Raw
    language: str
    problems: Sequence[Problem] = field(default=())

    @property
    def type(self) -> str:
        return self.question.type.value

    @property
    def name(self) -> str:
        return field_name(self.question)

    @property
    def id(self) -> str:
        return html_id(self.name)

    @property
    def text(self) -> str:
        return in_language(self.question.text, self.language)

    @property
    def help(self) -> str:
        return in_language(self.question.help, self.language)

    @property
    def lang(self) -> str:
        texts = self.question.text
        return "" if self.language in texts else "nl" if "nl" in texts else next(iter(texts))

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(option["key"], in_language(option["text"], self.language)) for option in self.question.options]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Field name and text of each row of a matrix."""
        return [
            (field_name(self.question, row["key"]), in_language(row["text"], self.language))
            for row in self.question.rows
        ]

    @property
    def chosen_per_row(self) -> dict[str, str]:
        return {name: next(iter(sent_values(self.raw, name)), "") for name, _ in self.rows}

    @property
    def sent(self) -> list[str]:
        return sent_values(self.raw, self.name)

    @property
    def points(self) -> list[int]:
        return scale_points(self.question)

    @property
    def ends(self) -> tuple[str, str]:
        return (
            in_language(self.question.minimum_label, self.language),
            in_language(self.question.maximum_label, self.language),
        )

    @property
    def unit(self) -> str:
        return in_language(self.question.unit, self.language)

    @property
    def dont_know(self) -> str:
        return DONT_KNOW


def html_id(name: str) -> str:
    """A field name as id: dots would stand for classes in a selector."""
    return name.replace(".", "-")


def answer_in_words(question: Question, value: Value | None, language: str) -> list[str]:
    """What somebody answered, a line per thing, for the check page. [] when skipped; DONT_KNOW stays as it is."""
    if value is None:
        return []
    options = {option["key"]: in_language(option["text"], language) for option in question.options}
    if isinstance(value, dict):
        rows = {row["key"]: in_language(row["text"], language) for row in question.rows}
        return [f"{rows[row]}: {options[choice]}" for row, choice in value.items()]
    if isinstance(value, tuple):
        return [options[key] for key in value]
    if question.type is QuestionType.SINGLE:
        return [options[str(value)]]
    unit = in_language(question.unit, language)
    return [f"{value} {unit}".strip() if question.type is QuestionType.NUMBER else str(value)]


def raw_of(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The answers in a sent form, cut to what any question can hold."""
    return {
        name: [value[:LONGEST_FIELD] for value in list(values)[:100]]
        for name, values in form.items()
        if name.startswith("a.")
    }
