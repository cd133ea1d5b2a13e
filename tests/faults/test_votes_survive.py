"""The small trial: some hundred codes, web workers killed all the time, and once a crash of the database.

`make faults` is the large one: all channels, everything killed, ten thousand codes.
"""

import pytest

from tests.faults.platform import target
from tests.faults.trial import CONNECTION, WEB_WORKER, Plan, Trial
from tests.services import redis_url

PLAN = Plan(seed=2026, on_line=140, kiosk=20, paper=40, contested=4, kills={WEB_WORKER: 6, CONNECTION: 1}, browsers=4)


@pytest.mark.slow
def test_no_vote_is_lost_or_doubled_while_web_workers_and_the_database_die() -> None:
    with target(redis_url(), web_workers=2, worker=False) as platform:
        findings = Trial(platform, PLAN).run()
    print(findings)
    assert findings.kills == PLAN.kills
    assert findings.counted_ballots == PLAN.on_line + PLAN.kiosk + PLAN.paper
    assert findings.answers["tried again"] > 0, "nobody noticed a kill: then nothing was tried"
