"""A questionnaire as a plain mapping, checked and turned into tables, and back.

    {"title": text, "intro": text, "language": "nl", "access": "open" | "code",
     "closes_on": "2027-03-01",
     "sections": [{"title": text, "intro": text, "questions": [
        {"key": "cijfer", "type": "scale", "text": text, "help": text, "required": false,
         "options": [{"key": "ja", "text": text, "alone": true}],      single, multiple, matrix
         "max_choices": 3,                                             multiple
         "rows": [{"key": "groen", "text": text}],                     matrix
         "scale": {"min": 1, "max": 10, "min_label": text, "max_label": text, "dont_know": true},
         "number": {"min": 0, "max": 120, "unit": text, "integer": true},
         "max_length": 2000,                                           open
         "shown_if": {"question": "other", "is_any": ["ja"]}}]}]}

`text` is a text, or a mapping {language: text}. Everything but title, sections,
key, type and text may be left out. What is not known is an error, not ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from surveys.errors import N_, DefinitionError
from surveys.models import Question, QuestionType, Section, Survey, SurveyAccess
from surveys.question_types import handler_of
from surveys.routing import check_rules
from surveys.texts import Texts, read_texts

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_QUESTIONS = 200

_SURVEY_PARTS = {"title", "intro", "language", "access", "closes_on", "sections"}
_SECTION_PARTS = {"title", "intro", "questions"}
_QUESTION_PARTS = {"key", "type", "text", "help", "required", "shown_if"}
_TYPE_PARTS = {"options", "rows", "scale", "number", "max_choices", "max_length"}


def build_survey(definition: Mapping[str, Any]) -> Survey:
    """A Survey with its sections and questions, not yet in any session.

    Raises DefinitionError that names the place, also for a routing rule that does
    not look back or a question that could never be asked.
    """
    _known(definition, _SURVEY_PARTS, where="vragenlijst")
    language = definition.get("language", "nl")
    if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2,3}", language):
        raise DefinitionError(N_("De taal van de vragenlijst klopt niet."))
    try:
        access = SurveyAccess(definition.get("access", "open"))
    except ValueError:
        raise DefinitionError(N_("Kies of iedereen mag meedoen, of alleen met een code.")) from None
    survey = Survey(
        title=_required_text(definition, "title", language, where="titel"),
        intro=read_texts(definition.get("intro"), language, where="inleiding"),
        language=language,
        access=access,
        closes_on=_date(definition.get("closes_on")),
    )
    for position, part in enumerate(_list(definition, "sections", where="vragenlijst")):
        survey.sections.append(_section(survey, part, position, language))
    questions = survey.questions
    if not 1 <= len(questions) <= MAX_QUESTIONS:
        raise DefinitionError(N_("Een vragenlijst heeft 1 tot en met %(most)s vragen."), most=MAX_QUESTIONS)
    keys = [question.key for question in questions]
    double = {key for key in keys if keys.count(key) > 1}
    if double:
        raise DefinitionError(N_("Vraag “%(key)s” staat er twee keer in."), key=min(double))
    check_rules(questions)
    return survey


def describe_survey(survey: Survey) -> dict[str, Any]:
    """The definition of a survey: build_survey of it gives the same questionnaire."""
    return _filled(
        title=survey.title,
        intro=survey.intro,
        language=survey.language,
        access=survey.access.value,
        closes_on=survey.closes_on.isoformat() if survey.closes_on else None,
        sections=[
            _filled(
                title=section.title,
                intro=section.intro,
                questions=[_describe_question(question) for question in section.questions],
            )
            for section in survey.sections
        ],
    )


def _section(survey: Survey, part: Any, position: int, language: str) -> Section:
    where = f"deel {position + 1}"
    _known(part, _SECTION_PARTS, where=where)
    section = Section(
        position=position,
        title=read_texts(part.get("title"), language, where=where),
        intro=read_texts(part.get("intro"), language, where=where),
    )
    for number, question in enumerate(_list(part, "questions", where=where)):
        section.questions.append(_question(question, number, language))
    return section


def _question(part: Any, position: int, language: str) -> Question:
    if not isinstance(part, Mapping) or not isinstance(part.get("key"), str) or not KEY.fullmatch(part["key"]):
        raise DefinitionError(
            N_("Elke vraag heeft een naam van kleine letters, cijfers en streepjes (_), zoals “groen_1”.")
        )
    key = part["key"]
    try:
        kind = QuestionType(part.get("type", ""))
    except ValueError:
        raise DefinitionError(N_("Vraag “%(key)s” heeft een soort die wij niet kennen."), key=key) from None
    question = Question(
        key=key,
        type=kind,
        position=position,
        text=_required_text(part, "text", language, where=key),
        help=read_texts(part.get("help"), language, where=key),
        required=_flag(part, "required", False, where=key),
        options=_entries(part.get("options", []), language, where=key, may_be_alone=kind is QuestionType.MULTIPLE),
        rows=_entries(part.get("rows", []), language, where=key),
        max_choices=_whole(part.get("max_choices"), where=key),
        max_length=_whole(part.get("max_length"), where=key),
        whole_numbers=True,
        dont_know=False,
        minimum_label={},
        maximum_label={},
        unit={},
        shown_if=part.get("shown_if"),
    )
    handler = handler_of(question)
    _known(part, _QUESTION_PARTS | handler.needs | handler.may_have, where=key)
    missing = handler.needs - set(part)
    if missing:
        raise DefinitionError(N_("Bij “%(where)s” ontbreekt “%(part)s”."), where=key, part=min(missing))
    if "scale" in part:
        _read_scale(question, part["scale"], language)
    if "number" in part:
        _read_number(question, part["number"], language)
    handler.check(question)
    return question


def _read_scale(question: Question, part: Any, language: str) -> None:
    _known(part, {"min", "max", "min_label", "max_label", "dont_know"}, where=question.key)
    low, high = (_whole(part.get(end), where=question.key) for end in ("min", "max"))
    question.minimum = None if low is None else float(low)
    question.maximum = None if high is None else float(high)
    question.minimum_label = read_texts(part.get("min_label"), language, where=question.key)
    question.maximum_label = read_texts(part.get("max_label"), language, where=question.key)
    question.dont_know = _flag(part, "dont_know", False, where=question.key)


def _read_number(question: Question, part: Any, language: str) -> None:
    _known(part, {"min", "max", "unit", "integer"}, where=question.key)
    question.minimum = _number(part.get("min"), where=question.key)
    question.maximum = _number(part.get("max"), where=question.key)
    question.unit = read_texts(part.get("unit"), language, where=question.key)
    question.whole_numbers = _flag(part, "integer", True, where=question.key)


def _describe_question(question: Question) -> dict[str, Any]:
    needs = handler_of(question).needs
    ends = {"min": _short(question.minimum), "max": _short(question.maximum)}
    scale = number = None
    if "scale" in needs:
        scale = _filled(
            **ends,
            min_label=question.minimum_label,
            max_label=question.maximum_label,
            dont_know=question.dont_know or None,
        )
    if "number" in needs:
        number = _filled(**ends, unit=question.unit, integer=question.whole_numbers)
    return _filled(
        key=question.key,
        type=question.type.value,
        text=question.text,
        help=question.help,
        required=question.required or None,
        options=question.options,
        rows=question.rows,
        max_choices=question.max_choices,
        max_length=question.max_length,
        scale=scale,
        number=number,
        shown_if=question.shown_if,
    )


def _entries(value: Any, language: str, *, where: str, may_be_alone: bool = False) -> list[dict[str, Any]]:
    """Options or rows, as they are stored."""
    if not isinstance(value, list):
        raise DefinitionError(N_("Bij “%(where)s” moet een lijst staan."), where=where)
    entries = []
    for part in value:
        _known(part, {"key", "text", "alone"} if may_be_alone else {"key", "text"}, where=where)
        key = part.get("key")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise DefinitionError(N_("Bij “%(where)s” heeft een antwoord geen goede naam."), where=where)
        entry: dict[str, Any] = {"key": key, "text": _required_text(part, "text", language, where=where)}
        if _flag(part, "alone", False, where=where):
            entry["alone"] = True
        entries.append(entry)
    return entries


def _known(part: Any, names: set[str] | frozenset[str], *, where: str) -> None:
    if not isinstance(part, Mapping):
        raise DefinitionError(N_("Bij “%(where)s” klopt de vorm niet."), where=where)
    unknown = sorted(str(name) for name in part if name not in names)
    if unknown:
        raise DefinitionError(N_("Bij “%(where)s” staat “%(part)s”. Dat past daar niet."), where=where, part=unknown[0])


def _required_text(part: Mapping[str, Any], name: str, language: str, *, where: str) -> Texts:
    texts = read_texts(part.get(name), language, where=where)
    if language not in texts:
        raise DefinitionError(N_("Bij “%(where)s” ontbreekt de tekst."), where=where)
    return texts


def _list(part: Mapping[str, Any], name: str, *, where: str) -> list[Any]:
    value = part.get(name)
    if not isinstance(value, list) or not value:
        raise DefinitionError(N_("Bij “%(where)s” ontbreekt “%(part)s”."), where=where, part=name)
    return value


def _flag(part: Mapping[str, Any], name: str, default: bool, *, where: str) -> bool:
    value = part.get(name, default)
    if not isinstance(value, bool):
        raise DefinitionError(N_("Bij “%(where)s” moet “%(part)s” ja of nee zijn."), where=where, part=name)
    return value


def _whole(value: Any, *, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise DefinitionError(N_("Bij “%(where)s” moet een heel getal staan."), where=where)
    return value


def _number(value: Any, *, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise DefinitionError(N_("Bij “%(where)s” moet een getal staan."), where=where)
    return float(value)


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DefinitionError(N_("De laatste dag klopt niet. Schrijf die als 2027-03-01.")) from None


def _short(number: float | None) -> int | float | None:
    return int(number) if number is not None and number == int(number) else number


def _filled(**parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value is not None and value not in ("", [], {})}
