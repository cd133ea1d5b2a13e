"""Routes of this subject for staff: the team, the places and the figures of a neighbourhood."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from geo.maps import MAP_TEXTS, MapKind, map_container, map_script_version
from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.neighbourhoods import operations, policy, queries
from wijkagenda.neighbourhoods.forms import (
    FigureForm,
    PlaceForm,
    TeamForm,
    figure_form_of,
    shown_point,
    team_form_of,
)
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.models import Role
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form
from wijkagenda.web.i18n import translate

desk = Blueprint("neighbourhoods_desk", __name__, url_prefix="/werkplek/wijken")

keepers = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER, Role.ADMINISTRATOR)
team_staff = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR)
figure_staff = roles(Role.RESEARCHER, Role.ADMINISTRATOR)


def _rights(neighbourhood: Neighbourhood) -> dict[str, bool]:
    return {
        "may_edit": policy.may_edit_neighbourhood(current_actor(), neighbourhood),
        "may_keep_figures": policy.may_keep_figures(current_actor(), neighbourhood),
    }


def _to_edit(slug: str) -> Neighbourhood:
    """A neighbourhood that I may edit; NotFound or NotAllowed."""
    found = queries.neighbourhood_by_slug(slug)
    if not policy.may_edit_neighbourhood(current_actor(), found):
        raise NotAllowed
    return found


def _to_keep_figures(slug: str) -> Neighbourhood:
    found = queries.neighbourhood_by_slug(slug)
    if not policy.may_keep_figures(current_actor(), found):
        raise NotAllowed
    return found


@desk.get("")
@keepers
def neighbourhoods() -> str:
    """The neighbourhoods I may do something for."""
    mine = [n for n in queries.all_neighbourhoods() if any(_rights(n).values())]
    return render_template("neighbourhoods/desk_list.html", neighbourhoods=mine)


# --- the team ------------------------------------------------------------------------------------


@desk.get("/<slug>")
@keepers
def neighbourhood(slug: str) -> str:
    found = queries.neighbourhood_by_slug(slug)
    if not any(_rights(found).values()):
        raise NotAllowed
    return _team_page(found, team_form_of(found))


def _team_page(found: Neighbourhood, form: Form) -> str:
    return render_template("neighbourhoods/desk_team.html", neighbourhood=found, form=form, **_rights(found))


@desk.post("/<slug>")
@team_staff
def introduce_team(slug: str) -> Response | tuple[str, int]:
    form = TeamForm()
    if not form.validate_on_submit():
        return _team_page(_to_edit(slug), form), 422
    try:
        with unit_of_work():
            operations.introduce_team(
                actor=current_actor(),
                now=now(),
                neighbourhood=_to_edit(slug),
                team_name=form.team_name.data or "",
                team_email=form.team_email.data or "",
                team_visiting=form.team_visiting.data or "",
                residents=form.residents.data,
            )
    except DomainError as error:
        form.add_error(error)
        return _team_page(_to_edit(slug), form), 422
    flash(_("Dit staat nu op de pagina van de wijk."))
    return redirect(url_for("neighbourhoods_desk.neighbourhood", slug=slug))


# --- places --------------------------------------------------------------------------------------


@desk.get("/<slug>/plekken")
@team_staff
def places(slug: str) -> str:
    return _places_page(_to_edit(slug), PlaceForm())


def _places_page(found: Neighbourhood, form: PlaceForm) -> str:
    return render_template(
        "neighbourhoods/desk_places.html",
        neighbourhood=found,
        form=form,
        places=[(place, shown_point(place)) for place in queries.places_in(found.id)],
        map=_pick_map(found),
        map_script=url_for("wishes.map_code", kind="place", version=map_script_version(MapKind.PLACE)),
        **_rights(found),
    )


def _pick_map(found: Neighbourhood) -> Markup:
    """The map on which one puts a pin; the boundary and the places come from the residents' map."""
    return map_container(
        MapKind.PLACE,
        label=_("Kaart van %(name)s", name=found.name),
        areas_url=url_for("wishes.areas", slug=found.slug),
        points_url=url_for("wishes.places", slug=found.slug),
        lat_input="lat",
        lon_input="lon",
        texts={key: translate(text) for key, text in MAP_TEXTS.items()},
    )


@desk.post("/<slug>/plekken")
@team_staff
def add_place(slug: str) -> Response | tuple[str, int]:
    form = PlaceForm()
    if not form.validate_on_submit():
        return _places_page(_to_edit(slug), form), 422
    try:
        with unit_of_work():
            operations.add_place(actor=current_actor(), now=now(), neighbourhood=_to_edit(slug), **form.values)
    except DomainError as error:
        form.add_error(error)
        return _places_page(_to_edit(slug), form), 422
    flash(_("De plek staat op de kaart."))
    return redirect(url_for("neighbourhoods_desk.places", slug=slug))


@desk.post("/<slug>/plekken/<int:place_id>/weghalen")
@team_staff
def remove_place(slug: str, place_id: int) -> Response:
    with unit_of_work():
        place = queries.place_by_id(_to_edit(slug).id, place_id)
        operations.remove_place(actor=current_actor(), now=now(), place=place)
    flash(_("De plek is van de kaart gehaald."))
    return redirect(url_for("neighbourhoods_desk.places", slug=slug))


# --- figures -------------------------------------------------------------------------------------


@desk.get("/<slug>/cijfers")
@figure_staff
def figures(slug: str) -> str:
    """The profile; ?cijfer=7 puts figure 7 in the form, to be corrected."""
    found = _to_keep_figures(slug)
    wanted = request.args.get("cijfer", type=int)
    chosen = next((figure for figure in queries.figures_of(found.id) if figure.id == wanted), None)
    return _figures_page(found, figure_form_of(chosen))


def _figures_page(found: Neighbourhood, form: FigureForm) -> str:
    context: dict[str, Any] = {"neighbourhood": found, "form": form, "figures": queries.figures_of(found.id)}
    return render_template("neighbourhoods/desk_figures.html", **context, **_rights(found))


@desk.post("/<slug>/cijfers")
@figure_staff
def state_figure(slug: str) -> Response | tuple[str, int]:
    form = FigureForm()
    if not form.validate_on_submit():
        return _figures_page(_to_keep_figures(slug), form), 422
    try:
        with unit_of_work():
            operations.state_figure(
                actor=current_actor(), now=now(), neighbourhood=_to_keep_figures(slug), **form.values
            )
    except DomainError as error:
        form.add_error(error)
        return _figures_page(_to_keep_figures(slug), form), 422
    flash(_("Het cijfer staat op de pagina van de wijk."))
    return redirect(url_for("neighbourhoods_desk.figures", slug=slug))


@desk.post("/<slug>/cijfers/<int:figure_id>/weghalen")
@figure_staff
def withdraw_figure(slug: str, figure_id: int) -> Response:
    with unit_of_work():
        found = _to_keep_figures(slug)
        operations.withdraw_figure(
            actor=current_actor(), now=now(), figure=queries.figure_by_id(found.id, figure_id), neighbourhood=found
        )
    flash(_("Het cijfer is weggehaald."))
    return redirect(url_for("neighbourhoods_desk.figures", slug=slug))
