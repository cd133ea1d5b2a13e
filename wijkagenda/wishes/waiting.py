"""What waits for staff: wishes to read and place, wishes to answer, and which of them are late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from wijkagenda.db import db
from wijkagenda.dutch_days import day_of, start_of
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood
from wijkagenda.wishes.models import Channel, GivenAs, Wish, WishState
from wijkagenda.wishes.queries import containing
from wijkagenda.wishes.terms import READ_WITHIN

DESK_PAGE_SIZE = 50
WAITING_STATES = (WishState.RECEIVED, WishState.PLACED)


class ToDo(Labelled):
    """What a wish waits for."""

    READ = "read", N_("Lezen en plaatsen")
    ANSWER = "answer", N_("Antwoord geven")


@dataclass(frozen=True)
class DeskRow:
    """A wish as staff see it in a list. `what` and `due_on` are None when nothing waits."""

    id: int
    number: int
    title: str
    state: WishState
    channel: Channel
    given_as: GivenAs
    wants_to_do_it: bool
    neighbourhood: str
    received_on: date
    what: ToDo | None
    due_on: date | None
    days_late: int

    @property
    def reference(self) -> str:
        return f"W-{self.number:04d}"

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True)
class DeskPage:
    """One page of the list of staff."""

    rows: list[DeskRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // DESK_PAGE_SIZE))


@dataclass(frozen=True)
class DeskCounts:
    """How many wishes wait, and how many are late."""

    to_read: int = 0
    to_answer: int = 0
    late: int = 0

    @property
    def waiting(self) -> int:
        return self.to_read + self.to_answer


def _in_areas(areas: set[int] | None) -> list[sa.ColumnElement[bool]]:
    if areas is None:
        return []
    return [sa.or_(Neighbourhood.area_id.in_(areas), CityDistrict.area_id.in_(areas))]


def _is_late(today: date) -> sa.ColumnElement[bool]:
    unread = sa.and_(Wish.state == WishState.RECEIVED, Wish.received_at < start_of(today - READ_WITHIN))
    unanswered = sa.and_(Wish.state.in_(WAITING_STATES), Wish.answer_due_on < today)
    return sa.or_(unread, unanswered)


def _from_wishes(columns: tuple[Any, ...], areas: set[int] | None) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Wish)
        .join(Neighbourhood, Wish.neighbourhood_id == Neighbourhood.id)
        .join(CityDistrict, Neighbourhood.city_district_id == CityDistrict.id, isouter=True)
        .where(*_in_areas(areas))
    )


_COLUMNS = (
    Wish.id,
    Wish.number,
    Wish.title,
    Wish.state,
    Wish.channel,
    Wish.given_as,
    Wish.wants_to_do_it,
    Wish.received_at,
    Wish.answer_due_on,
    Neighbourhood.name.label("neighbourhood"),
)


def _desk_row(row: sa.Row[Any], today: date) -> DeskRow:
    received_on = day_of(row.received_at)
    what = due_on = None
    if row.state is WishState.RECEIVED:
        what, due_on = ToDo.READ, min(received_on + READ_WITHIN, row.answer_due_on)
    elif row.state is WishState.PLACED:
        what, due_on = ToDo.ANSWER, row.answer_due_on
    return DeskRow(
        id=row.id,
        number=row.number,
        title=row.title,
        state=row.state,
        channel=row.channel,
        given_as=row.given_as,
        wants_to_do_it=row.wants_to_do_it,
        neighbourhood=row.neighbourhood,
        received_on=received_on,
        what=what,
        due_on=due_on,
        days_late=max(0, (today - due_on).days) if due_on else 0,
    )


def waiting_wishes(areas: set[int] | None, today: date) -> list[DeskRow]:
    """Everything in these rights areas (None: everywhere) that waits, the first due first. One query."""
    query = _from_wishes(_COLUMNS, areas).where(Wish.state.in_(WAITING_STATES)).order_by(Wish.number)
    rows = [_desk_row(row, today) for row in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.number))


def desk_counts(areas: set[int] | None, today: date) -> DeskCounts:
    """How many wait and how many are late: one query."""
    columns = (Wish.state, sa.case((_is_late(today), 1), else_=0).label("late"), sa.func.count().label("n"))
    query = _from_wishes(columns, areas).where(Wish.state.in_(WAITING_STATES)).group_by(Wish.state, sa.text("late"))
    to_read = to_answer = late = 0
    for state, is_late, count in db.session.execute(query):
        to_read += count if state is WishState.RECEIVED else 0
        to_answer += count if state is WishState.PLACED else 0
        late += count if is_late else 0
    return DeskCounts(to_read, to_answer, late)


def desk_wishes(
    areas: set[int] | None,
    today: date,
    *,
    show: str = "waiting",
    neighbourhood_id: int | None = None,
    words: str = "",
    page: int = 1,
) -> DeskPage:
    """A page of 50 for staff. `show`: waiting, read, answer, late (first due first) or all (newest first)."""
    conditions = containing(words, exact_place=True)
    if neighbourhood_id is not None:
        conditions.append(Wish.neighbourhood_id == neighbourhood_id)
    states = {
        "waiting": Wish.state.in_(WAITING_STATES),
        "read": Wish.state == WishState.RECEIVED,
        "answer": Wish.state == WishState.PLACED,
        "late": _is_late(today),
    }
    if show in states:
        conditions.append(states[show])
    total = db.session.scalar(_from_wishes((sa.func.count(),), areas).where(*conditions)) or 0
    page = min(max(1, page), max(1, -(-total // DESK_PAGE_SIZE)))
    order = (Wish.number.desc(),) if show not in states else (Wish.answer_due_on, Wish.number)
    query = _from_wishes(_COLUMNS, areas).where(*conditions).order_by(*order)
    rows = db.session.execute(query.limit(DESK_PAGE_SIZE).offset((page - 1) * DESK_PAGE_SIZE))
    return DeskPage([_desk_row(row, today) for row in rows], total, page)


def neighbourhoods_in(areas: set[int] | None) -> list[Neighbourhood]:
    """The neighbourhoods somebody works for, by name."""
    return list(
        db.session.scalars(
            sa.select(Neighbourhood)
            .join(CityDistrict, Neighbourhood.city_district_id == CityDistrict.id, isouter=True)
            .where(*_in_areas(areas))
            .order_by(Neighbourhood.name, Neighbourhood.id)
        )
    )
