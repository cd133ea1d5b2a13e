"""What can go wrong in a survey, in words that may be shown.

Texts are Dutch gettext source strings with named placeholders; whoever shows
them translates `text` and fills in `values`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def N_(text: str) -> str:
    """Mark a Dutch source text for translation; it is translated where it is shown."""
    return text


class SurveyError(Exception):
    """A refusal with a text for the visitor: `text` (msgid) and `values`."""

    text = N_("Dit kan nu niet.")

    def __init__(self, text: str | None = None, **values: object) -> None:
        self.text = text or type(self).text
        self.values = values
        super().__init__(self.text % values if values else self.text)


class DefinitionError(SurveyError):
    """The questionnaire itself is wrong; the message names the question."""

    text = N_("De vragenlijst klopt niet.")


class ForbiddenStep(SurveyError):
    """A state change that the lifecycle does not know."""

    text = N_("Deze stap kan niet. De vragenlijst is al open of gesloten.")


class SurveyNotOpen(SurveyError):
    text = N_("Deze vragenlijst is niet open. U kunt nu geen antwoorden geven.")


class UnknownCode(SurveyError):
    text = N_("Wij kennen deze code niet. Kijk de code nog eens na in uw brief.")


class CodeUsed(SurveyError):
    text = N_("Met deze code is de vragenlijst al ingevuld. Een code telt één keer.")


class CodesNotAllowed(SurveyError):
    text = N_("Voor deze vragenlijst zijn geen codes nodig.")


class TooFewResponses(SurveyError):
    """Rows are only handed out when no single person stands out."""

    text = N_("Er zijn te weinig antwoorden om een bestand te maken. Nodig zijn er %(minimum)s.")


class StillOpen(SurveyError):
    """Answers are only handed out when nobody can be recognised by the moment."""

    text = N_("Dit kan pas als de vragenlijst gesloten is.")


@dataclass(frozen=True)
class Problem:
    """One thing to correct: the form field, and the text to show there."""

    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


class InvalidAnswers(SurveyError):
    """Some answers cannot be taken; `problems` says which and what to do."""

    text = N_("Niet alle antwoorden zijn goed ingevuld.")

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__()
