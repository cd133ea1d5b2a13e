"""The two maps of wishes: all wishes of a neighbourhood, and picking the place of one."""

from typing import Any

from flask import url_for
from markupsafe import Markup

from geo.geojson import area_collection, collection, dumps, point_feature
from geo.maps import MAP_TEXTS, MapKind, map_container
from geo.models import Area, as_shape
from geo.queries import neighbours_of
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import places_in
from wijkagenda.web.i18n import translate
from wijkagenda.wishes.mapping import map_points
from wijkagenda.wishes.queries import WishFilter


def wishes_map(neighbourhood: Neighbourhood, *, label: str, list_id: str, **filters: Any) -> Markup:
    """The map of public wishes; `filters` are those of the list, so that both show the same."""
    return map_container(
        MapKind.WISHES,
        label=label,
        areas_url=url_for("wishes.areas", slug=neighbourhood.slug),
        points_url=url_for("wishes.points", slug=neighbourhood.slug, **filters),
        list_id=list_id,
        texts=_texts(),
        fallback=_without_script(),
    )


def pick_map(neighbourhood: Neighbourhood, *, label: str) -> Markup:
    """The map on which one puts a pin; it fills the fields with ids lat and lon."""
    return map_container(
        MapKind.PLACE,
        label=label,
        areas_url=url_for("wishes.areas", slug=neighbourhood.slug),
        points_url=url_for("wishes.places", slug=neighbourhood.slug),
        list_id="place_id",
        lat_input="lat",
        lon_input="lon",
        texts=_texts(),
        fallback=_without_script(),
    )


def _texts() -> dict[str, str]:
    return {key: translate(text) for key, text in MAP_TEXTS.items()}


def _without_script() -> Markup:
    return Markup('<noscript><p class="wa-map__sorry">{}</p></noscript>').format(translate(MAP_TEXTS["unavailable"]))


def areas_json(neighbourhood: Neighbourhood) -> str:
    """The neighbourhood and those around it, as GeoJSON."""
    own = neighbourhood.area

    def role(area: Area) -> dict[str, str]:
        return {"role": "this" if area.id == own.id else "neighbour"}

    return dumps(area_collection([own, *neighbours_of(db.session(), own)], role))


def places_json(neighbourhood: Neighbourhood) -> str:
    """The named places of a neighbourhood, as GeoJSON."""
    return dumps(collection(_places(neighbourhood)))


def points_json(neighbourhood: Neighbourhood, wanted: WishFilter, wish_url: str) -> str:
    """Public wishes at their rounded points, and named places, as GeoJSON.

    wish_url: the address of a wish with REFERENCE where its number goes.
    """
    pins = [
        {
            "type": "Feature",
            "properties": {
                "number": point.position,
                "name": point.title,
                "href": wish_url.replace("REFERENCE", point.reference),
                **({"refused": True} if point.is_refused else {}),
            },
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
        }
        for point in map_points(neighbourhood.id, wanted)
    ]
    return dumps(collection([*pins, *_places(neighbourhood)]))


def _places(neighbourhood: Neighbourhood) -> list[dict[str, Any]]:
    return [
        point_feature(as_shape(place.point), {"kind": "place", "name": place.name})
        for place in places_in(neighbourhood.id)
    ]
