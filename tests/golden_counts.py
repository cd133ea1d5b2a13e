"""Outcomes that were right once and stay so: `python -m tests.golden_counts` writes them anew, for who changed a rule."""

import json
from pathlib import Path
from typing import Any

from tests.profiles import terms_for, wijk
from wijkagenda.voting.counting import Outcome, count

FILE = Path(__file__).with_name("golden_counts.json")
SEEDS = range(1, 8)


def outcomes() -> dict[str, dict[str, Any]]:
    """By seed and rule: winners in order, reasons of the others, what was spent, how often Add1 raised."""
    return {
        f"{seed} {terms.rule}": told(count(profile, terms))
        for seed in SEEDS
        for profile in [wijk(seed, ballots=150, points=seed % 3 == 0)]
        for terms in terms_for(profile, seed)
    }


def told(outcome: Outcome) -> dict[str, Any]:
    totals = outcome.as_json()["totals"]
    return {
        "winners": list(outcome.winners),
        "reasons": {line.option: line.reason.code for line in outcome.lines if line.place is None},
        "ties": [f"{tie.step} {' '.join(tie.among)} by {tie.decided_by}" for tie in outcome.ties],
        **{key: totals[key] for key in ("spent", "final_share", "raises") if totals[key] is not None},
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(outcomes(), indent=1, ensure_ascii=False) + "\n")
