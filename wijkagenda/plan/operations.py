"""Writes: add actions with their owner, partners, money and planning; mark milestones.

How an action stands (state, money spent, new date) changes by a published update only: see progress.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from wijkagenda.agenda.models import AgendaItem, AgendaState
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.plan import policy
from wijkagenda.plan.events import ActionAdded
from wijkagenda.plan.models import Action, ActionPartner, ActionState, Milestone
from wijkagenda.rounds.models import AgendaRound

TITLE_LIMIT = 120
LINE_LIMIT = 200
MOST_EUROS = 1_000_000_000
MOST_COUNTED = 100_000
YEARS_AFTER_ROUND = 4
"""A delayed action may end after the period of its agenda, but not in another lifetime."""

Partners = Sequence[tuple[str, str]]
"""Names of partners, each with what they do."""


def add_action(
    *,
    actor: Actor,
    now: datetime,
    item: AgendaItem,
    title: str,
    text: str,
    owner: str,
    due_year: int,
    due_quarter: int,
    budget: int | None = None,
    partners: Partners = (),
    counted_total: int | None = None,
    take_part: str = "",
) -> Action:
    """An action under an item of an adopted agenda; its first quarter is kept as what was promised.

    `budget` is in whole euros. `counted_total` is how many things will be made (18 lamps), if they
    can be counted. `take_part` says how residents can join, if they can.
    """
    agenda_round = item.agenda.round
    _check_may(actor, agenda_round)
    if item.agenda.state is not AgendaState.ADOPTED:
        raise Conflict(N_("Deze wijkagenda is nog niet vastgesteld. Acties kunnen daarna."))
    _check_words(title, text, owner, partners)
    _check_money(budget)
    _check_count(counted_total)
    check_quarter(agenda_round, due_year, due_quarter)
    # Two colleagues at the same moment get two numbers.
    db.session.refresh(item, attribute_names=["id"], with_for_update=True)
    highest = db.session.scalar(sa.select(sa.func.max(Action.number)).where(Action.item_id == item.id))
    action = Action(
        item=item,
        number=(highest or 0) + 1,
        title=title,
        text=text,
        owner=owner,
        budget=budget,
        spent=0,
        due_year=due_year,
        due_quarter=due_quarter,
        promised_year=due_year,
        promised_quarter=due_quarter,
        state=ActionState.NOT_BEGUN,
        standing="",
        reason="",
        counted_done=None if counted_total is None else 0,
        counted_total=counted_total,
        take_part=take_part,
        partners=[ActionPartner(name=name, role=role) for name, role in partners],
    )
    db.session.add(action)
    db.session.flush()
    record(actor=actor, now=now, action="plan.add_action", subject=action)
    emit(ActionAdded(action.id))
    return action


def edit_action(
    *,
    actor: Actor,
    now: datetime,
    action: Action,
    title: str,
    text: str,
    owner: str,
    due_year: int,
    due_quarter: int,
    budget: int | None,
    partners: Partners,
    counted_total: int | None = None,
    take_part: str = "",
) -> None:
    """Correct an action. Its quarter can be corrected here until the work begins; after that it takes
    a published update, so that a promise never moves in silence."""
    _check_may(actor, action.item.agenda.round)
    _check_words(title, text, owner, partners)
    _check_money(budget)
    _check_count(counted_total)
    if counted_total is not None and (action.counted_done or 0) > counted_total:
        raise Invalid(N_("Er zijn er al meer klaar. Kies een hoger aantal."), field="counted_total")
    if counted_total is None and action.counted_done:
        raise Conflict(N_("Er zijn er al geteld, en dat is openbaar. Laat het aantal staan."), field="counted_total")
    if (due_year, due_quarter) != (action.due_year, action.due_quarter):
        if action.state is not ActionState.NOT_BEGUN or action.moved:
            raise Conflict(
                N_("Deze actie is al begonnen. Een nieuwe datum gaat met een voortgangsbericht."), field="due_quarter"
            )
        check_quarter(action.item.agenda.round, due_year, due_quarter)
        action.due_year, action.due_quarter = due_year, due_quarter
        action.promised_year, action.promised_quarter = due_year, due_quarter
    old_budget = action.budget
    action.title, action.text, action.owner, action.budget = title, text, owner, budget
    action.counted_total = counted_total
    action.counted_done = None if counted_total is None else action.counted_done or 0
    action.take_part = take_part
    if [(p.name, p.role) for p in action.partners] != list(partners):
        action.partners = [ActionPartner(name=name, role=role) for name, role in partners]
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="plan.edit_action",
        subject=action,
        detail={"budget": [old_budget, budget], "due": [due_year, due_quarter]},
    )


def add_milestone(
    *,
    actor: Actor,
    now: datetime,
    action: Action,
    title: str,
    due_on: date,
    starts_on: date | None = None,
    note: str = "",
) -> Milestone:
    """A dated step in an action; `starts_on` when it takes a while, `note` for who helps."""
    _check_may(actor, action.item.agenda.round)
    if not 3 <= len(title) <= TITLE_LIMIT:
        raise Invalid(N_("Geef de stap een titel van 3 tot %(most)s tekens."), field="title", most=TITLE_LIMIT)
    if len(note) > LINE_LIMIT:
        raise Invalid(N_("Maak dit korter: %(most)s tekens of minder."), field="note", most=LINE_LIMIT)
    if starts_on is not None and starts_on > due_on:
        raise Invalid(N_("De laatste dag moet na de eerste dag komen."), field="due_on")
    agenda_round = action.item.agenda.round
    if not agenda_round.start_year - 1 <= due_on.year <= agenda_round.end_year + YEARS_AFTER_ROUND:
        raise Invalid(N_("Deze dag ligt te ver van de wijkagenda af."), field="due_on")
    milestone = Milestone(title=title, due_on=due_on, starts_on=starts_on, note=note)
    action.milestones.append(milestone)
    db.session.flush()
    record(actor=actor, now=now, action="plan.add_milestone", subject=milestone)
    return milestone


def complete_milestone(*, actor: Actor, now: datetime, milestone: Milestone, done_on: date, note: str = "") -> None:
    """A step is done, today or earlier."""
    _check_may(actor, milestone.action.item.agenda.round)
    if milestone.done_on is not None:
        raise Conflict(N_("Deze stap is al klaar."))
    if done_on > day_of(now):
        raise Invalid(N_("Kies vandaag of een eerdere dag."), field="done_on")
    if len(note) > LINE_LIMIT:
        raise Invalid(N_("Maak dit korter: %(most)s tekens of minder."), field="note", most=LINE_LIMIT)
    milestone.done_on = done_on
    milestone.note = note or milestone.note
    db.session.flush()
    record(actor=actor, now=now, action="plan.complete_milestone", subject=milestone)


def remove_milestone(*, actor: Actor, now: datetime, milestone: Milestone) -> None:
    """Take away a step that was not done and will not be."""
    action = milestone.action
    _check_may(actor, action.item.agenda.round)
    if milestone.done_on is not None:
        raise Conflict(N_("Deze stap is al klaar. Die blijft staan."))
    record(actor=actor, now=now, action="plan.remove_milestone", subject=milestone)
    action.milestones.remove(milestone)
    db.session.flush()


def check_quarter(agenda_round: AgendaRound, year: int, quarter: int, *, field: str = "due_quarter") -> None:
    """Raise Invalid unless `quarter` of `year` is a quarter in or soon after the period of the agenda."""
    if not 1 <= quarter <= 4:
        raise Invalid(N_("Kies kwartaal 1, 2, 3 of 4."), field=field)
    first, last = agenda_round.start_year - 1, agenda_round.end_year + YEARS_AFTER_ROUND
    if not first <= year <= last:
        raise Invalid(
            N_("Kies een jaar van %(first)s tot en met %(last)s."),
            field=field.replace("quarter", "year"),
            first=first,
            last=last,
        )


def _check_words(title: str, text: str, owner: str, partners: Partners) -> None:
    if not 3 <= len(title) <= TITLE_LIMIT:
        raise Invalid(N_("Geef de actie een titel van 3 tot %(most)s tekens."), field="title", most=TITLE_LIMIT)
    if len(text) < 10:
        raise Invalid(N_("Schrijf in een paar zinnen wat wij gaan doen."), field="text")
    if not 2 <= len(owner) <= LINE_LIMIT:
        raise Invalid(N_("Schrijf op wie de trekker is."), field="owner")
    for name, role in partners:
        if not name or not role:
            raise Invalid(N_("Schrijf bij elke partner een naam en wat die doet."), field="partners")
        if len(name) > LINE_LIMIT or len(role) > LINE_LIMIT:
            raise Invalid(N_("Maak dit korter: %(most)s tekens of minder."), field="partners", most=LINE_LIMIT)


def _check_money(budget: int | None) -> None:
    if budget is not None and not 0 <= budget <= MOST_EUROS:
        raise Invalid(N_("Vul een bedrag in hele euro's in, 0 of meer."), field="budget")


def _check_count(total: int | None) -> None:
    if total is not None and not 1 <= total <= MOST_COUNTED:
        raise Invalid(N_("Vul een aantal in van 1 of meer, of laat dit leeg."), field="counted_total")


def _check_may(actor: Actor, agenda_round: AgendaRound) -> None:
    if not policy.may_plan(actor, agenda_round.neighbourhood):
        raise NotAllowed
