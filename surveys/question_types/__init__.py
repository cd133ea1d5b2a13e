"""One handler per question type: from what was sent in to a value, to rows, to figures.

Values of an answered question (not answered is None):
single str · multiple tuple[str, ...] in the order of the options · scale int or
DONT_KNOW · number int or float · open str · matrix {row: option}.
"""

from surveys.models import Question, QuestionType
from surveys.question_types.base import Cell, Handler, Raw, Value, field_name, sent_values
from surveys.question_types.choices import MatrixHandler, MultipleHandler, SingleHandler
from surveys.question_types.numbers import (
    DONT_KNOW,
    DONT_KNOW_LABEL,
    NumberHandler,
    ScaleHandler,
    scale_points,
)
from surveys.question_types.writing import DEFAULT_MAX_LENGTH, OpenHandler

HANDLERS: dict[QuestionType, Handler] = {
    QuestionType.SINGLE: SingleHandler(),
    QuestionType.MULTIPLE: MultipleHandler(),
    QuestionType.SCALE: ScaleHandler(),
    QuestionType.NUMBER: NumberHandler(),
    QuestionType.OPEN: OpenHandler(),
    QuestionType.MATRIX: MatrixHandler(),
}


def handler_of(question: Question) -> Handler:
    return HANDLERS[question.type]


__all__ = [
    "DEFAULT_MAX_LENGTH",
    "DONT_KNOW",
    "DONT_KNOW_LABEL",
    "HANDLERS",
    "Cell",
    "Handler",
    "Raw",
    "Value",
    "field_name",
    "handler_of",
    "scale_points",
    "sent_values",
]
