"""Entering a wish for somebody: from paper, by telephone, on the street, at a meeting."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, Invalid
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import places_in
from wijkagenda.rounds.queries import current_round
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now, today
from wijkagenda.web.i18n import current_language
from wijkagenda.wishes import maps, operations, policy, queries, waiting
from wijkagenda.wishes.forms import EnterForm
from wijkagenda.wishes.models import TEXT_LIMIT, Channel, GivenAs, PlaceChoice, Theme
from wijkagenda.wishes.places import ElsewherePlace, Meant, Whereabouts, place_meant

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]


def add_routes(desk: Blueprint, guard: Guard) -> None:
    """The routes of this subject, on the blueprint of the desk."""
    desk.add_url_rule("/wensen/nieuw", "new_wish", guard(new_wish), methods=["GET"])
    desk.add_url_rule("/wensen/nieuw", "enter_wish", guard(enter_wish), methods=["POST"])


def new_wish() -> str:
    """An empty form for the neighbourhood in ?wijk=, or for my only one."""
    mine = _mine()
    form = _form(mine)
    chosen = _chosen(mine, request.args.get("wijk", ""))
    if chosen is not None:
        form.neighbourhood.data = chosen.slug
    form.received_on.data = today()
    return _page(form, chosen)


def enter_wish() -> Response | tuple[str, int]:
    """Store what was written down, or show what is missing with everything typed."""
    mine = _mine()
    form = _form(mine)
    neighbourhood = _chosen(mine, form.neighbourhood.data or "")
    valid = form.validate()
    if neighbourhood is None:
        form.add_error(Invalid(N_("Kies in welke wijk de wens hoort."), field="neighbourhood"))
    if not valid or neighbourhood is None:
        return _page(form, neighbourhood), 422
    try:
        meant = _meant(form, neighbourhood)
        with unit_of_work():
            wish = operations.enter_wish_for(
                actor=current_actor(),
                now=now(),
                submission_key=form.submission_key.data or "",
                neighbourhood=meant.neighbourhood,
                agenda_round=current_round(meant.neighbourhood.id, today()),
                text=form.text.data or "",
                theme=Theme(form.theme.data),
                given_as=GivenAs(form.given_as.data),
                channel=Channel(form.channel.data),
                place_choice=meant.place_choice,
                point=meant.point,
                place_text=meant.place_text,
                wants_to_do_it=bool(form.wants_to_do_it.data),
                email=form.email.data or None,
                postal_address=form.postal_address.data or None,
                language=current_language(),
                received_on=form.received_on.data,
                entered_in=neighbourhood,
            )
    except ElsewherePlace as elsewhere:
        if elsewhere.whereabouts.neighbourhood is not None:
            return _page(form, neighbourhood, elsewhere.whereabouts), 200
        form.add_error(elsewhere)
        return _page(form, neighbourhood), 422
    except DomainError as error:
        form.add_error(error)
        return _page(form, neighbourhood), 422
    flash(_("De wens is opgeschreven. Het nummer is %(reference)s.", reference=wish.reference))
    if not policy.may_moderate(current_actor(), meant.neighbourhood):
        return redirect(url_for("wishes_desk.wishes"))
    return redirect(url_for("wishes_desk.wish", reference=wish.reference))


def _mine() -> list[Neighbourhood]:
    return waiting.neighbourhoods_in(policy.moderated_areas(current_actor()))


def _chosen(mine: Sequence[Neighbourhood], slug: str) -> Neighbourhood | None:
    if len(mine) == 1:
        return mine[0]
    return next((neighbourhood for neighbourhood in mine if neighbourhood.slug == slug), None)


def _form(mine: Sequence[Neighbourhood]) -> EnterForm:
    form = EnterForm()
    form.offer(mine)
    chosen = _chosen(mine, form.neighbourhood.data or request.args.get("wijk", ""))
    form.offer_places(places_in(chosen.id) if chosen is not None else [])
    return form


def _page(form: EnterForm, chosen: Neighbourhood | None, offer: Whereabouts | None = None) -> str:
    return render_template(
        "wishes/desk_enter.html",
        form=form,
        chosen=chosen,
        offer=offer,
        text_limit=TEXT_LIMIT,
        point_choice=PlaceChoice.POINT.value,
        map=maps.pick_map(chosen, label=chosen.name) if chosen is not None else None,
        similar=queries.similar_wishes(form.text.data, chosen.id) if chosen is not None and form.text.data else [],
    )


def _meant(form: EnterForm, neighbourhood: Neighbourhood) -> Meant:
    return place_meant(
        neighbourhood,
        places_in(neighbourhood.id),
        place_choice=PlaceChoice(form.place_choice.data),
        lat=form.lat.data or "",
        lon=form.lon.data or "",
        place_id=form.place_id.data or "",
        place_text=form.place_text.data or "",
        send_to=request.form.get("send_to", ""),
    )
