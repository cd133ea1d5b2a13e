"""Reads about actions: an agenda with how its items stand, one action, and overviews per neighbourhood."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.agenda.queries import Evidence, adopted_agenda, evidence_of
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.models import Action, ActionState, Milestone
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import TallyLine

_NEIGHBOURHOOD = (
    joinedload(Action.item)
    .joinedload(AgendaItem.agenda)
    .joinedload(Agenda.round)
    .joinedload(AgendaRound.neighbourhood)
    .joinedload(Neighbourhood.city_district)
)


@dataclass(frozen=True)
class Standing:
    """How many actions stand how; of one item, or of a whole neighbourhood."""

    counts: Mapping[ActionState, int]

    @property
    def total(self) -> int:
        """Actions that are meant to be done; stopped ones are told apart."""
        return sum(n for state, n in self.counts.items() if state is not ActionState.STOPPED)

    @property
    def done(self) -> int:
        return self.counts.get(ActionState.DONE, 0)

    @property
    def delayed(self) -> int:
        return self.counts.get(ActionState.DELAYED, 0)

    @property
    def stopped(self) -> int:
        return self.counts.get(ActionState.STOPPED, 0)

    @property
    def state(self) -> ActionState:
        """One word for all: done when every one is, delayed when one is, begun when one is."""
        if not self.total:
            return ActionState.STOPPED if self.stopped else ActionState.NOT_BEGUN
        if self.done == self.total:
            return ActionState.DONE
        if self.counts.get(ActionState.DELAYED):
            return ActionState.DELAYED
        if self.done or self.counts.get(ActionState.ON_SCHEDULE):
            return ActionState.ON_SCHEDULE
        return ActionState.NOT_BEGUN


@dataclass(frozen=True)
class ItemLine:
    """An agenda item as residents see it: where it comes from, how it stands, what is done."""

    item: AgendaItem
    evidence: Evidence
    standing: Standing
    actions: tuple[Action, ...]

    @property
    def late(self) -> Action | None:
        """The delayed action that says why and until when: the one that ends last."""
        late = [action for action in self.actions if action.state is ActionState.DELAYED]
        return max(late, key=lambda a: (a.due_year, a.due_quarter, a.number), default=None)


@dataclass(frozen=True)
class AgendaView:
    """An adopted agenda with everything a page shows of it."""

    agenda: Agenda
    lines: tuple[ItemLine, ...]

    @property
    def standing(self) -> Standing:
        """All actions of the agenda together."""
        return standing_of(action for line in self.lines for action in line.actions)


@dataclass(frozen=True)
class ActionOverview:
    """Actions and money of one neighbourhood; money in whole euros, of actions with a budget."""

    standing: Standing
    budget: int
    spent: int


def standing_of(actions: Iterable[Action]) -> Standing:
    return Standing(Counter(action.state for action in actions))


def agenda_with_items(neighbourhood_id: int, start_year: int | None = None) -> AgendaView | None:
    """The newest adopted agenda (or the one whose round begins in `start_year`) with all of its items.

    Seven queries at most, however many items and actions; None when nothing was adopted.
    """
    agenda = adopted_agenda(neighbourhood_id, start_year)
    return None if agenda is None else view_of(agenda)


def view_of(agenda: Agenda) -> AgendaView:
    """An agenda, loaded with its items, with where they come from and how they stand."""
    evidence = evidence_of(agenda.items)
    actions = actions_of_items(item.id for item in agenda.items)
    lines = tuple(
        ItemLine(item, evidence[item.id], standing_of(actions.get(item.id, ())), tuple(actions.get(item.id, ())))
        for item in agenda.items
    )
    return AgendaView(agenda, lines)


def actions_of_items(item_ids: Iterable[int]) -> dict[int, list[Action]]:
    """Per item id its actions with their partners, by number: two queries."""
    rows = db.session.scalars(
        sa.select(Action)
        .where(Action.item_id.in_(list(item_ids)))
        .options(selectinload(Action.partners))
        .order_by(Action.item_id, Action.number, Action.id)
    )
    found: dict[int, list[Action]] = defaultdict(list)
    for action in rows:
        found[action.item_id].append(action)
    return dict(found)


def action_by_id(action_id: int) -> Action:
    """One action of an adopted agenda, with item, neighbourhood, partners and milestones; else NotFound."""
    found = db.session.scalar(
        sa.select(Action)
        .where(Action.id == action_id)
        .options(
            _NEIGHBOURHOOD,
            joinedload(Action.item).joinedload(AgendaItem.priority),
            joinedload(Action.item).joinedload(AgendaItem.tally_line).joinedload(TallyLine.tally),
            joinedload(Action.item).selectinload(AgendaItem.evidence),
            selectinload(Action.partners),
            selectinload(Action.milestones),
        )
    )
    if found is None:
        raise NotFound(N_("Deze actie kennen wij niet."))
    return found


def milestone_by_id(milestone_id: int) -> Milestone:
    """One milestone with its action and neighbourhood; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(Milestone)
        .where(Milestone.id == milestone_id)
        .options(
            joinedload(Milestone.action)
            .joinedload(Action.item)
            .joinedload(AgendaItem.agenda)
            .joinedload(Agenda.round)
            .joinedload(AgendaRound.neighbourhood)
            .joinedload(Neighbourhood.city_district)
        )
    )
    if found is None:
        raise NotFound(N_("Deze stap kennen wij niet."))
    return found


