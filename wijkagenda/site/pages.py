"""Pages composed from many slices, for residents: the city, a wijk, a wish, searching, and what explains."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geo.maps import MapKind, map_script, map_script_version
from wijkagenda.errors import N_, NotFound
from wijkagenda.feedback.queries import journey
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.publication.columns import (
    ACTION_COLUMNS,
    CITY_COLUMNS,
    LICENCE,
    LICENCE_URL,
    VOTE_COLUMNS,
    WISH_COLUMNS,
)
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.site import city_map, neighbourhood, wish
from wijkagenda.site.city import CityRow, CityView, city_view
from wijkagenda.site.figures import city_figures, city_rows
from wijkagenda.site.information import INFORMATION, page_of
from wijkagenda.site.now import last_day
from wijkagenda.site.search import clean, search
from wijkagenda.spreadsheet import as_csv
from wijkagenda.voting.archive.queries import public_files
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import days_left, label, number, translate, week_date
from wijkagenda.web.page_cache import public_page
from wijkagenda.wishes.queries import giver_by_token, public_wish, supporters_of

pages = Blueprint("home", __name__)
GEOJSON = "application/geo+json"
CHANCES_SHOWN = 6
NO_PHASE = "geen"
"""The phase of ?fase= for neighbourhoods without a wijkagenda."""

for _endpoint, (_path, _template) in INFORMATION.items():
    pages.add_url_rule(_path, _endpoint, page_of(_template), methods=["GET"])


# --- the city ----------------------------------------------------------------------------------------


@pages.get("/")
@open_to_everyone
@public_page
def index() -> str:
    view = city_view(today(), now())
    areas = city_map.areas_of(view)
    return render_template(
        "site/home.html",
        map=city_map.city_map(view, areas),
        map_credit=city_map.credit(areas),
        map_script=url_for("home.map_code", version=map_script_version(MapKind.CITY)),
        voting_open=view.voting_open,
        legend=_legend(view),
        chances=_chances(view)[:CHANCES_SHOWN],
        districts=_city_districts(view),
        count=len(view.rows),
    )


@pages.get("/wijken")
@open_to_everyone
@public_page
def neighbourhoods() -> str:
    """Every wijk per stadsdeel; ?fase= shows those of one phase."""
    view = city_view(today(), now())
    asked = request.args.get("fase", "")
    kinds = {kind.value: kind for kind in PhaseKind}
    chosen: PhaseKind | None = kinds.get(asked)
    filtered = chosen is not None or asked == NO_PHASE
    shown = [row for row in view.rows if row.kind is chosen] if filtered else view.rows
    return render_template(
        "site/neighbourhoods.html",
        legend=[
            (label(kind) if kind else _("Nog geen wijkagenda"), count, url, filtered and kind is chosen)
            for kind, count, url in _legend(view)
        ],
        chosen=(label(chosen) if chosen else _("Nog geen wijkagenda")) if filtered else "",
        districts=_city_districts(view, shown),
        count=len(shown),
        total=len(view.rows),
    )


def _legend(view: CityView) -> list[tuple[PhaseKind | None, int, str]]:
    return [
        (kind, count, url_for("home.neighbourhoods", fase=kind.value if kind else NO_PHASE))
        for kind, count in view.counts()
        if count
    ]


def _city_districts(view: CityView, rows: list[CityRow] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "name": name or _("Andere wijken"),
            "id": city_district.slug if (city_district := inside[0].neighbourhood.city_district) else "overig",
            "neighbourhoods": [
                {"name": row.neighbourhood.name, "url": _wijk_url(row.neighbourhood), "phase": row.kind}
                for row in inside
            ],
        }
        for name, inside in view.by_city_district(rows)
    ]


def _chances(view: CityView) -> list[dict[str, Any]]:
    """What one can do now, one card per wijk, the soonest end first."""
    found = [chance for row in view.rows if (chance := _chance(row))]
    return sorted(found, key=lambda chance: (chance["last"], chance["name"]))


def _chance(row: CityRow) -> dict[str, Any] | None:
    slug, day = row.neighbourhood.slug, today()
    listening = row.phase if row.kind is PhaseKind.LISTENING and row.phase and day <= row.phase.ends_on else None
    card: dict[str, Any] = {"name": row.neighbourhood.name, "phase": row.kind}
    if row.voting_round is not None:
        last = last_day(row.voting_round.closes_at)
        strong = _("U kunt nu stemmen. %(left)s.", left=days_left(last, day))
        card |= {"phase": PhaseKind.VOTING, "button": _("Stemmen"), "url": url_for("voting.enter_code")}
    elif listening is not None and row.survey is not None:
        last = min(listening.ends_on, last_day(row.survey.closes_at))
        strong = _("Doe een wens of vul de vragenlijst in. %(left)s.", left=days_left(last, day))
        card |= {"button": _("Meedoen"), "url": _wijk_url(row.neighbourhood)}
    elif listening is not None:
        last = listening.ends_on
        strong = _("Doe een wens. %(left)s.", left=days_left(last, day))
        card |= {"button": _("Wens doen"), "url": url_for("wishes.give", slug=slug)}
    elif row.survey is not None:
        last = last_day(row.survey.closes_at)
        strong = _("Vul de vragenlijst in. %(left)s.", left=days_left(last, day))
        card |= {"button": _("Vragenlijst"), "url": url_for("consultations.survey", slug=slug)}
    else:
        return None
    return card | {"strong": strong, "last": last, "until": _("Tot en met %(day)s", day=week_date(last))}


def _wijk_url(one: Neighbourhood) -> str:
    return url_for("home.neighbourhood", slug=one.slug)


@pages.get("/kaart/wijken.geojson")
@open_to_everyone
@public_page
def city_areas() -> Response:
    """Every wijk with its boundary and phase."""
    view = city_view(today(), now())
    return current_app.response_class(city_map.areas_json(view, city_map.areas_of(view)), mimetype=GEOJSON)


@pages.get("/kaart/city-<version>.js")
@open_to_everyone
def map_code(version: str) -> Response:
    """What starts the city map. The address changes with the text, so that browsers may keep it for ever."""
    response = current_app.response_class(map_script(MapKind.CITY), mimetype="text/javascript")
    if version == map_script_version(MapKind.CITY):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@pages.get("/zoeken", endpoint="search")
@open_to_everyone
def find() -> str | Response:
    """One hit on a postcode, a name or a number goes straight there."""
    text = clean(request.args.get("q", ""))
    found = search(text)
    if isinstance(found.exact, Neighbourhood):
        return redirect(_wijk_url(found.exact))
    if found.exact is not None:
        return redirect(url_for("home.wish", reference=found.exact.reference))
    return render_template("site/search.html", text=text, found=found)


# --- a wijk and a wish -------------------------------------------------------------------------------


@pages.get("/wijken/<slug>", endpoint="neighbourhood")
@open_to_everyone
@public_page
def show_neighbourhood(slug: str) -> str:
    return render_template("site/neighbourhood.html", **neighbourhood.page_context(slug, today(), now()))


@pages.get("/wensen/<reference>", endpoint="wish")
@open_to_everyone
@public_page
def show_wish(reference: str) -> str | Response:
    """A public wish with its journey. Other spellings of its number lead to the one address."""
    found = public_wish(reference)
    if reference != found.reference:
        return redirect(url_for("home.wish", reference=found.reference))
    supporters = supporters_of([found.id]).get(found.id, 0)
    return render_template(
        "site/wish.html", **wish.page_context(journey(found, today()), today(), supporters=supporters)
    )


@pages.get("/wensen/<reference>/plek.geojson")
@open_to_everyone
@public_page
def wish_point(reference: str) -> Response:
    """The rounded place of one public wish."""
    return current_app.response_class(wish.point_json(public_wish(reference)), mimetype=GEOJSON)


@pages.get("/wensen/mijn/<token>")
@open_to_everyone
@leaves_no_trace
def my_wish(token: str) -> str:
    """For the giver alone: her wish in any state, also when it was not placed. Never kept by a cache."""
    giver = giver_by_token(token)
    if giver is None:
        raise NotFound(N_("Deze link werkt niet meer. Wilt u weten hoe het met uw wens gaat? Zoek op het nummer."))
    return render_template(
        "site/my_wish.html",
        giver=giver,
        form=Form(),
        **wish.page_context(journey(giver.wish, today()), today(), own=True),
    )


# --- figures ------------------------------------------------------------------------------------------


@pages.get("/cijfers")
@open_to_everyone
@public_page
def open_data() -> str:
    found = city_figures(today(), now())
    return render_template(
        "site/open_data.html",
        figures=[
            (number(len(found.rows)), _("wijken")),
            (number(found.wishes), _("wensen op de website")),
            (number(found.actions_done), _("van de %(n)s acties klaar", n=number(found.actions))),
        ],
        rows=[
            [
                row.city.neighbourhood.name,
                label(row.city.kind) if row.city.kind else _("Nog geen wijkagenda"),
                number(row.wishes),
                _("%(done)s van %(total)s", done=row.actions.standing.done, total=row.actions.standing.total)
                if row.actions
                else "–",
            ]
            for row in found.rows
        ],
        licence_name=LICENCE,
        licence_url=LICENCE_URL,
        ballots=public_files(),
        files=[
            (title, url_for(endpoint), [(name, translate(words)) for name, words in columns.items()])
            for title, endpoint, columns in (
                (_("Wensen en acties per wijk"), "home.figures_file", CITY_COLUMNS),
                (_("Alle wensen op de website"), "publication.wishes", WISH_COLUMNS),
                (_("Alle acties, met geld en data"), "publication.actions", ACTION_COLUMNS),
                (_("Alle uitslagen van stemmingen"), "publication.votes", VOTE_COLUMNS),
            )
        ],
    )


@pages.get("/cijfers/wijken.csv")
@open_to_everyone
@public_page
def figures_file() -> Response:
    """The same figures as a file."""
    return current_app.response_class(
        as_csv(CITY_COLUMNS, city_rows(city_figures(today(), now()))), mimetype="text/csv"
    )
