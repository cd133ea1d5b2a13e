"""Routes of this subject for voting officers: from draft to result, each step an act of its own."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting import operations, policy, queries
from wijkagenda.voting.forms import LettersForm, SureForm, VoidForm
from wijkagenda.voting.letters import operations as register
from wijkagenda.voting.letters.run import letters_file
from wijkagenda.voting.models import GRACE, SMALLEST_SHOWN, Electorate, VotingRound, VotingState
from wijkagenda.voting.results import Shown, what_shows
from wijkagenda.voting.rules_desk import add_rules_pages
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid

desk = Blueprint("voting_desk", __name__, url_prefix="/werkplek")

add_rules_pages(desk)

officers = roles(Role.VOTING_OFFICER)


@desk.get("/stemmingen")
@officers
def rounds() -> str:
    """The votes of my neighbourhoods, and the agenda rounds that could have one."""
    actor = current_actor()
    return render_template(
        "voting/desk_rounds.html",
        rounds=[r for r in queries.all_rounds() if policy.may_manage_voting(actor, r.round.neighbourhood)],
        alarm_since=alarm_since(now()),
        without=[r for r in queries.rounds_without_vote() if policy.may_manage_voting(actor, r.neighbourhood)],
    )


@desk.get("/stemmingen/<int:voting_round_id>")
@officers
def voting_round(voting_round_id: int) -> str:
    return render_template("voting/desk_round.html", **_context(_mine(voting_round_id)))


@desk.post("/stemmingen/<int:voting_round_id>/klaarzetten")
@officers
def open_round(voting_round_id: int) -> Any:
    return _act(voting_round_id, operations.open_round, _("De stemming staat klaar. Vraag nu de brieven aan."))


@desk.post("/stemmingen/<int:voting_round_id>/sluiten")
@officers
def close(voting_round_id: int) -> Any:
    return _act(voting_round_id, operations.close_round, _("De stembus is gesloten. U kunt nu tellen."))


@desk.post("/stemmingen/<int:voting_round_id>/tellen")
@officers
def count(voting_round_id: int) -> Any:
    done = _("De stemmen zijn geteld. Een ander stembureaulid maakt de uitslag bekend.")
    return _act(voting_round_id, operations.count_round, done)


@desk.post("/stemmingen/<int:voting_round_id>/bekendmaken")
@officers
def publish(voting_round_id: int) -> Any:
    return _act(voting_round_id, operations.publish_result, _("De uitslag staat op de site."))


# --- shared ----------------------------------------------------------------------------------------


def _mine(voting_round_id: int) -> VotingRound:
    """A round of my neighbourhoods; the desk shows no others."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if not policy.may_manage_voting(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round


def _act(voting_round_id: int, operation: Callable[..., object], done: str) -> AnyResponse | tuple[str, int]:
    """One step of the vote: sure, then done, or the page again with what stands in the way."""
    voting_round, form = _mine(voting_round_id), SureForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operation(actor=current_actor(), now=now(), voting_round=voting_round)
        except DomainError as error:
            form.add_error(error)
        else:
            flash(done)
            return redirect(url_for("voting_desk.voting_round", voting_round_id=voting_round_id))
    return invalid("voting/desk_round.html", **_context(_mine(voting_round_id), sure_form=form))


def _context(voting_round: VotingRound, **forms: Form) -> dict[str, Any]:
    shown: dict[str, Any] = {"sure_form": SureForm()} | forms
    tally = voting_round.tally
    counted = voting_round.state in (VotingState.COUNTED, VotingState.PUBLISHED)
    return shown | {
        # The one that was sent: its errors stand on top of the page.
        "form": next(iter(forms.values()), Form()),
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "counts": queries.code_counts(voting_round),
        "alarm_since": alarm_since(now()),
        "tally": tally,
        "few": tally is not None and what_shows(tally.ballots - tally.business_ballots) is not Shown.NUMBERS,
        "smallest_shown": SMALLEST_SHOWN,
        "lines": queries.tally_lines(tally) if tally is not None and counted else [],
        "may_publish": tally is not None
        and policy.may_publish_result(current_actor(), voting_round.round.neighbourhood, tally),
        "may_close_from": voting_round.closes_at + GRACE,
    }
