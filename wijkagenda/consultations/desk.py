"""Routes of this subject for staff: surveys, from draft to published result. Meetings are in desk_meetings.py."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from surveys.interchange import definition_from_json, definition_to_json, write_csv
from surveys.models import QuestionType, Survey
from surveys.queries import code_counts, open_answers, response_count, response_counts
from surveys.results import survey_result
from surveys.texts import in_language
from wijkagenda.consultations import operations, policy, queries
from wijkagenda.consultations.desk_meetings import MEETING_STAFF, meetings_desk
from wijkagenda.consultations.forms import CloseForm, CodesForm, DaysForm, SurveyForm
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.consultations.standard import standard_definition
from wijkagenda.db import db, unit_of_work
from wijkagenda.dutch_days import local
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.people.models import Role
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.i18n import current_language

desk = Blueprint("consultations_desk", __name__, url_prefix="/werkplek")
desk.register_blueprint(meetings_desk)

survey_staff = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER, Role.ADMINISTRATOR)


@desk.get("/vragenlijsten")
@survey_staff
def surveys() -> str:
    """The surveys of my neighbourhoods, newest first, with how many people answered."""
    mine = {
        survey: held
        for survey, held in queries.all_held_surveys().items()
        if policy.may_hold_surveys(current_actor(), [h.neighbourhood for h in held])
    }
    return render_template(
        "consultations/desk_surveys.html",
        surveys=mine,
        counts=response_counts(db.session(), [survey.id for survey in mine]),
        plans_meetings=current_actor().has_any(MEETING_STAFF),
        text=_text,
    )


@desk.get("/vragenlijsten/nieuw")
@survey_staff
def new_survey() -> str:
    form = SurveyForm()
    form.offer(_my_neighbourhoods())
    return render_template("consultations/desk_new_survey.html", form=form)


@desk.post("/vragenlijsten/nieuw")
@survey_staff
def hold_survey() -> Response | tuple[str, int]:
    form, mine = SurveyForm(), _my_neighbourhoods()
    form.offer(mine)
    if not form.validate_on_submit():
        return invalid("consultations/desk_new_survey.html", form)
    chosen = [n for n in mine if n.id in (form.neighbourhoods.data or [])]
    try:
        with unit_of_work():
            survey = operations.hold_survey(
                actor=current_actor(),
                now=now(),
                definition=_definition(form, chosen),
                neighbourhoods=chosen,
                opens_at=form.opens_at,
                closes_at=form.closes_at,
            )
    except DomainError as error:
        form.add_error(error)
        return invalid("consultations/desk_new_survey.html", form)
    flash(_("De vragenlijst staat klaar. Kijk de vragen na en zet de vragenlijst open."))
    return redirect(url_for("consultations_desk.survey", survey_id=survey.id))


def _definition(form: SurveyForm, chosen: Sequence[Neighbourhood]) -> dict[str, Any]:
    """The questions that were chosen; Invalid when the file cannot be read."""
    if form.source.data == "file":
        with operations.in_our_words():
            document = form.definition.data.read() if form.definition.data else b""
            return definition_from_json(document) | {"access": form.access.data}
    name = chosen[0].name if len(chosen) == 1 else _("over uw wijk")
    return standard_definition(name, access=form.access.data)


@desk.get("/vragenlijsten/<int:survey_id>")
@survey_staff
def survey(survey_id: int) -> str:
    return render_template("consultations/desk_survey.html", **_survey_context(*_mine(survey_id)))


def _survey_context(survey: Survey, held: list[NeighbourhoodSurvey], **forms: Form) -> dict[str, Any]:
    days = DaysForm(opens_on=local(held[0].opens_at).date(), closes_on=local(held[0].closes_at).date())
    return {
        "survey": survey,
        "held": held,
        "count": response_count(db.session(), survey.id),
        "codes": code_counts(db.session(), survey.id),
        "may_publish": policy.may_publish_results(current_actor(), [h.neighbourhood for h in held]),
        "public": all(policy.has_public_results(h, now()) for h in held),
        "form": next(iter(forms.values()), Form()),
        "days_form": days,
        "close_form": CloseForm(),
        "codes_form": CodesForm(),
        "text": _text,
    } | forms


@desk.post("/vragenlijsten/<int:survey_id>/dagen")
@survey_staff
def change_days(survey_id: int) -> Response | tuple[str, int]:
    survey, held = _mine(survey_id)
    form = DaysForm()
    if not form.validate_on_submit():
        return _survey_again(survey, held, days_form=form)
    try:
        with unit_of_work():
            operations.change_days(
                actor=current_actor(),
                now=now(),
                survey=survey,
                held=held,
                opens_at=form.opens_at,
                closes_at=form.closes_at,
            )
    except DomainError as error:
        form.add_error(error)
        return _survey_again(survey, held, days_form=form)
    flash(_("De dagen zijn bewaard."))
    return redirect(url_for("consultations_desk.survey", survey_id=survey_id))


@desk.post("/vragenlijsten/<int:survey_id>/openen")
@survey_staff
def open_survey(survey_id: int) -> Response:
    with unit_of_work():
        survey, held = _mine(survey_id)
        operations.open_survey(actor=current_actor(), now=now(), today=today(), survey=survey, held=held)
    flash(_("De vragenlijst staat open. Bewoners kunnen meedoen vanaf de eerste dag."))
    return redirect(url_for("consultations_desk.survey", survey_id=survey_id))


@desk.post("/vragenlijsten/<int:survey_id>/sluiten")
@survey_staff
def close_survey(survey_id: int) -> Response | tuple[str, int]:
    form = CloseForm()
    if not form.validate_on_submit():
        return _survey_again(*_mine(survey_id), close_form=form)
    with unit_of_work():
        survey, held = _mine(survey_id)
        operations.close_survey(actor=current_actor(), now=now(), today=today(), survey=survey, held=held)
    flash(_("De vragenlijst is gesloten. Bekijk de uitslag."))
    return redirect(url_for("consultations_desk.survey", survey_id=survey_id))


@desk.post("/vragenlijsten/<int:survey_id>/publiceren")
@survey_staff
def publish_results(survey_id: int) -> Response:
    with unit_of_work():
        survey, held = _mine(survey_id)
        operations.publish_results(actor=current_actor(), now=now(), survey=survey, held=held)
    flash(_("De uitslag staat op de site."))
    return redirect(url_for("consultations_desk.survey", survey_id=survey_id))


@desk.post("/vragenlijsten/<int:survey_id>/weggooien")
@survey_staff
def discard_survey(survey_id: int) -> Response:
    with unit_of_work():
        survey, held = _mine(survey_id)
        operations.discard_survey(actor=current_actor(), now=now(), survey=survey, held=held)
    flash(_("De vragenlijst is weg."))
    return redirect(url_for("consultations_desk.surveys"))


@desk.post("/vragenlijsten/<int:survey_id>/codes")
@survey_staff
def issue_codes(survey_id: int) -> Response | tuple[str, int]:
    """New codes as a file, once: they are kept nowhere."""
    form = CodesForm()
    if not form.validate_on_submit():
        return _survey_again(*_mine(survey_id), codes_form=form)
    try:
        with unit_of_work():
            survey, held = _mine(survey_id)
            codes = operations.issue_survey_codes(
                actor=current_actor(),
                now=now(),
                survey=survey,
                held=held,
                count=form.count.data or 0,
                secret=str(current_app.config["SECRET_KEY"]).encode(),
            )
    except DomainError as error:
        form.add_error(error)
        return _survey_again(*_mine(survey_id), codes_form=form)
    return _download(write_csv(["nummer", "code"], list(enumerate(codes, 1))), f"codes-{survey_id}.csv", "text/csv")


@desk.get("/vragenlijsten/<int:survey_id>/uitslag")
@survey_staff
def result(survey_id: int) -> str:
    """The result before it is public: of everyone, or of one neighbourhood (`?wijk=` its slug)."""
    survey, held = _mine(survey_id)
    slug = request.args.get("wijk", "")
    chosen = next((each for each in held if each.neighbourhood.slug == slug), None)
    with operations.in_our_words():
        figures = survey_result(
            db.session(), survey, segment=chosen.segment if chosen else None, language=current_language()
        )
    return render_template(
        "consultations/desk_result.html", survey=survey, held=held, chosen=chosen, result=figures, text=_text
    )


@desk.get("/vragenlijsten/<int:survey_id>/open-antwoorden")
@survey_staff
def read_open_answers(survey_id: int) -> str:
    """What people wrote, per question, in alphabetical order: for staff only."""
    survey, _held = _mine(survey_id)
    with operations.in_our_words():
        answers = [
            (question, open_answers(db.session(), survey, question))
            for question in survey.questions
            if question.type is QuestionType.OPEN
        ]
    return render_template("consultations/desk_open_answers.html", survey=survey, answers=answers, text=_text)


@desk.get("/vragenlijsten/<int:survey_id>/<any(antwoorden, 'open-antwoorden'):what>.csv")
@survey_staff
def download_answers(survey_id: int, what: str) -> Response:
    with unit_of_work():
        survey, held = _mine(survey_id)
        document = operations.read_results_as_csv(actor=current_actor(), now=now(), survey=survey, held=held, what=what)
    return _download(document, f"{what}-{survey_id}.csv", "text/csv")


@desk.get("/vragenlijsten/<int:survey_id>/vragen.json")
@survey_staff
def download_questions(survey_id: int) -> Response:
    """The questionnaire, to change it and use it again."""
    survey, _held = _mine(survey_id)
    return _download(definition_to_json(survey), f"vragen-{survey_id}.json", "application/json")


def _mine(survey_id: int) -> tuple[Survey, list[NeighbourhoodSurvey]]:
    """A survey I may work on; NotFound or NotAllowed."""
    survey, held = queries.held_survey(survey_id)
    if not policy.may_hold_surveys(current_actor(), [h.neighbourhood for h in held]):
        raise NotAllowed
    return survey, held


def _survey_again(survey: Survey, held: list[NeighbourhoodSurvey], **forms: Form) -> tuple[str, int]:
    return render_template("consultations/desk_survey.html", **_survey_context(survey, held, **forms)), 422


def _my_neighbourhoods() -> list[Neighbourhood]:
    return [n for n in all_neighbourhoods() if policy.may_hold_surveys(current_actor(), [n])]


def _download(document: str, name: str, mimetype: str) -> Response:
    response = current_app.response_class(
        "\ufeff" + document if mimetype == "text/csv" else document, mimetype=mimetype
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _text(texts: dict[str, str]) -> str:
    return in_language(texts, current_language())
