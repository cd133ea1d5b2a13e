"""The outbox for staff: what waits, and what could not be delivered."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.feedback import operations, policy, queries
from wijkagenda.people.models import Role
from wijkagenda.web.access import current_actor, roles, staff_only
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form

desk = Blueprint("feedback_desk", __name__, url_prefix="/werkplek")


@desk.get("/berichten")
@staff_only
def outbox() -> str:
    return render_template(
        "feedback/outbox.html",
        stand=queries.outbox_stand(),
        may_retry=policy.may_retry_messages(current_actor()),
        form=Form(),
    )


@desk.post("/berichten/<int:message_id>/opnieuw")
@roles(Role.ADMINISTRATOR)
def retry(message_id: int) -> Response:
    with unit_of_work():
        operations.retry_message(actor=current_actor(), now=now(), message=queries.message_by_id(message_id))
    flash(_("Wij proberen het bericht opnieuw te versturen."))
    return redirect(url_for("feedback_desk.outbox"))


@desk.post("/berichten/<int:message_id>/vergeten")
@roles(Role.ADMINISTRATOR)
def drop(message_id: int) -> Response:
    with unit_of_work():
        operations.drop_message(actor=current_actor(), now=now(), message=queries.message_by_id(message_id))
    flash(_("Het bericht is vergeten. Ook het adres en de tekst zijn weg."))
    return redirect(url_for("feedback_desk.outbox"))
