"""Questionnaires for tests: one with every question type, and answers to it."""

from __future__ import annotations

import copy
from typing import Any

EVERY_TYPE: dict[str, Any] = {
    "title": {"nl": "Vragenlijst Molenwijk", "en": "Survey Molenwijk"},
    "intro": "Wij horen graag hoe u uw wijk vindt.",
    "language": "nl",
    "access": "open",
    "sections": [
        {
            "title": "Uw wijk",
            "questions": [
                {
                    "key": "cijfer",
                    "type": "scale",
                    "text": "Welk cijfer geeft u uw wijk?",
                    "help": "1 is heel slecht. 10 is heel goed.",
                    "scale": {
                        "min": 1,
                        "max": 10,
                        "min_label": "heel slecht",
                        "max_label": "heel goed",
                        "dont_know": True,
                    },
                },
                {
                    "key": "tevreden",
                    "type": "matrix",
                    "text": "Hoe tevreden bent u over…",
                    "rows": [
                        {"key": "licht", "text": "Verlichting op straat"},
                        {"key": "groen", "text": "Groen en speelplekken"},
                    ],
                    "options": [
                        {"key": "wel", "text": "Tevreden"},
                        {"key": "niet", "text": "Niet tevreden"},
                        {"key": "weet_niet", "text": "Weet ik niet"},
                    ],
                },
                {
                    "key": "plekken",
                    "type": "multiple",
                    "text": "Waar komt u graag?",
                    "max_choices": 2,
                    "options": [
                        {"key": "park", "text": {"nl": "In het park", "en": "In the park"}},
                        {"key": "plein", "text": "Op het plein"},
                        {"key": "winkel", "text": "Bij de winkels"},
                        {"key": "nergens", "text": "Nergens", "alone": True},
                    ],
                },
            ],
        },
        {
            "title": "Uw huishouden",
            "questions": [
                {
                    "key": "kinderen",
                    "type": "single",
                    "text": "Heeft u kinderen in huis?",
                    "required": True,
                    "options": [{"key": "ja", "text": "Ja"}, {"key": "nee", "text": "Nee"}],
                },
                {
                    "key": "aantal",
                    "type": "number",
                    "text": "Hoeveel kinderen?",
                    "number": {"min": 1, "max": 15, "unit": "kinderen"},
                    "shown_if": {"question": "kinderen", "is_any": ["ja"]},
                },
                {"key": "waarom", "type": "open", "text": "Wat mist u?", "max_length": 200},
            ],
        },
    ],
}


def survey_definition(**changes: Any) -> dict[str, Any]:
    """A fresh copy of EVERY_TYPE with other top-level parts."""
    return copy.deepcopy(EVERY_TYPE) | changes


def filled_form(**answers: str | list[str]) -> dict[str, list[str]]:
    """A form as a browser sends it: `tevreden__licht` is the row licht of tevreden."""
    form = {"kinderen": "nee"} | answers
    return {
        "a." + name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in form.items()
    }
