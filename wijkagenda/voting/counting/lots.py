"""The lot: one order of all options, drawn and published before the count. Whoever knows the seed can draw it again."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

Name = TypeVar("Name", int, str)


def draw_lots(seed: str, names: Iterable[Name]) -> list[Name]:
    """The order of the lot, first by lot first: by SHA-256 of "seed:name"."""
    return sorted(names, key=lambda name: (hashlib.sha256(f"{seed}:{name}".encode()).digest(), name))
