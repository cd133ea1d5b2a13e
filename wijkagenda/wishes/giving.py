"""Giving a wish in three steps: what, where, for whom. Nothing is kept before the last one.

Every step sends all that was typed so far along in its page, so that it works without script and
without an account, and nothing gets lost when something is wrong.
"""

from collections.abc import Sequence

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from shapely import Point
from werkzeug.wrappers import Response

from geo.crs import lat_lon
from geo.errors import GeocodingUnavailable
from geo.geocoding import geocoder_for
from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, DomainError, Invalid
from wijkagenda.neighbourhoods.models import Neighbourhood, Place
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug, places_in
from wijkagenda.rounds.models import AgendaRound, Phase, PhaseKind
from wijkagenda.rounds.queries import current_round
from wijkagenda.web.access import current_actor, open_to_everyone
from wijkagenda.web.clock import now, today
from wijkagenda.web.i18n import current_language
from wijkagenda.web.limits import limiter
from wijkagenda.wishes import maps, operations, policy, queries
from wijkagenda.wishes.forms import LAST_STEP, WishForm
from wijkagenda.wishes.models import TEXT_LIMIT, GivenAs, PlaceChoice, Theme
from wijkagenda.wishes.places import ElsewherePlace, Meant, Whereabouts, place_meant
from wijkagenda.wishes.queries import WishRow
from wijkagenda.wishes.supporter import remember, support, visitor_key
from wijkagenda.wishes.terms import READ_WITHIN

TOO_FAR = N_(
    "Deze plek ligt ver buiten deze gemeente. Kies een plek in de wijk, of kies 'Geen vaste plek'. Dan kunt u gewoon verder."
)
TOO_OFTEN = N_("Vanaf deze plek zijn net veel wensen verstuurd. Wacht een paar minuten en verstuur dan opnieuw.")
STEPS_PER_HOUR = "600 per hour"
WISHES_PER_HOUR = "60 per hour"
"""Many people may share one connection: a library, a meeting, a care home."""

Answer = str | tuple[str, int] | Response


def add_routes(pages: Blueprint) -> None:
    """The routes of this subject, on the blueprint of wishes."""
    pages.add_url_rule("/wijken/<slug>/wens", "give", open_to_everyone(give), methods=["GET"])
    steps = limiter.limit(STEPS_PER_HOUR)(open_to_everyone(take_step))
    pages.add_url_rule("/wijken/<slug>/wens", "take_step", steps, methods=["POST"])
    pages.add_url_rule("/wensen/<reference>/verstuurd", "sent", open_to_everyone(sent), methods=["GET"])


def give(slug: str) -> Answer:
    """The first step, or kind words about when and how else."""
    neighbourhood = neighbourhood_by_slug(slug)
    agenda_round = current_round(neighbourhood.id, today())
    if not policy.may_submit(current_actor(), neighbourhood, agenda_round, today()):
        return _closed(neighbourhood, agenda_round)
    return _step_page(_form(places_in(neighbourhood.id)), neighbourhood, 1)


def take_step(slug: str) -> Answer:
    """One step further, one step back, or send."""
    neighbourhood = neighbourhood_by_slug(slug)
    agenda_round = current_round(neighbourhood.id, today())
    places = places_in(neighbourhood.id)
    form = _form(places)
    if not policy.may_submit(current_actor(), neighbourhood, agenda_round, today()):
        return _closed(neighbourhood, agenda_round, form.text.data or ""), 409
    step, go = form.shown_step, request.form.get("go", "next")
    if go == "back":
        return _step_page(form, neighbourhood, max(1, step - 1))
    if go.startswith("support."):
        return _support(form, neighbourhood, go.removeprefix("support."))
    wrong = form.wrong_step(step)
    if wrong is not None:
        return _step_page(form, neighbourhood, wrong), 422
    if step == 1:
        similar = _new_similar(form, neighbourhood)
        return _step_page(form, neighbourhood, 1 if similar else 2, similar=similar)
    try:
        meant = _meant(form, neighbourhood, places)
        if step < LAST_STEP:
            return _step_page(form, neighbourhood, step + 1, to=meant.neighbourhood)
        return _send(form, meant, agenda_round)
    except ElsewherePlace as elsewhere:
        if elsewhere.whereabouts.neighbourhood is not None:
            return _step_page(form, neighbourhood, 2, offer=elsewhere.whereabouts)
        form.add_error(Invalid(TOO_FAR, field="place_choice"))
    except RateLimitExceeded:
        form.add_error(Invalid(TOO_OFTEN))
        return _step_page(form, neighbourhood, LAST_STEP), 429
    except DomainError as error:
        form.add_error(error)
    return _step_page(form, neighbourhood, form.step_with_errors() or LAST_STEP), 422


