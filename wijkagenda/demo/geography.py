"""The invented ground of Markerstad: 12 wijken in 3 stadsdelen, where the Markermeer is.

The borders are made, not drawn: a Voronoi diagram of twelve points inside a polder with a harbour,
bent by one smooth function, so that neighbours keep sharing their borders.
"""

from dataclasses import dataclass
from math import cos, sin

import shapely
from shapely.geometry.base import BaseGeometry

from wijkagenda.neighbourhoods.models import PlaceKind as Kind

YEAR = 2026
MUNICIPALITY = ("GM9999", "Markerstad")
ORIGIN_X, ORIGIN_Y = 146_000.0, 507_000.0
"""Lower left corner in RD New: open water in the real world."""


@dataclass(frozen=True)
class DemoPlace:
    """A named place: so many metres from the seed of its wijk."""

    name: str
    kind: Kind
    dx: float
    dy: float
    address: str = ""
    opening_hours: str = ""


@dataclass(frozen=True)
class DemoWijk:
    """One invented neighbourhood. `x`, `y`: its seed in metres from the origin."""

    code: str
    name: str
    city_district: str
    x: float
    y: float
    residents: int
    places: tuple[DemoPlace, ...]
    visiting: str


def _places(square: str, park: str, street: str, stop: str, house: str, address: str) -> tuple[DemoPlace, ...]:
    return (
        DemoPlace(square, Kind.SQUARE, 40, -180),
        DemoPlace(park, Kind.PARK, 120, 170),
        DemoPlace(street, Kind.STREET, -210, -40),
        DemoPlace(stop, Kind.STOP, 260, 60),
        DemoPlace(house, Kind.MEETING_PLACE, -60, 90, address, "maandag tot en met vrijdag 9.00 – 17.00 uur"),
    )


WIJKEN = (
    DemoWijk(
        "WK999901",
        "Molenwijk",
        "Zuid",
        2050,
        1050,
        8340,
        _places("Molenplein", "Molenpark", "Wiekstraat", "Station Molenwijk", "De Wieken", "Molenplein 4"),
        "Dinsdag 10 – 12 uur in De Wieken",
    ),
    DemoWijk(
        "WK999902",
        "Rustenoord",
        "Zuid",
        3250,
        780,
        5120,
        _places("Rustplein", "Vijverpark", "Lindelaan", "Halte Rustenoord", "Het Anker", "Lindelaan 12"),
        "Woensdag 14 – 16 uur in Het Anker",
    ),
    DemoWijk(
        "WK999903",
        "Morgenhof",
        "Zuid",
        900,
        850,
        6410,
        _places("Ochtendplein", "Dauwpark", "Zonnelaan", "Halte Morgenhof", "De Haan", "Zonnelaan 3"),
        "Maandag 9 – 11 uur in De Haan",
    ),
    DemoWijk(
        "WK999904",
        "Het Zuiderpark",
        "Zuid",
        1500,
        1900,
        2980,
        _places("Parkplein", "Het Grote Veld", "Vlinderpad", "Halte Zuiderpark", "Het Tuinhuis", "Vlinderpad 1"),
        "Donderdag 10 – 12 uur in Het Tuinhuis",
    ),
    DemoWijk(
        "WK999905",
        "Havenkant",
        "Haven",
        4400,
        1500,
        4730,
        _places("Loodsplein", "Kadepark", "Ankerstraat", "Halte Havenkant", "De Loods", "Loodsplein 9"),
        "Dinsdag 13 – 15 uur in De Loods",
    ),
    DemoWijk(
        "WK999906",
        "Laakoever",
        "Haven",
        4150,
        2650,
        7080,
        _places("Oeverplein", "Rietpark", "Laakstraat", "Station Laakoever", "De Brug", "Oeverplein 2"),
        "Vrijdag 10 – 12 uur in De Brug",
    ),
    DemoWijk(
        "WK999907",
        "Schildershof",
        "Haven",
        3000,
        1950,
        6650,
        _places("Penseelplein", "Paletpark", "Kwaststraat", "Halte Schildershof", "Het Atelier", "Penseelplein 7"),
        "Woensdag 9 – 11 uur in Het Atelier",
    ),
    DemoWijk(
        "WK999908",
        "Sluiskwartier",
        "Haven",
        5150,
        2150,
        3890,
        _places("Sluisplein", "Dijkpark", "Kolkstraat", "Halte Sluis", "De Kolk", "Kolkstraat 20"),
        "Maandag 14 – 16 uur in De Kolk",
    ),
    DemoWijk(
        "WK999909",
        "Bloemenhof",
        "Oost",
        2350,
        2900,
        5560,
        _places("Tulpplein", "Rozenpark", "Dahliastraat", "Halte Bloemenhof", "De Bloesem", "Tulpplein 1"),
        "Donderdag 13 – 15 uur in De Bloesem",
    ),
    DemoWijk(
        "WK999910",
        "IJpenveld",
        "Oost",
        3300,
        3350,
        9210,
        _places("IJpenplein", "Veldpark", "Kievitstraat", "Station IJpenveld", "Het Nest", "Kievitstraat 33"),
        "Dinsdag 9 – 12 uur in Het Nest",
    ),
    DemoWijk(
        "WK999911",
        "Leienburg",
        "Oost",
        1150,
        3000,
        7420,
        _places("Burchtplein", "Singelpark", "Torenstraat", "Halte Leienburg", "De Poort", "Burchtplein 5"),
        "Vrijdag 13 – 15 uur in De Poort",
    ),
    DemoWijk(
        "WK999912",
        "Waterveld",
        "Oost",
        2150,
        3950,
        4280,
        _places("Gemaalplein", "Plaspark", "Vaartstraat", "Halte Waterveld", "Het Gemaal", "Vaartstraat 8"),
        "Maandag 10 – 12 uur in Het Gemaal",
    ),
)

