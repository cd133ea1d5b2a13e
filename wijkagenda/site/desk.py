"""The desk: what waits for staff over all slices, and the overview of a manager."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, NotFound
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.people.policy import may_manage_staff
from wijkagenda.plan.models import ActionState
from wijkagenda.site.overview import Overview, overview_of
from wijkagenda.site.worklist import Kind, Task, areas_of, my_neighbourhoods, tasks_of
from wijkagenda.spreadsheet import as_csv
from wijkagenda.web.access import current_actor, roles, staff_only
from wijkagenda.web.clock import today
from wijkagenda.web.i18n import label, short_date
from wijkagenda.wishes.waiting import neighbourhoods_in

desk = Blueprint("desk", __name__, url_prefix="/werkplek")
WATCHING = (Role.CITY_DISTRICT_MANAGER, Role.RESEARCHER, Role.ADMINISTRATOR, Role.AREA_TEAM)
SHOWN_PER_GROUP = 15
TEAM = {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER}


@desk.app_context_processor
def desk_frame() -> dict[str, Any]:
    """What the bar of every staff page shows; on pages of residents these are never called."""
    return {"desk_links": desk_links, "desk_home": "/werkplek"}


def desk_links() -> list[tuple[str, str, str, int | None]]:
    """(key, words, address, count) of the pages this person can use."""
    actor = current_actor()
    links: list[tuple[str, str, str, int | None]] = [("worklist", _("Werklijst"), url_for("desk.work_list"), None)]
    for key, words, endpoint, wanted in (
        ("wishes", _("Wensen"), "wishes_desk.wishes", TEAM),
        ("points", _("Punten"), "priorities_desk.priorities", TEAM),
        ("voting", _("Stemming"), "voting_desk.rounds", {Role.VOTING_OFFICER}),
        ("agenda", _("Agenda en acties"), "agenda_desk.agendas", TEAM),
        ("news", _("Nieuws"), "progress_desk.updates", TEAM),
        ("conversations", _("Vragenlijsten"), "consultations_desk.surveys", TEAM | {Role.RESEARCHER}),
        (
            "neighbourhoods",
            _("Wijken"),
            "neighbourhoods_desk.neighbourhoods",
            TEAM | {Role.RESEARCHER, Role.ADMINISTRATOR},
        ),
        ("overview", _("Overzicht"), "desk.overview", set(WATCHING)),
        ("staff", _("Medewerkers"), "staff_desk.staff", {Role.ADMINISTRATOR} if may_manage_staff(actor) else set()),
        ("outbox", _("Mail"), "feedback_desk.outbox", {Role.ADMINISTRATOR}),
    ):
        if actor.has_any(wanted):
            links.append((key, words, url_for(endpoint), None))
    return links


def task_url(task: Task) -> str:
    """Where a task is done."""
    thing = str(task.thing)
    if task.kind is Kind.WISH:
        return url_for("wishes_desk.wish", reference=thing)
    if thing.startswith("remark-"):
        voting_round_id, remark_id = map(int, thing.removeprefix("remark-").split("-"))
        return url_for("voting_remarks_desk.remark", voting_round_id=voting_round_id, remark_id=remark_id)
    if thing.startswith("pile-"):
        voting_round_id, number = map(int, thing.removeprefix("pile-").split("-"))
        return url_for("voting_paper_desk.pile", voting_round_id=voting_round_id, number=number)
    if task.kind is Kind.VOTE:
        return url_for("voting_desk.voting_round", voting_round_id=task.thing)
    if thing.startswith("action-"):
        return url_for("progress_desk.new_update", action_id=int(thing.removeprefix("action-")))
    if thing.startswith("agenda-"):
        return url_for("agenda_desk.agenda", slug=thing.removeprefix("agenda-"))
    return url_for("progress_desk.update", update_id=task.thing)


@desk.get("/bouwstenen")
@staff_only
def gallery() -> str:
    """Every component of the face on one page; in the demo only."""
    if not current_app.config["SETTINGS"].demo:
        raise NotFound(N_("Deze pagina is er alleen in de demo."))
    return render_template("gallery.html")


@desk.get("")
@staff_only
def work_list() -> str:
    actor, day = current_actor(), today()
    tasks = tasks_of(actor, day)
    kind, wijk = request.args.get("soort", ""), request.args.get("wijk", "")
    shown = [
        task for task in tasks if (not kind or task.kind.value == kind) and (not wijk or task.neighbourhood == wijk)
    ]
    counts = [(_("Alles"), len(tasks), url_for("desk.work_list", wijk=wijk or None), not kind)]
    for each in Kind:
        number = sum(task.kind is each for task in tasks)
        if number:
            address = url_for("desk.work_list", soort=each.value, wijk=wijk or None)
            counts.append((label(each), number, address, kind == each.value))
    everything = "alles" in request.args
    groups = _groups(shown, day, len(shown) if everything else SHOWN_PER_GROUP)
    return render_template(
        "site/work_list.html",
        groups=groups,
        more=0 if everything else len(shown) - sum(len(rows) for _title, _look, rows in groups),
        late=sum(bool(task.days_late(day)) for task in tasks),
        now_due=sum(task.due_on == day for task in tasks),
        this_week=sum(bool(task.due_on and day < task.due_on <= day + timedelta(days=7)) for task in tasks),
        counts=counts,
        wijken=sorted({task.neighbourhood for task in tasks}),
        kind=kind,
        wijk=wijk,
        scope=_scope(actor),
    )


def _scope(actor: Actor) -> str:
    """The names of the neighbourhoods somebody works for, or how many."""
    names = [neighbourhood.name for neighbourhood in my_neighbourhoods(actor)]
    if len(names) > 3:
        return ngettext("%(num)s wijk", "%(num)s wijken", len(names))
    return ", ".join(names)


def _groups(tasks: list[Task], day: date, most: int) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Te laat, Vandaag, Deze week, Later: rows as the work table draws them."""
    late = [task for task in tasks if task.days_late(day)]
    due = [task for task in tasks if task.due_on == day]
    week = [task for task in tasks if task.due_on and day < task.due_on <= day + timedelta(days=7)]
    later = [task for task in tasks if task.due_on is None or task.due_on > day + timedelta(days=7)]
    return [
        (_("Te laat"), "late", [_row(task, day) for task in late[:most]]),
        (_("Vandaag"), "", [_row(task, day) for task in due[:most]]),
        (_("Deze week"), "", [_row(task, day) for task in week[:most]]),
        (_("Later"), "", [_row(task, day) for task in later[:most]]),
    ]


