"""The shape of results: bars that can be drawn and read as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

#: Under this many answers nothing is shown: no count, no percentage, no mean.
MINIMUM_N = 10


@dataclass(frozen=True)
class Bar:
    """One line of a chart: `percent` is of those who answered, whole, 0-100.

    `label` is what the questionnaire says; `msgid` a text of the engine itself
    with `values`, to be translated. Exactly one of them is filled.
    """

    key: str
    label: str
    count: int
    percent: int
    msgid: str = ""
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Figure:
    """One chart with its table. With `too_few`, n is 0 and the rest is empty."""

    title: str
    n: int
    too_few: bool
    bars: tuple[Bar, ...] = ()
    mean: float | None = None
    mean_n: int = 0
    row: str = ""


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question; a matrix has a figure per row.

    `several` says that people could choose more than one: percentages then add
    up to more than 100. An open question has figures without bars.
    """

    key: str
    type: str
    text: str
    help: str
    unit: str
    several: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class SectionResult:
    title: str
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True)
class SurveyResult:
    """Everything that may be shown of one survey, or of one segment of it.

    `n` counts responses and is 0 when there are too few. `weighted` is False:
    this version counts every response as one and says so.
    """

    survey_id: int
    title: str
    segment: str | None
    n: int
    too_few: bool
    date: date | None
    sections: tuple[SectionResult, ...]
    weighted: bool = False

    @property
    def questions(self) -> tuple[QuestionResult, ...]:
        return tuple(question for section in self.sections for question in section.questions)


@dataclass(frozen=True)
class Counted:
    """Raw counts of one question (or one row of it): n people, and per value how often."""

    n: int = 0
    choices: tuple[tuple[str, int], ...] = ()
    numbers: tuple[tuple[float, int], ...] = ()

    def choice(self, key: str) -> int:
        return dict(self.choices).get(key, 0)


def percent(count: int, n: int) -> int:
    """Whole percentage, halves up; 0 of 0 is 0."""
    return (200 * count + n) // (2 * n) if n else 0


def enough(n: int) -> bool:
    return n >= MINIMUM_N


def shown_segments(counts: Mapping[str | None, int]) -> frozenset[str | None]:
    """Which segments may be shown beside their total, given the n of each.

    Segments under MINIMUM_N are hidden. If what is hidden adds up to fewer than
    MINIMUM_N, subtracting the others from the total would still tell it, so the
    smallest shown segments are hidden too until it does not.
    """
    filled = sorted(
        ((n, segment) for segment, n in counts.items() if n > 0),
        key=lambda pair: (pair[0], pair[1] is not None, pair[1] or ""),
    )
    shown = [segment for n, segment in filled if enough(n)]
    hidden = sum(n for n, _ in filled if not enough(n))
    while shown and 0 < hidden < MINIMUM_N:
        hidden += counts[shown.pop(0)]
    return frozenset(shown)


def mean_of(numbers: Iterable[tuple[float, int]]) -> tuple[float | None, int]:
    """Mean and how many it is of; no mean under MINIMUM_N."""
    pairs = list(numbers)
    n = sum(count for _, count in pairs)
    if not enough(n):
        return None, 0
    return sum(value * count for value, count in pairs) / n, n
