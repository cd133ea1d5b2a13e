"""Routes for staff: the actions of my neighbourhoods, their partners, money and steps."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.agenda.models import AgendaItem
from wijkagenda.agenda.queries import item_by_id
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, NotAllowed
from wijkagenda.neighbourhoods.queries import all_neighbourhoods, neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.plan import operations, policy, queries
from wijkagenda.plan.forms import ActionForm, DoneForm, MilestoneForm
from wijkagenda.plan.models import Action, ActionState, Milestone
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form, invalid

desk = Blueprint("plan_desk", __name__, url_prefix="/werkplek")
team_only = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)


@desk.get("/acties")
@team_only
def actions() -> str:
    """Every action of my neighbourhoods; ?stand=delayed shows only those."""
    mine = [n for n in all_neighbourhoods() if policy.may_plan(current_actor(), n)]
    # What still has to be done comes first, the soonest due on top.
    found = sorted(queries.actions_in([n.id for n in mine]), key=lambda action: action.is_over)
    state = next((state for state in ActionState if state.value == request.args.get("stand")), None)
    return render_template(
        "plan/desk_actions.html",
        neighbourhoods=mine,
        all_actions=found,
        actions=[action for action in found if state is None or action.state is state],
        standing=queries.standing_of(found),
        states=list(ActionState),
        state=state,
        overdue={action.id for action in queries.overdue_actions(today(), [n.id for n in mine])},
    )


@desk.get("/acties/<slug>")
@team_only
def plan(slug: str) -> str:
    """The agenda of one neighbourhood with its actions, to add to."""
    neighbourhood = neighbourhood_by_slug(slug)
    if not policy.may_plan(current_actor(), neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    return render_template(
        "plan/desk_plan.html", neighbourhood=neighbourhood, view=queries.agenda_with_items(neighbourhood.id)
    )


@desk.get("/agendapunt/<int:item_id>/actie")
@team_only
def new_action(item_id: int) -> str:
    item = _my_item(item_id)
    return render_template("plan/desk_new_action.html", item=item, form=ActionForm.over(item.agenda.round))


@desk.post("/agendapunt/<int:item_id>/actie")
@team_only
def add_action(item_id: int) -> Response | tuple[str, int]:
    item = _my_item(item_id)
    form = ActionForm.over(item.agenda.round, stored=False)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                action = operations.add_action(actor=current_actor(), now=now(), item=item, **_typed(form))
            flash(_("De actie staat op de site."))
            return redirect(url_for("plan_desk.action", action_id=action.id))
        except DomainError as error:
            form.add_error(error)
    return invalid("plan/desk_new_action.html", form, item=item)


def _typed(form: ActionForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "text": form.text.data,
        "owner": form.owner.data,
        "due_year": form.due_year.data,
        "due_quarter": form.due_quarter.data,
        "budget": form.budget.data,
        "counted_total": form.counted_total.data,
        "take_part": form.take_part.data or "",
        "partners": form.partner_pairs,
    }


@desk.get("/actie/<int:action_id>")
@team_only
def action(action_id: int) -> str:
    """One action to correct, with its steps."""
    return render_template("plan/desk_action.html", **_context(_my_action(action_id)))


def _context(action: Action, **given: Form) -> dict[str, Any]:
    agenda_round = action.item.agenda.round
    forms: dict[str, Form] = {}
    if "words" not in given:
        forms["words"] = ActionForm.over(agenda_round, action)
    if "step" not in given:
        forms["step"] = MilestoneForm(formdata=None, prefix="stap")
    return (
        {
            "action": action,
            "neighbourhood": agenda_round.neighbourhood,
            "today": today(),
            "form": next(iter(given.values()), Form(formdata=None)),
        }
        | forms
        | given
    )


@desk.post("/actie/<int:action_id>")
@team_only
def edit_action(action_id: int) -> Response | tuple[str, int]:
    action = _my_action(action_id)
    form = ActionForm.over(action.item.agenda.round, action, stored=False)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.edit_action(actor=current_actor(), now=now(), action=action, **_typed(form))
            flash(_("De actie is bewaard."))
            return redirect(url_for("plan_desk.action", action_id=action_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("plan/desk_action.html", **_context(action, words=form))


@desk.post("/actie/<int:action_id>/stap")
@team_only
def add_milestone(action_id: int) -> Response | tuple[str, int]:
    action, form = _my_action(action_id), MilestoneForm(prefix="stap")
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.add_milestone(
                    actor=current_actor(),
                    now=now(),
                    action=action,
                    title=form.title.data or "",
                    starts_on=form.starts_on.data,
                    due_on=form.due_on.data,
                    note=form.note.data or "",
                )
            flash(_("De stap staat in de planning."))
            return redirect(url_for("plan_desk.action", action_id=action_id, _anchor="stappen"))
        except DomainError as error:
            form.add_error(error)
    return invalid("plan/desk_action.html", **_context(action, step=form))


@desk.post("/stap/<int:milestone_id>/klaar")
@team_only
def complete_milestone(milestone_id: int) -> Response | tuple[str, int]:
    milestone, form = _my_milestone(milestone_id), DoneForm(prefix=f"klaar{milestone_id}")
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.complete_milestone(
                    actor=current_actor(), now=now(), milestone=milestone, done_on=form.done_on.data
                )
            flash(_("De stap is klaar."))
            return redirect(url_for("plan_desk.action", action_id=milestone.action_id, _anchor="stappen"))
        except DomainError as error:
            form.add_error(error)
    return invalid("plan/desk_action.html", **_context(_my_action(milestone.action_id), done=form))


@desk.post("/stap/<int:milestone_id>/weg")
@team_only
def remove_milestone(milestone_id: int) -> Response:
    milestone = _my_milestone(milestone_id)
    action_id = milestone.action_id
    with unit_of_work():
        operations.remove_milestone(actor=current_actor(), now=now(), milestone=milestone)
    flash(_("De stap is weg."))
    return redirect(url_for("plan_desk.action", action_id=action_id, _anchor="stappen"))


def _my_item(item_id: int) -> AgendaItem:
    item = item_by_id(item_id)
    if not policy.may_plan(current_actor(), item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    return item


def _my_action(action_id: int) -> Action:
    action = queries.action_by_id(action_id)
    if not policy.may_plan(current_actor(), action.item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Deze actie hoort niet bij uw wijken."))
    return action


def _my_milestone(milestone_id: int) -> Milestone:
    milestone = queries.milestone_by_id(milestone_id)
    if not policy.may_plan(current_actor(), milestone.action.item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Deze actie hoort niet bij uw wijken."))
    return milestone
