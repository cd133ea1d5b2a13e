"""A round begins, its phases get their days, its participation approach is published."""

from datetime import date, datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.rounds import policy
from wijkagenda.rounds.models import AgendaRound, ParticipationApproach, Phase, PhaseKind

Days = dict[PhaseKind, tuple[date, date]]
"""First and last day of each phase, both included."""


def start_round(
    *, actor: Actor, now: datetime, neighbourhood: Neighbourhood, start_year: int, end_year: int, days: Days
) -> AgendaRound:
    """Plan a round with all five phases."""
    if not policy.may_manage_round(actor, neighbourhood):
        raise NotAllowed
    if not 2000 <= start_year <= end_year <= 2200:
        raise Invalid(N_("Het eerste jaar moet voor het laatste jaar komen."), field="end_year")
    taken = sa.select(AgendaRound.id).where(
        AgendaRound.neighbourhood_id == neighbourhood.id, AgendaRound.start_year == start_year
    )
    if db.session.scalar(taken):
        raise Conflict(N_("Deze wijk heeft al een ronde die in dit jaar begint."), field="start_year")
    agenda_round = AgendaRound(neighbourhood=neighbourhood, start_year=start_year, end_year=end_year)
    db.session.add(agenda_round)
    _set_days(agenda_round, days)
    db.session.flush()
    record(actor=actor, now=now, action="rounds.start_round", subject=agenda_round)
    return agenda_round


def plan_phases(*, actor: Actor, now: datetime, agenda_round: AgendaRound, days: Days) -> None:
    """Change the days of the phases. What people may do follows at once."""
    if not policy.may_manage_round(actor, agenda_round.neighbourhood):
        raise NotAllowed
    _set_days(agenda_round, days)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="rounds.plan_phases",
        subject=agenda_round,
        detail={kind.value: [first.isoformat(), last.isoformat()] for kind, (first, last) in days.items()},
    )


def _set_days(agenda_round: AgendaRound, days: Days) -> None:
    """All five phases, each after the one before."""
    if set(days) != set(PhaseKind):
        raise Invalid(N_("Vul van elke fase de eerste en de laatste dag in."))
    previous: date | None = None
    for kind in PhaseKind:
        first, last = days[kind]
        if last < first:
            raise Invalid(N_("De laatste dag moet na de eerste dag komen."), field=f"{kind.value}_last")
        if previous is not None and first <= previous:
            raise Invalid(N_("Deze fase moet beginnen na de fase ervoor."), field=f"{kind.value}_first")
        previous = last
    present = {phase.kind: phase for phase in agenda_round.phases}
    for kind in PhaseKind:
        phase = present.get(kind)
        if phase is None:
            phase = Phase(kind=kind)
            agenda_round.phases.append(phase)
        phase.starts_on, phase.ends_on = days[kind]


def publish_approach(
    *,
    actor: Actor,
    now: datetime,
    agenda_round: AgendaRound,
    who: str,
    what: str,
    what_we_do_with_it: str,
    what_can_change: str,
    means: str = "",
) -> ParticipationApproach:
    """Say beforehand who is asked what, and what is decided with it. Again: a new text, a new date."""
    if not policy.may_manage_round(actor, agenda_round.neighbourhood):
        raise NotAllowed
    for name, text in (
        ("who", who),
        ("what", what),
        ("what_we_do_with_it", what_we_do_with_it),
        ("what_can_change", what_can_change),
    ):
        if not text.strip():
            raise Invalid(N_("Vul dit in. Mensen moeten vooraf weten waar zij aan toe zijn."), field=name)
    approach = agenda_round.approach
    if approach is None:
        approach = agenda_round.approach = ParticipationApproach()
    approach.who, approach.what, approach.means = who, what, means
    approach.what_we_do_with_it, approach.what_can_change = what_we_do_with_it, what_can_change
    approach.published_at = now
    db.session.flush()
    record(actor=actor, now=now, action="rounds.publish_approach", subject=approach)
    return approach
