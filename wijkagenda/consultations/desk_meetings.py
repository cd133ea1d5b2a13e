"""Routes for staff about meetings; desk.py hangs them in its own blueprint."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.consultations import operations, policy, queries
from wijkagenda.consultations.forms import CancelForm, MeetingForm
from wijkagenda.consultations.models import Meeting, MeetingState
from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.people.models import Role
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid

meetings_desk = Blueprint("meetings", __name__, url_prefix="/bijeenkomsten")

MEETING_STAFF = (Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR)
meeting_staff = roles(*MEETING_STAFF)


@meetings_desk.get("")
@meeting_staff
def meetings() -> str:
    """The meetings of my neighbourhoods: to come, and those that were and may need a report."""
    mine = [n.id for n in _my_neighbourhoods()]
    return render_template(
        "consultations/desk_meetings.html",
        upcoming=queries.upcoming_meetings(now(), mine),
        past=queries.past_meetings(now(), mine),
    )


@meetings_desk.get("/nieuw")
@meeting_staff
def new_meeting() -> str:
    form = MeetingForm()
    form.offer(_my_neighbourhoods())
    return render_template("consultations/desk_meeting.html", form=form, meeting=None)


@meetings_desk.post("/nieuw")
@meeting_staff
def plan_meeting() -> Response | tuple[str, int]:
    form, mine = MeetingForm(), _my_neighbourhoods()
    form.offer(mine)
    if not form.validate_on_submit():
        return invalid("consultations/desk_meeting.html", form, meeting=None)
    neighbourhood = next(n for n in mine if n.id == form.neighbourhood.data)
    try:
        with unit_of_work():
            operations.plan_meeting(actor=current_actor(), now=now(), neighbourhood=neighbourhood, **form.values)
    except DomainError as error:
        form.add_error(error)
        return invalid("consultations/desk_meeting.html", form, meeting=None)
    flash(_("De bijeenkomst staat op de site."))
    return redirect(url_for("consultations_desk.meetings.meetings"))


@meetings_desk.get("/<int:meeting_id>")
@meeting_staff
def meeting(meeting_id: int) -> str:
    found = _mine(meeting_id)
    form = MeetingForm(obj=found, neighbourhood=found.neighbourhood_id)
    form.offer([found.neighbourhood])
    form.show(found)
    return _meeting_page(found, form)


@meetings_desk.post("/<int:meeting_id>")
@meeting_staff
def change_meeting(meeting_id: int) -> Response | tuple[str, int]:
    found, form = _mine(meeting_id), MeetingForm()
    form.offer([found.neighbourhood])
    if not form.validate_on_submit():
        return _meeting_page(found, form), 422
    try:
        with unit_of_work():
            operations.change_meeting(
                actor=current_actor(),
                now=now(),
                meeting=_mine(meeting_id),
                report=form.report.data or "",
                **form.values,
            )
    except DomainError as error:
        form.add_error(error)
        return _meeting_page(_mine(meeting_id), form), 422
    flash(_("De bijeenkomst is bewaard."))
    return redirect(url_for("consultations_desk.meetings.meeting", meeting_id=meeting_id))


@meetings_desk.post("/<int:meeting_id>/afzeggen")
@meeting_staff
def cancel_meeting(meeting_id: int) -> Response | tuple[str, int]:
    cancel = CancelForm(prefix="af")
    found = _mine(meeting_id)
    if not cancel.validate_on_submit():
        return _cancel_again(found, cancel)
    try:
        with unit_of_work():
            operations.cancel_meeting(
                actor=current_actor(), now=now(), meeting=_mine(meeting_id), other_way=cancel.other_way.data or ""
            )
    except DomainError as error:
        cancel.add_error(error)
        return _cancel_again(_mine(meeting_id), cancel)
    flash(_("De bijeenkomst is afgezegd. Op de site staat hoe mensen nu kunnen meedoen."))
    return redirect(url_for("consultations_desk.meetings.meeting", meeting_id=meeting_id))


def _cancel_again(found: Meeting, cancel: CancelForm) -> tuple[str, int]:
    form = MeetingForm(formdata=None, obj=found)
    form.offer([found.neighbourhood])
    form.show(found)
    return _meeting_page(found, form, cancel), 422


def _meeting_page(found: Meeting, form: MeetingForm, cancel: CancelForm | None = None) -> str:
    return render_template(
        "consultations/desk_meeting.html",
        form=form,
        meeting=found,
        cancel_form=cancel or CancelForm(formdata=None, prefix="af"),
        can_cancel=found.state is MeetingState.PLANNED and found.ends_at > now(),
        errors=[*form.error_list, *(cancel.error_list if cancel else [])],
    )


def _mine(meeting_id: int) -> Meeting:
    """A meeting I may work on; NotFound or NotAllowed."""
    found = queries.meeting_by_id(meeting_id)
    if not policy.may_plan_meetings(current_actor(), found.neighbourhood):
        raise NotAllowed
    return found


def _my_neighbourhoods() -> list[Neighbourhood]:
    return [n for n in all_neighbourhoods() if policy.may_plan_meetings(current_actor(), n)]
