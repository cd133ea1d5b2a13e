"""Questions answered with a figure on a scale, or with a number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from surveys.errors import N_
from surveys.figures import Bar, Counted, percent
from surveys.models import Question
from surveys.question_types.base import Cell, Handler, Value, bar, bounds_of, field_name, invalid, wrong

DONT_KNOW = "dont_know"
DONT_KNOW_LABEL = N_("Weet ik niet")


class ScaleHandler(Handler):
    needs = frozenset({"scale"})

    def check(self, question: Question) -> None:
        low, high = question.minimum, question.maximum
        if low is None or high is None or low >= high or high - low > 20:
            raise wrong(question, N_("Bij vraag “%(key)s” klopt de schaal niet."))

    def missing(self, question: Question) -> str:
        return N_("Kies een cijfer.")

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        if len(sent) == 1 and sent[0] in self.possible(question):
            return DONT_KNOW if sent[0] == DONT_KNOW else int(sent[0])
        raise invalid(
            field_name(question),
            N_("Kies een cijfer van %(low)s tot en met %(high)s."),
            low=scale_points(question)[0],
            high=scale_points(question)[-1],
        )

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(choice=DONT_KNOW)] if value == DONT_KNOW else [Cell(number=float(value))]

    def given(self, value: Any) -> frozenset[str]:
        return frozenset({str(value)})

    def possible(self, question: Question) -> frozenset[str]:
        points = {str(point) for point in scale_points(question)}
        return frozenset(points | {DONT_KNOW} if question.dont_know else points)

    def bars(self, question: Question, counted: Counted, language: str) -> tuple[Bar, ...]:
        numbers = dict(counted.numbers)
        bars = [
            bar(str(point), str(point), numbers.get(float(point), 0), counted.n) for point in scale_points(question)
        ]
        if question.dont_know:
            count = counted.choice(DONT_KNOW)
            bars.append(Bar(DONT_KNOW, "", count, percent(count, counted.n), msgid=DONT_KNOW_LABEL))
        return tuple(bars)


class NumberHandler(Handler):
    """A number between two bounds. Figures show at most CLASSES classes, cut from the
    bounds of the question and not from what people answered: the highest and
    lowest answers would else be on show."""

    CLASSES = 5
    needs = frozenset({"number"})

    _PLAIN = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?")
    _THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3}){1,2}")

    def check(self, question: Question) -> None:
        low, high = question.minimum, question.maximum
        if low is None or high is None or low >= high or max(abs(low), abs(high)) >= 1e9:
            raise wrong(question, N_("Bij vraag “%(key)s” moeten een laagste en een hoogste getal staan."))
        if question.whole_numbers and (low != int(low) or high != int(high)):
            raise wrong(question, N_("Bij vraag “%(key)s” moeten de grenzen hele getallen zijn."))

    def missing(self, question: Question) -> str:
        return N_("Vul een getal in.")

    def read(self, question: Question, sent: list[str], language: str) -> Value | None:
        name = field_name(question)
        typed = sent[0].replace(" ", "")
        if self._THOUSANDS.fullmatch(typed):
            number = float(typed.replace(".", ""))
        elif self._PLAIN.fullmatch(typed):
            number = float(typed.replace(",", "."))
        else:
            raise invalid(name, N_("Vul een getal in, bijvoorbeeld 12."))
        if question.whole_numbers and number != int(number):
            raise invalid(name, N_("Vul een heel getal in, zonder komma."))
        low, high = bounds_of(question)
        if not low <= number <= high:
            raise invalid(
                name,
                N_("Vul een getal in van %(low)s tot en met %(high)s."),
                low=plain(low),
                high=plain(high),
            )
        return int(number) if number == int(number) else number

    def cells(self, value: Any) -> list[Cell]:
        return [Cell(number=float(value))]

    def bars(self, question: Question, counted: Counted, language: str) -> tuple[Bar, ...]:
        bars = []
        for low, high, last in number_classes(question, self.CLASSES):
            count = sum(
                times for value, times in counted.numbers if low <= value and (value <= high if last else value < high)
            )
            share = percent(count, counted.n)
            if question.whole_numbers:
                top = int(high) if last else int(high) - 1
                label = str(int(low)) if top == low else ""
                text = "" if label else N_("%(low)s tot en met %(high)s")
                bars.append(Bar(plain(low), label, count, share, text, (("low", int(low)), ("high", top))))
            else:
                text = N_("%(low)s tot en met %(high)s") if last else N_("%(low)s tot %(high)s")
                ends = (("low", plain(low)), ("high", plain(high)))
                bars.append(Bar(plain(low), "", count, share, text, ends))
        return tuple(bars)


def scale_points(question: Question) -> list[int]:
    low, high = bounds_of(question)
    return list(range(int(low), int(high) + 1))


def number_classes(question: Question, most: int) -> list[tuple[float, float, bool]]:
    """At most `most` classes (from, below, is_last) over the bounds of the question;
    the last one includes its end."""
    low, high = bounds_of(question)
    if not question.whole_numbers:
        width = (high - low) / most
        edges = [low + index * width for index in range(most)] + [high]
    else:
        step = -(-int(high - low + 1) // most)
        edges = [float(edge) for edge in range(int(low), int(high) + 1, step)] + [high]
    pairs = list(pairwise(edges))
    return [(start, end, index == len(pairs) - 1) for index, (start, end) in enumerate(pairs)]


def plain(number: float) -> str:
    """A number as people write it: no needless decimals, a Dutch comma."""
    return f"{number:.6f}".rstrip("0").rstrip(".").replace(".", ",")
