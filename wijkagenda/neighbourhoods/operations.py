"""Neighbourhoods are founded on loaded areas, and kept by their team."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import shapely
import sqlalchemy as sa

from geo.levels import Level
from geo.models import Area, as_element
from geo.names import slug
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.neighbourhoods import policy
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, PlaceKind, ProfileFigure
from wijkagenda.people.actors import Actor


@dataclass
class FoundReport:
    """What founding did, by name; `gone` have no area in the new boundaries and are kept."""

    founded: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def found_neighbourhoods(*, actor: Actor, now: datetime, year: int) -> FoundReport:
    """Give every wijk and stadsdeel of `year` its page, or move its page to the new boundary.

    A page belongs to a code: a new year or a new name keeps the page and its address. A page whose
    code is gone is kept as it is, since wishes and agendas point at it.
    """
    if not policy.may_load_areas(actor):
        raise NotAllowed
    report = FoundReport()
    city_districts = _found_city_districts(year)
    known = _by_code(Neighbourhood)
    slugs = set(db.session.scalars(sa.select(Neighbourhood.slug)))
    founded: list[Neighbourhood] = []
    for area in _areas(Level.NEIGHBOURHOOD, year):
        neighbourhood = known.pop(area.code, None)
        if neighbourhood is None:
            neighbourhood = Neighbourhood(slug=_free_slug(area.name, slugs))
            db.session.add(neighbourhood)
            founded.append(neighbourhood)
        elif neighbourhood.name != area.name:
            report.renamed.append(area.name)
        neighbourhood.area_id = area.id
        neighbourhood.name = area.name
        if area.parent_id in city_districts:
            neighbourhood.city_district = city_districts[area.parent_id]
    report.gone = sorted(neighbourhood.name for neighbourhood in known.values())
    db.session.flush()
    report.founded = [neighbourhood.name for neighbourhood in founded]
    for neighbourhood in founded:
        record(actor=actor, now=now, action="neighbourhoods.found", subject=neighbourhood, detail={"year": year})
    return report


def _found_city_districts(year: int) -> dict[int, CityDistrict]:
    """City district by area id, made where there was none."""
    known = _by_code(CityDistrict)
    slugs = set(db.session.scalars(sa.select(CityDistrict.slug)))
    found = {}
    for area in _areas(Level.CITY_DISTRICT, year):
        city_district = known.get(area.code)
        if city_district is None:
            city_district = CityDistrict(slug=_free_slug(area.name, slugs))
            db.session.add(city_district)
        city_district.area_id, city_district.name = area.id, area.name
        found[area.id] = city_district
    db.session.flush()
    return found


def _areas(level: Level, year: int) -> list[Area]:
    return list(
        db.session.scalars(sa.select(Area).where(Area.level == level, Area.year == year).order_by(Area.name, Area.code))
    )


Page = TypeVar("Page", CityDistrict, Neighbourhood)


def _by_code(kind: type[Page]) -> dict[str, Page]:
    """Every page by the code of its area."""
    rows = db.session.execute(sa.select(Area.code, kind).join(kind.area))
    return {row[0]: row[1] for row in rows}


def _free_slug(name: str, taken: set[str]) -> str:
    """`name` as an address nobody has yet; notes it as taken."""
    base = wanted = slug(name) or "wijk"
    number = 1
    while wanted in taken:
        number += 1
        wanted = f"{base}-{number}"
    taken.add(wanted)
    return wanted


def introduce_team(
    *,
    actor: Actor,
    now: datetime,
    neighbourhood: Neighbourhood,
    team_name: str,
    team_email: str,
    team_visiting: str,
    residents: int | None = None,
) -> None:
    """Say who works here and how to reach them."""
    _check_edit(actor, neighbourhood)
    neighbourhood.team_name, neighbourhood.team_email = team_name, team_email
    neighbourhood.team_visiting = team_visiting
    if residents is not None:
        if residents < 0:
            raise Invalid(N_("Het aantal bewoners kan niet onder 0 zijn."), field="residents")
        neighbourhood.residents = residents
    db.session.flush()
    record(actor=actor, now=now, action="neighbourhoods.introduce_team", subject=neighbourhood)


def add_place(
    *,
    actor: Actor,
    now: datetime,
    neighbourhood: Neighbourhood,
    name: str,
    kind: PlaceKind,
    point: shapely.Point,
    address: str = "",
    opening_hours: str = "",
) -> Place:
    """Name a place, so that people can find and choose it. `point` is RD New, inside the neighbourhood."""
    _check_edit(actor, neighbourhood)
    if not neighbourhood.area.polygons.covers(point):
        raise Invalid(N_("Deze plek ligt niet in deze wijk."), field="lat")
    taken = sa.select(Place.id).where(Place.neighbourhood_id == neighbourhood.id, Place.name == name)
    if db.session.scalar(taken):
        raise Conflict(N_("Er is al een plek met deze naam."), field="name")
    place = Place(
        neighbourhood_id=neighbourhood.id,
        name=name,
        kind=kind,
        address=address,
        opening_hours=opening_hours,
        point=as_element(point),
    )
    db.session.add(place)
    db.session.flush()
    record(actor=actor, now=now, action="neighbourhoods.add_place", subject=place)
    return place


def remove_place(*, actor: Actor, now: datetime, place: Place) -> None:
    """Take a place off the map."""
    _check_edit(actor, place.neighbourhood)
    record(actor=actor, now=now, action="neighbourhoods.remove_place", subject=place)
    db.session.delete(place)
    db.session.flush()


def state_figure(
    *,
    actor: Actor,
    now: datetime,
    neighbourhood: Neighbourhood,
    label: str,
    value: Decimal,
    source: str,
    year: int,
    city_value: Decimal | None = None,
    unit: str = "",
    n: int | None = None,
) -> ProfileFigure:
    """Put a figure in the profile; the same label and year again corrects it."""
    if not policy.may_keep_figures(actor, neighbourhood):
        raise NotAllowed
    if not source:
        raise Invalid(N_("Waar komt dit cijfer vandaan? Vul de bron in."), field="source")
    figure = db.session.scalar(
        sa.select(ProfileFigure).where(
            ProfileFigure.neighbourhood_id == neighbourhood.id, ProfileFigure.label == label, ProfileFigure.year == year
        )
    )
    if figure is None:
        last = db.session.scalar(
            sa.select(sa.func.max(ProfileFigure.position)).where(ProfileFigure.neighbourhood_id == neighbourhood.id)
        )
        figure = ProfileFigure(neighbourhood_id=neighbourhood.id, label=label, year=year, position=(last or 0) + 1)
        db.session.add(figure)
    figure.value, figure.city_value, figure.unit, figure.source, figure.n = value, city_value, unit, source, n
    db.session.flush()
    record(actor=actor, now=now, action="neighbourhoods.state_figure", subject=figure)
    return figure


def withdraw_figure(*, actor: Actor, now: datetime, figure: ProfileFigure, neighbourhood: Neighbourhood) -> None:
    """Take a figure out of the profile."""
    if not policy.may_keep_figures(actor, neighbourhood) or figure.neighbourhood_id != neighbourhood.id:
        raise NotAllowed
    record(actor=actor, now=now, action="neighbourhoods.withdraw_figure", subject=figure)
    db.session.delete(figure)
    db.session.flush()


def _check_edit(actor: Actor, neighbourhood: Neighbourhood) -> None:
    if not policy.may_edit_neighbourhood(actor, neighbourhood):
        raise NotAllowed
