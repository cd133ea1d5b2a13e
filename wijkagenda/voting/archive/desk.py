"""Bringing in earlier votes, for voting officers and administrators."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, Invalid, NotAllowed, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.people.models import Role
from wijkagenda.voting.archive import operations, policy, queries
from wijkagenda.voting.archive.forms import ImportForm, RemoveForm
from wijkagenda.voting.archive.incoming import LARGEST_ON_SITE, count_incoming
from wijkagenda.voting.archive.models import ArchivedVote
from wijkagenda.voting.counting import Rule
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid
from wijkagenda.web.i18n import current_language

desk = Blueprint("voting_archive_desk", __name__, url_prefix="/werkplek/stemmingen/archief")
archivists = roles(Role.VOTING_OFFICER, Role.ADMINISTRATOR)
ROOM_FOR_THE_FORM = 64 * 1024
SECONDS = 60
"""Processor time for the count of a file that comes in."""


@desk.url_value_preprocessor
def take_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The ballots of a city are more than anything else that is sent here; said before the form is read."""
    if endpoint == f"{desk.name}.bring_in":
        request.max_content_length = LARGEST_ON_SITE + ROOM_FOR_THE_FORM


@desk.get("")
@archivists
def archive() -> str:
    """What is there, and the form to bring in another."""
    return render_template("voting/desk_archive.html", **_context(_form()))


@desk.post("")
@archivists
def bring_in() -> Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        try:
            neighbourhood = _chosen(form.neighbourhood.data)
            counted = count_incoming(
                _sent(form.file.data), Rule(form.rule.data), language=current_language(), seconds=SECONDS
            )
            with unit_of_work():
                vote = operations.import_vote(
                    actor=current_actor(),
                    now=now(),
                    counted=counted,
                    title=form.title.data or "",
                    neighbourhood=neighbourhood,
                    source=form.source.data or "",
                )
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(error)
        else:
            flash(_("De stemming staat op de site. Kijk de uitslag na."))
            return redirect(url_for("voting_archive.vote", slug=vote.slug))
    return invalid("voting/desk_archive.html", **_context(form))


@desk.get("/<slug>/weg")
@archivists
def sure(slug: str) -> str:
    return render_template("voting/desk_archive_remove.html", vote=_mine(slug), form=RemoveForm())


@desk.post("/<slug>/weg")
@archivists
def remove(slug: str) -> Response | tuple[str, int]:
    vote, form = _mine(slug), RemoveForm()
    if not form.validate_on_submit():
        return invalid("voting/desk_archive_remove.html", form, vote=vote)
    with unit_of_work():
        operations.remove_vote(actor=current_actor(), now=now(), vote=vote)
    flash(_("De stemming staat niet meer op de site."))
    return redirect(url_for("voting_archive_desk.archive"))


def _sent(file: object) -> bytes:
    content = file.read() if isinstance(file, FileStorage) else b""
    if not content:
        chosen = isinstance(file, FileStorage) and file.filename
        raise Invalid(N_("Dit bestand is leeg.") if chosen else N_("Kies een bestand."), field="file")
    return content


def _mine(slug: str) -> ArchivedVote:
    vote = queries.vote_by_slug(slug)
    if not policy.may_import(current_actor(), vote.neighbourhood):
        raise NotAllowed
    return vote


def _neighbourhoods() -> list[Neighbourhood]:
    return [one for one in all_neighbourhoods() if policy.may_import(current_actor(), one)]


def _chosen(written: str | None) -> Neighbourhood | None:
    """The wijk it was a vote of, or none; raises NotAllowed before anything is counted."""
    if not written:
        if not policy.may_import(current_actor(), None):
            raise NotAllowed
        return None
    found = next((one for one in _neighbourhoods() if str(one.id) == written), None)
    if found is None:
        raise NotFound(N_("Deze wijk kennen wij niet."))
    return found


def _form() -> ImportForm:
    return ImportForm.over(_neighbourhoods(), _("Geen: de hele gemeente"))


def _context(form: ImportForm) -> dict[str, Any]:
    return {"form": form, "votes": queries.archived_votes(), "may_remove": policy.may_import}
