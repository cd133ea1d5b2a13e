"""Reads about neighbourhoods, city districts and places."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, ProfileFigure


def all_neighbourhoods() -> list[Neighbourhood]:
    """Every neighbourhood with its city district, by name; shapes are not loaded."""
    return list(
        db.session.scalars(
            sa.select(Neighbourhood)
            .options(joinedload(Neighbourhood.city_district))
            .order_by(Neighbourhood.name, Neighbourhood.id)
        )
    )


def neighbourhood_by_slug(slug: str) -> Neighbourhood:
    """One neighbourhood with its city district; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(Neighbourhood).where(Neighbourhood.slug == slug).options(joinedload(Neighbourhood.city_district))
    )
    if found is None:
        raise NotFound(N_("Deze wijk kennen wij niet."))
    return found


def neighbourhood_by_area(area_id: int) -> Neighbourhood | None:
    """The neighbourhood that stands on a geo area."""
    return db.session.scalar(
        sa.select(Neighbourhood)
        .where(Neighbourhood.area_id == area_id)
        .options(joinedload(Neighbourhood.city_district))
    )


def all_city_districts() -> list[CityDistrict]:
    """Every city district, by name."""
    return list(db.session.scalars(sa.select(CityDistrict).order_by(CityDistrict.name)))


def places_in(neighbourhood_id: int) -> list[Place]:
    """Named places of a neighbourhood, by name."""
    return list(
        db.session.scalars(
            sa.select(Place).where(Place.neighbourhood_id == neighbourhood_id).order_by(Place.name, Place.id)
        )
    )


def place_by_id(neighbourhood_id: int, place_id: int) -> Place:
    """One place of a neighbourhood; NotFound when it has none with this id."""
    found = db.session.scalar(
        sa.select(Place)
        .where(Place.id == place_id, Place.neighbourhood_id == neighbourhood_id)
        .options(joinedload(Place.neighbourhood).joinedload(Neighbourhood.city_district))
    )
    if found is None:
        raise NotFound(N_("Deze plek staat niet op de kaart."))
    return found


def figure_by_id(neighbourhood_id: int, figure_id: int) -> ProfileFigure:
    """One figure of a neighbourhood; NotFound when it has none with this id."""
    found = db.session.scalar(
        sa.select(ProfileFigure).where(
            ProfileFigure.id == figure_id, ProfileFigure.neighbourhood_id == neighbourhood_id
        )
    )
    if found is None:
        raise NotFound(N_("Dit cijfer is er niet."))
    return found


def figures_of(neighbourhood_id: int) -> list[ProfileFigure]:
    """The profile in its order."""
    return list(
        db.session.scalars(
            sa.select(ProfileFigure)
            .where(ProfileFigure.neighbourhood_id == neighbourhood_id)
            .order_by(ProfileFigure.position, ProfileFigure.id)
        )
    )
