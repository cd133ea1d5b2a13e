"""Outcomes, obstacles and file errors in short sentences, English and B1 Dutch, for the command line and the single file.

Web pages have words of their own for the same codes.
"""

from collections.abc import Mapping
from fractions import Fraction

from wijkagenda.voting.counting.outcome import Outcome, Reason, Step, Tie
from wijkagenda.voting.counting.phrases import PHRASES
from wijkagenda.voting.counting.profile import Money, SpoiledBallot
from wijkagenda.voting.counting.terms import Obstacle

LANGUAGES = ("en", "nl")
MONEY = frozenset(
    {"budget", "cost", "left", "had", "money_unit", "next_cost", "each", "total", "spent", "share", "first"}
)
TIMES = frozenset({"time", "last_time", "rho"})
AS_WRITTEN = frozenset({"line", "instance"})


def printable(text: str) -> str:
    """One line of letters. What somebody's file names must not write lines of its own, or steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


class Voice:
    """Says things in one language, about amounts in one currency (or in seats, when `currency` is empty)."""

    def __init__(self, language: str = "en", currency: str = "", names: Mapping[str, str] | None = None) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}")
        self.place, self.language, self.currency = LANGUAGES.index(language), language, currency
        self.names = names or {}

    def say(self, code: str, figures: Mapping[str, Money | str] | None = None) -> str:
        """The sentence of a code. Raises KeyError for a code that has none."""
        words = {key: self._written(key, value) for key, value in (figures or {}).items()}
        return PHRASES[code][self.place].format_map(words)

    def number(self, value: Money, decimals: int = 0) -> str:
        """A number rounded for reading: 1,204.50, in Dutch 1.204,50."""
        rounded = round(Fraction(value) * 10**decimals)
        sign, digits = "-" * (rounded < 0), f"{abs(rounded):0{decimals + 1}d}"
        whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
        written = f"{int(whole):,}" + (f".{part}" if decimals else "")
        return sign + (written.translate(str.maketrans(",.", ".,")) if self.language == "nl" else written)

    def amount(self, value: Money) -> str:
        """Money, with cents where there are any; without a currency a part of a seat."""
        if not self.currency:
            return self.number(value, 0 if Fraction(value).denominator == 1 else 4)
        return f"{self.currency} {self.number(value, 0 if Fraction(value).denominator == 1 else 2)}"

    def _written(self, key: str, value: Money | str) -> str:
        if isinstance(value, str):
            if key in {"option", "instead"}:
                return self.option(value)
            if key in {"decided_by", "phase"}:
                return PHRASES[f"{key}-{value}"][self.place]
            return value
        if key in AS_WRITTEN:
            return str(value)
        if key in MONEY:
            return self.amount(value)
        if key in TIMES:
            return self.number(value, 6)
        return self.number(value, 0 if Fraction(value).denominator == 1 else 2)

    def option(self, option: str) -> str:
        name = self.names.get(option, "")
        return f"{name} ({option})" if name and name != option else option

    def reason(self, reason: Reason) -> str:
        code = reason.code
        if code == "others-first":
            figures = {**reason.figures, "last_time": reason.figures["last"]}
            return self.say(code, figures)
        if code == "lost-tie" and "had" in reason.figures:
            code = "lost-tie-money"
        return self.say(code, reason.figures)

    def obstacle(self, obstacle: Obstacle) -> str:
        return self.say(obstacle.code, obstacle.figures)

    def spoiled(self, spoiled: SpoiledBallot) -> str:
        return self.say(f"ballot-{spoiled.code}", {"line": spoiled.ballot, "option": spoiled.option})

    def tie(self, tie: Tie) -> str:
        among = ", ".join(self.option(option) for option in tie.among)
        return self.say("tie", {"step": tie.step, "among": among, "instead": tie.first, "decided_by": tie.decided_by})

    def step(self, step: Step) -> str:
        """What happened in one step, who paid included."""
        figures: dict[str, Money | str] = {"number": step.number, "option": step.option, "cost": step.cost}
        figures |= {"support": step.support, "time": step.time or 0}
        parts = [self.say(f"step-{step.phase}", figures)]
        for payers in step.payers:
            if step.phase == "phragmen":
                continue
            code = ("paid-all" if payers.all_they_had else "paid-each") + ("-one" if payers.people == 1 else "")
            parts.append(self.say(code, {"people": payers.people, "each": payers.each, "total": payers.total}))
        if step.reserved_for:
            parts.append(self.say("step-reserved", {"theme": step.reserved_for}))
        return " ".join(parts)

    def outcome(self, outcome: Outcome) -> list[str]:
        """The whole outcome, a line each: totals, steps, ties, and why each other option was not elected."""
        totals = outcome.totals
        lines = [self.say("rule", {"rule": str(outcome.terms.rule)})]
        lines.append(self.say("ballots", {"ballots": totals.ballots, "empty": totals.empty_ballots}))
        if totals.budget is not None:
            figures = {"budget": totals.budget, "spent": totals.spent or 0, "left": totals.left or 0}
            lines.append(self.say("money", figures))
        if totals.seats is not None:
            lines.append(self.say("seats", {"seats": totals.seats}))
        if totals.raises is not None:
            share: dict[str, Money | str] = {"first": totals.first_share or 0, "share": totals.final_share or 0}
            lines.append(self.say("raised", share | {"raises": totals.raises}))
            lines.append(self.say(f"stopped-{totals.stopped}", {"next_cost": totals.next_cost or 0}))
        lines += [self.say(note.code, note.figures) for note in outcome.notes]
        lines += ["", self.say("winners", {"winners": len(outcome.winners)})]
        lines += [self.step(step) for step in outcome.steps]
        if outcome.ties:
            lines += ["", *(self.tie(tie) for tie in outcome.ties)]
        others = [line for line in outcome.lines if line.place is None]
        if others:
            lines += ["", self.say("not-elected")]
        for line in others:
            plain = self.say("plain", {"option": line.option, "votes": line.votes})
            lines.append(f"{plain} {self.reason(line.reason)}")
        return lines
