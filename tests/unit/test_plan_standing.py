"""How an agenda item stands follows from its actions."""

import pytest

from wijkagenda.plan.models import ActionState as S
from wijkagenda.plan.queries import Standing


@pytest.mark.parametrize(
    ("counts", "state", "done", "total"),
    [
        ({}, S.NOT_BEGUN, 0, 0),
        ({S.NOT_BEGUN: 3}, S.NOT_BEGUN, 0, 3),
        ({S.NOT_BEGUN: 2, S.ON_SCHEDULE: 1}, S.ON_SCHEDULE, 0, 3),
        ({S.DONE: 5, S.NOT_BEGUN: 3}, S.ON_SCHEDULE, 5, 8),
        ({S.DONE: 5, S.DELAYED: 1}, S.DELAYED, 5, 6),
        ({S.DONE: 4}, S.DONE, 4, 4),
        ({S.DONE: 4, S.STOPPED: 1}, S.DONE, 4, 4),
        ({S.STOPPED: 2}, S.STOPPED, 0, 0),
    ],
)
def test_one_word_for_all_actions(counts: dict[S, int], state: S, done: int, total: int):
    standing = Standing(counts)
    assert (standing.state, standing.done, standing.total) == (state, done, total)
