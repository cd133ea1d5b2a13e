"""Texts of a questionnaire in one or more languages: a mapping {language: text}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.errors import N_, DefinitionError

Texts = dict[str, str]

MAX_TEXT = 4000


def read_texts(value: Any, language: str, *, where: str) -> Texts:
    """A text or a mapping {language: text} as a mapping; empty texts fall away.

    Raises DefinitionError, naming `where`, for anything else.
    """
    if value is None:
        return {}
    if isinstance(value, str):
        value = {language: value}
    if not isinstance(value, Mapping) or not all(
        isinstance(key, str) and isinstance(text, str) for key, text in value.items()
    ):
        raise DefinitionError(N_("Bij “%(where)s” moet een tekst staan."), where=where)
    texts = {key: text.replace("\x00", "").strip() for key, text in value.items()}
    if any(len(text) > MAX_TEXT for text in texts.values()):
        raise DefinitionError(
            N_("De tekst bij “%(where)s” is langer dan %(maximum)s tekens."),
            where=where,
            maximum=MAX_TEXT,
        )
    return {key: text for key, text in texts.items() if text}


def in_language(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in `language`, else in Dutch, else whatever there is, else ''."""
    if not texts:
        return ""
    return texts.get(language) or texts.get("nl") or next(iter(texts.values()))
