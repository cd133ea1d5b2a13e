"""The count sheet for officers of whom it is not the plan, from closing on, with every number."""

from flask import Blueprint, render_template

from wijkagenda.errors import NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting.count_sheet import queries
from wijkagenda.voting.models import SMALLEST_SHOWN, Channel
from wijkagenda.voting.policy import may_count
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.web.access import current_actor, roles

desk = Blueprint("voting_sheet_desk", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>/telblad")
officers = roles(Role.VOTING_OFFICER)


@desk.get("")
@officers
def count_sheet(voting_round_id: int) -> str:
    voting_round = voting_round_by_id(voting_round_id)
    # With every number, so not for those whose plan it is; they read the public one.
    if not may_count(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    sheet = queries.sheet_of(voting_round)
    return render_template(
        "voting/desk_count_sheet.html",
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
        sheet=sheet,
        lines=sheet.electorates,
        channels=list(Channel),
        tells_channels=lambda _line: True,
        tells_piles=True,
        is_small=lambda _number: False,
        smallest_shown=SMALLEST_SHOWN,
    )
