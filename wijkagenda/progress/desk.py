"""Routes for staff: write news about actions, hand it in, and check what others wrote."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, NotAllowed
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.people.models import Role
from wijkagenda.plan.models import Action
from wijkagenda.plan.policy import may_plan
from wijkagenda.plan.queries import action_by_id, actions_in
from wijkagenda.progress import operations, policy, queries
from wijkagenda.progress.forms import SendBackForm, UpdateForm
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form, invalid

desk = Blueprint("progress_desk", __name__, url_prefix="/werkplek")
team_only = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)
PUBLISHED_SHOWN = 10


@desk.get("/nieuws")
@team_only
def updates() -> str:
    """What waits to be checked, drafts, actions that nobody writes about, and what was published last."""
    actor = current_actor()
    mine = [n for n in all_neighbourhoods() if may_plan(actor, n)]
    ids = [n.id for n in mine]
    return render_template(
        "progress/desk_updates.html",
        neighbourhoods=mine,
        to_publish=queries.updates_to_publish(ids),
        drafts=queries.updates_to_submit(ids),
        silent=queries.actions_without_update(today(), ids),
        published=queries.latest_of(ids, PUBLISHED_SHOWN),
        may_write=any(policy.may_write(actor, n) for n in mine),
        today=today(),
    )


@desk.get("/nieuws/nieuw")
@team_only
def new_update() -> str | Response:
    """Write about ?action_id=…; without it, choose an action first."""
    asked = request.args.get("action_id", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        mine = [n.id for n in all_neighbourhoods() if policy.may_write(current_actor(), n)]
        return render_template("progress/desk_choose.html", actions=actions_in(mine))
    action = _my_action(int(asked))
    return render_template("progress/desk_write.html", action=action, update=None, form=UpdateForm.over(action))


@desk.post("/nieuws/nieuw")
@team_only
def write_update() -> Response | tuple[str, int]:
    asked = request.args.get("action_id", "")
    action = _my_action(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0)
    form = UpdateForm.over(action)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                update = operations.write_update(
                    actor=current_actor(), now=now(), action=action, news=form.news(action)
                )
            flash(_("Het concept is bewaard. Kijk het na en lever het in."))
            return redirect(url_for("progress_desk.update", update_id=update.id))
        except DomainError as error:
            form.add_error(error)
    return invalid("progress/desk_write.html", form, action=action, update=None)


@desk.get("/nieuws/<int:update_id>")
@team_only
def update(update_id: int) -> str:
    """One update as residents will read it, with what it changes and what can be done."""
    return render_template("progress/desk_update.html", **_context(_mine(update_id)))


def _context(update: ProgressUpdate, form: Form | None = None) -> dict[str, Any]:
    actor, neighbourhood = current_actor(), update.action.item.agenda.round.neighbourhood
    return {
        "update": update,
        "neighbourhood": neighbourhood,
        "may_change": policy.may_change(actor, neighbourhood, update),
        "may_discard": policy.may_write(actor, neighbourhood),
        "may_check": policy.may_check(actor, neighbourhood, update),
        "form": form or SendBackForm(formdata=None),
    }


@desk.get("/nieuws/<int:update_id>/bewerken")
@team_only
def edit(update_id: int) -> str:
    update = _my_draft(update_id)
    form = UpdateForm.over(update.action, update, stored=True)
    return render_template("progress/desk_write.html", action=update.action, update=update, form=form)


@desk.post("/nieuws/<int:update_id>/bewerken")
@team_only
def edit_update(update_id: int) -> Response | tuple[str, int]:
    update = _my_draft(update_id)
    form = UpdateForm.over(update.action, update)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.edit_update(actor=current_actor(), now=now(), update=update, news=form.news(update.action))
            flash(_("Het concept is bewaard."))
            return redirect(url_for("progress_desk.update", update_id=update_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("progress/desk_write.html", form, action=update.action, update=update)


@desk.post("/nieuws/<int:update_id>/inleveren")
@team_only
def submit_update(update_id: int) -> Response:
    update = _mine(update_id)
    with unit_of_work():
        operations.submit_update(actor=current_actor(), now=now(), update=update)
    flash(_("Het bericht ligt bij de stadsdeelmanager."))
    return redirect(url_for("progress_desk.update", update_id=update_id))


@desk.post("/nieuws/<int:update_id>/weg")
@team_only
def discard_update(update_id: int) -> Response:
    update = _mine(update_id)
    with unit_of_work():
        operations.discard_update(actor=current_actor(), now=now(), update=update)
    flash(_("Het concept is weg."))
    return redirect(url_for("progress_desk.updates"))


@desk.post("/nieuws/<int:update_id>/publiceren")
@roles(Role.CITY_DISTRICT_MANAGER)
def publish_update(update_id: int) -> Response:
    update = _mine(update_id)
    with unit_of_work():
        operations.publish_update(actor=current_actor(), now=now(), update=update)
    flash(_("Het bericht staat op de site."))
    return redirect(url_for("progress_desk.update", update_id=update_id))


@desk.post("/nieuws/<int:update_id>/terug")
@roles(Role.CITY_DISTRICT_MANAGER)
def send_back(update_id: int) -> Response | tuple[str, int]:
    update, form = _mine(update_id), SendBackForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.send_back(actor=current_actor(), now=now(), update=update, text=form.text.data or "")
            flash(_("Het bericht is terug bij de schrijver."))
            return redirect(url_for("progress_desk.update", update_id=update_id))
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error)
    return invalid("progress/desk_update.html", **_context(update, form))


def _my_action(action_id: int) -> Action:
    action = action_by_id(action_id)
    if not policy.may_write(current_actor(), action.item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Alleen het gebiedsteam van deze wijk schrijft voortgangsberichten."))
    return action


def _mine(update_id: int) -> ProgressUpdate:
    update = queries.update_by_id(update_id)
    if not may_plan(current_actor(), update.action.item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Dit bericht hoort niet bij uw wijken."))
    return update


def _my_draft(update_id: int) -> ProgressUpdate:
    update = _mine(update_id)
    if not policy.may_change(current_actor(), update.action.item.agenda.round.neighbourhood, update):
        raise NotAllowed(N_("Alleen wie het bericht schreef, kan het veranderen en inleveren."))
    return update
