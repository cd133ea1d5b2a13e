"""Routes with which an officer turns this computer into a kiosk, and back."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.people.models import Role
from wijkagenda.voting.ballot import receipt_cookie
from wijkagenda.voting.kiosk import cookie, operations
from wijkagenda.voting.kiosk.forms import KioskForm
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.policy import may_count
from wijkagenda.voting.queries import all_rounds
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid

desk = Blueprint("voting_kiosk_desk", __name__, url_prefix="/werkplek/stemmingen/kiosk")
officers = roles(Role.VOTING_OFFICER)


@desk.get("")
@officers
def kiosk() -> str:
    rounds, form = _mine(), KioskForm()
    form.offer(rounds)
    form.voting_round_ids.data = [one.id for one in rounds]
    return render_template("voting/desk_kiosk.html", form=form, rounds=rounds, is_kiosk=cookie.kiosk() is not None)


@desk.post("")
@officers
def set_up() -> Response | tuple[str, int]:
    rounds, form = _mine(), KioskForm()
    form.offer(rounds)
    if form.validate_on_submit():
        # Looked up among the votes of this officer, so no other can be named.
        chosen = [one for one in rounds if one.id in (form.voting_round_ids.data or [])]
        try:
            with unit_of_work():
                until = operations.set_up(actor=current_actor(), now=now(), voting_rounds=chosen)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error)
        else:
            response: Response = redirect(url_for("voting.enter_code"))
            cookie.turn_on(response, [one.id for one in chosen], until)
            # The next who sits here is a voter.
            logout_user()
            session.clear()
            return receipt_cookie.forget(response)
    return invalid("voting/desk_kiosk.html", form, rounds=rounds, is_kiosk=cookie.kiosk() is not None)


@desk.post("/uit")
@officers
def turn_off() -> Response:
    response: Response = redirect(url_for("voting_kiosk_desk.kiosk"))
    cookie.turn_off(response)
    flash(_("Dit is nu weer een gewone computer."))
    return response


def _mine() -> list[VotingRound]:
    """The votes of this officer in which people can vote now, or soon."""
    actor, moment = current_actor(), now()
    return [
        one
        for one in all_rounds()
        if one.state is VotingState.OPEN and moment < one.closes_at and may_count(actor, one.round.neighbourhood)
    ]
