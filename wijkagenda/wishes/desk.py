"""Routes for staff: the wishes of my neighbourhoods, reading, placing, answering and entering them."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geo.crs import lat_lon
from geo.models import as_shape
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, Invalid, NotAllowed
from wijkagenda.neighbourhoods.queries import all_neighbourhoods, neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.rounds.queries import current_round
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form
from wijkagenda.wishes import answers, entering, operations, policy, queries, waiting
from wijkagenda.wishes.forms import MoveForm, PlaceWishForm, ReasonForm, ReferForm, RefuseForm
from wijkagenda.wishes.models import RefusalGround, Wish, WishState
from wijkagenda.wishes.places import whereabouts

desk = Blueprint("wishes_desk", __name__, url_prefix="/werkplek")
team_only = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)
entering.add_routes(desk, team_only)

SHOW = ("waiting", "read", "answer", "late", "all")
ACTIONS: dict[WishState, tuple[str, ...]] = {
    WishState.RECEIVED: ("place", "remove", "move"),
    WishState.PLACED: ("refuse", "refer", "remove", "move"),
    WishState.BUNDLED: ("refuse", "refer"),
    WishState.REFERRED: ("refuse", "reconsider"),
    WishState.REFUSED: ("reconsider",),
    WishState.REMOVED: ("reconsider",),
}
FORMS: dict[str, type[Form]] = {
    "place": PlaceWishForm,
    "remove": ReasonForm,
    "refuse": RefuseForm,
    "refer": ReferForm,
    "move": MoveForm,
    "reconsider": Form,
}


@desk.get("/wensen")
@team_only
def wishes() -> str:
    """Wishes of my neighbourhoods: what waits first."""
    areas = policy.moderated_areas(current_actor())
    show = request.args.get("toon", "waiting")
    show = show if show in SHOW else "waiting"
    mine = waiting.neighbourhoods_in(areas)
    chosen = next((n for n in mine if n.slug == request.args.get("wijk")), None)
    words = " ".join(request.args.get("zoek", "").replace("\x00", "").split())[:100]
    return render_template(
        "wishes/desk_list.html",
        mine=mine,
        chosen=chosen,
        show=show,
        words=words,
        counts=waiting.desk_counts(areas, today()),
        found=waiting.desk_wishes(
            areas,
            today(),
            show=show,
            neighbourhood_id=chosen.id if chosen else None,
            words=words,
            page=request.args.get("blad", 1, int),
        ),
    )


@desk.get("/wensen/<reference>")
@team_only
def wish(reference: str) -> str:
    """One wish with everything needed to answer it."""
    return _wish_page(_wish(reference), request.args.get("doe", ""))


@desk.post("/wensen/<reference>/<any(place, remove, refuse, refer, move, reconsider):action>")
@team_only
def act(reference: str, action: str) -> Response | tuple[str, int]:
    """Do one of the things that can be done with a wish in its present state."""
    found = _wish(reference)
    form = _form(action, found)
    if not form.validate():
        return _wish_page(found, action, form), 422
    try:
        with unit_of_work():
            said = DOING[action](_wish(reference), form)
    except (NotAllowed, Invalid) as error:
        if isinstance(error, NotAllowed):
            raise
        form.add_error(error)
        return _wish_page(found, action, form), 422
    except DomainError as error:
        # A colleague was first, or the page was old: show how it stands, with what was typed.
        form.add_error(error)
        return _wish_page(_wish(reference), action, form), 409
    flash(said)
    return redirect(url_for("wishes_desk.wish", reference=found.reference) if _may_see(reference) else _list_url())


@desk.post("/wensen/<reference>/vergeet-indiener")
@team_only
def forget_giver(reference: str) -> Response:
    """The giver asked us to forget how to reach them."""
    with unit_of_work():
        found = _wish(reference)
        operations.forget_giver(actor=current_actor(), now=now(), wish=found)
    flash(_("Wij bewaren niet meer wie %(reference)s deed.", reference=found.reference))
    return redirect(url_for("wishes_desk.wish", reference=found.reference))


def _list_url() -> str:
    return url_for("wishes_desk.wishes")


def _may_see(reference: str) -> bool:
    return policy.may_moderate(current_actor(), queries.wish_by_reference(reference).neighbourhood)


def _wish(reference: str) -> Wish:
    found = queries.wish_by_reference(reference)
    if not policy.may_moderate(current_actor(), found.neighbourhood):
        raise NotAllowed(N_("Deze wens hoort bij een wijk waar u niet werkt."))
    return found


def _form(action: str, found: Wish) -> Form:
    form = FORMS[action]()
    if isinstance(form, PlaceWishForm) and not form.is_submitted():
        form.title.data = found.title
    if isinstance(form, MoveForm):
        form.offer([n for n in all_neighbourhoods() if n.id != found.neighbourhood_id])
    return form


def _wish_page(found: Wish, action: str, form: Form | None = None) -> str:
    possible = ACTIONS[found.state]
    if form is None:
        action = action if action in possible else possible[0]
        form = _form(action, found)
    giver = None
    if policy.may_see_giver(current_actor(), found.neighbourhood):
        giver = queries.giver_of(found.id)
    exact = lat_lon(as_shape(found.point)) if found.point is not None else None
    return render_template(
        "wishes/desk_wish.html",
        wish=found,
        possible=possible,
        action=action,
        form=form,
        giver=giver,
        exact=exact,
        steps=queries.steps_of(found.id),
        days_late=_days_late(found, today()),
        elsewhere=_elsewhere(found),
        similar=queries.similar_wishes(found.text, found.neighbourhood_id, but=found.id),
        bundle_url=_bundle_url(found),
        check_url=_check_url(found),
        supporters=queries.supporters_of([found.id]).get(found.id, 0),
    )


def _bundle_url(found: Wish) -> str | None:
    """Where the team puts a wish into a point, while that can be done."""
    if found.state not in {WishState.PLACED, WishState.REFERRED, WishState.REFUSED}:
        return None
    return url_for("priorities_desk.priorities", wens=found.reference)


def _check_url(found: Wish) -> str | None:
    """Where stands whether it can be done: of the wish, or of the point it belongs to."""
    if found.state in {WishState.RECEIVED, WishState.REMOVED}:
        return None
    return url_for("priorities_desk.wish_check", reference=found.reference)


def _days_late(found: Wish, day: date) -> int:
    if found.state not in waiting.WAITING_STATES:
        return 0
    return max(0, (day - found.answer_due_on).days)


def _elsewhere(found: Wish) -> str:
    """The name of the neighbourhood in which the point really lies, when it is another one."""
    if found.point is None:
        return ""
    there = whereabouts(as_shape(found.point)).neighbourhood
    return there.name if there is not None and there.id != found.neighbourhood_id else ""


def _place(found: Wish, form: Form) -> str:
    operations.place_wish(actor=current_actor(), now=now(), wish=found, title=form.title.data)
    return _("%(reference)s staat op de website.", reference=found.reference)


def _remove(found: Wish, form: Form) -> str:
    answers.remove_wish(
        actor=current_actor(),
        now=now(),
        wish=found,
        ground=RefusalGround(form.ground.data),
        text=form.text.data,
    )
    return _("%(reference)s staat niet op de website. De indiener krijgt uw uitleg.", reference=found.reference)


def _refuse(found: Wish, form: Form) -> str:
    answers.refuse_wish(
        actor=current_actor(),
        now=now(),
        wish=found,
        ground=RefusalGround(form.ground.data),
        text=form.text.data,
        what_we_do=form.what_we_do.data or "",
    )
    return _("Uw antwoord op %(reference)s is verstuurd.", reference=found.reference)


def _refer(found: Wish, form: Form) -> str:
    answers.refer_wish(
        actor=current_actor(),
        now=now(),
        wish=found,
        referred_to=form.referred_to.data,
        text=form.text.data,
    )
    return _("%(reference)s is doorgegeven. Wie een mailadres gaf, hoort aan wie.", reference=found.reference)


def _move(found: Wish, form: Form) -> str:
    there = neighbourhood_by_slug(form.neighbourhood.data)
    operations.move_wish_to_neighbourhood(
        actor=current_actor(),
        now=now(),
        wish=found,
        neighbourhood=there,
        agenda_round=current_round(there.id, today()),
    )
    return _("%(reference)s staat nu bij %(name)s.", reference=found.reference, name=there.name)


def _reconsider(found: Wish, _form: Form) -> str:
    answers.reconsider_wish(actor=current_actor(), now=now(), wish=found)
    return _("%(reference)s wacht op een nieuw antwoord.", reference=found.reference)


DOING: dict[str, Callable[[Wish, Form], str]] = {
    "place": _place,
    "remove": _remove,
    "refuse": _refuse,
    "refer": _refer,
    "move": _move,
    "reconsider": _reconsider,
}