OUTLINE = [
    (250, 300), (1700, 120), (3300, 90), (4300, 560), (4520, 900), (5250, 1250), (5800, 1900), (5650, 2550),
    (4950, 2950), (4650, 3450), (3900, 4050), (2900, 4450), (1900, 4650), (1250, 4050), (420, 3650), (180, 2300),
    (380, 1400),
]  # fmt: skip
HARBOUR = [(4650, 950), (5150, 1420), (4980, 1700), (4700, 1520), (4520, 1180)]


def borders() -> dict[str, shapely.MultiPolygon]:
    """The boundary of each wijk by code, in RD New, on whole decimetres."""
    polder = shapely.Polygon(OUTLINE).difference(shapely.Polygon(HARBOUR))
    cells = shapely.voronoi_polygons(shapely.MultiPoint([(w.x, w.y) for w in WIJKEN]), extend_to=polder)
    found = {}
    for wijk in WIJKEN:
        seed = shapely.Point(wijk.x, wijk.y)
        cell = next(cell for cell in cells.geoms if cell.covers(seed))
        found[wijk.code] = _bend(shapely.segmentize(cell.intersection(polder), 90))
    return found


def seed_of(wijk: DemoWijk) -> shapely.Point:
    """The middle of a wijk in RD New."""
    return place_point(wijk, 0, 0)


def place_point(wijk: DemoWijk, dx: float, dy: float) -> shapely.Point:
    """A point so many metres from the middle of a wijk, bent like its borders."""
    return shapely.Point(*_bent(wijk.x + dx, wijk.y + dy))


def meeting_place(wijk_name: str) -> str:
    """The building where people of a wijk meet and vote on paper."""
    wijk = next(wijk for wijk in WIJKEN if wijk.name == wijk_name)
    return next(place.name for place in wijk.places if place.kind is Kind.MEETING_PLACE)


def _bent(x: float, y: float) -> tuple[float, float]:
    """One smooth function for the whole town: canals are seldom straight."""
    bent_x = x + 95 * sin(y / 330) + 40 * cos((x + y) / 170) + 14 * sin(x / 61 + y / 83)
    bent_y = y + 80 * sin(x / 390 + 1) + 36 * cos((x - y) / 190) + 14 * cos(y / 57 - x / 71)
    return round(ORIGIN_X + bent_x, 1), round(ORIGIN_Y + bent_y, 1)


def _bend(shape: BaseGeometry) -> shapely.MultiPolygon:
    bent = shapely.transform(shape, lambda points: [_bent(x, y) for x, y in points])
    polygons = bent.geoms if isinstance(bent, shapely.MultiPolygon) else [bent]
    return shapely.MultiPolygon([polygon for polygon in polygons if polygon.area > 100])
