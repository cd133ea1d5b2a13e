"""The votes of an officer, and one vote with what can be done now. Each act has a page of its own (see `acts.desk`)."""

from typing import Any

from flask import Blueprint, render_template

from wijkagenda.errors import NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting import policy, queries
from wijkagenda.voting.letters.alarm import alarm_since
from wijkagenda.voting.models import SMALLEST_SHOWN, VotingRound, VotingState
from wijkagenda.voting.result.queries import Shown, deciding_ballots, what_shows
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now

desk = Blueprint("voting_desk", __name__, url_prefix="/werkplek")

officers = roles(Role.VOTING_OFFICER)


@desk.get("/stemmingen")
@officers
def rounds() -> str:
    """The votes of my neighbourhoods, and the agenda rounds that could have one."""
    actor = current_actor()
    return render_template(
        "voting/desk_rounds.html",
        rounds=[r for r in queries.all_rounds() if policy.may_manage_voting(actor, r.round.neighbourhood)],
        without=[r for r in queries.rounds_without_vote() if policy.may_manage_voting(actor, r.neighbourhood)],
        alarm_since=alarm_since(now()),
    )


@desk.get("/stemmingen/<int:voting_round_id>")
@officers
def voting_round(voting_round_id: int) -> str:
    return render_template("voting/desk_round.html", **_context(_mine(voting_round_id)))


# --- shared ----------------------------------------------------------------------------------------


def _mine(voting_round_id: int) -> VotingRound:
    """A round of my neighbourhoods; the desk shows no others."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if not policy.may_manage_voting(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round


def _context(voting_round: VotingRound) -> dict[str, Any]:
    tally = voting_round.tally
    counted = voting_round.state in (VotingState.COUNTED, VotingState.PUBLISHED)
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "counts": queries.code_counts(voting_round),
        "alarm_since": alarm_since(now()),
        "tally": tally,
        "few": tally is not None and what_shows(deciding_ballots(tally)) is not Shown.NUMBERS,
        "smallest_shown": SMALLEST_SHOWN,
        "lines": queries.tally_lines(tally) if tally is not None and counted else [],
        "may_act": policy.may_count(current_actor(), voting_round.round.neighbourhood),
        "may_publish": tally is not None
        and policy.may_publish_result(current_actor(), voting_round.round.neighbourhood, tally),
        "may_close_from": voting_round.closable_from,
    }
