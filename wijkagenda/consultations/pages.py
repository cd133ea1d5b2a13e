"""Routes of this subject for residents: answering a survey, its result, and the meetings of a neighbourhood."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from surveys.codes import is_well_formed
from surveys.errors import InvalidAnswers, Problem
from surveys.models import ParticipationState, Question, SurveyAccess
from surveys.operations import new_submission_key
from surveys.queries import code_state
from surveys.texts import in_language
from wijkagenda.consultations import operations, policy, queries
from wijkagenda.consultations.answering import QuestionView, Way, answer_in_words, raw_of
from wijkagenda.consultations.forms import StepForm
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import N_, Conflict, DomainError, NotFound
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.i18n import current_language
from wijkagenda.web.limits import limiter, may_try
from wijkagenda.web.page_cache import public_page

pages = Blueprint("consultations", __name__)
ANSWERS = parse("60 per hour")
"""Many people may share one connection: a library, a meeting, students who help at the door."""
TOO_OFTEN = N_("Vanaf deze plek zijn net veel vragenlijsten verstuurd. Wacht een uur en verstuur dan opnieuw.")

CODE, CHECK = "code", "controle"
"""The two steps that are not a question. A question's step is its key with "v." before it."""


def secret() -> bytes:
    """What survey codes are hashed under."""
    return str(current_app.config["SECRET_KEY"]).encode()


@pages.get("/wijken/<slug>/vragenlijst")
@open_to_everyone
@public_page
def survey(slug: str) -> str:
    """What is asked, until when, and what becomes of it."""
    neighbourhood = neighbourhood_by_slug(slug)
    held = queries.survey_for_residents(neighbourhood.id, now())
    return render_template(
        "consultations/survey.html",
        neighbourhood=neighbourhood,
        held=held,
        can_begin=held is not None and policy.may_begin(held, now()),
        results=queries.surveys_with_results(neighbourhood.id, now()),
        text=_text,
    )


@pages.get("/wijken/<slug>/vragenlijst/vragen")
@open_to_everyone
def begin(slug: str) -> tuple[str, int] | Response:
    """The first page: the code where one is asked for, else the first question."""
    neighbourhood = neighbourhood_by_slug(slug)
    held = queries.survey_for_residents(neighbourhood.id, now())
    if held is None or not policy.may_begin(held, now()):
        return redirect(url_for("consultations.survey", slug=slug))
    way = Way(held.survey, {}, current_language())
    if held.survey.access is SurveyAccess.CODE:
        return _code_page(held, way)
    return _question_page(held, way, way.after(None))


@pages.post("/wijken/<slug>/vragenlijst/vragen")
@open_to_everyone
@limiter.limit("600 per hour")
def go_on(slug: str) -> tuple[str, int] | Response:
    """One step further, back, or the last one.

    A step answers with the next page instead of a redirect: the answers travel in the pages
    themselves, so that nothing is kept of somebody who stops. Only the last step redirects.
    """
    held = queries.held_in(neighbourhood_by_slug(slug).id, request.form.get("vragenlijst", 0, int))
    way = Way(held.survey, raw_of(request.form.to_dict(flat=False)), current_language())
    step, go = request.form.get("stap", ""), request.form.get("ga", "verder")
    if go == "verstuur" and step == CHECK:
        return _submit(slug, held, way)
    if not policy.may_submit(held, now()):
        raise Conflict(N_("Deze vragenlijst is niet open. U kunt nu geen antwoorden geven."))
    if held.survey.access is SurveyAccess.CODE and (step == CODE or not _sent_code()):
        problem = _problem_with_code(held)
        if problem:
            return _code_page(held, way, problem)
        return _question_page(held, way, way.after(None))
    here = way.question(step.removeprefix("v."))
    if go.startswith("naar."):
        return _question_page(held, way, way.question(go.removeprefix("naar.")) or way.after(None))
    if go == "terug":
        return _question_page(held, way, way.before(here) or way.after(None))
    if here is not None and way.problems_at(here):
        return _question_page(held, way, here, way.problems_at(here))
    following = way.after(here)
    return _question_page(held, way, following) if following else _check_page(held, way)


class TooOften(Exception):
    """This address sent too many questionnaires just now; nothing of this one is kept."""


def _submit(slug: str, held: NeighbourhoodSurvey, way: Way) -> tuple[str, int] | Response:
    try:
        with unit_of_work():
            operations.submit_answers(
                now=now(),
                held=held,
                raw=way.raw,
                submission_key=_sent_key(),
                code=_sent_code(),
                secret=secret(),
                language=current_language(),
            )
            # With a code everybody answers once; without, a script would go on for ever.
            if held.survey.access is not SurveyAccess.CODE and not may_try(ANSWERS, "answers", str(held.survey_id)):
                raise TooOften
    except TooOften:
        return _check_page(held, way, (Problem("", TOO_OFTEN),))
    except InvalidAnswers as refused:
        question = way.question_of_field(refused.problems[0].field)
        if question is None:
            return _check_page(held, way, refused.problems)
        here = [p for p in refused.problems if way.question_of_field(p.field) is question]
        return _question_page(held, way, question, here)
    except DomainError as refused:
        if refused.field != "code":
            raise
        return _code_page(held, way, Problem("code", refused.message, refused.params))
    return redirect(url_for("consultations.thanks", slug=slug))