def _row(task: Task, day: date) -> dict[str, Any]:
    days = task.days_late(day)
    if days:
        term = ngettext("%(num)s dag te laat", "%(num)s dagen te laat", days)
    elif task.due_on == day:
        term = _("Vandaag")
    else:
        term = short_date(task.due_on) if task.due_on else "–"
    return {
        "url": task_url(task),
        "title": task.title,
        "number": f"{task.reference} · {task.neighbourhood}",
        "what": label(task.what),
        "term": term,
        "late": bool(days),
        "chosen": False,
    }


@desk.get("/overzicht")
@roles(*WATCHING)
def overview() -> str:
    actor, day = current_actor(), today()
    waiting = [task for task in tasks_of(actor, day) if task.kind is Kind.APPROVE]
    return render_template(
        "site/overview.html", overview=_overview(actor, day), waiting=waiting, states=ActionState, scope=_scope(actor)
    )


def _overview(actor: Actor, day: date) -> Overview:
    areas = areas_of(actor, WATCHING)
    return overview_of(neighbourhoods_in(areas), areas, day)


@desk.get("/overzicht.csv")
@roles(*WATCHING)
def overview_file() -> Response:
    """The table as a file."""
    day = today()
    columns = [
        "wijk",
        "fase",
        "wensen",
        "te laat",
        *(f"acties: {state.label.lower()}" for state in ActionState),
        "afgesproken euro",
        "uitgegeven euro",
        "laatste nieuws",
        "stand",
    ]
    rows = []
    for row in _overview(current_actor(), day).rows:
        counts = row.actions.standing.counts if row.actions else {}
        rows.append(
            (
                row.neighbourhood.name,
                row.phase.kind if row.phase else None,
                row.wishes,
                row.late,
                *(counts.get(state, 0) for state in ActionState),
                row.actions.budget if row.actions else None,
                row.actions.spent if row.actions else None,
                row.last_news,
                day,
            )
        )
    response = make_response(as_csv(columns, rows))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="overzicht-{day.isoformat()}.csv"'
    return response
