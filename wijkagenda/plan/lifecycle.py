"""How the state of an action may move. It moves by a published update, never by hand."""

from wijkagenda.errors import N_, Conflict
from wijkagenda.plan.models import Action
from wijkagenda.plan.models import ActionState as S

ALLOWED: dict[S, set[S]] = {
    S.NOT_BEGUN: {S.NOT_BEGUN, S.ON_SCHEDULE, S.DELAYED, S.DONE, S.STOPPED},
    S.ON_SCHEDULE: {S.ON_SCHEDULE, S.DELAYED, S.DONE, S.STOPPED},
    S.DELAYED: {S.DELAYED, S.ON_SCHEDULE, S.DONE, S.STOPPED},
    # What was done can turn out to be broken, and what was stopped can be taken up again.
    S.DONE: {S.DONE, S.ON_SCHEDULE, S.DELAYED},
    S.STOPPED: {S.STOPPED, S.ON_SCHEDULE, S.DELAYED},
}


def check_step(action: Action, new: S) -> None:
    """Raise Conflict unless `action` may go to `new`; staying the same is allowed."""
    if new not in ALLOWED[action.state]:
        raise Conflict(N_("Deze actie is al begonnen. Kies een andere stand."), field="new_state")