@pages.get("/wijken/<slug>/vragenlijst/bedankt")
@open_to_everyone
@public_page
def thanks(slug: str) -> str:
    return render_template("consultations/thanks.html", neighbourhood=neighbourhood_by_slug(slug))


@pages.get("/wijken/<slug>/vragenlijst/uitslag")
@pages.get("/wijken/<slug>/vragenlijst/uitslag/<int:survey_id>")
@open_to_everyone
@public_page
def result(slug: str, survey_id: int | None = None) -> str:
    """The figures of the latest published survey, or of one of the earlier ones."""
    neighbourhood = neighbourhood_by_slug(slug)
    published = queries.surveys_with_results(neighbourhood.id, now())
    held = next((h for h in published if survey_id in (None, h.survey_id)), None)
    if held is None:
        if survey_id is not None or queries.survey_for_residents(neighbourhood.id, now()) is None:
            raise NotFound(N_("Deze uitslag is er niet."))
        return render_template("consultations/no_result.html", neighbourhood=neighbourhood)
    return render_template(
        "consultations/result.html",
        neighbourhood=neighbourhood,
        held=held,
        result=queries.result_in(held, current_language()),
        others=[other for other in published if other is not held],
        text=_text,
    )


@pages.get("/wijken/<slug>/bijeenkomsten")
@open_to_everyone
@public_page
def meetings(slug: str) -> str:
    """What is to come, what was cancelled and how to take part instead, and the reports."""
    neighbourhood = neighbourhood_by_slug(slug)
    return render_template(
        "consultations/meetings.html",
        neighbourhood=neighbourhood,
        upcoming=queries.upcoming_meetings(now(), [neighbourhood.id]),
        past=queries.past_meetings(now(), [neighbourhood.id]),
    )


# --- the pages of one way ------------------------------------------------------------------------


def _question_page(
    held: NeighbourhoodSurvey, way: Way, question: Question | None, problems: tuple[Problem, ...] | list[Problem] = ()
) -> tuple[str, int]:
    if question is None:
        return _check_page(held, way)
    view = QuestionView(question, way.raw, current_language(), tuple(problems))
    return _page(
        "consultations/question.html",
        held,
        way,
        problems,
        question=question,
        view=view,
        number=way.number_of(question) if question in way.shown else 1,
        step=f"v.{question.key}",
    )


def _check_page(held: NeighbourhoodSurvey, way: Way, problems: tuple[Problem, ...] = ()) -> tuple[str, int]:
    given = [
        (QuestionView(q, way.raw, current_language()), answer_in_words(q, way.answers[q.key], current_language()))
        for q in way.shown
    ]
    return _page("consultations/check.html", held, way, problems, given=given, step=CHECK)


def _code_page(held: NeighbourhoodSurvey, way: Way, problem: Problem | None = None) -> tuple[str, int]:
    return _page("consultations/code.html", held, way, (problem,) if problem else (), step=CODE)


def _page(
    template: str,
    held: NeighbourhoodSurvey,
    way: Way,
    problems: tuple[Problem, ...] | list[Problem],
    *,
    question: Question | None = None,
    **context: object,
) -> tuple[str, int]:
    page = render_template(
        template,
        form=StepForm(problems),
        neighbourhood=held.neighbourhood,
        held=held,
        way=way,
        carried=way.carried(question),
        key=_sent_key(),
        code=_sent_code(),
        text=_text,
        **context,
    )
    return page, 422 if problems else 200


def _problem_with_code(held: NeighbourhoodSurvey) -> Problem | None:
    code = _sent_code()
    if not code:
        return Problem("code", N_("Vul de code uit uw brief in."))
    if not is_well_formed(code):
        return Problem("code", N_("Deze code klopt niet. Kijk of alle letters en cijfers goed zijn."))
    state = code_state(db.session(), held.survey, code, secret=secret())
    if state is None:
        return Problem("code", N_("Wij kennen deze code niet. Kijk de code nog eens na in uw brief."))
    if state is ParticipationState.USED:
        return Problem("code", N_("Met deze code is de vragenlijst al ingevuld. Een code telt één keer."))
    return None


def _sent_key() -> str:
    """The key of this way through, made on its first page."""
    return request.form.get("sleutel", "")[:64] or new_submission_key()


def _sent_code() -> str:
    return request.form.get("code", "").strip()[:64]


def _text(texts: dict[str, str]) -> str:
    """A text of the questionnaire in the language of the page."""
    return in_language(texts, current_language())
