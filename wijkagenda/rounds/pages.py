"""Routes of this subject for residents: how one takes part in a round."""

from datetime import date

from flask import Blueprint, render_template

from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.rounds import queries
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import today
from wijkagenda.web.i18n import label, period
from wijkagenda.web.page_cache import public_page

pages = Blueprint("rounds", __name__)


@pages.get("/wijken/<slug>/meedoen")
@open_to_everyone
@public_page
def participation(slug: str) -> str:
    """The whole participation approach: who, what, when, and what is decided with it."""
    neighbourhood = neighbourhood_by_slug(slug)
    agenda_round = queries.current_round(neighbourhood.id, today())
    approach = agenda_round.approach if agenda_round else None
    return render_template(
        "rounds/participation.html",
        neighbourhood=neighbourhood,
        round=agenda_round,
        approach=approach if approach and approach.published_at else None,
        steps=steps_of(agenda_round, today()) if agenda_round else [],
    )


def steps_of(agenda_round: AgendaRound, day: date) -> list[dict[str, object]]:
    """The five phases as the street and the list of steps show them."""
    return [
        {
            "kind": phase.kind,
            "number": phase.kind.number,
            "name": label(phase.kind),
            "state": "later" if day < phase.starts_on else "done" if day > phase.ends_on else "now",
            "dates": period(phase.starts_on, phase.ends_on),
        }
        for phase in agenda_round.phases
    ]
