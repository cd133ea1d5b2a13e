"""A neighbourhood with its areas, and a round in the phase a test needs."""

from datetime import date, timedelta

import shapely
from sqlalchemy.orm import Session

from geo.levels import Level
from geo.models import Area, as_element
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, PlaceKind
from wijkagenda.rounds.models import AgendaRound, ParticipationApproach, Phase, PhaseKind

TODAY = date(2026, 11, 16)
LEFT, BOTTOM, SIZE = 150_000.0, 480_000.0, 1_000.0


def square(column: int = 0, row: int = 0) -> shapely.MultiPolygon:
    """A square kilometre in RD New; columns and rows lie side by side."""
    x, y = LEFT + column * SIZE, BOTTOM + row * SIZE
    return shapely.MultiPolygon([shapely.box(x, y, x + SIZE, y + SIZE)])


def point_in(column: int = 0, row: int = 0, dx: float = 500.0, dy: float = 500.0) -> shapely.Point:
    """A point so many metres from the lower left corner of a square."""
    return shapely.Point(LEFT + column * SIZE + dx, BOTTOM + row * SIZE + dy)


def make_city_district(session: Session, name: str = "Zuid") -> CityDistrict:
    area = Area(level=Level.CITY_DISTRICT, code=f"SD{name}", year=2026, name=name, shape=as_element(square()))
    session.add(area)
    session.flush()
    district = CityDistrict(area_id=area.id, name=name, slug=name.lower())
    session.add(district)
    session.flush()
    return district


def make_neighbourhood(
    session: Session, name: str = "Molenwijk", *, column: int = 0, row: int = 0, district: CityDistrict | None = None
) -> Neighbourhood:
    """A square neighbourhood; give each one in a test its own column or row."""
    area = Area(
        level=Level.NEIGHBOURHOOD,
        code=f"WK{column:02d}{row:02d}",
        year=2026,
        name=name,
        shape=as_element(square(column, row)),
        parent_id=district.area_id if district else None,
    )
    session.add(area)
    session.flush()
    neighbourhood = Neighbourhood(
        area_id=area.id,
        city_district=district,
        name=name,
        slug=name.lower().replace(" ", "-"),
        residents=8340,
        team_name=f"gebiedsteam {name}",
        team_email=f"{name.lower()}@markerstad.example",
    )
    session.add(neighbourhood)
    session.flush()
    return neighbourhood


def make_place(session: Session, neighbourhood: Neighbourhood, name: str = "Molenplein") -> Place:
    place = Place(neighbourhood_id=neighbourhood.id, name=name, kind=PlaceKind.SQUARE, point=as_element(point_in()))
    session.add(place)
    session.flush()
    return place


def make_round(
    session: Session, neighbourhood: Neighbourhood, phase: PhaseKind = PhaseKind.LISTENING, *, today: date = TODAY
) -> AgendaRound:
    """A round 2027-2030 whose `phase` began 10 days before `today` and ends 20 days after it."""
    agenda_round = AgendaRound(neighbourhood_id=neighbourhood.id, start_year=2027, end_year=2030)
    for kind in PhaseKind:
        start = today + timedelta(days=31 * (kind.number - phase.number) - 10)
        agenda_round.phases.append(Phase(kind=kind, starts_on=start, ends_on=start + timedelta(days=30)))
    agenda_round.approach = ParticipationApproach(
        who="Iedereen van 12 jaar en ouder.",
        what="U kiest 3 van de 8 punten.",
        what_we_do_with_it="Het punt met de meeste stemmen komt op plaats 1.",
        what_can_change="De volgorde.",
    )
    session.add(agenda_round)
    session.flush()
    return agenda_round
