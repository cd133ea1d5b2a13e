"""Maps by folium on our own Leaflet: an element for the page and a script served as a file of its own.

folium's page and header are never used: they load from other hosts and hold scripts that our
policy forbids. No data and no text stands in the script, so that it is the same for every visitor
and can be kept for ever; both come from attributes of the element and the addresses they name.
How the map behaves stands in static/js/map.js (`WijkMap`), which must be loaded before the script.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import cast

import folium
from branca.element import Figure, MacroElement
from folium.plugins import MarkerCluster
from folium.template import Template
from folium.utilities import JsCode
from markupsafe import Markup

from geo.errors import N_

MIDDLE_OF_THE_COUNTRY = (52.2, 5.3)
DEEPEST_ZOOM = 18


class MapKind(Enum):
    """The three maps. The value is part of the element's id and of the script's file name."""

    CITY = "city"
    WISHES = "wishes"
    PLACE = "place"

    @property
    def element_id(self) -> str:
        return f"map_{self.value}"


MAP_TEXTS: dict[str, str] = {
    "zoom_in": N_("Dichterbij"),
    "zoom_out": N_("Verder weg"),
    "hint": N_("Schuif de kaart met de pijltjestoetsen. De lijst bij de kaart heeft dezelfde inhoud."),
    "cluster": N_("%(n)s wensen bij elkaar. Druk op Enter om dichterbij te gaan."),
    "unavailable": N_("De kaart kan nu niet worden getoond. De lijst heeft dezelfde inhoud."),
    "put_pin": N_("Zet de speld midden op de kaart"),
    "pin": N_("De gekozen plek. Verplaats de speld met de pijltjestoetsen."),
    "in_area": N_("De plek ligt in %(name)s."),
    "outside": N_("De plek ligt buiten de wijken op deze kaart."),
}
"""Texts a map shows or has read aloud, to be translated by the page."""


def map_container(
    kind: MapKind,
    *,
    label: str,
    areas_url: str,
    points_url: str | None = None,
    list_id: str | None = None,
    lat_input: str | None = None,
    lon_input: str | None = None,
    tiles_url: str | None = None,
    texts: Mapping[str, str] = MAP_TEXTS,
    fallback: Markup | None = None,
) -> Markup:
    """The element in which the map of `kind` appears; at most one of each kind on a page.

    label: what the map shows, for who cannot see it. areas_url, points_url: GeoJSON of our own.
    list_id: id of the element that holds the same as a list. lat_input, lon_input: ids of the
    fields that a PLACE map fills. tiles_url: Leaflet's address pattern of a base map, off by default.
    fallback: what stands there without script, such as `svg.linked_svg`.
    """
    attributes = {
        "data-areas": areas_url,
        "data-points": points_url,
        "data-list": list_id,
        "data-lat-input": lat_input,
        "data-lon-input": lon_input,
        "data-tiles": tiles_url,
        "data-label": label,
        "data-texts": json.dumps(dict(texts), ensure_ascii=False, sort_keys=True),
    }
    given = Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in attributes.items() if value is not None
    )
    return Markup('<div id="{}" class="folium-map wa-map__canvas" dir="ltr"{}>{}</div>').format(
        kind.element_id, given, fallback or Markup("")
    )


@cache
def map_script(kind: MapKind) -> str:
    """The script of a map, always the same text. Does nothing on a page without the element."""
    figure = cast(Figure, _folium_map(kind).get_root())
    figure.render()
    return (
        f'(() => {{\nif (!window.WijkMap || !WijkMap.begin("{kind.element_id}")) return;\n'
        f"{_tidy(figure.script.render())}\n}})();\n"
    )


@cache
def map_script_version(kind: MapKind) -> str:
    """Ten letters that change when the script changes, for its address."""
    return hashlib.sha256(map_script(kind).encode()).hexdigest()[:10]


class _Begin(MacroElement):
    """Hands folium's objects to map.js, which fetches the data and does the rest."""

    _template = Template(
        "{% macro script(this, kwargs) %}WijkMap.{{ this.kind }}({{ this.names | join(', ') }});{% endmacro %}"
    )

    def __init__(self, kind: MapKind, names: list[str]) -> None:
        super().__init__()
        self._name, self._id = "Begin", kind.value
        self.kind = kind.value
        self.names = names


def _folium_map(kind: MapKind) -> folium.Map:
    drawn = folium.Map(
        location=list(MIDDLE_OF_THE_COUNTRY),
        zoom_start=7,
        tiles=None,
        maxZoom=DEEPEST_ZOOM,  # folium keeps its own max_zoom for tiles; clusters need the map to have one
        zoom_control=False,
        attribution_control=False,
        scroll_wheel_zoom=False,
        # No motion; and focus can follow at once, because nothing is still on its way.
        zoom_animation=False,
        fade_animation=False,
        marker_zoom_animation=False,
        inertia=False,
        zoom_snap=0.25,
    )
    drawn._id = kind.value  # folium draws a new id for every render otherwise
    areas = folium.GeoJson(
        {"type": "FeatureCollection", "features": []},
        on_each_feature=JsCode("WijkMap.onArea"),
        style=JsCode("WijkMap.areaStyle"),
        interactive=kind is MapKind.CITY,
    )
    areas._id = kind.value
    areas.add_to(drawn)
    names = [drawn.get_name(), areas.get_name()]
    if kind is MapKind.WISHES:
        pins = MarkerCluster(
            icon_create_function="WijkMap.clusterIcon",
            show_coverage_on_hover=False,
            animate=False,
            max_cluster_radius=64,
            spiderfy_distance_multiplier=1.6,
        )
        pins._id = kind.value
        pins.add_to(drawn)
        names.append(pins.get_name())
    _Begin(kind, names).add_to(drawn)
    return drawn


def _tidy(script: str) -> str:
    """Without the indents and empty lines of folium's templates."""
    return "\n".join(line.strip() for line in script.splitlines() if line.strip())