def sent(reference: str) -> str:
    """The wish is in: its number and what happens next. Its text is not public yet, so it is not here."""
    wish, neighbourhood = queries.receipt_of(reference)
    return render_template(
        "wishes/sent.html",
        reference=wish.reference,
        neighbourhood=neighbourhood,
        read_by=day_of(wish.received_at) + READ_WITHIN,
        answer_by=wish.answer_due_on,
        mailed="mail" in request.args,
    )


def _form(places: Sequence[Place]) -> WishForm:
    form = WishForm()
    form.offer_places(places)
    # The button that says "send it there" comes after the hidden field with what was said before.
    form.send_to.data = (request.form.getlist("send_to") or [""])[-1]
    return form


def _step_page(
    form: WishForm,
    neighbourhood: Neighbourhood,
    step: int,
    *,
    similar: Sequence[WishRow] = (),
    offer: Whereabouts | None = None,
    to: Neighbourhood | None = None,
    thanks: str = "",
) -> str:
    form.step.data = str(step)
    return render_template(
        f"wishes/step_{step}.html",
        form=form,
        neighbourhood=neighbourhood,
        step=step,
        last_step=LAST_STEP,
        similar=similar,
        offer=offer,
        to=to if to is not None and to.id != neighbourhood.id else None,
        thanks=thanks,
        text_limit=TEXT_LIMIT,
        map=maps.pick_map(neighbourhood, label=neighbourhood.name) if step == 2 else None,
        point_choice=PlaceChoice.POINT.value,
    )


def _closed(neighbourhood: Neighbourhood, agenda_round: AgendaRound | None, typed: str = "") -> str:
    """Why not now, when it was or will be, and how else. What was typed comes back."""
    listening: Phase | None = None
    if agenda_round is not None:
        listening = next((phase for phase in agenda_round.phases if phase.kind is PhaseKind.LISTENING), None)
    return render_template("wishes/closed.html", neighbourhood=neighbourhood, listening=listening, typed=typed)


def _new_similar(form: WishForm, neighbourhood: Neighbourhood) -> list[WishRow]:
    """Wishes that look like this one, when they were not all shown before."""
    similar = queries.similar_wishes(form.text.data or "", neighbourhood.id)
    seen = set((form.seen.data or "").split(","))
    if {row.reference for row in similar} <= seen:
        return []
    form.seen.data = ",".join(row.reference for row in similar)
    return similar


def _support(form: WishForm, neighbourhood: Neighbourhood, reference: str) -> Answer:
    """Support a wish that was shown as similar; one's own stays as it was typed."""
    key = visitor_key()
    try:
        wish = support(reference, key)
    except Conflict as error:
        form.add_error(error)
        return _step_page(form, neighbourhood, 1, similar=_similar(form, neighbourhood)), 409
    page = _step_page(form, neighbourhood, 1, similar=_similar(form, neighbourhood), thanks=wish.reference)
    return remember(current_app.make_response(page), key)


def _similar(form: WishForm, neighbourhood: Neighbourhood) -> list[WishRow]:
    return queries.similar_wishes(form.text.data or "", neighbourhood.id)


def _meant(form: WishForm, neighbourhood: Neighbourhood, places: Sequence[Place]) -> Meant:
    def find(text: str) -> Point | None:
        point = _find_address(text)
        if point is not None:
            # Found once is enough: from here on the place travels along as a point.
            form.lat.data, form.lon.data = (str(number) for number in lat_lon(point))
        return point

    return place_meant(
        neighbourhood,
        places,
        place_choice=PlaceChoice(form.place_choice.data),
        lat=form.lat.data or "",
        lon=form.lon.data or "",
        place_id=form.place_id.data or "",
        place_text=form.place_text.data or "",
        send_to=form.send_to.data or "",
        find=find,
    )


def _find_address(text: str) -> Point | None:
    settings: Settings = current_app.config["SETTINGS"]
    try:
        found = geocoder_for(settings.geocoder_url).find(text, municipality=settings.municipality_name, limit=1)
    except GeocodingUnavailable:
        return None
    return found[0].point if found else None


def _send(form: WishForm, meant: Meant, came_through: AgendaRound | None) -> Response:
    with limiter.limit(WISHES_PER_HOUR, scope="send_wish"), unit_of_work():
        wish = operations.submit_wish(
            actor=current_actor(),
            now=now(),
            submission_key=form.submission_key.data or "",
            neighbourhood=meant.neighbourhood,
            agenda_round=current_round(meant.neighbourhood.id, today()),
            came_through=came_through,
            text=form.text.data or "",
            theme=Theme(form.theme.data),
            given_as=GivenAs(form.given_as.data),
            place_choice=meant.place_choice,
            point=meant.point,
            place_text=meant.place_text,
            wants_to_do_it=bool(form.wants_to_do_it.data),
            email=form.email.data or None,
            language=current_language(),
        )
    return redirect(url_for("wishes.sent", reference=wish.reference, mail=1 if form.email.data else None))
