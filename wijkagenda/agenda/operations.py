"""Writes: draft an agenda from the vote, give motives and evidence, adopt it."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError

from surveys.figures import enough
from wijkagenda.agenda import policy
from wijkagenda.agenda.events import AgendaAdopted
from wijkagenda.agenda.lifecycle import check_draft
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState, SurveyEvidence
from wijkagenda.audit.operations import record
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.consultations.policy import has_public_results
from wijkagenda.consultations.queries import result_in
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.priorities.events import PriorityChanging
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally

SHORTEST_TEXT = 10


def draft_agenda(
    *,
    actor: Actor,
    now: datetime,
    agenda_round: AgendaRound,
    tally: Tally,
    size: int | None = None,
    motives: Mapping[int, str] | None = None,
) -> Agenda:
    """A draft agenda in the order of the vote: one item per count line, its rank the rank of the vote.

    `size` takes only the first so many. `motives` gives the motive per priority id; the rest is
    written later. The result must be public: the order on the agenda gives it away.
    """
    _check_may_draft(actor, agenda_round)
    if tally.voting_round.round_id != agenda_round.id:
        raise Invalid(N_("Deze uitslag hoort bij een andere wijk of een andere ronde."))
    _check_published(tally)
    lines = sorted(tally.lines, key=lambda line: line.rank)
    if size is not None and not 1 <= size <= len(lines):
        raise Invalid(N_("Kies een aantal van 1 tot en met %(most)s."), field="size", most=len(lines))
    agenda = _new_agenda(agenda_round)
    for line in lines[:size]:
        agenda.items.append(
            AgendaItem(
                priority=line.option.priority,
                tally_line=line,
                rank=line.rank,
                title=line.option.title,
                motive=(motives or {}).get(line.option.priority_id, ""),
            )
        )
    return _stored(agenda, actor, now)


def draft_agenda_without_vote(
    *,
    actor: Actor,
    now: datetime,
    agenda_round: AgendaRound,
    ranks: Mapping[Priority, int],
    reason: str,
    motives: Mapping[int, str] | None = None,
) -> Agenda:
    """A draft agenda in the order the team gives (1, 2, 3, …), for a round in which nobody could vote.

    `reason` says why there was no vote; it is public.
    """
    _check_may_draft(actor, agenda_round)
    if len(reason) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf op waarom er niet is gestemd. Iedereen kan dat lezen."), field="reason")
    if not ranks:
        raise Invalid(N_("Kies ten minste een punt."), field="ranks")
    for priority in ranks:
        if priority.round_id != agenda_round.id or priority.state is not PriorityState.PROPOSED:
            raise Invalid(N_("Alleen openbare punten van deze ronde kunnen op de agenda."), field="ranks")
        if priority.on_ballot_since is not None:
            raise Conflict(N_("Over deze punten is wel gestemd. Maak het concept uit de uitslag."))
    if sorted(ranks.values()) != list(range(1, len(ranks) + 1)):
        raise Invalid(N_("Geef elk punt een eigen plaats, van 1 tot en met %(most)s."), field="ranks", most=len(ranks))
    agenda = _new_agenda(agenda_round)
    agenda.without_vote_because = reason
    for priority, rank in sorted(ranks.items(), key=lambda pair: pair[1]):
        agenda.items.append(
            AgendaItem(priority=priority, rank=rank, title=priority.title, motive=(motives or {}).get(priority.id, ""))
        )
    return _stored(agenda, actor, now)


def _new_agenda(agenda_round: AgendaRound) -> Agenda:
    if db.session.scalar(sa.select(Agenda.id).where(Agenda.round_id == agenda_round.id)):
        raise Conflict(N_("Voor deze ronde is er al een wijkagenda of een concept."))
    return Agenda(round=agenda_round, state=AgendaState.DRAFT, introduction="", without_vote_because="")


def _stored(agenda: Agenda, actor: Actor, now: datetime) -> Agenda:
    db.session.add(agenda)
    db.session.flush()
    record(actor=actor, now=now, action="agenda.draft_agenda", subject=agenda, detail={"items": len(agenda.items)})
    return agenda


def discard_draft(*, actor: Actor, now: datetime, agenda: Agenda) -> None:
    """Throw a draft away, to begin again from the vote."""
    _check_may_draft(actor, agenda.round)
    _lock_draft(agenda)
    record(actor=actor, now=now, action="agenda.discard_draft", subject=agenda)
    db.session.delete(agenda)
    db.session.flush()


def introduce(*, actor: Actor, now: datetime, agenda: Agenda, introduction: str) -> None:
    """The words above the agenda."""
    _check_may_draft(actor, agenda.round)
    _lock_draft(agenda)
    agenda.introduction = introduction
    db.session.flush()
    record(actor=actor, now=now, action="agenda.introduce", subject=agenda)


def write_motive(*, actor: Actor, now: datetime, item: AgendaItem, motive: str) -> None:
    """Say why this item is on the agenda and what the municipality means to reach with it."""
    _check_may_draft(actor, item.agenda.round)
    _lock_draft(item.agenda)
    if len(motive) < SHORTEST_TEXT:
        raise Invalid(N_("Schrijf in een of twee zinnen waarom dit punt op de agenda staat."), field="motive")
    item.motive = motive
    db.session.flush()
    record(actor=actor, now=now, action="agenda.write_motive", subject=item)


def attach_survey_evidence(
    *,
    actor: Actor,
    now: datetime,
    item: AgendaItem,
    held: NeighbourhoodSurvey,
    question_key: str,
    choice: str,
    statement: str,
    row: str = "",
) -> SurveyEvidence:
    """Freeze one survey figure under an item: which share chose `choice`, of how many, measured when.

    Only of a survey held in this neighbourhood whose result is public, and of at least 10 answers.
    `statement` finishes the sentence '47% …' ("voelt zich onveilig in het park"); `row` is the line
    of a table question.
    """
    _check_may_draft(actor, item.agenda.round)
    _lock_draft(item.agenda)
    if held.neighbourhood_id != item.agenda.round.neighbourhood_id:
        raise Invalid(N_("Deze vragenlijst is van een andere wijk."), field="figure")
    if not has_public_results(held, now):
        raise Invalid(N_("De uitslag van deze vragenlijst is nog niet openbaar."), field="figure")
    if len(statement) < 5:
        raise Invalid(N_("Schrijf op wat het cijfer zegt, in een paar woorden."), field="statement")
    result = result_in(held, "nl")
    question = next((q for q in held.survey.questions if q.key == question_key), None)
    shown = next((q for q in result.questions if q.key == question_key), None)
    if question is None or shown is None:
        raise NotFound(N_("Deze vraag staat niet in de vragenlijst."))
    figure = next((f for f in shown.figures if f.row == row), None)
    if result.too_few or figure is None or figure.too_few or not enough(figure.n):
        raise Invalid(N_("Er zijn te weinig antwoorden om dit cijfer te laten zien."), field="figure")
    bar = next((bar for bar in figure.bars if bar.key == choice), None)
    if bar is None:
        raise NotFound(N_("Dit antwoord staat niet bij de vraag."))
    if any(e.question_id == question.id and e.row == row and e.choice == choice for e in item.evidence):
        raise Conflict(N_("Dit cijfer staat al bij dit punt."), field="figure")
    evidence = SurveyEvidence(
        question_id=question.id,
        row=row,
        choice=choice,
        statement=statement,
        percent=bar.percent,
        n=figure.n,
        measured_on=result.date or day_of(held.closes_at),
    )
    item.evidence.append(evidence)
    db.session.flush()
    record(actor=actor, now=now, action="agenda.attach_survey_evidence", subject=evidence)
    return evidence


def detach_survey_evidence(*, actor: Actor, now: datetime, evidence: SurveyEvidence) -> None:
    """Take a figure away from a draft."""
    item = evidence.item
    _check_may_draft(actor, item.agenda.round)
    _lock_draft(item.agenda)
    record(actor=actor, now=now, action="agenda.detach_survey_evidence", subject=evidence)
    item.evidence.remove(evidence)
    db.session.flush()


def adopt_agenda(
    *,
    actor: Actor,
    now: datetime,
    agenda: Agenda,
    adopted_on: date,
    adopted_by: str,
    mandate: str,
) -> None:
    """Make the agenda the municipality's promise: public, and from now on unchanged.

    `adopted_by` is the body or officer that decided and `mandate` the decision that gives them the
    power. Needs a motive at every item, and a public result or the reason why nobody could vote.
    """
    if not policy.may_adopt(actor, agenda.round.neighbourhood):
        raise NotAllowed(N_("Alleen de stadsdeelmanager van deze wijk stelt de agenda vast."))
    _lock_draft(agenda)
    if not agenda.items:
        raise Invalid(N_("Op deze agenda staat nog geen punt."))
    _check_origin(agenda)
    bare = [item for item in agenda.items if len(item.motive) < SHORTEST_TEXT]
    if bare:
        raise Invalid(N_("Bij punt %(rank)s staat nog niet waarom het op de agenda staat."), rank=bare[0].rank)
    if adopted_on > day_of(now):
        raise Invalid(N_("Kies de dag van het besluit: vandaag of eerder."), field="adopted_on")
    if len(adopted_by) < 3:
        raise Invalid(N_("Schrijf op wie de agenda vaststelt."), field="adopted_by")
    if len(mandate) < 5:
        raise Invalid(N_("Schrijf op met welk mandaat: welk besluit geeft deze bevoegdheid?"), field="mandate")
    agenda.adopted_on, agenda.adopted_by, agenda.mandate = adopted_on, adopted_by, mandate
    agenda.state = AgendaState.ADOPTED
    db.session.flush()
    record(actor=actor, now=now, action="agenda.adopt_agenda", subject=agenda, detail={"items": len(agenda.items)})
    emit(AgendaAdopted(agenda.id))


def keep_what_the_agenda_says(event: PriorityChanging) -> None:
    """A point of an adopted agenda stays as it was adopted, also where no vote had settled it before.

    A wish that was added to it after adoption can still leave it.
    """
    agenda = db.session.scalar(
        sa.select(Agenda)
        .join(Agenda.items)
        .where(AgendaItem.priority_id == event.priority_id)
        .with_for_update(read=True)
    )
    if agenda is None or (agenda.state is AgendaState.DRAFT and event.bundled_at is not None):
        return
    if agenda.state is AgendaState.DRAFT:
        raise Conflict(N_("Dit punt staat op een concept van de wijkagenda. Gooi dat concept eerst weg."))
    if event.bundled_at is None or agenda.adopted_on is None or day_of(event.bundled_at) <= agenda.adopted_on:
        raise Conflict(N_("Dit punt staat op de vastgestelde wijkagenda. Het kan niet meer veranderen."))


def _lock_draft(agenda: Agenda) -> None:
    """Wait for a colleague who adopts or changes this agenda at the same moment; raise Conflict when it is no draft."""
    try:
        db.session.refresh(agenda, attribute_names=["state"], with_for_update=True)
    except InvalidRequestError:
        raise NotFound(N_("Dit concept is net weggegooid.")) from None
    check_draft(agenda)


def _check_origin(agenda: Agenda) -> None:
    """From the vote, line by line; or without a vote, and then it says why."""
    lines = [item.tally_line for item in agenda.items if item.tally_line is not None]
    if lines and len(lines) == len(agenda.items):
        for line in lines:
            _check_published(line.tally)
        if [item.rank for item in agenda.items] != [line.rank for line in lines]:
            raise Conflict(N_("De volgorde is niet die van de stemming. Maak het concept opnieuw."))
    elif not agenda.without_vote_because:
        raise Invalid(N_("Er is geen uitslag. Schrijf op waarom er niet is gestemd."))


def _check_published(tally: Tally) -> None:
    if tally.published_at is None:
        raise Conflict(N_("De uitslag van de stemming is nog niet openbaar."))


def _check_may_draft(actor: Actor, agenda_round: AgendaRound) -> None:
    if not policy.may_draft(actor, agenda_round.neighbourhood):
        raise NotAllowed
