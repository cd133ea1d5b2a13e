"""What people typed: made storable, and a title made from it."""

import re
import unicodedata

from wijkagenda.errors import N_, Invalid
from wijkagenda.wishes.models import TEXT_LIMIT, TITLE_LIMIT

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|\n")


def storable(text: str) -> str:
    """`text` without what no database can hold (NUL, control characters, half characters)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def one_line(text: str) -> str:
    """`text` made storable, on one line."""
    return " ".join(storable(text).split())


def is_visible(text: str) -> bool:
    """Whether there is anything to read: a letter, a digit, a sign or a picture, also one newer than this Python."""
    return any(unicodedata.category(c)[0] in "LNSP" or unicodedata.category(c) == "Cn" for c in text)


def checked_text(text: str, *, field: str, limit: int = TEXT_LIMIT, least: int = 1, missing: str) -> str:
    """`text` storable; raises Invalid at `field` when there is nothing to read, too little or too much."""
    text = storable(text)
    if not is_visible(text) or len(text) < least:
        raise Invalid(missing, field=field)
    if len(text) > limit:
        raise Invalid(
            N_("Uw tekst is %(over)s letters te lang. Maak de tekst korter."), field=field, over=len(text) - limit
        )
    return text


def checked_line(text: str, *, field: str, limit: int, missing: str = "") -> str:
    """`text` on one line; raises Invalid at `field` when too long, or empty where `missing` says so."""
    text = one_line(text)
    if missing and not is_visible(text):
        raise Invalid(missing, field=field)
    if len(text) > limit:
        raise Invalid(N_("Dit is te lang. Gebruik hooguit %(limit)s letters."), field=field, limit=limit)
    return text


def title_from(text: str) -> str:
    """The first sentence as a title, cut between words where it is too long."""
    sentences = (one_line(part) for part in _SENTENCE_END.split(text.strip()))
    first = next((part for part in sentences if any(c.isalnum() for c in part)), one_line(text))
    title = first.rstrip(".,;: ") or first
    if len(title) > TITLE_LIMIT:
        cut = title[: TITLE_LIMIT - 1]
        words = cut.rsplit(" ", 1)[0] if " " in cut[TITLE_LIMIT // 2 :] else cut
        title = words.rstrip(".,;: ") + "…"
    return title[:1].upper() + title[1:] if title[:1].upper().isalpha() and len(title[:1].upper()) == 1 else title


_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Za-z]{2}\b")
_HOUSE_NUMBER = re.compile(r"\s+\d{1,3}\s?-?\s?[a-zA-Z]?\b(?![\w'])")


def public_place(place_text: str) -> str:
    """A typed place without postcode and house number: the public sees the street, not the front door."""
    shown = _HOUSE_NUMBER.sub("", _POSTCODE.sub("", place_text))
    return " ".join(shown.replace(" ,", ",").split()).strip(" ,")
