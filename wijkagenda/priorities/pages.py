"""Routes of this subject for residents: the points in draft, and one point with its wishes."""

from flask import Blueprint, render_template, request

from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.priorities import queries
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.rounds.queries import current_round, rounds_of
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import today
from wijkagenda.web.page_cache import public_page

pages = Blueprint("priorities", __name__)


@pages.get("/wijken/<slug>/punten")
@open_to_everyone
@public_page
def points(slug: str) -> str:
    """The points of a round: what was bundled, whether it can be done, and which wishes they are made of."""
    neighbourhood = neighbourhood_by_slug(slug)
    agenda_round = asked_round(neighbourhood)
    return render_template(
        "priorities/points.html",
        neighbourhood=neighbourhood,
        round=agenda_round,
        lines=queries.public_priorities(agenda_round.id) if agenda_round else [],
    )


@pages.get("/wijken/<slug>/punten/<int:number>")
@open_to_everyone
@public_page
def point(slug: str, number: int) -> str:
    """One point with every wish in it and what the specialists say."""
    neighbourhood = neighbourhood_by_slug(slug)
    agenda_round = asked_round(neighbourhood)
    if agenda_round is None:
        raise NotFound(N_("Dit punt kennen wij niet."))
    return render_template(
        "priorities/point.html",
        neighbourhood=neighbourhood,
        round=agenda_round,
        priority=queries.public_priority(agenda_round.id, number),
    )


def asked_round(neighbourhood: Neighbourhood) -> AgendaRound | None:
    """The round of ?periode=2027, else the one of today. Numbers of points begin anew in every round."""
    period = request.args.get("periode")
    if period is None:
        return current_round(neighbourhood.id, today())
    for agenda_round in rounds_of(neighbourhood.id):
        if str(agenda_round.start_year) == period:
            return agenda_round
    raise NotFound(N_("Deze periode kennen wij niet."))
