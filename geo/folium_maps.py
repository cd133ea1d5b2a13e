"""The three maps as folium draws them, written to map_scripts/ by `python -m geo.folium_maps`.

folium's page and header are never used: they load from other hosts and hold scripts that our policy
forbids. Run it again after a change here and after an upgrade of folium; a test says when it was forgotten.
"""

from typing import cast

import folium
from branca.element import Figure, MacroElement
from folium.plugins import MarkerCluster
from folium.template import Template
from folium.utilities import JsCode

from geo.maps import MapKind, script_file

MIDDLE_OF_THE_COUNTRY = (52.2, 5.3)
DEEPEST_ZOOM = 18


def draw_map(kind: MapKind) -> str:
    """The script of a map; the same text each time."""
    figure = cast(Figure, _folium_map(kind).get_root())
    figure.render()
    return (
        f'(() => {{\nif (!window.WijkMap || !WijkMap.begin("{kind.element_id}")) return;\n'
        f"{_tidy(figure.script.render())}\n}})();\n"
    )


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


if __name__ == "__main__":
    for map_kind in MapKind:
        script_file(map_kind).write_text(draw_map(map_kind))