def actions_in(neighbourhood_ids: Iterable[int] | None = None) -> list[Action]:
    """Actions of adopted agendas with item and neighbourhood, soonest due first; of these or of all."""
    query = (
        sa.select(Action)
        .join(Action.item)
        .join(AgendaItem.agenda)
        .join(Agenda.round)
        .where(Agenda.state == AgendaState.ADOPTED)
        .options(_NEIGHBOURHOOD)
        .order_by(Action.due_year, Action.due_quarter, AgendaItem.rank, Action.number, Action.id)
    )
    if neighbourhood_ids is not None:
        query = query.where(AgendaRound.neighbourhood_id.in_(list(neighbourhood_ids)))
    return list(db.session.scalars(query))


def overview_per_neighbourhood() -> dict[int, ActionOverview]:
    """Per neighbourhood id the actions and money of its newest adopted agenda: one query for the city."""
    newest = (
        sa.select(AgendaRound.neighbourhood_id, sa.func.max(AgendaRound.start_year).label("start_year"))
        .join(Agenda, Agenda.round_id == AgendaRound.id)
        .where(Agenda.state == AgendaState.ADOPTED)
        .group_by(AgendaRound.neighbourhood_id)
        .subquery()
    )
    with_budget = Action.budget.is_not(None)
    rows = db.session.execute(
        sa.select(
            AgendaRound.neighbourhood_id,
            Action.state,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Action.budget), 0),
            sa.func.coalesce(sa.func.sum(sa.case((with_budget, Action.spent), else_=0)), 0),
        )
        .select_from(Action)
        .join(Action.item)
        .join(AgendaItem.agenda)
        .join(Agenda.round)
        .join(
            newest,
            sa.and_(
                newest.c.neighbourhood_id == AgendaRound.neighbourhood_id,
                newest.c.start_year == AgendaRound.start_year,
            ),
        )
        .where(Agenda.state == AgendaState.ADOPTED)
        .group_by(AgendaRound.neighbourhood_id, Action.state)
        .order_by(AgendaRound.neighbourhood_id, Action.state)
    )
    counts: dict[int, dict[ActionState, int]] = defaultdict(dict)
    money: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for neighbourhood_id, state, number, budget, spent in rows:
        counts[neighbourhood_id][state] = number
        before = money[neighbourhood_id]
        money[neighbourhood_id] = (before[0] + int(budget), before[1] + int(spent))
    return {key: ActionOverview(Standing(found), *money[key]) for key, found in counts.items()}


def last_day_of_quarter(year: int, quarter: int) -> date:
    """31 March, 30 June, 30 September or 31 December."""
    return date(year, quarter * 3, 30 if quarter in {2, 3} else 31)


def overdue_actions(today: date, neighbourhood_ids: Iterable[int] | None = None) -> list[Action]:
    """Actions that go on although the last day of their quarter has passed, the longest overdue first."""
    this_quarter = (today.month - 1) // 3 + 1
    query = (
        sa.select(Action)
        .join(Action.item)
        .join(AgendaItem.agenda)
        .join(Agenda.round)
        .where(
            Agenda.state == AgendaState.ADOPTED,
            Action.state.not_in([ActionState.DONE, ActionState.STOPPED]),
            Action.due_year * 4 + Action.due_quarter < today.year * 4 + this_quarter,
        )
        .options(_NEIGHBOURHOOD)
        .order_by(Action.due_year, Action.due_quarter, Action.id)
    )
    if neighbourhood_ids is not None:
        query = query.where(AgendaRound.neighbourhood_id.in_(list(neighbourhood_ids)))
    return list(db.session.scalars(query))
