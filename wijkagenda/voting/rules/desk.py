"""Routes for voting officers who prepare a vote: how to begin, the rules, and the regulation before it opens."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.dutch_days import local
from wijkagenda.errors import N_, DomainError, NotAllowed, NotFound, Several
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting import policy, queries
from wijkagenda.voting.models import DecidingRule, VotingRound, VotingState
from wijkagenda.voting.rules import operations as preparing
from wijkagenda.voting.rules.forms import RulesForm, rules_form
from wijkagenda.voting.rules.presets import NEIGHBOURHOOD_BUDGET, PRESETS, preset_by_key
from wijkagenda.voting.rules.regulation import cautions, problems, regulation_of
from wijkagenda.voting.rules.text import as_text, blocks
from wijkagenda.voting.rules.words import SHORT
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid
from wijkagenda.web.i18n import current_language, gettext, translate

officers = roles(Role.VOTING_OFFICER)
NEW = "/stemmingen/nieuw/<int:agenda_round_id>"
DRAFT = "/stemmingen/<int:voting_round_id>"

desk = Blueprint("voting_rules_desk", __name__, url_prefix="/werkplek")


@desk.get(NEW + "/opzet")
@officers
def begin(agenda_round_id: int) -> str:
    """Which rules to begin with."""
    return render_template("voting/desk_begin.html", agenda_round=_agenda_round(agenda_round_id), presets=PRESETS)


@desk.get(NEW)
@officers
def new_round(agenda_round_id: int) -> str:
    agenda_round = _agenda_round(agenda_round_id)
    form = _form(agenda_round)
    preset, today = preset_by_key(request.args.get("opzet", "")), local(now()).date()
    phase = next((each for each in agenda_round.phases if each.kind is PhaseKind.VOTING), None)
    days = (phase.starts_on, phase.ends_on) if phase is not None and phase.ends_on > today else None
    name, year = agenda_round.neighbourhood.name, (days[0] if days else today).year
    form.begin(
        preset,
        title=_("wijkbudget %(name)s %(year)s", name=name, year=year)
        if preset is NEIGHBOURHOOD_BUDGET
        else _("stemming %(name)s %(year)s", name=name, year=year),
        today=today,
        days=days,
    )
    return render_template("voting/desk_form.html", form=form, **_around(agenda_round, None))


@desk.post(NEW)
@officers
def prepare(agenda_round_id: int) -> Response | tuple[str, int]:
    agenda_round = _agenda_round(agenda_round_id)
    form = _form(agenda_round)

    def act() -> VotingRound:
        return preparing.prepare_round(
            actor=current_actor(),
            now=now(),
            agenda_round=agenda_round,
            priority_ids=form.priority_ids.data or [],
            costs=form.costs,
            **form.rules,
        )

    return _save(form, act, agenda_round, None)


@desk.get(DRAFT + "/bewerken")
@officers
def edit_form(voting_round_id: int) -> str:
    voting_round = _mine(voting_round_id)
    form = _form(voting_round.round)
    form.show(voting_round)
    return render_template("voting/desk_form.html", form=form, **_around(voting_round.round, voting_round))


@desk.post(DRAFT + "/bewerken")
@officers
def edit(voting_round_id: int) -> Response | tuple[str, int]:
    voting_round = _mine(voting_round_id)
    form = _form(voting_round.round)
    form.currency = voting_round.currency

    def act() -> VotingRound:
        preparing.edit_round(
            actor=current_actor(),
            now=now(),
            voting_round=voting_round,
            priority_ids=form.priority_ids.data or [],
            costs=form.costs,
            **form.rules,
        )
        return voting_round

    return _save(form, act, voting_round.round, voting_round)


@desk.get(DRAFT + "/reglement")
@officers
def preview(voting_round_id: int) -> str:
    """The regulation as it would read now, and what still stands in the way."""
    voting_round = _mine(voting_round_id)
    regulation = regulation_of(voting_round)
    settled = voting_round.regulation if voting_round.state is not VotingState.DRAFT else ""
    return render_template(
        "voting/desk_regulation.html",
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
        blocks=blocks(settled or as_text(regulation)),
        english=blocks(as_text(regulation, gettext)) if current_language() != "nl" else [],
        problems=[translate(one.message, one.params) for one in problems(regulation)],
        cautions=[translate(one.message, one.params) for one in cautions(regulation)],
    )


# --- shared ----------------------------------------------------------------------------------------


def _mine(voting_round_id: int) -> VotingRound:
    """A round of my neighbourhoods; the desk shows no others."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if not policy.may_manage_voting(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round


def _agenda_round(agenda_round_id: int) -> AgendaRound:
    agenda_round = queries.agenda_round_by_id(agenda_round_id)
    if agenda_round is None:
        raise NotFound(N_("Deze agendaronde kennen wij niet."))
    if not policy.may_manage_voting(current_actor(), agenda_round.neighbourhood):
        raise NotAllowed
    return agenda_round


def _form(agenda_round: AgendaRound) -> RulesForm:
    return rules_form(queries.proposed_priorities(agenda_round.id))


def _around(agenda_round: AgendaRound, voting_round: VotingRound | None) -> dict[str, object]:
    return {
        "agenda_round": agenda_round,
        "voting_round": voting_round,
        "rule_hints": {rule.value: translate(SHORT[rule]) for rule in DecidingRule},
    }


def _save(
    form: RulesForm, act: Callable[[], VotingRound], agenda_round: AgendaRound, voting_round: VotingRound | None
) -> Response | tuple[str, int]:
    if form.validate_on_submit():
        found = problems(form.regulation(agenda_round.neighbourhood.name))
        try:
            if found:
                raise Several(found)
            with unit_of_work():
                saved_id = act().id
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("De stemming is bewaard."))
            return redirect(url_for("voting_desk.voting_round", voting_round_id=saved_id))
    return invalid("voting/desk_form.html", form, **_around(agenda_round, voting_round))
