"""`make faults`: ten thousand codes over all channels while web workers, worker and database are killed at random.

Prints the seed, what was killed, what was answered, and that nothing was lost or doubled; ends with an error otherwise.
Everything runs on loopback, in processes of its own, and is gone afterwards. `SEED=7 make faults` repeats a run's kills.
"""

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services  # noqa: E402  the project folder must be on the path first
from tests.faults.platform import target  # noqa: E402
from tests.faults.trial import CONNECTION, DATABASE, IMMEDIATE, QUEUE_WORKER, WEB_WORKER, Plan, Trial  # noqa: E402

KILLS = {WEB_WORKER: 100, QUEUE_WORKER: 10, CONNECTION: 6, IMMEDIATE: 4, DATABASE: 4}
LONGEST_SECONDS = 1200


def plan_of(codes: int, seed: int) -> Plan:
    """Seven in ten on line, one at a kiosk, two on paper; kills in proportion, each kind at least once."""
    kiosk, paper = codes // 10, codes // 5
    kills = {kind: max(1, number * codes // 10_000) for kind, number in KILLS.items()}
    return Plan(
        seed=seed,
        on_line=codes - kiosk - paper,
        kiosk=kiosk,
        paper=paper,
        contested=paper // 50,
        kills=kills,
        letters=60,
        crash_while_counting=True,
    )


def _too_long(*_args: object) -> None:
    raise TimeoutError(f"not done in {LONGEST_SECONDS} seconds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or secrets.randbelow(10**6)))
    asked = parser.parse_args()
    # Both must pass the blocks that end what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LONGEST_SECONDS)
    print(f"seed {asked.seed}, {asked.codes} codes", flush=True)
    folder = services.new_run_folder()
    os.environ[services.RUN_FOLDER] = folder
    try:
        with target(services.redis_url(), web_workers=3, worker=True) as platform:
            print(Trial(platform, plan_of(asked.codes, asked.seed), say=lambda text: print(text, flush=True)).run())
    finally:
        services.stop_run(folder)


if __name__ == "__main__":
    main()
