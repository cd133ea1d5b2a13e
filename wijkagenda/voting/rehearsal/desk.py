"""A rehearsal on the desk: begin one, print test codes, and take it away again."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.voting.box.forms import ExerciseCodesForm, SureForm
from wijkagenda.voting.box.mine import my_round, officers
from wijkagenda.voting.codes import grouped, round_key
from wijkagenda.voting.letters.letter import printed_serial
from wijkagenda.voting.models import Electorate, VotingRound
from wijkagenda.voting.rehearsal import operations as rehearsing
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace

desk = Blueprint("voting_rehearsal_desk", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>")


@desk.get("/oefening")
@officers
def rehearsal(voting_round_id: int) -> str:
    """What a rehearsal is, before one begins."""
    voting_round = my_round(voting_round_id)
    return render_template("voting/desk_rehearsal.html", form=Form(), **_around(voting_round))


@desk.post("/oefening")
@officers
def rehearse(voting_round_id: int) -> Response | tuple[str, int]:
    voting_round, form = my_round(voting_round_id), Form()
    try:
        with unit_of_work():
            rehearsal_id = rehearsing.start_rehearsal(actor=current_actor(), now=now(), voting_round=voting_round).id
    except DomainError as error:
        form.add_error(error)
        return invalid("voting/desk_rehearsal.html", form, **_around(my_round(voting_round_id)))
    flash(_("De oefening staat klaar. Begin met de sleutels, net als straks."))
    return redirect(url_for("voting_desk.voting_round", voting_round_id=rehearsal_id))


@desk.get("/oefencodes")
@officers
@leaves_no_trace
def test_codes(voting_round_id: int) -> str:
    return render_template(
        "voting/desk_test_codes.html", form=ExerciseCodesForm(), **_around(my_round(voting_round_id))
    )


@desk.post("/oefencodes")
@officers
@leaves_no_trace
def make_test_codes(voting_round_id: int) -> Any:
    """The one answer with these codes in it. Sent again it makes others; each works once."""
    voting_round, form = my_round(voting_round_id), ExerciseCodesForm()
    if form.validate_on_submit():
        settings: Settings = current_app.config["SETTINGS"]
        try:
            with unit_of_work():
                made = rehearsing.make_test_codes(
                    actor=current_actor(),
                    now=now(),
                    voting_round=voting_round,
                    electorate=Electorate(form.electorate.data),
                    number=form.number.data or 0,
                    key=round_key(settings, voting_round_id),
                )
        except DomainError as error:
            form.add_error(error)
        else:
            codes = [(printed_serial(voting_round_id, serial), grouped(code)) for serial, code in made]
            return render_template("voting/test_codes.html", codes=codes, **_around(my_round(voting_round_id)))
    return invalid("voting/desk_test_codes.html", form, **_around(my_round(voting_round_id)))


@desk.get("/opruimen")
@officers
def removing(voting_round_id: int) -> str:
    return render_template("voting/desk_remove.html", form=SureForm(), **_around(my_round(voting_round_id)))


@desk.post("/opruimen")
@officers
def remove(voting_round_id: int) -> Response | tuple[str, int]:
    voting_round, form = my_round(voting_round_id), SureForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                rehearsing.remove_rehearsal(actor=current_actor(), now=now(), voting_round=voting_round)
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("De oefening is weg."))
            return redirect(url_for("voting_desk.rounds"))
    return invalid("voting/desk_remove.html", form, **_around(my_round(voting_round_id)))


def _around(voting_round: VotingRound) -> dict[str, Any]:
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "kept_days": rehearsing.KEPT_FOR.days,
    }
