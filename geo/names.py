"""Names made comparable and codes made from names."""

import re
import unicodedata


def fold(text: str) -> str:
    """`text` without case, accents and punctuation, for searching: "'s-Gravenhage" → "s gravenhage"."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"\w+", plain))


def slug(text: str) -> str:
    """A code made from a name: the same name gives the same code, in every year and on every machine."""
    return "-".join(fold(text).replace("_", " ").split())
