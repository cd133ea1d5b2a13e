"""Meldingen over de stemming on the desk: read and answered by the voting office."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.voting.remarks import operations, policy, queries
from wijkagenda.voting.remarks.forms import AnswerForm
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid

desk = Blueprint("voting_remarks_desk", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>/meldingen")
officers = roles(Role.VOTING_OFFICER)


@desk.get("")
@officers
def remarks(voting_round_id: int) -> str:
    voting_round = _mine(voting_round_id)
    return render_template(
        "voting/desk_remarks.html", voting_round=voting_round, remarks=queries.remarks_of(voting_round.id)
    )


@desk.get("/<int:remark_id>")
@officers
def remark(voting_round_id: int, remark_id: int) -> str:
    return render_template("voting/desk_remark.html", form=AnswerForm(), **_context(voting_round_id, remark_id))


@desk.post("/<int:remark_id>")
@officers
def answer(voting_round_id: int, remark_id: int) -> Response | tuple[str, int]:
    context, form = _context(voting_round_id, remark_id), AnswerForm()
    try:
        with unit_of_work():
            operations.answer_remark(
                actor=current_actor(), now=now(), remark=context["remark"], answer=form.answer.data or ""
            )
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise
        form.add_error(error)
        return _again(form, voting_round_id, remark_id)
    flash(_("Uw antwoord is bewaard."))
    return redirect(url_for("voting_remarks_desk.remarks", voting_round_id=voting_round_id))


def _again(form: Form, voting_round_id: int, remark_id: int) -> tuple[str, int]:
    return invalid("voting/desk_remark.html", form, **_context(voting_round_id, remark_id))


def _context(voting_round_id: int, remark_id: int) -> dict[str, Any]:
    voting_round = _mine(voting_round_id)
    return {
        "voting_round": voting_round,
        "remark": queries.remark_by_id(voting_round.id, remark_id),
        "longest": operations.LONGEST_ANSWER,
    }


def _mine(voting_round_id: int) -> VotingRound:
    """A vote of my neighbourhoods; NotAllowed for all others, also for who only reads along."""
    voting_round = voting_round_by_id(voting_round_id)
    if not policy.may_answer_remarks(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round
