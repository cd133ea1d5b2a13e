"""Routes of this subject for residents: an action with its news, the news of a neighbourhood, and its feed."""

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.agenda.queries import evidence_of
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.plan.models import Action, ActionState, Milestone
from wijkagenda.plan.queries import action_by_id
from wijkagenda.progress import queries
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import today
from wijkagenda.web.i18n import long_date, period
from wijkagenda.web.page_cache import public_page

pages = Blueprint("progress", __name__)
FEED_LENGTH = 20
MOST_DRAWN = 40
"""More things than this are a bar, not a row of lamps."""


@pages.get("/acties/<int:action_id>")
@open_to_everyone
@public_page
def action(action_id: int) -> str:
    """One action: how it stands, its money, its planning, who does it, why, and its news."""
    found = action_by_id(action_id)
    return render_template(
        "progress/action.html",
        action=found,
        neighbourhood=found.item.agenda.round.neighbourhood,
        evidence=evidence_of([found.item])[found.item_id],
        steps=planning(found),
        updates=queries.updates_of_actions([found.id]).get(found.id, []),
        most_drawn=MOST_DRAWN,
    )


@dataclass(frozen=True)
class Step:
    """One knot of the planning, as the journey macro draws it. state: done, now or later."""

    title: str
    state: str
    date: str
    icon: str = ""
    text: str = ""
    link_url: str = ""
    link_text: str = ""


def planning(action: Action) -> list[Step]:
    """The milestones; the first that is not done is where the work is now, once it has begun."""
    steps: list[Step] = []
    works = action.state in {ActionState.ON_SCHEDULE, ActionState.DELAYED}
    for milestone in action.milestones:
        if milestone.done_on is not None:
            state = "done"
        elif works and all(step.state == "done" for step in steps):
            state = "now"
        else:
            state = "later"
        steps.append(Step(milestone.title, state, _when(milestone)))
    return steps


def _when(milestone: Milestone) -> str:
    if milestone.done_on is not None:
        text = _("Klaar op %(day)s", day=long_date(milestone.done_on))
    elif milestone.due_on < today():
        text = _("Later dan gepland: het zou klaar zijn op %(day)s", day=long_date(milestone.due_on))
    elif milestone.starts_on is not None:
        text = period(milestone.starts_on, milestone.due_on)
    else:
        text = _("Uiterlijk %(day)s", day=long_date(milestone.due_on))
    return f"{text} · {milestone.note}" if milestone.note else text


@pages.get("/wijken/<slug>/nieuws")
@open_to_everyone
@public_page
def news(slug: str) -> str:
    """Everything published about the actions of a neighbourhood, newest first."""
    neighbourhood = neighbourhood_by_slug(slug)
    asked = request.args.get("pagina", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return render_template(
        "progress/news.html", neighbourhood=neighbourhood, news=queries.news_page(neighbourhood.id, number)
    )


@pages.get("/wijken/<slug>/nieuws.atom")
@open_to_everyone
@public_page
def feed(slug: str) -> Response:
    """The newest news as an Atom feed."""
    neighbourhood = neighbourhood_by_slug(slug)
    updates = queries.latest_updates(neighbourhood.id, FEED_LENGTH)
    response = make_response(render_template("progress/feed.xml", neighbourhood=neighbourhood, updates=updates))
    response.mimetype = "application/atom+xml"
    return response
