"""Writes: the team writes an update about an action, the manager publishes it or sends it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.plan.lifecycle import check_step as check_action_step
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.operations import LINE_LIMIT, MOST_EUROS, TITLE_LIMIT, check_quarter
from wijkagenda.progress import policy
from wijkagenda.progress.events import UpdatePublished
from wijkagenda.progress.lifecycle import check_step
from wijkagenda.progress.models import ProgressUpdate, UpdateState

SHORTEST_TEXT = 10
HAND_IN_WITHIN = timedelta(days=7)
"""A draft is handed in within a week, or the work list says that it is late."""
NEEDS_REASON = {ActionState.DELAYED, ActionState.STOPPED}


@dataclass(frozen=True)
class News:
    """What an update says. None and '' mean: stays as it was (`reason`: there is none).

    spent: whole euros until now. new_due: (year, quarter). counted: (done, total).
    standing: one sentence such as '12 van de 18 lampen staan er.'
    """

    title: str
    text: str
    new_state: ActionState
    reason: str = ""
    standing: str = ""
    spent: int | None = None
    new_due: tuple[int, int] | None = None
    counted: tuple[int, int] | None = None


def write_update(*, actor: Actor, now: datetime, action: Action, news: News) -> ProgressUpdate:
    """A draft update about an action, by somebody of the area team."""
    if actor.staff_id is None or not policy.may_write(actor, _neighbourhood(action)):
        raise NotAllowed(N_("Alleen het gebiedsteam van deze wijk schrijft voortgangsberichten."))
    _check(action, news)
    update = ProgressUpdate(
        action=action,
        state=UpdateState.DRAFT,
        written_by_id=actor.staff_id,
        written_at=now,
        submit_due_on=day_of(now) + HAND_IN_WITHIN,
        sent_back_because="",
    )
    _fill(update, news)
    db.session.add(update)
    db.session.flush()
    record(actor=actor, now=now, action="progress.write_update", subject=update)
    return update


def edit_update(*, actor: Actor, now: datetime, update: ProgressUpdate, news: News) -> None:
    """Other words in a draft, by who wrote it."""
    _check_writer(actor, update)
    _lock(update)
    if update.state is not UpdateState.DRAFT:
        raise Conflict(N_("Dit bericht ligt bij de stadsdeelmanager of is openbaar. Het kan nu niet veranderen."))
    _check(update.action, news)
    _fill(update, news)
    update.written_at = now
    db.session.flush()
    record(actor=actor, now=now, action="progress.edit_update", subject=update)


def discard_update(*, actor: Actor, now: datetime, update: ProgressUpdate) -> None:
    """Throw a draft away; anyone of the team may, so that nothing stays behind of who left."""
    if not policy.may_write(actor, _neighbourhood(update.action)):
        raise NotAllowed
    _lock(update)
    if update.state is not UpdateState.DRAFT:
        raise Conflict(N_("Dit bericht ligt bij de stadsdeelmanager of is openbaar. Het kan nu niet veranderen."))
    record(actor=actor, now=now, action="progress.discard_update", subject=update)
    db.session.delete(update)
    db.session.flush()


def submit_update(*, actor: Actor, now: datetime, update: ProgressUpdate) -> None:
    """Hand it in: from now on the manager reads it and nobody changes it."""
    _check_writer(actor, update)
    _lock(update)
    check_step(update.state, UpdateState.SUBMITTED)
    check_action_step(update.action, update.new_state)
    update.state = UpdateState.SUBMITTED
    update.submit_due_on = None
    update.sent_back_because = ""
    db.session.flush()
    record(actor=actor, now=now, action="progress.submit_update", subject=update)


def send_back(*, actor: Actor, now: datetime, update: ProgressUpdate, text: str) -> None:
    """Ask the writer to change something, and say what."""
    _check_reader(actor, update)
    _lock(update)
    check_step(update.state, UpdateState.DRAFT)
    if len(text) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf op wat er anders moet. De schrijver leest dit."), field="text")
    update.state = UpdateState.DRAFT
    update.sent_back_because = text
    update.submit_due_on = day_of(now) + HAND_IN_WITHIN
    db.session.flush()
    record(actor=actor, now=now, action="progress.send_back", subject=update)


def publish_update(*, actor: Actor, now: datetime, update: ProgressUpdate) -> None:
    """Make it public, and apply state, reason, date, money and count to the action.

    By the manager of the neighbourhood's city district, never by who wrote it.
    """
    _check_reader(actor, update)
    _lock(update)
    check_step(update.state, UpdateState.PUBLISHED)
    check_action_step(update.action, update.new_state)
    update.state = UpdateState.PUBLISHED
    update.published_at = now
    update.published_by_id = actor.staff_id
    _apply(update, update.action, now)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="progress.publish_update",
        subject=update,
        detail={"action": update.action_id, "state": update.new_state.value},
    )
    emit(UpdatePublished(update.id))


def _apply(update: ProgressUpdate, action: Action, now: datetime) -> None:
    if update.new_state is ActionState.DONE and action.state is not ActionState.DONE:
        action.done_on = day_of(now)
    elif update.new_state is not ActionState.DONE:
        action.done_on = None
    action.state = update.new_state
    action.reason = update.reason
    action.standing = update.standing or action.standing
    if update.spent is not None:
        action.spent, action.spent_on = update.spent, day_of(update.written_at)
    if update.new_due_year is not None and update.new_due_quarter is not None:
        action.due_year, action.due_quarter = update.new_due_year, update.new_due_quarter
    if update.counted_total is not None:
        action.counted_done, action.counted_total = update.counted_done, update.counted_total


def _fill(update: ProgressUpdate, news: News) -> None:
    update.title, update.text, update.new_state = news.title, news.text, news.new_state
    update.reason = news.reason if news.new_state in NEEDS_REASON else ""
    update.standing, update.spent = news.standing, news.spent
    update.new_due_year, update.new_due_quarter = news.new_due or (None, None)
    update.counted_done, update.counted_total = news.counted or (None, None)


def _check(action: Action, news: News) -> None:
    if not 3 <= len(news.title) <= TITLE_LIMIT:
        raise Invalid(N_("Geef het bericht een titel van 3 tot %(most)s tekens."), field="title", most=TITLE_LIMIT)
    if len(news.text) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf in een paar zinnen wat er is gebeurd."), field="text")
    if len(news.standing) > LINE_LIMIT:
        raise Invalid(N_("Maak dit korter: %(most)s tekens of minder."), field="standing", most=LINE_LIMIT)
    check_action_step(action, news.new_state)
    if news.new_state in NEEDS_REASON and len(news.reason) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf op waarom dit later komt of stopt. Iedereen kan dat lezen."), field="reason")
    if news.new_due is not None:
        check_quarter(action.item.agenda.round, *news.new_due, field="new_due_quarter")
    elif news.new_state is ActionState.DELAYED:
        raise Invalid(N_("Kies wanneer het dan klaar is."), field="new_due_quarter")
    if news.spent is not None and not 0 <= news.spent <= MOST_EUROS:
        raise Invalid(N_("Vul een bedrag in hele euro's in, 0 of meer."), field="spent")
    if news.counted is not None and not 0 <= news.counted[0] <= news.counted[1]:
        raise Invalid(N_("Er kunnen er niet meer klaar zijn dan het hele aantal."), field="counted_done")


def _lock(update: ProgressUpdate) -> None:
    """Read the state anew and hold it: nobody sends back or changes what is just being published."""
    db.session.refresh(update, attribute_names=["state"], with_for_update=True)


def _neighbourhood(action: Action) -> Neighbourhood:
    return action.item.agenda.round.neighbourhood


def _check_writer(actor: Actor, update: ProgressUpdate) -> None:
    if not policy.may_change(actor, _neighbourhood(update.action), update):
        raise NotAllowed(N_("Alleen wie het bericht schreef, kan het veranderen en inleveren."))


def _check_reader(actor: Actor, update: ProgressUpdate) -> None:
    if actor.staff_id is not None and actor.staff_id == update.written_by_id:
        raise NotAllowed(N_("U schreef dit bericht zelf. Iemand anders moet het nakijken."))
    if not policy.may_check(actor, _neighbourhood(update.action), update):
        raise NotAllowed(N_("Alleen de stadsdeelmanager van deze wijk keurt berichten goed."))
