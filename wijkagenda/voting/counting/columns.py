"""Supporters by option as NumPy arrays: made once, shared by all runs of the swift engine."""

from itertools import chain
from typing import TYPE_CHECKING, Any

try:
    import numpy as np
except ImportError:
    np = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from numpy.typing import NDArray

from wijkagenda.voting.counting.purchases import Case


class Columns:
    """By place of an option: `index` (patterns that support it), `people` of those patterns, and their points.

    `points` is None where everyone gives one point; `weighted` is people times points.
    """

    def __init__(self, case: Case) -> None:
        patterns, options = case.profile.patterns, len(case.costs)
        self.times = np.array(case.times, dtype=np.int64)
        lengths = np.fromiter(map(len, patterns), dtype=np.int64, count=len(patterns))
        chosen = np.fromiter(chain.from_iterable(patterns), dtype=np.int64, count=int(lengths.sum()))
        by_option = np.argsort(chosen, kind="stable")
        cuts = np.cumsum(np.bincount(chosen, minlength=options))[:-1]
        self.index = np.split(np.repeat(np.arange(len(patterns)), lengths)[by_option], cuts)
        self.people = [self.times[index].astype(float) for index in self.index]
        self.points: list[NDArray[Any] | None] = [None] * options
        if case.profile.points:
            given = (int(points * case.point_scale) for row in case.profile.points for points in row)
            whole = np.fromiter(given, dtype=np.int64, count=len(chosen))
            self.points = [points.astype(float) for points in np.split(whole[by_option], cuts)]
        self.weighted = [
            people if points is None else people * points
            for people, points in zip(self.people, self.points, strict=True)
        ]
        self.heaviest = [1.0 if points is None else float(points.max(initial=1)) for points in self.points]

    def whole_points(self, place: int) -> "NDArray[Any]":
        points = self.points[place]
        if points is None:
            return np.ones(len(self.index[place]), dtype=np.int64)
        return points.astype(np.int64)
