"""Writes: hold a survey, take in answers, publish the result; plan and cancel meetings.

Answers leave no audit entry, no event and no moment: who took part cannot be read from anything around them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from surveys import errors as survey_errors
from surveys import interchange
from surveys import operations as engine
from surveys.models import Survey, SurveyState
from wijkagenda.audit.operations import record
from wijkagenda.consultations import policy, queries
from wijkagenda.consultations.events import MeetingCancelled, MeetingPlanned, SurveyOpened, SurveyResultsPublished
from wijkagenda.consultations.lifecycle import step
from wijkagenda.consultations.models import Meeting, MeetingState, NeighbourhoodSurvey
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, DomainError, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor

MOST_CODES = 20_000

_KINDS: dict[type[survey_errors.SurveyError], tuple[type[DomainError], str | None]] = {
    survey_errors.DefinitionError: (Invalid, "definition"),
    survey_errors.UnknownCode: (Invalid, "code"),
    survey_errors.CodeUsed: (Conflict, "code"),
}


@contextmanager
def in_our_words() -> Iterator[None]:
    """A refusal of the engine becomes an error of the house. InvalidAnswers goes through: it names fields."""
    try:
        yield
    except survey_errors.InvalidAnswers:
        raise
    except survey_errors.SurveyError as error:
        kind, field = _KINDS.get(type(error), (Conflict, None))
        raise kind(error.text, field=field, **error.values) from error


def hold_survey(
    *,
    actor: Actor,
    now: datetime,
    definition: Mapping[str, Any],
    neighbourhoods: Sequence[Neighbourhood],
    opens_at: datetime,
    closes_at: datetime,
) -> Survey:
    """A draft survey for these neighbourhoods. Invalid when the questionnaire or the days are wrong."""
    if not policy.may_hold_surveys(actor, neighbourhoods):
        raise NotAllowed
    _check_days(now, opens_at, closes_at)
    with in_our_words():
        survey = engine.create_survey(db.session(), definition)
    for neighbourhood in neighbourhoods:
        db.session.add(
            NeighbourhoodSurvey(
                neighbourhood_id=neighbourhood.id, survey_id=survey.id, opens_at=opens_at, closes_at=closes_at
            )
        )
    db.session.flush()
    record(actor=actor, now=now, action="consultations.hold_survey", subject=survey)
    return survey


def change_days(
    *,
    actor: Actor,
    now: datetime,
    survey: Survey,
    held: Sequence[NeighbourhoodSurvey],
    opens_at: datetime,
    closes_at: datetime,
) -> None:
    """Other first and last days, as long as the survey is not closed."""
    _check_holder(actor, held)
    if survey.state is SurveyState.CLOSED:
        raise Conflict(N_("Deze vragenlijst is gesloten. De dagen liggen vast."))
    _check_days(now, opens_at, closes_at)
    for each in held:
        each.opens_at, each.closes_at = opens_at, closes_at
    db.session.flush()
    record(actor=actor, now=now, action="consultations.change_days", subject=survey)


def _check_days(now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise Invalid(N_("De laatste dag moet na de eerste dag komen."), field="closes_on")
    if closes_at <= now:
        raise Invalid(N_("De laatste dag is al voorbij. Kies een latere dag."), field="closes_on")


def open_survey(
    *, actor: Actor, now: datetime, today: date, survey: Survey, held: Sequence[NeighbourhoodSurvey]
) -> None:
    """Residents can answer, from the first day on."""
    _check_holder(actor, held)
    with in_our_words():
        engine.open_survey(db.session(), survey, today=today)
    record(actor=actor, now=now, action="consultations.open_survey", subject=survey)
    emit(SurveyOpened(survey.id, tuple(h.neighbourhood_id for h in held)))


def close_survey(
    *, actor: Actor, now: datetime, today: date, survey: Survey, held: Sequence[NeighbourhoodSurvey]
) -> None:
    """No more answers; for good. The result can be looked at and then published."""
    _check_holder(actor, held)
    with in_our_words():
        engine.close_survey(db.session(), survey, today=today)
    record(actor=actor, now=now, action="consultations.close_survey", subject=survey)


def close_ended_surveys(*, now: datetime, today: date) -> int:
    """Close every survey whose last day is over everywhere, and the time to finish too; how many. For the scheduler."""
    ended = queries.ended_surveys(now - policy.TIME_TO_FINISH)
    for survey in ended:
        engine.close_survey(db.session(), survey, today=today)
        record(actor=SYSTEM, now=now, action="consultations.close_survey", subject=survey)
    return len(ended)


def discard_survey(*, actor: Actor, now: datetime, survey: Survey, held: Sequence[NeighbourhoodSurvey]) -> None:
    """Throw away a draft."""
    _check_holder(actor, held)
    if survey.state is not SurveyState.DRAFT:
        raise Conflict(N_("Deze vragenlijst is al open geweest. Weggooien kan niet meer."))
    record(actor=actor, now=now, action="consultations.discard_survey", subject=survey)
    for each in held:
        db.session.delete(each)
    db.session.flush()
    with in_our_words():
        engine.discard_survey(db.session(), survey)


def publish_results(*, actor: Actor, now: datetime, survey: Survey, held: Sequence[NeighbourhoodSurvey]) -> None:
    """Put the result on the pages of the neighbourhoods. Publishing twice changes nothing."""
    if not policy.may_publish_results(actor, [h.neighbourhood for h in held]):
        raise NotAllowed(N_("De stadsdeelmanager of een onderzoeker zet de uitslag op de site."))
    if survey.state is not SurveyState.CLOSED:
        raise Conflict(N_("Sluit eerst de vragenlijst."))
    news = [each for each in held if each.results_published_at is None]
    for each in news:
        each.results_published_at = now
    db.session.flush()
    if news:
        record(actor=actor, now=now, action="consultations.publish_results", subject=survey)
        emit(SurveyResultsPublished(survey.id, tuple(each.neighbourhood_id for each in news)))


def issue_survey_codes(
    *, actor: Actor, now: datetime, survey: Survey, held: Sequence[NeighbourhoodSurvey], count: int, secret: bytes
) -> list[str]:
    """New codes, to be printed or given out now: we keep only their hash."""
    _check_holder(actor, held)
    if not 1 <= count <= MOST_CODES:
        raise Invalid(N_("Kies een aantal van 1 tot en met %(most)s."), field="count", most=MOST_CODES)
    with in_our_words():
        codes = engine.issue_codes(db.session(), survey, count=count, secret=secret)
    record(actor=actor, now=now, action="consultations.issue_survey_codes", subject=survey, detail={"count": count})
    return codes


def submit_answers(
    *,
    now: datetime,
    held: NeighbourhoodSurvey,
    raw: Mapping[str, Sequence[str]],
    submission_key: str,
    code: str,
    secret: bytes,
    language: str,
) -> engine.Receipt:
    """Take in one filled-in questionnaire, once. Anyone may; a code counts where the survey asks for one.

    Raises surveys.errors.InvalidAnswers with the fields to correct, Invalid or Conflict for the rest.
    """
    with in_our_words():
        if not policy.may_submit(held, now) and not engine.was_received(
            db.session(), held.survey, submission_key=submission_key, code=code, secret=secret
        ):
            raise survey_errors.SurveyNotOpen
        return engine.submit_response(
            db.session(),
            held.survey,
            raw=raw,
            submission_key=submission_key,
            code=code,
            segment=held.segment,
            secret=secret,
            language=language,
        )


def read_results_as_csv(
    *, actor: Actor, now: datetime, survey: Survey, held: Sequence[NeighbourhoodSurvey], what: str
) -> str:
    """The responses ("antwoorden") or what people wrote ("open-antwoorden") as a file; noted in the audit."""
    _check_holder(actor, held)
    with in_our_words():
        if what == "open-antwoorden":
            document = interchange.open_answers_csv(db.session(), survey)
        else:
            names = {each.segment: each.neighbourhood.name for each in held}
            document = interchange.responses_csv(db.session(), survey, segment_names=names)
    record(actor=actor, now=now, action="consultations.download_answers", subject=survey, detail={"what": what})
    return document


def _check_holder(actor: Actor, held: Sequence[NeighbourhoodSurvey]) -> None:
    if not policy.may_hold_surveys(actor, [each.neighbourhood for each in held]):
        raise NotAllowed


def plan_meeting(
    *,
    actor: Actor,
    now: datetime,
    neighbourhood: Neighbourhood,
    title: str,
    text: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    other_way: str = "",
) -> Meeting:
    """Invite to a meeting. `other_way` says how to take part for who cannot come."""
    if not policy.may_plan_meetings(actor, neighbourhood):
        raise NotAllowed
    _check_times(starts_at, ends_at)
    if starts_at <= now:
        raise Invalid(N_("Kies een dag en tijd die nog moet komen."), field="day")
    meeting = Meeting(
        neighbourhood_id=neighbourhood.id,
        title=title,
        text=text,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        other_way=other_way,
    )
    db.session.add(meeting)
    db.session.flush()
    record(actor=actor, now=now, action="consultations.plan_meeting", subject=meeting)
    emit(MeetingPlanned(meeting.id))
    return meeting


def change_meeting(
    *,
    actor: Actor,
    now: datetime,
    meeting: Meeting,
    title: str,
    text: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    other_way: str,
    report: str,
) -> None:
    """Correct a meeting, move it, or report what was said. A cancelled one only gets another way in or a report."""
    if not policy.may_plan_meetings(actor, meeting.neighbourhood):
        raise NotAllowed
    _check_times(starts_at, ends_at)
    if meeting.state is MeetingState.CANCELLED and (starts_at, ends_at) != (meeting.starts_at, meeting.ends_at):
        raise Conflict(N_("Deze bijeenkomst is afgezegd. Maak een nieuwe voor een andere dag."))
    if report and meeting.starts_at > now:
        raise Invalid(N_("Een verslag kan pas na de bijeenkomst."), field="report")
    meeting.title, meeting.text, meeting.place = title, text, place
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.other_way, meeting.report = other_way, report
    db.session.flush()
    record(actor=actor, now=now, action="consultations.change_meeting", subject=meeting)


def cancel_meeting(*, actor: Actor, now: datetime, meeting: Meeting, other_way: str) -> None:
    """Say that it does not take place, and always how people can take part instead."""
    if not policy.may_plan_meetings(actor, meeting.neighbourhood):
        raise NotAllowed
    if not other_way:
        raise Invalid(N_("Schrijf op hoe mensen nu kunnen meedoen."), field="other_way")
    if meeting.ends_at <= now:
        raise Conflict(N_("Deze bijeenkomst is al geweest."))
    step(meeting, MeetingState.CANCELLED)
    meeting.other_way = other_way
    db.session.flush()
    record(actor=actor, now=now, action="consultations.cancel_meeting", subject=meeting)
    emit(MeetingCancelled(meeting.id))


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid(N_("De eindtijd moet na de begintijd komen."), field="ends")
