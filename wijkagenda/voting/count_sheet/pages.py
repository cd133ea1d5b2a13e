"""The count sheet for everyone, from the moment the result is known."""

from functools import partial

from flask import Blueprint, render_template

from wijkagenda.errors import N_, NotFound
from wijkagenda.voting.count_sheet import queries
from wijkagenda.voting.models import SMALLEST_SHOWN, Channel, VotingState
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.web.access import open_to_everyone

pages = Blueprint("voting_sheet", __name__)


@pages.get("/wijken/<slug>/stemming/<int:voting_round_id>/telblad")
@open_to_everyone
def count_sheet(slug: str, voting_round_id: int) -> str:
    """Not kept: a melding that is answered later changes it, and few people read it."""
    voting_round = voting_round_by_id(voting_round_id)
    hidden = voting_round.rehearsal or voting_round.state is not VotingState.PUBLISHED
    if hidden or voting_round.round.neighbourhood.slug != slug:
        raise NotFound(N_("Het telblad staat hier als de uitslag bekend is."))
    sheet = queries.sheet_of(voting_round)
    lines = queries.public_lines(sheet)
    return render_template(
        "voting/count_sheet.html",
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
        sheet=sheet,
        lines=lines,
        channels=list(Channel),
        tells_channels=partial(queries.tells_channels, among=lines),
        tells_piles=queries.tells_piles(sheet),
        is_small=queries.is_small,
        smallest_shown=SMALLEST_SHOWN,
    )
