"""The city map: every neighbourhood in the colour of its phase, as a Leaflet map and as a drawing with links."""

import hashlib
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from geo.geojson import area_collection, dumps
from geo.maps import MAP_TEXTS, MapKind, map_container
from geo.models import Area
from geo.svg import AreaLink, AreaPath, city_svg_paths, linked_svg
from wijkagenda.db import db
from wijkagenda.site.city import CityRow, CityView
from wijkagenda.web.i18n import label, translate

WIDTH, HEIGHT = 640, 600
NO_PHASE = "none"


def areas_of(view: CityView) -> list[Area]:
    """The areas of all neighbourhoods, in the order of the view: one query."""
    ids = [row.neighbourhood.area_id for row in view.rows]
    found = {area.id: area for area in db.session.scalars(sa.select(Area).where(Area.id.in_(ids)).order_by(Area.id))}
    return [found[area_id] for area_id in ids]


def city_map(view: CityView, areas: list[Area]) -> Markup:
    """The map; without script the drawing in which every wijk is a link."""
    if not view.rows:
        return Markup("")
    rows = {row.neighbourhood.area_id: row for row in view.rows}
    words = _("Kaart van alle wijken")

    def describe(area: Area) -> AreaLink:
        row = rows[area.id]
        return AreaLink(_url(row), description(row), phase_key(row))

    drawing = linked_svg(_paths(areas), WIDTH, HEIGHT, label=words, describe=describe)
    return map_container(
        MapKind.CITY,
        label=words,
        areas_url=url_for("home.city_areas"),
        list_id="wijken",
        texts={key: translate(text) for key, text in MAP_TEXTS.items()},
        fallback=drawing,
    )


def areas_json(view: CityView, areas: list[Area]) -> str:
    """All neighbourhoods with their phase, as GeoJSON."""
    rows = {row.neighbourhood.area_id: row for row in view.rows}

    def properties(area: Area) -> dict[str, Any]:
        row = rows[area.id]
        return {"phase": phase_key(row), "href": _url(row), "description": description(row)}

    return dumps(area_collection(areas, properties))


def phase_key(row: CityRow) -> str:
    return row.kind.value if row.kind else NO_PHASE


def description(row: CityRow) -> str:
    """What is read aloud: name and phase."""
    return f"{row.neighbourhood.name}: {label(row.kind) if row.kind else _('Nog geen wijkagenda')}"


def credit(areas: list[Area]) -> str:
    """Whose boundaries these are, and of which year."""
    if not areas:
        return ""
    newest = max(area.year for area in areas)
    source = f"CBS {newest}" if any("CBS" in area.source for area in areas) else str(newest)
    return _("Wijkgrenzen: %(source)s", source=source)


def _url(row: CityRow) -> str:
    return url_for("home.neighbourhood", slug=row.neighbourhood.slug)


def _paths(areas: list[Area]) -> list[AreaPath]:
    """The drawn outlines. Simplifying a city takes longer than the rest of the page: boundaries change once a year."""
    drawn = _drawn(_Boundaries(areas))
    return [AreaPath(area, *path) for area, path in zip(areas, drawn, strict=True)]


class _Boundaries:
    """Areas that count as equal when their boundaries are, byte for byte."""

    def __init__(self, areas: list[Area]) -> None:
        self.areas = areas
        digest = hashlib.sha256()
        for area in areas:
            digest.update(bytes(str(area.shape), "ascii"))
        self.key = digest.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Boundaries) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=2)
def _drawn(boundaries: _Boundaries) -> list[tuple[str, float, float]]:
    return [(path.d, path.label_x, path.label_y) for path in city_svg_paths(boundaries.areas, WIDTH, HEIGHT)]
