"""Who works here: administrators let people in, give roles by area, and read what was done."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.audit.queries import latest_entries
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, NotAllowed, NotFound
from wijkagenda.neighbourhoods.queries import all_city_districts, all_neighbourhoods
from wijkagenda.people import operations, policy
from wijkagenda.people.models import Role, RoleGrant, StaffMember
from wijkagenda.people.queries import all_staff
from wijkagenda.site.acts import act_words, subject_words
from wijkagenda.site.forms import GrantForm, StaffForm
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid

desk = Blueprint("staff_desk", __name__, url_prefix="/werkplek/medewerkers")


@desk.before_request
def _of_the_whole_municipality() -> None:
    """The guard lets in who administers an area; these pages are about everybody who works here."""
    if not policy.may_manage_staff(current_actor()):
        raise NotAllowed


def _area_choices() -> list[tuple[str, str]]:
    parts = [(str(d.area_id), _("Stadsdeel %(name)s", name=d.name)) for d in all_city_districts()]
    return [("", _("De hele gemeente")), *parts, *((str(n.area_id), n.name) for n in all_neighbourhoods())]


def _member(staff_id: int) -> StaffMember:
    member = next((member for member in all_staff() if member.id == staff_id), None)
    if member is None:
        raise NotFound(N_("Deze medewerker kennen wij niet."))
    return member


@desk.get("")
@roles(Role.ADMINISTRATOR)
def staff() -> str:
    return render_template("people/staff.html", form=StaffForm(), members=all_staff())


@desk.post("")
@roles(Role.ADMINISTRATOR)
def add() -> Response | tuple[str, int]:
    form = StaffForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                member = operations.add_staff_member(
                    actor=current_actor(), now=now(), email=form.email.data or "", name=form.name.data or ""
                )
            return redirect(url_for("staff_desk.member", staff_id=member.id))
        except DomainError as error:
            form.add_error(error)
    return invalid("people/staff.html", form, members=all_staff())


@desk.get("/<int:staff_id>")
@roles(Role.ADMINISTRATOR)
def member(staff_id: int) -> str:
    return render_template(
        "people/member.html", form=GrantForm().offer(_area_choices()), member=_member(staff_id), act=Form()
    )


@desk.post("/<int:staff_id>/rollen")
@roles(Role.ADMINISTRATOR)
def grant(staff_id: int) -> Response | tuple[str, int]:
    form = GrantForm().offer(_area_choices())
    person = _member(staff_id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.grant_role(
                    actor=current_actor(),
                    now=now(),
                    member=person,
                    role=Role(form.role.data),
                    area_id=int(form.area.data) if form.area.data else None,
                )
            return redirect(url_for("staff_desk.member", staff_id=staff_id))
        except DomainError as error:
            form.add_error(error)
    return invalid("people/member.html", form, member=person, act=Form())


@desk.post("/<int:staff_id>/rollen/<int:grant_id>/weg")
@roles(Role.ADMINISTRATOR)
def withdraw(staff_id: int, grant_id: int) -> Response:
    with unit_of_work():
        operations.withdraw_role(actor=current_actor(), now=now(), grant=_grant(_member(staff_id), grant_id))
    return redirect(url_for("staff_desk.member", staff_id=staff_id))


def _grant(person: StaffMember, grant_id: int) -> RoleGrant:
    found = next((grant for grant in person.grants if grant.id == grant_id), None)
    if found is None:
        raise NotFound(N_("Deze rol heeft deze medewerker niet (meer)."))
    return found


@desk.post("/<int:staff_id>/<any(sluiten, openen):what>")
@roles(Role.ADMINISTRATOR)
def set_active(staff_id: int, what: str) -> Response:
    with unit_of_work():
        operations.set_active(actor=current_actor(), now=now(), member=_member(staff_id), active=what == "openen")
    return redirect(url_for("staff_desk.member", staff_id=staff_id))


@desk.get("/logboek")
@roles(Role.ADMINISTRATOR)
def audit() -> str:
    names = {member.id: member.name for member in all_staff()}
    lines = [(entry, act_words(entry), subject_words(entry)) for entry in latest_entries(200)]
    return render_template("people/audit.html", lines=lines, names=names)
