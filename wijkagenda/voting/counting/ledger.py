"""The exact book of the swift engine: who paid the common amount how often, and what that amount was.

A balance is share - (row of whole numbers) . (payments), or 0 once somebody paid all they had. Payments are whole
numbers over one common denominator, computed when they are asked for.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any

try:
    import numpy as np
except ImportError:
    np = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from numpy.typing import NDArray

from wijkagenda.voting.counting.columns import Columns
from wijkagenda.voting.counting.purchases import Case, Payment

FIRST_COLUMNS = 33


@dataclass
class Entry:
    """One purchase: the supporters who paid all they had, by their position among the supporters."""

    place: int
    poor: "NDArray[Any]"


class Ledger:
    """Purchases are noted at once and worked out when somebody asks."""

    def __init__(self, case: Case, share: Fraction, columns: Columns, *, describing: bool) -> None:
        self.case, self.columns, self.describing = case, columns, describing
        self.times, self.index = columns.times, columns.index
        self.entries: list[Entry] = []
        self.payments: list[int] = []
        self.share, self.denominator = share.numerator, share.denominator
        self.shorts: list[tuple[int, list[int], int]] = []

    @cached_property
    def rows(self) -> "NDArray[Any]":
        """By pattern: in column 0 whether anything can be left (1), in column i what was paid of payment i - 1."""
        rows = np.zeros((len(self.times), FIRST_COLUMNS), dtype=np.int32)
        rows[:, 0] = 1
        return rows

    def buy(self, place: int, poor: "NDArray[Any]") -> None:
        self.entries.append(Entry(place, np.nonzero(poor)[0]))

    def work_out(self) -> None:
        """Bring rows and payments up to the last purchase."""
        while len(self.payments) < len(self.entries):
            number = len(self.payments)
            entry = self.entries[number]
            if number + 1 >= self.rows.shape[1]:
                self.rows = np.hstack([self.rows, np.zeros_like(self.rows)])
            index = self.index[entry.place]
            poor = index[entry.poor]
            points = self.columns.whole_points(entry.place)
            weight = self.case.weights[entry.place] - int(self.times[poor] @ points[entry.poor])
            short = self.times[poor] @ self.rows[poor, : number + 1]
            paid = self._sum(short)
            need = self.case.costs[entry.place] * self.denominator - paid
            shared = gcd(need, weight)
            each, factor = need // shared, weight // shared
            if factor > 1:
                self.payments = [payment * factor for payment in self.payments]
                self.share *= factor
                self.denominator *= factor
            self.payments.append(each)
            if self.describing:
                people = self._people_with_money(poor[self.rows[poor, 0] == 1])
                self.shorts.append((number, [int(whole) for whole in short], people))
            able = np.ones(len(index), dtype=bool)
            able[entry.poor] = False
            self.rows[index[able], number + 1] += points[able]
            self.rows[poor] = 0

    def _people_with_money(self, patterns: "NDArray[Any]") -> int:
        people = 0
        for row, number in self._grouped(patterns).items():
            if self._sum(np.frombuffer(row, dtype=np.int32)):
                people += number
        return people

    def _grouped(self, patterns: "NDArray[Any]") -> dict[bytes, int]:
        """How many people have each row."""
        grouped: dict[bytes, int] = defaultdict(int)
        for row, people in zip(self.rows[patterns, : len(self.payments) + 1], self.times[patterns], strict=True):
            grouped[row.tobytes()] += int(people)
        return grouped

    def _sum(self, whole: "NDArray[Any] | list[int]") -> int:
        """What a row stands for, in 1/denominator."""
        counts = [int(count) for count in whole]
        paid = sum(count * payment for count, payment in zip(counts[1:], self.payments, strict=False) if count)
        return counts[0] * self.share - paid

    def money(self, place: int) -> Fraction:
        self.work_out()
        index = self.index[place]
        return Fraction(self._sum(self.times[index] @ self.rows[index, : len(self.payments) + 1]), self.denominator)

    def _supporters(self, place: int) -> dict[tuple[int, int], int]:
        """People by (balance, points) of an option."""
        self.work_out()
        index, points = self.index[place], self.columns.whole_points(place)
        found: dict[tuple[int, int], int] = defaultdict(int)
        for value in np.unique(points):
            for row, people in self._grouped(index[points == value]).items():
                found[self._sum(np.frombuffer(row, dtype=np.int32)), int(value)] += people
        return found

    def lowest_payment(self, place: int) -> Fraction | None:
        """The largest payment per point that is needed, exactly; None when the supporters are short."""
        supporters = self._supporters(place)
        need, weight = self.case.costs[place] * self.denominator, self.case.weights[place]
        if sum(left * people for (left, _), people in supporters.items()) < need:
            return None
        for (left, points), people in sorted(supporters.items(), key=lambda group: Fraction(*group[0])):
            if need * points <= left * weight:
                return Fraction(need, weight * self.denominator)
            need -= left * people
            weight -= points * people
        raise AssertionError("supporters with enough money cannot be short")

    def poor(self, place: int, payment: Fraction) -> "NDArray[Any]":
        """Which supporters have less than this payment asks of them, exactly."""
        index, points = self.index[place], self.columns.whole_points(place)
        known: dict[tuple[bytes, int], bool] = {}
        answer = np.zeros(len(index), dtype=bool)
        for position, row in enumerate(self.rows[index, : len(self.payments) + 1]):
            key = (row.tobytes(), int(points[position]))
            if key not in known:
                known[key] = Fraction(self._sum(row), self.denominator) < payment * key[1]
            answer[position] = known[key]
        return answer

    def floats(self, index: "NDArray[Any]", nothing: float) -> "NDArray[Any]":
        """Balances as floats (0 only for who paid all they had, else `nothing`).

        Off by at most (number of payments + 3) * 4 units of rounding of the share.
        """
        self.work_out()
        payments = np.array([payment / self.denominator for payment in self.payments])
        rows = self.rows[index, : len(self.payments) + 1]
        left = rows[:, 0] * (self.share / self.denominator) - rows[:, 1:] @ payments
        left[left == 0] = nothing
        left[rows[:, 0] == 0] = 0
        return left

    def all_payments(self) -> list[Payment]:
        self.work_out()
        found = []
        for entry, (number, short, people), each in zip(self.entries, self.shorts, self.payments, strict=True):
            able = np.ones(len(self.index[entry.place]), dtype=bool)
            able[entry.poor] = False
            points, times = self.columns.whole_points(entry.place)[able], self.times[self.index[entry.place][able]]
            full = {int(value): int(times[points == value].sum()) for value in np.unique(points)}
            paid_each = Fraction(each, self.denominator)
            total = Fraction(self._sum(short[: number + 1]), self.denominator)
            found.append(Payment(paid_each / self.case.costs[entry.place], paid_each, full, people, total))
        return found

    def balances(self) -> tuple[list[int], int]:
        self.work_out()
        return [self._sum(row) for row in self.rows[:, : len(self.payments) + 1]], self.denominator
