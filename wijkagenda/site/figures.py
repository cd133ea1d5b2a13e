"""Figures of the whole city, as a page and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from geo.models import Area
from wijkagenda.db import db
from wijkagenda.plan.queries import ActionOverview, overview_per_neighbourhood
from wijkagenda.site.city import CityRow, city_view
from wijkagenda.wishes.queries import counts_per_neighbourhood


@dataclass(frozen=True)
class FigureRow:
    """One neighbourhood in figures; no actions where no agenda was adopted."""

    city: CityRow
    code: str
    boundary_year: int
    wishes: int
    actions: ActionOverview | None


@dataclass(frozen=True)
class CityFigures:
    """Every neighbourhood, and the sums. `day`: of when."""

    rows: list[FigureRow]
    day: date

    @property
    def wishes(self) -> int:
        return sum(row.wishes for row in self.rows)

    @property
    def actions(self) -> int:
        return sum(row.actions.standing.total for row in self.rows if row.actions)

    @property
    def actions_done(self) -> int:
        return sum(row.actions.standing.done for row in self.rows if row.actions)


def city_figures(today: date, now: datetime) -> CityFigures:
    """Seven queries, however many neighbourhoods there are."""
    wishes, actions = counts_per_neighbourhood(), overview_per_neighbourhood()
    rows = city_view(today, now).rows
    found = db.session.execute(
        sa.select(Area.id, Area.code, Area.year)
        .where(Area.id.in_([row.neighbourhood.area_id for row in rows]))
        .order_by(Area.id)
    )
    codes = {area_id: (code, year) for area_id, code, year in found}
    return CityFigures(
        [
            FigureRow(
                row,
                *codes[row.neighbourhood.area_id],
                wishes.get(row.neighbourhood.id, 0),
                actions.get(row.neighbourhood.id),
            )
            for row in rows
        ],
        today,
    )


def city_rows(figures: CityFigures) -> Iterator[tuple[object, ...]]:
    """One row per neighbourhood, under CITY_COLUMNS; money in whole euros, of actions with a budget."""
    for row in figures.rows:
        here, actions = row.city.neighbourhood, row.actions
        yield (
            here.name,
            row.code,
            row.boundary_year,
            here.city_district.name if here.city_district else None,
            row.city.kind,
            row.wishes,
            actions.standing.total if actions else None,
            actions.standing.done if actions else None,
            actions.budget if actions else None,
            actions.spent if actions else None,
        )
