"""Routes of this subject for residents: the adopted agenda with its actions, on screen and on paper."""

from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import format_date

from wijkagenda.agenda.queries import adopted_agendas
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.plan import queries
from wijkagenda.plan.models import Action
from wijkagenda.voting.models import SMALLEST_SHOWN
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.page_cache import public_page

pages = Blueprint("plan", __name__)


@pages.app_template_filter("quarter_month")
def quarter_month(quarter: tuple[int, int]) -> str:
    """(2027, 2) is 'juni 2027': the month in which the quarter ends. What is promised is ready by then."""
    return format_date(date(quarter[0], quarter[1] * 3, 1), "MMMM yyyy")


@pages.app_template_filter("due")
def due(action: Action) -> str:
    """The month by which an action is ready, as it holds now."""
    return quarter_month((action.due_year, action.due_quarter))


@pages.get("/wijken/<slug>/agenda")
@open_to_everyone
@public_page
def agenda(slug: str) -> str:
    """The agenda in force (or of ?periode=2023): every item, where it comes from, how it stands, its actions."""
    neighbourhood = neighbourhood_by_slug(slug)
    view = queries.agenda_with_items(neighbourhood.id, asked_year())
    if view is None and "periode" in request.args:
        raise NotFound(N_("Deze wijkagenda kennen wij niet."))
    return render_template(
        "plan/agenda.html",
        neighbourhood=neighbourhood,
        view=view,
        smallest_shown=SMALLEST_SHOWN,
        others=[one for one in adopted_agendas(neighbourhood.id) if view is None or one.id != view.agenda.id],
    )


def asked_year() -> int | None:
    """The year of ?periode=2027; NotFound when it is no year."""
    period = request.args.get("periode")
    if period is None:
        return None
    if not (period.isascii() and period.isdigit() and len(period) == 4):
        raise NotFound(N_("Deze wijkagenda kennen wij niet."))
    return int(period)
