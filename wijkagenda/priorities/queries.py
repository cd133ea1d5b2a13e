"""Reads about priorities, their wishes and their feasibility checks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.priorities.models import BundledWish, FeasibilityCheck, Priority, PriorityState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.models import Theme, Wish, WishState

PUBLIC = (PriorityState.PROPOSED, PriorityState.DROPPED)


@dataclass(frozen=True)
class PriorityLine:
    """A priority in a list: with its number of wishes and its last feasibility check."""

    priority: Priority
    wish_count: int
    check: FeasibilityCheck | None


def priority_by_id(priority_id: int) -> Priority:
    """One priority with its round, neighbourhood, wishes and checks; NotFound when there is none."""
    return _one(sa.select(Priority).where(Priority.id == priority_id))


def public_priority(round_id: int, number: int) -> Priority:
    """A proposed or dropped-after-proposal priority by number, with its wishes and checks; else NotFound."""
    return _one(
        sa.select(Priority).where(
            Priority.round_id == round_id, Priority.number == number, Priority.proposed_at.is_not(None)
        )
    )


def _one(query: sa.Select[Priority]) -> Priority:
    found = db.session.scalar(
        query.options(
            joinedload(Priority.round).joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district),
            selectinload(Priority.bundled).joinedload(BundledWish.wish),
            selectinload(Priority.checks),
        )
    )
    if found is None:
        raise NotFound(N_("Dit punt kennen wij niet."))
    return found


def priorities_of_round(round_id: int, states: Collection[PriorityState] = tuple(PriorityState)) -> list[PriorityLine]:
    """Every priority of a round in one of `states`, by number: three queries however many there are."""
    return _lines(
        sa.select(Priority)
        .where(Priority.round_id == round_id, Priority.state.in_(states))
        .order_by(Priority.number, Priority.id)
    )


def public_priorities(round_id: int) -> list[PriorityLine]:
    """What residents see of a round: proposed priorities, then what was public and has been dropped."""
    lines = _lines(
        sa.select(Priority)
        .where(Priority.round_id == round_id, Priority.proposed_at.is_not(None))
        .order_by(Priority.number, Priority.id)
    )
    return sorted(lines, key=lambda line: line.priority.state is PriorityState.DROPPED)


def proposed_priorities(round_id: int) -> list[Priority]:
    """What can go on a ballot, by number."""
    return list(
        db.session.scalars(
            sa.select(Priority)
            .where(Priority.round_id == round_id, Priority.state == PriorityState.PROPOSED)
            .order_by(Priority.number, Priority.id)
        )
    )


def _lines(query: sa.Select[Priority]) -> list[PriorityLine]:
    priorities = list(db.session.scalars(query))
    ids = [priority.id for priority in priorities]
    counts = wish_counts(ids)
    checks = latest_checks(ids)
    return [PriorityLine(p, counts.get(p.id, 0), checks.get(p.id)) for p in priorities]


def wish_counts(priority_ids: Iterable[int]) -> dict[int, int]:
    """Per priority id how many wishes are bundled in it; ids without wishes are left out."""
    rows = db.session.execute(
        sa.select(BundledWish.priority_id, sa.func.count())
        .where(BundledWish.priority_id.in_(list(priority_ids)))
        .group_by(BundledWish.priority_id)
        .order_by(BundledWish.priority_id)
    )
    return {row[0]: row[1] for row in rows}


def latest_checks(priority_ids: Iterable[int]) -> dict[int, FeasibilityCheck]:
    """Per priority id the last feasibility check: one query."""
    rows = db.session.scalars(
        sa.select(FeasibilityCheck)
        .where(FeasibilityCheck.priority_id.in_(list(priority_ids)))
        .order_by(FeasibilityCheck.checked_at, FeasibilityCheck.id)
    )
    return {check.priority_id: check for check in rows if check.priority_id is not None}


def checks_of_wishes(wish_ids: Iterable[int]) -> dict[int, FeasibilityCheck]:
    """Per wish id the last feasibility check of the wish itself: one query."""
    rows = db.session.scalars(
        sa.select(FeasibilityCheck)
        .where(FeasibilityCheck.wish_id.in_(list(wish_ids)))
        .order_by(FeasibilityCheck.checked_at, FeasibilityCheck.id)
    )
    return {check.wish_id: check for check in rows if check.wish_id is not None}


def priorities_of_wishes(wish_ids: Iterable[int]) -> dict[int, Priority]:
    """Per wish id the priority it is bundled in, with its round: one query."""
    rows = db.session.scalars(
        sa.select(BundledWish)
        .where(BundledWish.wish_id.in_(list(wish_ids)))
        .options(joinedload(BundledWish.priority).joinedload(Priority.round))
        .order_by(BundledWish.wish_id)
    )
    return {row.wish_id: row.priority for row in rows}


def bundled_wish(wish_id: int) -> BundledWish | None:
    """A wish's place in a priority: since when, and which one (with its round and neighbourhood)."""
    return db.session.scalar(
        sa.select(BundledWish)
        .where(BundledWish.wish_id == wish_id)
        .options(
            joinedload(BundledWish.priority)
            .joinedload(Priority.round)
            .joinedload(AgendaRound.neighbourhood)
            .joinedload(Neighbourhood.city_district),
            joinedload(BundledWish.wish),
        )
    )


def priority_of_wish(wish_id: int) -> Priority | None:
    """The priority a wish is bundled in, or None; priorities_of_wishes for many."""
    row = bundled_wish(wish_id)
    return row.priority if row else None


def wishes_of(priority_id: int) -> list[Wish]:
    """The wishes bundled in a priority, by number."""
    return list(
        db.session.scalars(
            sa.select(Wish)
            .join(BundledWish, BundledWish.wish_id == Wish.id)
            .where(BundledWish.priority_id == priority_id)
            .order_by(Wish.number)
        )
    )


def unbundled_wishes(neighbourhood_id: int, theme: Theme | None = None) -> list[Wish]:
    """Placed wishes that wait for an answer, the soonest due first."""
    query = sa.select(Wish).where(Wish.neighbourhood_id == neighbourhood_id, Wish.state == WishState.PLACED)
    if theme is not None:
        query = query.where(Wish.theme == theme)
    return list(db.session.scalars(query.order_by(Wish.answer_due_on, Wish.number)))


def unbundled_counts() -> dict[int, int]:
    """Per neighbourhood id how many placed wishes wait to be bundled or answered: one query."""
    rows = db.session.execute(
        sa.select(Wish.neighbourhood_id, sa.func.count())
        .where(Wish.state == WishState.PLACED)
        .group_by(Wish.neighbourhood_id)
        .order_by(Wish.neighbourhood_id)
    )
    return {row[0]: row[1] for row in rows}
