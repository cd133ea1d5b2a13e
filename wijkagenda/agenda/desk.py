"""Routes for staff: draft the agenda from the vote, give motives and evidence, adopt it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from surveys.errors import SurveyError
from wijkagenda.agenda import operations, policy, queries
from wijkagenda.agenda.forms import AdoptForm, DraftForm, EvidenceForm, RankForm, WordsForm, chosen_share
from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.consultations.queries import result_in, surveys_with_results
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, Conflict, DomainError, Invalid, NotAllowed, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods, neighbourhood_by_slug
from wijkagenda.people.models import Role
from wijkagenda.priorities.queries import proposed_priorities
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.rounds.queries import current_round
from wijkagenda.voting.models import SMALLEST_SHOWN
from wijkagenda.voting.result.queries import published_result
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now, today
from wijkagenda.web.forms import invalid

desk = Blueprint("agenda_desk", __name__, url_prefix="/werkplek")
team_only = roles(Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER)
managers_only = roles(Role.CITY_DISTRICT_MANAGER)


@desk.get("/agenda")
@team_only
def agendas() -> str:
    """My neighbourhoods, with how far their agenda is."""
    return render_template(
        "agenda/desk_agendas.html",
        neighbourhoods=[n for n in all_neighbourhoods() if policy.may_draft(current_actor(), n)],
        newest=queries.newest_agendas(),
    )


@desk.get("/agenda/<slug>")
@team_only
def agenda(slug: str) -> str:
    """The agenda of this round: how to begin, the draft, or what was adopted."""
    neighbourhood, agenda_round = _mine(slug)
    found = queries.agenda_of_round(agenda_round.id)
    if found is None:
        return render_template("agenda/desk_begin.html", **_begin_context(neighbourhood, agenda_round))
    return render_template("agenda/desk_agenda.html", **_draft_context(found))


def _begin_context(neighbourhood: Neighbourhood, agenda_round: AgendaRound) -> dict[str, Any]:
    tally = queries.published_tally(agenda_round.id)
    proposed = proposed_priorities(agenda_round.id)
    form: Any
    if tally is not None:
        form = DraftForm(formdata=None, size=len(tally.lines))
    else:
        form = RankForm.over(proposed)
    return {
        "neighbourhood": neighbourhood,
        "round": agenda_round,
        "tally": tally,
        "result": published_result(tally.voting_round_id) if tally is not None else None,
        "smallest_shown": SMALLEST_SHOWN,
        "priorities": proposed,
        "voted_on": any(priority.on_ballot_since for priority in proposed),
        "form": form,
    }


def _draft_context(found: Agenda) -> dict[str, Any]:
    neighbourhood = found.round.neighbourhood
    return {
        "agenda": found,
        "neighbourhood": neighbourhood,
        "evidence": queries.evidence_of(found.items),
        "may_adopt": policy.may_adopt(current_actor(), neighbourhood),
        "form": WordsForm.over(found, stored=True),
    }


@desk.post("/agenda/<slug>/concept")
@team_only
def draft(slug: str) -> Response | tuple[str, int]:
    neighbourhood, agenda_round = _mine(slug)
    tally = queries.published_tally(agenda_round.id)
    if tally is None:
        raise Conflict(N_("De uitslag van de stemming is nog niet openbaar."))
    form = DraftForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.draft_agenda(
                    actor=current_actor(), now=now(), agenda_round=agenda_round, tally=tally, size=form.size.data
                )
            flash(_("Het concept staat klaar, in de volgorde van de stemmen."))
            return redirect(url_for("agenda_desk.agenda", slug=slug))
        except DomainError as error:
            form.add_error(error)
    return invalid("agenda/desk_begin.html", **_begin_context(neighbourhood, agenda_round) | {"form": form})


@desk.post("/agenda/<slug>/zonder-stemming")
@team_only
def draft_without_vote(slug: str) -> Response | tuple[str, int]:
    neighbourhood, agenda_round = _mine(slug)
    context = _begin_context(neighbourhood, agenda_round)
    form = RankForm.over(context["priorities"])
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.draft_agenda_without_vote(
                    actor=current_actor(),
                    now=now(),
                    agenda_round=agenda_round,
                    ranks=form.ranks(context["priorities"]),
                    reason=form.reason.data or "",
                )
            flash(_("Het concept staat klaar."))
            return redirect(url_for("agenda_desk.agenda", slug=slug))
        except DomainError as error:
            form.add_error(error)
    return invalid("agenda/desk_begin.html", **context | {"form": form, "tally": None})


@desk.post("/agenda/<slug>/woorden")
@team_only
def write_words(slug: str) -> Response | tuple[str, int]:
    """Introduction and motives, all at once; what is left empty can follow later."""
    found = _my_agenda(slug)
    form = WordsForm.over(found, stored=False)
    if not form.validate_on_submit():
        return invalid("agenda/desk_agenda.html", **_draft_context(found) | {"form": form})
    with unit_of_work():
        operations.introduce(actor=current_actor(), now=now(), agenda=found, introduction=form.introduction.data or "")
        for item in found.items:
            motive = form.motive_of(item.id).data
            if motive and motive != item.motive:
                operations.write_motive(actor=current_actor(), now=now(), item=item, motive=motive)
    flash(_("De teksten zijn bewaard."))
    return redirect(url_for("agenda_desk.agenda", slug=slug))


@desk.post("/agenda/<slug>/weggooien")
@team_only
def discard_draft(slug: str) -> Response:
    found = _my_agenda(slug)
    with unit_of_work():
        operations.discard_draft(actor=current_actor(), now=now(), agenda=found)
    flash(_("Het concept is weg. U kunt opnieuw beginnen."))
    return redirect(url_for("agenda_desk.agenda", slug=slug))


@desk.get("/agenda/<slug>/vaststellen")
@managers_only
def adoption(slug: str) -> str:
    found = _my_agenda(slug)
    if not policy.may_adopt(current_actor(), found.round.neighbourhood):
        raise NotAllowed(N_("Alleen de stadsdeelmanager van deze wijk stelt de agenda vast."))
    form = AdoptForm(formdata=None, adopted_on=today())
    return render_template("agenda/desk_adopt.html", **_draft_context(found) | {"form": form})


@desk.post("/agenda/<slug>/vaststellen")
@managers_only
def adopt(slug: str) -> Response | tuple[str, int]:
    found, form = _my_agenda(slug), AdoptForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.adopt_agenda(
                    actor=current_actor(),
                    now=now(),
                    agenda=found,
                    adopted_on=form.adopted_on.data,
                    adopted_by=form.adopted_by.data or "",
                    mandate=form.mandate.data or "",
                )
            flash(_("De wijkagenda is vastgesteld en staat op de site."))
            return redirect(url_for("agenda_desk.agenda", slug=slug))
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error)
    return invalid("agenda/desk_adopt.html", **_draft_context(found) | {"form": form})


@desk.get("/agendapunt/<int:item_id>/cijfer")
@team_only
def evidence(item_id: int) -> str:
    """Choose a figure of a survey for this item."""
    item = _my_item(item_id)
    form, held = _evidence_form(item)
    return render_template("agenda/desk_evidence.html", item=item, form=form, held=held)


@desk.post("/agendapunt/<int:item_id>/cijfer")
@team_only
def attach_evidence(item_id: int) -> Response | tuple[str, int]:
    item = _my_item(item_id)
    form, held = _evidence_form(item)
    if form.validate_on_submit():
        survey_id, question, row, choice = form.figure.data.split("|", 3)
        try:
            with unit_of_work():
                operations.attach_survey_evidence(
                    actor=current_actor(),
                    now=now(),
                    item=item,
                    held=next(each for each in held if each.survey_id == int(survey_id)),
                    question_key=question,
                    row=row,
                    choice=choice,
                    statement=form.statement.data or "",
                )
            flash(_("Het cijfer staat bij punt %(rank)s.", rank=item.rank))
            return redirect(url_for("agenda_desk.agenda", slug=item.agenda.round.neighbourhood.slug))
        except DomainError as error:
            form.add_error(error)
    return invalid("agenda/desk_evidence.html", form, item=item, held=held)


def _evidence_form(item: AgendaItem) -> tuple[EvidenceForm, list[NeighbourhoodSurvey]]:
    """The form with every public figure of ten answers or more as a choice."""
    held = surveys_with_results(item.agenda.round.neighbourhood_id, now())
    form = EvidenceForm()
    figures: list[tuple[str, str]] = []
    for each in held:
        try:
            result = result_in(each, "nl")
        except SurveyError as error:
            raise Invalid(error.text) from error
        for question in result.questions:
            for figure in question.figures:
                for bar in figure.bars:
                    words = f"{question.text} {figure.title if figure.row else ''} – {bar.label or bar.key}".strip()
                    figures.append(
                        (
                            f"{each.survey_id}|{question.key}|{figure.row}|{bar.key}",
                            f"{words}: {chosen_share(bar.percent, figure.n)}",
                        )
                    )
    form.figure.choices = figures
    return form, held


@desk.post("/cijfer/<int:evidence_id>/weg")
@team_only
def detach_evidence(evidence_id: int) -> Response:
    found = queries.evidence_by_id(evidence_id)
    slug = _my_item(found.item_id).agenda.round.neighbourhood.slug
    with unit_of_work():
        operations.detach_survey_evidence(actor=current_actor(), now=now(), evidence=found)
    flash(_("Het cijfer is weg."))
    return redirect(url_for("agenda_desk.agenda", slug=slug))


def _mine(slug: str) -> tuple[Neighbourhood, AgendaRound]:
    neighbourhood = neighbourhood_by_slug(slug)
    if not policy.may_draft(current_actor(), neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    agenda_round = current_round(neighbourhood.id, today())
    if agenda_round is None:
        raise NotFound(N_("Deze wijk heeft nog geen agendaronde. Plan die eerst."))
    return neighbourhood, agenda_round


def _my_agenda(slug: str) -> Agenda:
    _neighbourhood, agenda_round = _mine(slug)
    found = queries.agenda_of_round(agenda_round.id)
    if found is None:
        raise NotFound(N_("Deze wijk heeft nog geen wijkagenda in concept."))
    return found


def _my_item(item_id: int) -> AgendaItem:
    item = queries.item_by_id(item_id)
    if not policy.may_draft(current_actor(), item.agenda.round.neighbourhood):
        raise NotAllowed(N_("Deze wijk hoort niet bij uw werk."))
    return item
