"""Writes: make a priority, bundle wishes into it, have it checked, make it public or drop it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.priorities import policy
from wijkagenda.priorities.events import PriorityChanging, PriorityProposed, WishBundled, WishUnbundled
from wijkagenda.priorities.lifecycle import check_not_on_ballot, check_step
from wijkagenda.priorities.models import BundledWish, Feasibility, FeasibilityCheck, Priority, PriorityState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes.answers import answer_taken_up, release_wish
from wijkagenda.wishes.events import WishAnswered
from wijkagenda.wishes.lifecycle import check_step as check_wish_step
from wijkagenda.wishes.models import TITLE_LIMIT, Answer, AnswerKind, Theme, Wish, WishState
from wijkagenda.wishes.operations import lock

SHORTEST_TEXT = 10
MOST_EUROS = 1_000_000_000


def create_priority(
    *, actor: Actor, now: datetime, agenda_round: AgendaRound, title: str, summary: str, theme: Theme
) -> Priority:
    """A new priority in draft, with the next number of its round."""
    _check_may(actor, agenda_round)
    _check_text(title, summary)
    # Two colleagues at the same moment get two numbers.
    db.session.refresh(agenda_round, attribute_names=["id"], with_for_update=True)
    highest = db.session.scalar(sa.select(sa.func.max(Priority.number)).where(Priority.round_id == agenda_round.id))
    priority = Priority(
        round=agenda_round,
        number=(highest or 0) + 1,
        title=title,
        summary=summary,
        theme=theme,
        state=PriorityState.DRAFT,
    )
    db.session.add(priority)
    db.session.flush()
    record(actor=actor, now=now, action="priorities.create_priority", subject=priority)
    return priority


def edit_priority(*, actor: Actor, now: datetime, priority: Priority, title: str, summary: str, theme: Theme) -> None:
    """Other words, until a vote over it has opened. What the wishes say never changes."""
    _check_may(actor, priority.round)
    _check_text(title, summary)
    _lock(priority)
    if priority.state is PriorityState.DROPPED:
        raise Conflict(N_("Dit punt is vervallen."))
    check_not_on_ballot(priority)
    emit(PriorityChanging(priority.id))
    priority.title, priority.summary, priority.theme = title, summary, theme
    db.session.flush()
    record(actor=actor, now=now, action="priorities.edit_priority", subject=priority)


def bundle(*, actor: Actor, now: datetime, priority: Priority, wishes: Sequence[Wish], explanation: str) -> None:
    """Put wishes into a priority and answer each with `explanation`: taken up.

    All of them or none. Also after the vote: a late wish can still be part of a point, whose text
    and count on the ballot stay as they were.
    """
    _check_may(actor, priority.round)
    if not wishes:
        raise Invalid(N_("Kies eerst een of meer wensen."), field="wishes")
    if len(explanation) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf in een paar woorden waarom de wens bij dit punt hoort."), field="explanation")
    if priority.state is PriorityState.DROPPED:
        raise Conflict(N_("Dit punt is vervallen. Kies een ander punt."), field="priority")
    for wish in wishes:
        lock(wish)
        check_wish_step(wish.state, WishState.BUNDLED)
    _check_bundleable(priority, wishes)
    for wish in wishes:
        priority.bundled.append(BundledWish(wish=wish, bundled_at=now))
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="priorities.bundle",
        subject=priority,
        detail={"wishes": sorted(wish.id for wish in wishes)},
    )
    for wish in wishes:
        emit(WishBundled(wish.id, priority.id))
        answer_taken_up(actor=actor, now=now, wish=wish, text=explanation)


def _check_bundleable(priority: Priority, wishes: Iterable[Wish]) -> None:
    ids = [wish.id for wish in wishes]
    taken = set(db.session.scalars(sa.select(BundledWish.wish_id).where(BundledWish.wish_id.in_(ids))))
    for wish in wishes:
        if wish.neighbourhood_id != priority.round.neighbourhood_id:
            raise Invalid(N_("Wens %(number)s is uit een andere wijk."), field="wishes", number=wish.reference)
        if wish.id in taken:
            raise Conflict(N_("Wens %(number)s hoort al bij een punt."), field="wishes", number=wish.reference)


def unbundle(*, actor: Actor, now: datetime, bundled: BundledWish) -> None:
    """Take a wish out of its priority: it is placed again and waits for another answer.

    Not for wishes that were in it when the vote opened: people voted with them in mind.
    """
    priority, wish = bundled.priority, bundled.wish
    _check_may(actor, priority.round)
    _check_not_voted_on(bundled)
    emit(PriorityChanging(priority.id, bundled.bundled_at))
    _loosen(actor, now, [bundled])
    record(actor=actor, now=now, action="priorities.unbundle", subject=priority, detail={"wish": wish.id})


def _loosen(actor: Actor, now: datetime, rows: Sequence[BundledWish]) -> None:
    pairs = [(row.priority, row.wish) for row in rows]
    for row in rows:
        row.priority.bundled.remove(row)
    db.session.flush()
    for priority, wish in pairs:
        release_wish(actor=actor, now=now, wish=wish)
        emit(WishUnbundled(wish.id, priority.id))


def record_feasibility(
    *,
    actor: Actor,
    now: datetime,
    outcome: Feasibility,
    reason: str,
    team_name: str,
    wish: Wish | None = None,
    priority: Priority | None = None,
    cost_estimate: int | None = None,
) -> FeasibilityCheck:
    """What the specialists of `team_name` say of a wish or of a priority; the last one counts.

    The reason is public. `cost_estimate` is in whole euros.
    """
    subject = priority.round if priority is not None else wish
    if subject is None or (wish is not None and priority is not None):
        raise ValueError("a check is about one wish or about one priority")
    if not policy.may_bundle(actor, subject.neighbourhood):
        raise NotAllowed
    if len(reason) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf de reden op. Iedereen kan die lezen."), field="reason")
    if not team_name:
        raise Invalid(N_("Schrijf op wie dit heeft bekeken."), field="team_name")
    if cost_estimate is not None and not 0 <= cost_estimate <= MOST_EUROS:
        raise Invalid(N_("Vul een bedrag in hele euro's in, 0 of meer."), field="cost_estimate")
    if priority is not None and priority.state is PriorityState.DROPPED:
        raise Conflict(N_("Dit punt is vervallen."))
    check = FeasibilityCheck(
        wish=wish,
        priority=priority,
        outcome=outcome,
        reason=reason,
        team_name=team_name,
        cost_estimate=cost_estimate,
        checked_at=now,
    )
    db.session.add(check)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="priorities.record_feasibility",
        subject=check,
        detail={"outcome": outcome.value, "wish": wish.id if wish else None},
    )
    return check


def propose_priority(*, actor: Actor, now: datetime, priority: Priority) -> None:
    """Make a priority public. It needs a wish, and specialists who do not say that it cannot be done."""
    _check_may(actor, priority.round)
    if not priority.bundled:
        raise Invalid(N_("Bij dit punt hoort nog geen wens. Voeg er eerst een toe."))
    latest = priority.checks[-1] if priority.checks else None
    if latest is None:
        raise Invalid(N_("Laat eerst bekijken of dit punt kan."))
    if latest.outcome is Feasibility.NOT_FEASIBLE:
        raise Invalid(N_("Dit punt kan niet, volgens de laatste toets. Pas het aan of laat het vervallen."))
    check_step(priority, PriorityState.PROPOSED)
    priority.state = PriorityState.PROPOSED
    priority.proposed_at = now
    db.session.flush()
    record(actor=actor, now=now, action="priorities.propose_priority", subject=priority)
    emit(PriorityProposed(priority.id))


def drop_priority(*, actor: Actor, now: datetime, priority: Priority, reason: str) -> None:
    """Let a priority lapse, with a public reason. Its wishes are placed again and wait for an answer."""
    _check_may(actor, priority.round)
    if len(reason) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf op waarom dit punt vervalt. Iedereen kan dat lezen."), field="reason")
    _lock(priority)
    check_step(priority, PriorityState.DROPPED)
    emit(PriorityChanging(priority.id))
    priority.dropped_because = reason
    priority.state = PriorityState.DROPPED
    loosened = list(priority.bundled)
    _loosen(actor, now, loosened)
    record(
        actor=actor,
        now=now,
        action="priorities.drop_priority",
        subject=priority,
        detail={"wishes": len(loosened)},
    )


def put_on_ballot(*, actor: Actor, now: datetime, priorities: Iterable[Priority]) -> None:
    """A vote over these priorities opens: from now on their text and their being there are settled.

    Called by the operation that opens the vote, which has checked the right to do so.
    """
    for priority in sorted(priorities, key=lambda priority: priority.id):
        _lock(priority)
        if priority.state is not PriorityState.PROPOSED:
            raise Conflict(N_("Alleen openbare punten kunnen op het stembiljet."))
        emit(PriorityChanging(priority.id))
        if priority.on_ballot_since is None:
            priority.on_ballot_since = now
            record(actor=actor, now=now, action="priorities.put_on_ballot", subject=priority)
    db.session.flush()


def leave_when_answered_otherwise(event: WishAnswered) -> None:
    """A bundled wish that is refused or passed on after all is no longer part of its priority.

    Raises Conflict, and so stops that answer, when people voted with the wish in mind.
    """
    answer = db.session.get(Answer, event.answer_id)
    row = db.session.get(BundledWish, event.wish_id)
    if answer is None or row is None or answer.kind is AnswerKind.TAKEN_UP:
        return
    _check_not_voted_on(row)
    emit(PriorityChanging(row.priority_id, row.bundled_at))
    row.priority.bundled.remove(row)
    db.session.flush()


def _check_not_voted_on(row: BundledWish) -> None:
    """A wish that came in after the vote opened was not on anybody's mind when voting."""
    since = row.priority.on_ballot_since
    if since is not None and row.bundled_at <= since:
        check_not_on_ballot(row.priority)


def _lock(priority: Priority) -> None:
    """Read how it stands anew and hold it: words never change while a vote over them opens."""
    db.session.refresh(priority, attribute_names=["state", "on_ballot_since"], with_for_update=True)


def _check_may(actor: Actor, agenda_round: AgendaRound) -> None:
    if not policy.may_bundle(actor, agenda_round.neighbourhood):
        raise NotAllowed


def _check_text(title: str, summary: str) -> None:
    if not 3 <= len(title) <= TITLE_LIMIT:
        raise Invalid(N_("Geef het punt een titel van 3 tot %(most)s tekens."), field="title", most=TITLE_LIMIT)
    if len(summary) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf in een of twee zinnen wat er moet gebeuren."), field="summary")
