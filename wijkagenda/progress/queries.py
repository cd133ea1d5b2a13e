"""Reads about progress updates: what is public, what waits, and for whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.models import Action
from wijkagenda.plan.queries import overdue_actions
from wijkagenda.progress.models import ProgressUpdate, UpdateState
from wijkagenda.rounds.models import AgendaRound

_ACTION = joinedload(ProgressUpdate.action).joinedload(Action.item)
_NEIGHBOURHOOD = (
    _ACTION.joinedload(AgendaItem.agenda)
    .joinedload(Agenda.round)
    .joinedload(AgendaRound.neighbourhood)
    .joinedload(Neighbourhood.city_district)
)


@dataclass(frozen=True)
class NewsPage:
    """One page of published updates. `page` and `pages` count from 1."""

    updates: tuple[ProgressUpdate, ...]
    page: int
    pages: int
    total: int


def _of_neighbourhoods(
    query: sa.Select[ProgressUpdate], neighbourhood_ids: Iterable[int] | None
) -> sa.Select[ProgressUpdate]:
    query = query.join(ProgressUpdate.action).join(Action.item).join(AgendaItem.agenda).join(Agenda.round)
    # Loaded from the joins that are there anyway: asking for both joins every table twice.
    query = query.options(
        contains_eager(ProgressUpdate.action)
        .contains_eager(Action.item)
        .contains_eager(AgendaItem.agenda)
        .contains_eager(Agenda.round)
        .joinedload(AgendaRound.neighbourhood)
        .joinedload(Neighbourhood.city_district)
    )
    if neighbourhood_ids is not None:
        query = query.where(AgendaRound.neighbourhood_id.in_(list(neighbourhood_ids)))
    return query


def update_by_id(update_id: int) -> ProgressUpdate:
    """One update with its action, neighbourhood, writer and publisher; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(ProgressUpdate)
        .where(ProgressUpdate.id == update_id)
        .options(_NEIGHBOURHOOD, joinedload(ProgressUpdate.written_by), joinedload(ProgressUpdate.published_by))
    )
    if found is None:
        raise NotFound(N_("Dit bericht kennen wij niet."))
    return found


def latest_updates(neighbourhood_id: int | None = None, limit: int = 3) -> list[ProgressUpdate]:
    """The newest published updates with their action and item; of one neighbourhood or of the city."""
    ids = None if neighbourhood_id is None else [neighbourhood_id]
    return list(db.session.scalars(_published(ids).limit(limit)))


def latest_of(neighbourhood_ids: Iterable[int], limit: int) -> list[ProgressUpdate]:
    """The newest published updates of these neighbourhoods."""
    return list(db.session.scalars(_published(neighbourhood_ids).limit(limit)))


def _published(neighbourhood_ids: Iterable[int] | None) -> sa.Select[ProgressUpdate]:
    query = sa.select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.PUBLISHED)
    return _of_neighbourhoods(query, neighbourhood_ids).order_by(
        ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc()
    )


def news_page(neighbourhood_id: int, page: int, size: int = 10) -> NewsPage:
    """Published updates of a neighbourhood, newest first, `size` per page; a page too far is the last."""
    counted = _of_neighbourhoods(
        sa.select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.PUBLISHED), [neighbourhood_id]
    )
    total = db.session.scalar(
        sa.select(sa.func.count()).select_from(counted.with_only_columns(ProgressUpdate.id).subquery())
    )
    total = total or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = db.session.scalars(_published([neighbourhood_id]).limit(size).offset((page - 1) * size))
    return NewsPage(tuple(rows), page, pages, total)


def last_news_days() -> dict[int, date]:
    """Per neighbourhood id the day of its newest published update: one query for the city."""
    rows = db.session.execute(
        sa.select(AgendaRound.neighbourhood_id, sa.func.max(ProgressUpdate.published_at))
        .select_from(ProgressUpdate)
        .join(ProgressUpdate.action)
        .join(Action.item)
        .join(AgendaItem.agenda)
        .join(Agenda.round)
        .where(ProgressUpdate.state == UpdateState.PUBLISHED)
        .group_by(AgendaRound.neighbourhood_id)
        .order_by(AgendaRound.neighbourhood_id)
    )
    return {row[0]: day_of(row[1]) for row in rows if row[1] is not None}


def updates_of_actions(action_ids: Iterable[int]) -> dict[int, list[ProgressUpdate]]:
    """Per action id its published updates, newest first: one query."""
    rows = db.session.scalars(
        sa.select(ProgressUpdate)
        .where(ProgressUpdate.action_id.in_(list(action_ids)), ProgressUpdate.state == UpdateState.PUBLISHED)
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc())
    )
    found: dict[int, list[ProgressUpdate]] = defaultdict(list)
    for update in rows:
        found[update.action_id].append(update)
    return dict(found)


def updates_to_submit(neighbourhood_ids: Iterable[int] | None = None) -> list[ProgressUpdate]:
    """Drafts that wait for their writer, the soonest due first; `submit_due_on` is the day."""
    query = sa.select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.DRAFT)
    return list(
        db.session.scalars(
            _of_neighbourhoods(query, neighbourhood_ids)
            .options(joinedload(ProgressUpdate.written_by))
            .order_by(ProgressUpdate.submit_due_on, ProgressUpdate.id)
        )
    )


def updates_to_publish(neighbourhood_ids: Iterable[int] | None = None) -> list[ProgressUpdate]:
    """Updates that wait for the manager, the longest waiting first."""
    query = sa.select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.SUBMITTED)
    return list(
        db.session.scalars(
            _of_neighbourhoods(query, neighbourhood_ids)
            .options(joinedload(ProgressUpdate.written_by))
            .order_by(ProgressUpdate.written_at, ProgressUpdate.id)
        )
    )


def actions_without_update(today: date, neighbourhood_ids: Iterable[int] | None = None) -> list[Action]:
    """Overdue actions about which nothing is being written: no draft and nothing handed in. Two queries."""
    actions = overdue_actions(today, neighbourhood_ids)
    written = set(
        db.session.scalars(
            sa.select(ProgressUpdate.action_id)
            .where(
                ProgressUpdate.action_id.in_([action.id for action in actions]),
                ProgressUpdate.state != UpdateState.PUBLISHED,
            )
            .order_by(ProgressUpdate.action_id)
        )
    )
    return [action for action in actions if action.id not in written]
