"""What waits for whom: one list over all slices, made from the questions each slice answers itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wijkagenda.agenda.queries import agendas_to_adopt
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.plan.queries import last_day_of_quarter
from wijkagenda.progress.queries import actions_without_update, updates_to_publish, updates_to_submit
from wijkagenda.rounds.queries import present_phases
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.paper.policy import may_handle_paper, may_type_over
from wijkagenda.voting.paper.queries import full_batches
from wijkagenda.voting.policy import may_count, may_publish_result
from wijkagenda.voting.queries import all_rounds
from wijkagenda.voting.remarks.policy import may_answer_remarks
from wijkagenda.voting.remarks.queries import waiting_remarks
from wijkagenda.wishes.policy import TEAM, moderated_areas
from wijkagenda.wishes.waiting import neighbourhoods_in, waiting_wishes

PUBLISH_WITHIN = timedelta(days=7)
"""A manager publishes or sends back within a week."""
ANSWER_REMARK_WITHIN = timedelta(days=14)
"""The voting office answers a melding over de stemming within two weeks."""


class Kind(Labelled):
    """What sort of work it is; the filter of the list."""

    WISH = "wensen", N_("Wensen")
    PROGRESS = "voortgang", N_("Voortgang")
    APPROVE = "goedkeuren", N_("Goedkeuren")
    VOTE = "stemming", N_("Stemming")


@dataclass(frozen=True)
class Task:
    """One thing somebody must do. `thing`: its id or reference, for the link; no `due_on`: no hurry."""

    kind: Kind
    what: str
    title: str
    reference: str
    thing: int | str
    neighbourhood: str
    due_on: date | None

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due_on).days) if self.due_on else 0


READ = N_("Lezen en plaatsen")
SUBMIT = N_("Bericht afmaken")
TELL_PROGRESS = N_("Voortgang melden")
PUBLISH = N_("Goedkeuren of terugsturen")
ADOPT = N_("Agenda vaststellen")
CLOSE_VOTE = N_("Stemming sluiten")
COUNT_VOTE = N_("Stemmen tellen")
PUBLISH_VOTE = N_("Uitslag bekendmaken")
TYPE_OVER = N_("Stapel overtypen")
PUT_IN_BOX = N_("Stapel in de stembus doen")
ANSWER_REMARK = N_("Melding beantwoorden")


def areas_of(actor: Actor, roles: Iterable[Role]) -> set[int] | None:
    """Ids of the areas in which somebody holds one of the roles; None is everywhere."""
    wanted = set(roles)
    areas = {grant.area_id for grant in actor.grants if grant.role in wanted}
    return None if None in areas else {area for area in areas if area is not None}


def my_neighbourhoods(actor: Actor) -> list[Neighbourhood]:
    """The neighbourhoods somebody works for in any role."""
    return neighbourhoods_in(areas_of(actor, Role))


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """Everything that waits for this person, the soonest due first. A fixed number of queries."""
    tasks: list[Task] = []
    if actor.has_any(TEAM):
        tasks += _wishes(actor, today)
        team_ids = _ids(actor, {Role.AREA_TEAM})
        if team_ids:
            tasks += _progress(team_ids, today)
    if actor.has(Role.CITY_DISTRICT_MANAGER):
        tasks += _approvals(_ids(actor, {Role.CITY_DISTRICT_MANAGER}), today)
    if actor.has(Role.VOTING_OFFICER):
        tasks += _votes(actor)
        tasks += _piles(actor)
        tasks += _remarks(actor)
    return sorted(tasks, key=lambda task: (task.due_on or date.max, task.kind.value, task.reference))


def _ids(actor: Actor, roles: set[Role]) -> list[int]:
    if not actor.has_any(roles):
        return []
    return [neighbourhood.id for neighbourhood in neighbourhoods_in(areas_of(actor, roles))]


def _wishes(actor: Actor, today: date) -> list[Task]:
    return [
        Task(
            Kind.WISH,
            row.what.label if row.what else READ,
            row.title,
            row.reference,
            row.reference,
            row.neighbourhood,
            row.due_on,
        )
        for row in waiting_wishes(moderated_areas(actor), today)
    ]


def _progress(neighbourhood_ids: list[int], today: date) -> list[Task]:
    drafts = [
        Task(
            Kind.PROGRESS,
            SUBMIT,
            update.title,
            f"N-{update.id:04d}",
            update.id,
            update.action.item.agenda.round.neighbourhood.name,
            update.submit_due_on,
        )
        for update in updates_to_submit(neighbourhood_ids)
    ]
    silent = [
        Task(
            Kind.PROGRESS,
            TELL_PROGRESS,
            action.title,
            f"A-{action.item.rank}.{action.number}",
            f"action-{action.id}",
            action.item.agenda.round.neighbourhood.name,
            last_day_of_quarter(action.due_year, action.due_quarter),
        )
        for action in actions_without_update(today, neighbourhood_ids)
    ]
    return drafts + silent


def _approvals(neighbourhood_ids: list[int], today: date) -> list[Task]:
    phases = present_phases(today)
    updates = [
        Task(
            Kind.APPROVE,
            PUBLISH,
            update.title,
            f"N-{update.id:04d}",
            update.id,
            update.action.item.agenda.round.neighbourhood.name,
            day_of(update.written_at) + PUBLISH_WITHIN,
        )
        for update in updates_to_publish(neighbourhood_ids)
    ]
    agendas = [
        Task(
            Kind.APPROVE,
            ADOPT,
            f"Wijkagenda {agenda.round.neighbourhood.name} {agenda.round.period}",
            agenda.round.period,
            f"agenda-{agenda.round.neighbourhood.slug}",
            agenda.round.neighbourhood.name,
            phase.ends_on if (phase := phases.get(agenda.round.neighbourhood_id)) else None,
        )
        for agenda in agendas_to_adopt(neighbourhood_ids)
    ]
    return updates + agendas


def _votes(actor: Actor) -> list[Task]:
    what = {
        VotingState.OPEN: CLOSE_VOTE,
        VotingState.CLOSED: COUNT_VOTE,
        VotingState.COUNTED: PUBLISH_VOTE,
    }
    return [
        Task(
            Kind.VOTE,
            what[voting_round.state],
            voting_round.title,
            f"S-{voting_round.id:03d}",
            voting_round.id,
            voting_round.round.neighbourhood.name,
            _next_day(voting_round),
        )
        for voting_round in all_rounds()
        if voting_round.state in what and _may_act(actor, voting_round)
    ]


def _may_act(actor: Actor, voting_round: VotingRound) -> bool:
    """Only who may do the act gets it on the list: nobody of the plan that is voted on, and who counted does not publish."""
    neighbourhood, tally = voting_round.round.neighbourhood, voting_round.tally
    if voting_round.state is VotingState.COUNTED and tally is not None:
        return may_publish_result(actor, neighbourhood, tally)
    return may_count(actor, neighbourhood)


def _piles(actor: Actor) -> list[Task]:
    """Full piles of paper with sheets for this person to type over, or ready for the box."""
    return [
        Task(
            Kind.VOTE,
            PUT_IN_BOX if progress.agrees else TYPE_OVER,
            batch.voting_round.title,
            f"S-{batch.voting_round_id:03d}-{batch.number}",
            f"pile-{batch.voting_round_id}-{batch.number}",
            batch.voting_round.round.neighbourhood.name,
            _next_day(batch.voting_round),
        )
        for batch, progress in full_batches(_ids(actor, {Role.VOTING_OFFICER}), actor.staff_id)
        if may_handle_paper(actor, batch.voting_round.round.neighbourhood)
        and (progress.agrees or (progress.todo and may_type_over(actor, batch)))
    ]


def _next_day(voting_round: VotingRound) -> date:
    """The day on which a vote goes on: it closes, or the result comes."""
    return day_of(voting_round.closes_at) if voting_round.state is VotingState.OPEN else voting_round.result_on


def _remarks(actor: Actor) -> list[Task]:
    return [
        Task(
            Kind.VOTE,
            ANSWER_REMARK,
            remark.voting_round.title,
            remark.reference,
            f"remark-{remark.voting_round_id}-{remark.id}",
            remark.voting_round.round.neighbourhood.name,
            day_of(remark.made_at) + ANSWER_REMARK_WITHIN,
        )
        for remark in waiting_remarks(_ids(actor, {Role.VOTING_OFFICER}))
        if may_answer_remarks(actor, remark.voting_round.round.neighbourhood)
    ]
