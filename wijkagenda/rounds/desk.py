"""Routes of this subject for staff: begin a round, plan its phases, publish the participation approach."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.policy import may_keep_figures
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.rounds import operations, policy, queries
from wijkagenda.rounds.forms import (
    ApproachForm,
    PhasesForm,
    RoundForm,
    approach_form_of,
    new_round_form,
    phases_form_of,
)
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import invalid

desk = Blueprint("rounds_desk", __name__, url_prefix="/werkplek")

round_staff = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR)


def _mine(slug: str) -> Neighbourhood:
    """A neighbourhood whose round I keep; NotFound or NotAllowed."""
    found = neighbourhood_by_slug(slug)
    if not policy.may_manage_round(current_actor(), found):
        raise NotAllowed
    return found


def _my_round(round_id: int) -> AgendaRound:
    found = queries.round_by_id(round_id)
    if not policy.may_manage_round(current_actor(), found.neighbourhood):
        raise NotAllowed
    return found


@desk.get("/wijken/<slug>/ronde")
@round_staff
def rounds(slug: str) -> str:
    """The rounds of a neighbourhood, the newest first, each with its phases and its approach."""
    neighbourhood = _mine(slug)
    return render_template(
        "rounds/desk_rounds.html",
        neighbourhood=neighbourhood,
        rounds=queries.rounds_of(neighbourhood.id),
        current=queries.current_round(neighbourhood.id, today()),
        may_keep_figures=may_keep_figures(current_actor(), neighbourhood),
    )


# --- begin a round -------------------------------------------------------------------------------


@desk.get("/wijken/<slug>/ronde/nieuw")
@round_staff
def new_round(slug: str) -> str:
    return _new_round_page(_mine(slug), new_round_form(today()))


def _new_round_page(neighbourhood: Neighbourhood, form: RoundForm) -> str:
    return render_template("rounds/desk_new_round.html", neighbourhood=neighbourhood, form=form, kinds=list(PhaseKind))


@desk.post("/wijken/<slug>/ronde/nieuw")
@round_staff
def start_round(slug: str) -> Response | tuple[str, int]:
    form = RoundForm()
    if not form.validate_on_submit():
        return _new_round_page(_mine(slug), form), 422
    try:
        with unit_of_work():
            operations.start_round(
                actor=current_actor(),
                now=now(),
                neighbourhood=_mine(slug),
                start_year=form.start_year.data or 0,
                end_year=form.end_year.data or 0,
                days=form.days,
            )
    except DomainError as error:
        form.add_error(error)
        return _new_round_page(_mine(slug), form), 422
    flash(_("De ronde is gepland. Vertel nu hoe bewoners kunnen meedoen."))
    return redirect(url_for("rounds_desk.rounds", slug=slug))


# --- the days of its phases ----------------------------------------------------------------------


@desk.get("/rondes/<int:round_id>/fasen")
@round_staff
def phases(round_id: int) -> str:
    agenda_round = _my_round(round_id)
    return _phases_page(agenda_round, phases_form_of(agenda_round))


def _phases_page(agenda_round: AgendaRound, form: PhasesForm) -> str:
    return render_template("rounds/desk_phases.html", round=agenda_round, form=form, kinds=list(PhaseKind))


@desk.post("/rondes/<int:round_id>/fasen")
@round_staff
def plan_phases(round_id: int) -> Response | tuple[str, int]:
    form = PhasesForm()
    if not form.validate_on_submit():
        return _phases_page(_my_round(round_id), form), 422
    try:
        with unit_of_work():
            agenda_round = _my_round(round_id)
            operations.plan_phases(actor=current_actor(), now=now(), agenda_round=agenda_round, days=form.days)
    except DomainError as error:
        form.add_error(error)
        return _phases_page(_my_round(round_id), form), 422
    flash(_("De nieuwe dagen gelden vanaf nu."))
    return redirect(url_for("rounds_desk.rounds", slug=agenda_round.neighbourhood.slug))


# --- the participation approach ------------------------------------------------------------------


@desk.get("/rondes/<int:round_id>/aanpak")
@round_staff
def approach(round_id: int) -> str:
    agenda_round = _my_round(round_id)
    return render_template(
        "rounds/desk_approach.html", round=agenda_round, form=approach_form_of(agenda_round.approach)
    )


@desk.post("/rondes/<int:round_id>/aanpak")
@round_staff
def publish_approach(round_id: int) -> Response | tuple[str, int]:
    form = ApproachForm()
    if not form.validate_on_submit():
        return invalid("rounds/desk_approach.html", form, round=_my_round(round_id))
    try:
        with unit_of_work():
            agenda_round = _my_round(round_id)
            operations.publish_approach(actor=current_actor(), now=now(), agenda_round=agenda_round, **form.texts)
    except DomainError as error:
        form.add_error(error)
        return invalid("rounds/desk_approach.html", form, round=_my_round(round_id))
    flash(_("Bewoners kunnen nu lezen hoe zij meedoen."))
    return redirect(url_for("rounds_desk.rounds", slug=agenda_round.neighbourhood.slug))
