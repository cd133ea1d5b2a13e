"""Maps by folium on our own Leaflet: an element for the page and a script served as a file of its own.

No data and no text stands in the script, so that it is the same for every visitor and can be kept for
ever; both come from attributes of the element and the addresses they name. So folium draws each map once
(`folium_maps.py`), and what it drew stands in map_scripts/: no web process has to load folium.
How the map behaves stands in static/js/map.js (`WijkMap`), which must be loaded before the script.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path

from markupsafe import Markup

from geo.errors import N_

SCRIPTS = Path(__file__).with_name("map_scripts")


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
    return script_file(kind).read_text()


def script_file(kind: MapKind) -> Path:
    """Where the script stands that folium drew."""
    return SCRIPTS / f"{kind.value}.js"


@cache
def map_script_version(kind: MapKind) -> str:
    """Ten letters that change when the script changes, for its address."""
    return hashlib.sha256(map_script(kind).encode()).hexdigest()[:10]
