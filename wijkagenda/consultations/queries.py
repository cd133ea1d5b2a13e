"""Reads about surveys and meetings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from surveys.models import Section, Survey, SurveyState
from surveys.results import SurveyResult, survey_result
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.consultations.policy import has_public_results, may_begin
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood

_WITH_NEIGHBOURHOOD = joinedload(NeighbourhoodSurvey.neighbourhood).joinedload(Neighbourhood.city_district)


def survey_for_residents(neighbourhood_id: int, now: datetime) -> NeighbourhoodSurvey | None:
    """The survey a neighbourhood's page speaks of: one that can be answered (soonest end first),
    else the next to begin, else the last one. With its questions."""
    held = _held(neighbourhood_id)
    now_open = sorted((h for h in held if may_begin(h, now)), key=lambda h: (h.closes_at, h.id))
    to_come = sorted(
        (h for h in held if h.survey.state is SurveyState.OPEN and h.opens_at > now), key=lambda h: (h.opens_at, h.id)
    )
    return next(iter([*now_open, *to_come, *held]), None)


def _held(neighbourhood_id: int) -> list[NeighbourhoodSurvey]:
    """Every survey of a neighbourhood that residents may know of, latest first."""
    return list(
        db.session.scalars(
            sa.select(NeighbourhoodSurvey)
            .join(NeighbourhoodSurvey.survey)
            .where(NeighbourhoodSurvey.neighbourhood_id == neighbourhood_id, Survey.state != SurveyState.DRAFT)
            .options(
                joinedload(NeighbourhoodSurvey.survey).selectinload(Survey.sections).selectinload(Section.questions)
            )
            .order_by(NeighbourhoodSurvey.closes_at.desc(), NeighbourhoodSurvey.id.desc())
        )
    )


def held_in(neighbourhood_id: int, survey_id: int) -> NeighbourhoodSurvey:
    """This survey as held in this neighbourhood, if residents may know of it; else NotFound."""
    found = next((held for held in _held(neighbourhood_id) if held.survey_id == survey_id), None)
    if found is None:
        raise NotFound(N_("Deze vragenlijst kennen wij niet."))
    return found


def surveys_with_results(neighbourhood_id: int, now: datetime) -> list[NeighbourhoodSurvey]:
    """Surveys whose result is public, latest first."""
    return [held for held in _held(neighbourhood_id) if has_public_results(held, now)]


def open_surveys(now: datetime) -> dict[int, NeighbourhoodSurvey]:
    """Per neighbourhood id the survey that can be answered now (the soonest to end); one query for the city."""
    rows = db.session.scalars(
        sa.select(NeighbourhoodSurvey)
        .join(NeighbourhoodSurvey.survey)
        .where(
            Survey.state == SurveyState.OPEN, NeighbourhoodSurvey.opens_at <= now, NeighbourhoodSurvey.closes_at > now
        )
        .options(joinedload(NeighbourhoodSurvey.survey), _WITH_NEIGHBOURHOOD)
        .order_by(NeighbourhoodSurvey.closes_at.desc(), NeighbourhoodSurvey.id.desc())
    )
    return {held.neighbourhood_id: held for held in rows}


def result_in(held: NeighbourhoodSurvey, language: str) -> SurveyResult:
    """The figures of a closed survey about this neighbourhood; of a survey that serves only this one, all of it.

    Raises surveys.errors.StillOpen.
    """
    others = db.session.scalar(
        sa.select(sa.func.count()).where(
            NeighbourhoodSurvey.survey_id == held.survey_id, NeighbourhoodSurvey.id != held.id
        )
    )
    return survey_result(db.session(), held.survey, segment=held.segment if others else None, language=language)


def all_held_surveys() -> dict[Survey, list[NeighbourhoodSurvey]]:
    """Every survey with where it is held; newest first. For the desk."""
    rows = db.session.scalars(
        sa.select(NeighbourhoodSurvey)
        .options(joinedload(NeighbourhoodSurvey.survey), _WITH_NEIGHBOURHOOD)
        .join(NeighbourhoodSurvey.neighbourhood)
        .order_by(NeighbourhoodSurvey.survey_id.desc(), Neighbourhood.name, NeighbourhoodSurvey.id)
    )
    held: dict[Survey, list[NeighbourhoodSurvey]] = defaultdict(list)
    for row in rows:
        held[row.survey].append(row)
    return dict(held)


def held_survey(survey_id: int) -> tuple[Survey, list[NeighbourhoodSurvey]]:
    """One survey with its questions and where it is held; NotFound when there is none."""
    held = list(
        db.session.scalars(
            sa.select(NeighbourhoodSurvey)
            .where(NeighbourhoodSurvey.survey_id == survey_id)
            .join(NeighbourhoodSurvey.neighbourhood)
            .options(
                joinedload(NeighbourhoodSurvey.survey).selectinload(Survey.sections).selectinload(Section.questions),
                _WITH_NEIGHBOURHOOD,
            )
            .order_by(Neighbourhood.name, NeighbourhoodSurvey.id)
        )
    )
    if not held:
        raise NotFound(N_("Deze vragenlijst kennen wij niet."))
    return held[0].survey, held


def ended_surveys(now: datetime) -> list[Survey]:
    """Open surveys whose last day is over everywhere: they can be closed. With their questions."""
    goes_on = sa.select(NeighbourhoodSurvey.survey_id).where(NeighbourhoodSurvey.closes_at >= now)
    return list(
        db.session.scalars(
            sa.select(Survey)
            .where(
                Survey.state == SurveyState.OPEN,
                Survey.id.in_(sa.select(NeighbourhoodSurvey.survey_id)),
                Survey.id.not_in(goes_on),
            )
            .order_by(Survey.id)
        )
    )


def upcoming_meetings(now: datetime, neighbourhood_ids: Iterable[int] | None = None) -> list[Meeting]:
    """Meetings that have not ended, soonest first, cancelled ones too; of all neighbourhoods or of these."""
    return _meetings(Meeting.ends_at >= now, neighbourhood_ids, newest_first=False)


def past_meetings(now: datetime, neighbourhood_ids: Iterable[int] | None = None) -> list[Meeting]:
    """Meetings that were, latest first."""
    return _meetings(Meeting.ends_at < now, neighbourhood_ids, newest_first=True)


def _meetings(when: sa.ColumnElement[bool], ids: Iterable[int] | None, *, newest_first: bool) -> list[Meeting]:
    query = (
        sa.select(Meeting)
        .where(when)
        .options(joinedload(Meeting.neighbourhood).joinedload(Neighbourhood.city_district))
    )
    if ids is not None:
        query = query.where(Meeting.neighbourhood_id.in_(list(ids)))
    order = (Meeting.starts_at.desc(), Meeting.id.desc()) if newest_first else (Meeting.starts_at, Meeting.id)
    return list(db.session.scalars(query.order_by(*order)))


def meeting_by_id(meeting_id: int) -> Meeting:
    """One meeting with its neighbourhood; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.id == meeting_id)
        .options(joinedload(Meeting.neighbourhood).joinedload(Neighbourhood.city_district))
    )
    if found is None:
        raise NotFound(N_("Deze bijeenkomst kennen wij niet."))
    return found
