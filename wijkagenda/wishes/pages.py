"""Routes for residents: the wishes of a neighbourhood on a map and in a list, and support for one."""

from enum import Enum
from typing import TypeVar

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from geo.maps import MapKind, map_script, map_script_version
from wijkagenda.db import data_version, db, unit_of_work
from wijkagenda.errors import N_, NotAllowed, NotFound
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.rounds.queries import current_round
from wijkagenda.web.access import current_actor, open_to_everyone
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.limits import limiter
from wijkagenda.web.page_cache import public_page
from wijkagenda.wishes import giving, maps, operations, policy, queries, supporter
from wijkagenda.wishes.models import PUBLIC_STATES, Theme, WishState
from wijkagenda.wishes.queries import WishFilter
from wijkagenda.wishes.supporter import from_this_site, remember, visitor_key

pages = Blueprint("wishes", __name__)
giving.add_routes(pages)

GEOJSON = "application/geo+json"
POINTS_FORMAT = 1
Choice = TypeVar("Choice", bound=Enum)


@pages.get("/wijken/<slug>/wensen")
@open_to_everyone
@public_page
def wishes(slug: str) -> str:
    """All public wishes: the same ones on the map and in the list."""
    neighbourhood = neighbourhood_by_slug(slug)
    wanted = asked_filter()
    found = queries.public_wishes(neighbourhood.id, wanted, request.args.get("blad", 1, int))
    agenda_round = current_round(neighbourhood.id, today())
    return render_template(
        "wishes/list.html",
        neighbourhood=neighbourhood,
        wanted=wanted,
        found=found,
        counts=queries.wish_counts(neighbourhood.id),
        themes=list(Theme),
        states=PUBLIC_STATES,
        arguments=_arguments(wanted),
        map=maps.wishes_map(
            neighbourhood,
            label=neighbourhood.name,
            list_id="wensen",
            **_arguments(wanted),
        ),
        can_give=policy.may_submit(current_actor(), neighbourhood, agenda_round, today()),
    )


def asked_filter() -> WishFilter:
    """The filter in the address; what we do not know filters nothing."""
    return WishFilter(
        theme=_member(Theme, request.args.get("thema")),
        state=_member(WishState, request.args.get("stand")),
        with_place={"met": True, "zonder": False}.get(request.args.get("plek", "")),
        words=" ".join(request.args.get("zoek", "").replace("\x00", "").split())[:100],
    )


def _member(enum: type[Choice], value: str | None) -> Choice | None:
    return next((member for member in enum if member.value == value), None)


def _arguments(wanted: WishFilter) -> dict[str, str]:
    """The filter as it stands in an address."""
    given = {
        "thema": wanted.theme.value if wanted.theme else "",
        "stand": wanted.state.value if wanted.state else "",
        "plek": {True: "met", False: "zonder", None: ""}[wanted.with_place],
        "zoek": wanted.words,
    }
    return {key: value for key, value in given.items() if value}


@pages.get("/wijken/<slug>/wensen.geojson")
@open_to_everyone
def points(slug: str) -> Response:
    """The pins of the map. A browser that has the newest ones gets 304 for the price of one small query."""
    etag = f"{POINTS_FORMAT}-{data_version(db.session())}"
    if request.if_none_match.contains_weak(etag):
        return _asked_again(current_app.response_class(status=304), etag)
    return _asked_again(_points(slug=slug), etag)


def _asked_again(response: Response, etag: str) -> Response:
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(etag, weak=True)
    return response


@public_page
def _points(slug: str) -> Response:
    neighbourhood = neighbourhood_by_slug(slug)
    wish_url = url_for("home.wish", reference="REFERENCE")
    return current_app.response_class(maps.points_json(neighbourhood, asked_filter(), wish_url), mimetype=GEOJSON)


@pages.get("/wijken/<slug>/grens.geojson")
@open_to_everyone
@public_page
def areas(slug: str) -> Response:
    """The boundary of the neighbourhood and of those around it."""
    return current_app.response_class(maps.areas_json(neighbourhood_by_slug(slug)), mimetype=GEOJSON)


@pages.get("/wijken/<slug>/plekken.geojson")
@open_to_everyone
@public_page
def places(slug: str) -> Response:
    """Squares, stations, meeting places: what people know the way by."""
    return current_app.response_class(maps.places_json(neighbourhood_by_slug(slug)), mimetype=GEOJSON)


@pages.get("/kaart/<any(wishes, place):kind>-<version>.js")
@open_to_everyone
def map_code(kind: str, version: str) -> Response:
    """What starts a map. The address changes with the text, so that browsers may keep it for ever."""
    script = map_script(MapKind(kind))
    response = current_app.response_class(script, mimetype="text/javascript")
    if version == map_script_version(MapKind(kind)):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@pages.app_template_global()
def wish_map_code(kind: str) -> str:
    """The address of what starts a map: 'wishes' or 'place'."""
    return url_for("wishes.map_code", kind=kind, version=map_script_version(MapKind(kind)))


@pages.post("/wensen/<reference>/steun")
@open_to_everyone
@limiter.limit("120 per hour")
def support(reference: str) -> Response:
    """One visitor finds this wish important. Public pages hold no token, so we check where it came from."""
    if not from_this_site():
        raise NotAllowed(N_("Ga naar de pagina van de wens en druk daar op de knop."))
    key = visitor_key()
    wish = supporter.support(reference, key)
    return remember(redirect(url_for("home.wish", reference=wish.reference, gesteund="ja")), key)


@pages.record_once
def _no_token_for_support(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(support)


@pages.get("/wensen/bevestig/<token>")
@open_to_everyone
@leaves_no_trace
def confirm(token: str) -> str:
    """A page with a button: mail scanners open links, and must not confirm for somebody."""
    giver = queries.giver_by_token(token)
    if giver is None:
        raise NotFound(N_("Deze link werkt niet meer. Wilt u weten hoe het met uw wens gaat? Zoek op het nummer."))
    return render_template("wishes/confirm.html", form=Form(), giver=giver, wish=giver.wish)


@pages.post("/wensen/bevestig/<token>")
@open_to_everyone
@limiter.limit("60 per hour")
def confirm_giver(token: str) -> Response:
    with unit_of_work():
        operations.confirm_giver(now=now(), token=token)
    return redirect(url_for("wishes.confirm", token=token))
