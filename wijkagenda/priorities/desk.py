"""Routes for staff: bundle placed wishes into points, have points checked, make them public or drop them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, Conflict, DomainError, NotAllowed, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods, neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.priorities import operations, policy, queries
from wijkagenda.priorities.forms import NEW, BundleForm, DropForm, FeasibilityForm, PriorityForm
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.priorities.queries import PriorityLine
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.rounds.queries import current_round
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form, invalid
from wijkagenda.wishes.lifecycle import ALLOWED
from wijkagenda.wishes.models import Theme, Wish, WishState
from wijkagenda.wishes.queries import wish_by_reference

desk = Blueprint("priorities_desk", __name__, url_prefix="/werkplek")
team_only = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)
ANSWERABLE = (PriorityState.DRAFT, PriorityState.PROPOSED)


@desk.get("/punten")
@team_only
def priorities() -> str | Response:
    """My neighbourhoods, with what waits to be bundled. ?wens=W-0148 goes to the page of its neighbourhood."""
    reference = request.args.get("wens")
    if reference:
        wish = wish_by_reference(reference)
        return redirect(
            url_for("priorities_desk.bundling", slug=wish.neighbourhood.slug, wens=wish.reference, _anchor="bundel")
        )
    mine = [n for n in all_neighbourhoods() if policy.may_bundle(current_actor(), n)]
    if len(mine) == 1:
        return redirect(url_for("priorities_desk.bundling", slug=mine[0].slug))
    return render_template(
        "priorities/desk_neighbourhoods.html", neighbourhoods=mine, waiting=queries.unbundled_counts()
    )


@desk.get("/punten/<slug>")
@team_only
def bundling(slug: str) -> str:
    """Placed wishes to tick, the points they can go to, and all points of the round."""
    neighbourhood = _mine(slug)
    context = _bundling_context(neighbourhood)
    form: BundleForm = context["form"]
    form.wishes.data = [wish.id for wish in context["wishes"] if wish is context["picked"]]
    return render_template("priorities/desk_bundling.html", **context)


@desk.post("/punten/<slug>")
@team_only
def bundle(slug: str) -> Response | tuple[str, int]:
    neighbourhood = _mine(slug)
    context = _bundling_context(neighbourhood)
    form: BundleForm = context.pop("form")
    if not form.validate_on_submit():
        return invalid("priorities/desk_bundling.html", form, **context)
    chosen = [wish for wish in context["wishes"] if wish.id in (form.wishes.data or [])]
    try:
        with unit_of_work():
            priority = _asked_priority(form, context["round"], chosen)
            operations.bundle(
                actor=current_actor(),
                now=now(),
                priority=priority,
                wishes=chosen,
                explanation=form.explanation.data or "",
            )
    except DomainError as error:
        form.add_error(error)
        return invalid("priorities/desk_bundling.html", form, **context)
    flash(
        ngettext(
            "%(num)d wens hoort nu bij punt %(number)s. De indiener krijgt uw uitleg.",
            "%(num)d wensen horen nu bij punt %(number)s. De indieners krijgen uw uitleg.",
            len(chosen),
            number=priority.number,
        )
    )
    if form.priority.data == NEW:
        return redirect(url_for("priorities_desk.priority", priority_id=priority.id))
    return redirect(url_for("priorities_desk.bundling", slug=slug))


def _asked_priority(form: BundleForm, agenda_round: AgendaRound | None, wishes: list[Wish]) -> Priority:
    if form.priority.data != NEW:
        return queries.priority_by_id(int(form.priority.data))
    if agenda_round is None:
        raise Conflict(N_("Deze wijk heeft nog geen agendaronde. Plan die eerst."), field="priority")
    return operations.create_priority(
        actor=current_actor(),
        now=now(),
        agenda_round=agenda_round,
        title=form.title.data or "",
        summary=_("Gemaakt van: %(titles)s.", titles="; ".join(wish.title for wish in wishes))[:1000],
        theme=wishes[0].theme,
    )


def _bundling_context(neighbourhood: Neighbourhood) -> dict[str, Any]:
    agenda_round = current_round(neighbourhood.id, today())
    theme = next((theme for theme in Theme if theme.value == request.args.get("onderwerp")), None)
    wishes = queries.unbundled_wishes(neighbourhood.id, theme)
    picked = _picked(neighbourhood)
    if picked is not None and picked not in wishes:
        wishes.insert(0, picked)
    lines: list[PriorityLine] = queries.priorities_of_round(agenda_round.id) if agenda_round else []
    form = BundleForm()
    form.offer(wishes, [line for line in lines if line.priority.state in ANSWERABLE])
    return {
        "neighbourhood": neighbourhood,
        "round": agenda_round,
        "wishes": wishes,
        "picked": picked,
        "checks": queries.checks_of_wishes(wish.id for wish in wishes),
        "lines": lines,
        "themes": list(Theme),
        "theme": theme,
        "today": today(),
        "form": form,
        "new": NEW,
    }


def _picked(neighbourhood: Neighbourhood) -> Wish | None:
    """The wish of ?wens=W-0148, when it can go into a point: also one that was refused or passed on before."""
    if not request.args.get("wens"):
        return None
    wish = wish_by_reference(request.args["wens"])
    fits = wish.neighbourhood_id == neighbourhood.id and WishState.BUNDLED in ALLOWED[wish.state]
    return wish if fits else None


@desk.get("/punten/<slug>/nieuw")
@team_only
def new_priority(slug: str) -> str:
    return render_template("priorities/desk_new.html", neighbourhood=_mine(slug), form=PriorityForm())


@desk.post("/punten/<slug>/nieuw")
@team_only
def create_priority(slug: str) -> Response | tuple[str, int]:
    neighbourhood, form = _mine(slug), PriorityForm()
    agenda_round = current_round(neighbourhood.id, today())
    if agenda_round is None:
        raise Conflict(N_("Deze wijk heeft nog geen agendaronde. Plan die eerst."))
    if not form.validate_on_submit():
        return invalid("priorities/desk_new.html", form, neighbourhood=neighbourhood)
    try:
        with unit_of_work():
            priority = operations.create_priority(
                actor=current_actor(),
                now=now(),
                agenda_round=agenda_round,
                title=form.title.data,
                summary=form.summary.data,
                theme=form.theme.data,
            )
    except DomainError as error:
        form.add_error(error)
        return invalid("priorities/desk_new.html", form, neighbourhood=neighbourhood)
    return redirect(url_for("priorities_desk.priority", priority_id=priority.id))


@desk.get("/punt/<int:priority_id>")
@team_only
def priority(priority_id: int) -> str:
    """One point: its words, its wishes, what the specialists say, and what can be done with it."""
    return render_template("priorities/desk_priority.html", **_context(_my_priority(priority_id)))


def _context(priority: Priority, **given: Form) -> dict[str, Any]:
    neighbourhood = priority.round.neighbourhood
    forms: dict[str, Form] = {}
    # A form that was sent knows its own fields; the others on the page start from what is stored.
    if "words" not in given:
        forms["words"] = PriorityForm(
            formdata=None, title=priority.title, summary=priority.summary, theme=priority.theme.value
        )
    if "check" not in given:
        forms["check"] = FeasibilityForm(formdata=None)
    if "drop" not in given:
        forms["drop"] = DropForm(formdata=None, prefix="vervallen")
    return (
        {
            "priority": priority,
            "neighbourhood": neighbourhood,
            "form": next(iter(given.values()), Form(formdata=None)),
        }
        | forms
        | given
    )


@desk.post("/punt/<int:priority_id>")
@team_only
def edit_priority(priority_id: int) -> Response | tuple[str, int]:
    priority, form = _my_priority(priority_id), PriorityForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.edit_priority(
                    actor=current_actor(),
                    now=now(),
                    priority=priority,
                    title=form.title.data,
                    summary=form.summary.data,
                    theme=form.theme.data,
                )
            flash(_("Het punt is bewaard."))
            return redirect(url_for("priorities_desk.priority", priority_id=priority_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("priorities/desk_priority.html", **_context(priority, words=form))


@desk.post("/punt/<int:priority_id>/toets")
@team_only
def check_priority(priority_id: int) -> Response | tuple[str, int]:
    priority, form = _my_priority(priority_id), FeasibilityForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.record_feasibility(actor=current_actor(), now=now(), priority=priority, **_checked(form))
            flash(_("De toets is bewaard."))
            return redirect(url_for("priorities_desk.priority", priority_id=priority_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("priorities/desk_priority.html", **_context(priority, check=form))


def _checked(form: FeasibilityForm) -> dict[str, Any]:
    return {
        "outcome": form.outcome.data,
        "reason": form.reason.data,
        "team_name": form.team_name.data,
        "cost_estimate": form.cost_estimate.data,
    }


@desk.post("/punt/<int:priority_id>/openbaar")
@team_only
def propose_priority(priority_id: int) -> Response:
    priority = _my_priority(priority_id)
    with unit_of_work():
        operations.propose_priority(actor=current_actor(), now=now(), priority=priority)
    flash(_("Het punt is openbaar."))
    return redirect(url_for("priorities_desk.priority", priority_id=priority_id))


@desk.post("/punt/<int:priority_id>/vervallen")
@team_only
def drop_priority(priority_id: int) -> Response | tuple[str, int]:
    priority, form = _my_priority(priority_id), DropForm(prefix="vervallen")
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.drop_priority(actor=current_actor(), now=now(), priority=priority, reason=form.reason.data)
            flash(_("Het punt is vervallen. De wensen wachten weer op een antwoord."))
            return redirect(url_for("priorities_desk.priority", priority_id=priority_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("priorities/desk_priority.html", **_context(priority, drop=form))


@desk.post("/punt/<int:priority_id>/los/<int:wish_id>")
@team_only
def unbundle(priority_id: int, wish_id: int) -> Response:
    priority = _my_priority(priority_id)
    row = next((row for row in priority.bundled if row.wish_id == wish_id), None)
    if row is None:
        raise NotFound(N_("Deze wens hoort niet bij dit punt."))
    with unit_of_work():
        operations.unbundle(actor=current_actor(), now=now(), bundled=row)
    flash(_("De wens is los en wacht weer op een antwoord."))
    return redirect(url_for("priorities_desk.priority", priority_id=priority_id))


@desk.get("/haalbaarheid/<reference>")
@team_only
def wish_check(reference: str) -> str:
    """What the specialists say of one wish."""
    wish = _my_wish(reference)
    return render_template("priorities/desk_wish_check.html", form=FeasibilityForm(), **_checks(wish))


def _checks(wish: Wish) -> dict[str, Any]:
    """The wish, what was last said of it, the point it belongs to, and what was last said of that."""
    priority = queries.priority_of_wish(wish.id)
    return {
        "wish": wish,
        "latest": queries.checks_of_wishes([wish.id]).get(wish.id),
        "priority": priority,
        "of_priority": queries.latest_checks([priority.id]).get(priority.id) if priority else None,
    }


@desk.post("/haalbaarheid/<reference>")
@team_only
def check_wish(reference: str) -> Response | tuple[str, int]:
    wish, form = _my_wish(reference), FeasibilityForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.record_feasibility(actor=current_actor(), now=now(), wish=wish, **_checked(form))
            flash(_("De toets van %(reference)s is bewaard.", reference=wish.reference))
            return redirect(url_for("priorities_desk.bundling", slug=wish.neighbourhood.slug))
        except DomainError as error:
            form.add_error(error)
    return invalid("priorities/desk_wish_check.html", form, **_checks(wish))


def _mine(slug: str) -> Neighbourhood:
    neighbourhood = neighbourhood_by_slug(slug)
    if not policy.may_bundle(current_actor(), neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    return neighbourhood


def _my_priority(priority_id: int) -> Priority:
    priority = queries.priority_by_id(priority_id)
    if not policy.may_bundle(current_actor(), priority.round.neighbourhood):
        raise NotAllowed(N_("Dit punt hoort niet bij uw wijken."))
    return priority


def _my_wish(reference: str) -> Wish:
    wish = wish_by_reference(reference)
    if not policy.may_bundle(current_actor(), wish.neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    return wish
