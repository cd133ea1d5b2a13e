"""Areas, postcodes, neighbourhood pages, places and figures of Markerstad."""

import random
from datetime import datetime
from decimal import Decimal

import shapely

from geo.levels import Level
from geo.models import Area, PostcodeArea, as_element
from wijkagenda.db import db
from wijkagenda.demo.geography import MUNICIPALITY, WIJKEN, YEAR, DemoWijk, borders, place_point
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.operations import add_place, found_neighbourhoods, introduce_team, state_figure
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.people.actors import SYSTEM

SOURCE = "Verzonnen grenzen van Markerstad"
POSTCODES_PER_WIJK = 12


def lay_ground(now: datetime) -> dict[str, Neighbourhood]:
    """Make everything that lies still; returns the neighbourhoods by name."""
    shapes = borders()
    code, name = MUNICIPALITY
    municipality = _area(Level.MUNICIPALITY, code, name, list(shapes.values()), None)
    wijk_areas = {}
    for city_district in sorted({wijk.city_district for wijk in WIJKEN}):
        parts = [wijk for wijk in WIJKEN if wijk.city_district == city_district]
        parent = _area(
            Level.CITY_DISTRICT, f"SD-{city_district}", city_district, [shapes[w.code] for w in parts], municipality
        )
        for wijk in parts:
            wijk_areas[wijk.name] = _area(Level.NEIGHBOURHOOD, wijk.code, wijk.name, [shapes[wijk.code]], parent)
    found_neighbourhoods(actor=SYSTEM, now=now, year=YEAR)
    neighbourhoods = {neighbourhood.name: neighbourhood for neighbourhood in all_neighbourhoods()}
    chance = random.Random(1923)
    for number, wijk in enumerate(WIJKEN):
        _post_codes(wijk_areas[wijk.name], number)
        _furnish(neighbourhoods[wijk.name], wijk, now, chance)
    return neighbourhoods


def _area(level: Level, code: str, name: str, parts: list[shapely.MultiPolygon], parent: Area | None) -> Area:
    whole = shapely.union_all(parts)
    shape = whole if isinstance(whole, shapely.MultiPolygon) else shapely.MultiPolygon([whole])
    area = Area(
        level=level, code=code, year=YEAR, name=name, parent=parent, shape=as_element(shape), source=SOURCE,
        made_from_parts=level is not Level.NEIGHBOURHOOD,
    )  # fmt: skip
    db.session.add(area)
    db.session.flush()
    return area


def _post_codes(area: Area, number: int) -> None:
    """9000 AA … : four figures per wijk, letters that Dutch postcodes use."""
    letters = "ABCDEGHJKLMN"
    for index in range(POSTCODES_PER_WIJK):
        db.session.add(PostcodeArea(pc6=f"{9000 + number}{letters[index]}{letters[-1 - index]}", area_id=area.id))


def _furnish(neighbourhood: Neighbourhood, wijk: DemoWijk, now: datetime, chance: random.Random) -> None:
    introduce_team(
        actor=SYSTEM, now=now, neighbourhood=neighbourhood, team_name=f"gebiedsteam {wijk.name}", residents=wijk.residents,
        team_email=f"{neighbourhood.slug}@markerstad.example", team_visiting=wijk.visiting,
    )  # fmt: skip
    for place in wijk.places:
        add_place(
            actor=SYSTEM, now=now, neighbourhood=neighbourhood, name=place.name, kind=place.kind, address=place.address,
            opening_hours=place.opening_hours, point=place_point(wijk, place.dx, place.dy),
        )  # fmt: skip
    sample = chance.randrange(280, 640)
    survey = "Bewonersonderzoek Markerstad (verzonnen)"
    register = "Statistiek Markerstad (verzonnen)"
    for label, low, high, city, unit, source, n in (
        ("Cijfer voor de wijk", 62, 79, "7.1", "", survey, sample),
        ("Voelt zich wel eens onveilig", 140, 360, "22", "%", survey, sample),
        ("Huizen van een corporatie", 180, 640, "31", "%", register, None),
        ("Jonger dan 27 jaar", 180, 360, "29", "%", register, None),
    ):
        value = Decimal(chance.randrange(low, high)) / 10
        state_figure(
            actor=SYSTEM, now=now, neighbourhood=neighbourhood, label=label,
            value=value if unit == "" else value.quantize(Decimal(1)), city_value=Decimal(city), unit=unit,
            source=source, year=2026, n=n,
        )  # fmt: skip
