"""A practice ballot: the paper of a round, to try out. No code, no box, and nothing is ever written down."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, Invalid, NotFound
from wijkagenda.voting import queries
from wijkagenda.voting.ballot.forms import BallotForm, typed_points
from wijkagenda.voting.ballot.showing import ballot_context, check_context, filled_in
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.headers import leaves_no_trace

ADDRESS = "/stem/oefenen"
ROUND = ADDRESS + "/<int:voting_round_id>"

pages = Blueprint("voting_practice", __name__)


@pages.get(ADDRESS)
@open_to_everyone
@leaves_no_trace
def practice() -> str | Response:
    """Where one can practise; straight to it when there is one vote."""
    voting_rounds = queries.open_rounds(now())
    if len(voting_rounds) == 1:
        return redirect(url_for("voting_practice.practise", voting_round_id=voting_rounds[0].id))
    return render_template("voting/practice.html", voting_rounds=voting_rounds)


@pages.get(ROUND)
@open_to_everyone
@leaves_no_trace
def practise(voting_round_id: int) -> tuple[str, int]:
    """The ballot paper."""
    return _ballot(BallotForm(), _to_practise(voting_round_id))


@pages.post(ROUND)
@open_to_everyone
@leaves_no_trace
def practise_changing(voting_round_id: int) -> tuple[str, int]:
    """Back from looking again: the ballot paper with what was ticked."""
    return _ballot(BallotForm(), _to_practise(voting_round_id))


@pages.post(ROUND + "/nakijken")
@open_to_everyone
@leaves_no_trace
def practise_checking(voting_round_id: int) -> tuple[str, int]:
    """Looking again, as in a real vote."""
    voting_round, form = _to_practise(voting_round_id), BallotForm()
    try:
        filled = filled_in(voting_round, form.choices.data, typed_points(request.form.items()))
    except Invalid as error:
        form.add_error(error)
        return _ballot(form, voting_round, 422)
    page = render_template(
        "voting/check.html",
        **check_context(
            form,
            voting_round,
            filled,
            choose_url=url_for("voting_practice.practise_changing", voting_round_id=voting_round.id),
            send_url=url_for("voting_practice.practised", voting_round_id=voting_round.id),
            practice=True,
        ),
    )
    return page, 200


@pages.post(ROUND + "/klaar")
@open_to_everyone
@leaves_no_trace
def practised(voting_round_id: int) -> str:
    """The end. What was sent is not even read."""
    voting_round = _to_practise(voting_round_id)
    return render_template(
        "voting/practice_done.html", voting_round=voting_round, neighbourhood=voting_round.round.neighbourhood
    )


@pages.get(ROUND + "/nakijken")
@pages.get(ROUND + "/klaar")
@open_to_everyone
@leaves_no_trace
def practise_again(voting_round_id: int) -> Response:
    """Who reloads a step by its address, or changes language there, begins again."""
    return redirect(url_for("voting_practice.practise", voting_round_id=voting_round_id))


def _to_practise(voting_round_id: int) -> VotingRound:
    """A round whose rules are settled and that is not over yet; no rehearsal."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if voting_round.state is not VotingState.OPEN or voting_round.rehearsal or now() >= voting_round.closes_at:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return voting_round


def _ballot(form: BallotForm, voting_round: VotingRound, status: int = 200) -> tuple[str, int]:
    context: dict[str, Any] = ballot_context(
        form,
        voting_round,
        typed_points(request.form.items()),
        check_url=url_for("voting_practice.practise_checking", voting_round_id=voting_round.id),
        stop_url=url_for("voting.enter_code"),
        practice=True,
        for_business=False,
    )
    return render_template("voting/ballot.html", **context), status
