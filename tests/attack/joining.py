"""Guesses: two orders of the same things, laid side by side. Where chance made one of them, about one agrees."""

import re
from collections.abc import Mapping, Sequence

from tests.attack.loot import Loot

NO_BETTER_THAN_CHANCE = 12
"""Of two random orders about one place agrees; twelve or more in one of a billion pairs. Some hundreds are tried."""


def best_guess(codes: Mapping[str, Sequence[int]], ballots: Mapping[str, Sequence[int]]) -> tuple[int, str]:
    """How many voters the best pair of orders names rightly, and which pair that is. Both hold numbers of voters.

    Tried forwards, backwards, and shifted by a place, as two processes that take turns might do.
    """
    scores = [(0, "nothing")]
    for code_order, first in codes.items():
        for ballot_order, second in ballots.items():
            for how, other in (("", list(second)), (", backwards", list(reversed(second)))):
                for shift in (-1, 0, 1):
                    moved = other[shift:] + other[:shift]
                    right = sum(one == another for one, another in zip(first, moved, strict=False))
                    scores.append((right, f"{code_order} with {ballot_order}{how}"))
    return max(scores)


def code_orders(loot: Loot, voter_of_code: Mapping[int, int]) -> dict[str, list[int]]:
    """Voters in every order in which the codes stand or were used: for most of these that is the order of the vote."""
    used = [row for row in loot.rows["voting_code"] if row["id"] in voter_of_code]

    def ordered(key: str) -> list[int]:
        return [voter_of_code[int(str(row["id"]))] for row in sorted(used, key=lambda row: _place(row[key]))]

    return {
        "codes by transaction": ordered("xmin"),
        "codes by place in the file": ordered("ctid"),
        "codes by number": ordered("serial"),
        "codes by hash": ordered("code_hmac"),
    }


def ballot_orders(loot: Loot, voter_of_choices: Mapping[tuple[int, ...], int]) -> dict[str, list[int]]:
    """Voters in every order in which opened ballots stand, in tables and in every file that holds one."""
    rows = loot.rows["ballot"]

    def ordered(key: str) -> list[int]:
        return [voter_of_choices[tuple(row["choices"])] for row in sorted(rows, key=lambda row: _place(row[key]))]

    found = {f"ballots by {key}": ordered(key) for key in ("id", "ctid", "xmin")}
    return found | orders_in_files(loot.files, voter_of_choices)


def orders_in_files(
    files: Mapping[str, bytes], voter_of_choices: Mapping[tuple[int, ...], int]
) -> dict[str, list[int]]:
    """The voters whose choices stand in a file, in the order in which they first stand there."""
    written = {f"[{', '.join(map(str, choices))}]".encode(): voter for choices, voter in voter_of_choices.items()}
    pattern = re.compile(rb"\[\d+(?:, \d+)*\]")
    orders = {}
    for name, data in files.items():
        order = list(dict.fromkeys(written[one] for one in pattern.findall(data) if one in written))
        if len(order) > len(written) // 2:
            orders[f"choices in {name}"] = order
    return orders


def _place(value: object) -> object:
    """(page, line) of a ctid, the number of a transaction, or the value itself."""
    text = str(value)
    if numbers := re.fullmatch(r"\((\d+),(\d+)\)", text):
        return int(numbers[1]), int(numbers[2])
    return (int(text), 0) if text.isdigit() else text
