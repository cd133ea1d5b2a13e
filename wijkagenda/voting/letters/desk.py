"""Routes for voting officers about letters and codes: ask, fetch, replace, take back, give at the desk.

Codes leave the house in two ways, each once: in the file with letters, and on the page for somebody without a letter.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, Conflict, DomainError, Invalid
from wijkagenda.people.models import Role
from wijkagenda.voting.codes import round_key
from wijkagenda.voting.guards import must_be_officer
from wijkagenda.voting.letters import operations, queries, serials
from wijkagenda.voting.letters.addresses import (
    LARGEST_FILE,
    PROBLEMS_SHOWN,
    Address,
    BadAddresses,
    Window,
    keep_addresses,
    read_addresses,
    typed_address,
)
from wijkagenda.voting.letters.alarm import alarm_since
from wijkagenda.voting.letters.forms import DeskCodeForm, LettersForm, ReturnedForm, SerialForm
from wijkagenda.voting.letters.letter import address_of_vote, make_letter
from wijkagenda.voting.letters.run import addresses_file, letters_file, throw_away
from wijkagenda.voting.letters.serials import UsedCode
from wijkagenda.voting.models import BatchKind, CodeBatch, CodeBatchState, Electorate, VotingRound, VotingState
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import translate

desk = Blueprint("voting_letters", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>")

officers = roles(Role.VOTING_OFFICER)
BYTES_AT_ONCE = 64 * 1024
SECONDS_BETWEEN_SIGNS = 60.0
"""How often a download on a slow line says that it is still going."""
DOUBLES_SHOWN = 5
ROOM_FOR_THE_FORM = 64 * 1024


@desk.url_value_preprocessor
def take_long_lists(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The list of addresses of a city is longer than anything else that is sent here; said before the form is read."""
    if endpoint == f"{desk.name}.ask":
        request.max_content_length = LARGEST_FILE + ROOM_FOR_THE_FORM


@desk.get("/brieven")
@officers
def letters(voting_round_id: int) -> str:
    """Letters asked for and made, and how far the worker is."""
    return render_template("voting/desk_letters.html", **_context(_mine(voting_round_id), LettersForm()))


@desk.post("/brieven")
@officers
def ask(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """Ask for letters: to the addresses in a file, or so many with only a number."""
    voting_round, form = _mine(voting_round_id), LettersForm()
    problems: list[tuple[int, str]] = []
    if form.validate_on_submit():
        try:
            _ask(voting_round, form)
        except DomainError as error:
            if isinstance(error, BadAddresses):
                problems = [(each.line, translate(each.message, each.params)) for each in error.problems]
            form.add_error(error)
        else:
            flash(_("Wij maken de brieven. Op deze bladzijde ziet u hoe ver wij zijn."))
            return redirect(url_for("voting_letters.letters", voting_round_id=voting_round_id))
    context = _context(_mine(voting_round_id), form)
    return invalid("voting/desk_letters.html", **context, problems=problems, most_problems=PROBLEMS_SHOWN)


def _ask(voting_round: VotingRound, form: LettersForm) -> None:
    content, moment = form.content, now()
    listed = read_addresses(content) if content is not None else None
    if listed and listed.doubles and not form.doubles.data:
        raise Invalid(
            N_(
                "Dezelfde naam en hetzelfde adres staan vaker in het bestand: %(number)s keer, bijvoorbeeld op regel %(lines)s. "
                "Klopt dat? Zet dan een vinkje en kies het bestand opnieuw."
            ),
            field="doubles",
            number=len(listed.doubles),
            lines=", ".join(f"{line} (= {before})" for line, before in listed.doubles[:DOUBLES_SHOWN]),
        )
    addresses = listed.addresses if listed else []
    with _Keeping(form.window.data) as keeping, unit_of_work():
        batch = operations.ask_letters(
            actor=current_actor(),
            now=moment,
            voting_round=voting_round,
            electorate=Electorate(form.electorate.data),
            size=len(addresses) if listed else form.size.data or 0,
            addressed=listed is not None,
            submission_key=form.submission_key.data,
        )
        keeping.keep(batch, addresses, moment)


class _Keeping:
    """Addresses beside the letters, for a run that is committed; none for a run that is not."""

    def __init__(self, window: str) -> None:
        self.window = Window(window)
        self.path: Path | None = None

    def __enter__(self) -> "_Keeping":
        return self

    def keep(self, batch: CodeBatch, addresses: list[Address], moment: datetime) -> None:
        # The same form once more: that run has its addresses, and may be at work with them.
        if addresses and batch.asked_at == moment:
            self.path = addresses_file(_settings(), batch.id)
            keep_addresses(self.path, addresses, self.window)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None and self.path is not None:
            self.path.unlink(missing_ok=True)


@desk.post("/brieven/<int:batch_id>/ophalen")
@officers
def fetch(voting_round_id: int, batch_id: int) -> Response:
    """Letters and list of serials, to one person: when the last byte is sent the file goes. What breaks off can be redone."""
    voting_round = _mine(voting_round_id)
    batch = queries.batch_by_id(voting_round.id, batch_id)
    settings, path = _settings(), letters_file(_settings(), batch.id)
    if not path.exists():
        raise Conflict(operations.fetched_before(batch=batch))
    actor, moment, size = current_actor(), now(), path.stat().st_size
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # Committed before the first byte: nothing is locked while a slow connection takes its time.
    with unit_of_work():
        operations.begin_fetching(actor=actor, now=moment, batch=batch)

    def parts() -> Iterator[bytes]:
        said = monotonic()
        with path.open("rb") as file:
            while part := file.read(BYTES_AT_ONCE):
                yield part
                if monotonic() - said >= SECONDS_BETWEEN_SIGNS:
                    said = monotonic()
                    with app.app_context(), unit_of_work():
                        operations.go_on_fetching(now=now(), batch_id=batch_id)
        throw_away(settings, batch_id)
        # The request is over by now: the last step has a context and a session of its own.
        with app.app_context(), unit_of_work():
            operations.mark_fetched(actor=actor, now=moment, batch=queries.batch_by_id(voting_round_id, batch_id))

    response = Response(parts(), mimetype="application/zip")
    what = "stembiljetten" if batch.kind is BatchKind.PAPER else "brieven"
    response.headers["Content-Disposition"] = f'attachment; filename="{what}-{voting_round_id}-{batch_id}.zip"'
    response.headers["Content-Length"] = str(size)
    return response


@desk.get("/codes")
@officers
def codes(voting_round_id: int) -> str:
    """A letter that is lost; and what happened to the codes so far."""
    return render_template("voting/desk_codes.html", **_context(_mine(voting_round_id), SerialForm()))


@desk.post("/codes")
@officers
def replace(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """A new letter for a lost one."""
    voting_round, form = _mine(voting_round_id), SerialForm()

    def act() -> str:
        moment = now()
        address = typed_address(
            name=form.name.data, line=form.line.data, postcode=form.postcode.data, place=form.place.data
        )
        with _Keeping(form.window.data) as keeping, unit_of_work():
            batch = serials.replace_code(
                actor=current_actor(),
                now=moment,
                voting_round=voting_round,
                serial=form.number(voting_round.id),
                addressed=address is not None,
                submission_key=form.submission_key.data,
            )
            keeping.keep(batch, [address] if address else [], moment)
        return _("De oude code werkt niet meer. Wij maken 1 nieuwe brief. Haal hem hieronder op.")

    return _on_serial(voting_round_id, form, act, "replace")


@desk.post("/codes/intrekken")
@officers
def void(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """The code of a letter becomes worthless, without a new one."""
    voting_round, form = _mine(voting_round_id), SerialForm()

    def act() -> str:
        with unit_of_work():
            serials.void_code(
                actor=current_actor(), now=now(), voting_round=voting_round, serial=form.number(voting_round.id)
            )
        return _("De code is ingetrokken. Er komt geen nieuwe brief.")

    return _on_serial(voting_round_id, form, act, "void")


def _on_serial(voting_round_id: int, form: SerialForm, act: Any, asked: str) -> AnyResponse | tuple[str, int]:
    """Do it, or say why not. Who learns that a serial has voted is on record."""
    if form.validate_on_submit():
        try:
            done = act()
        except DomainError as error:
            if isinstance(error, UsedCode):
                with unit_of_work():
                    serials.note_refusal(
                        actor=current_actor(),
                        now=now(),
                        voting_round=_mine(voting_round_id),
                        serial=error.serial,
                        asked=asked,
                    )
            form.add_error(error)
        else:
            flash(done)
            page = "letters" if asked == "replace" else "codes"
            return redirect(url_for(f"voting_letters.{page}", voting_round_id=voting_round_id))
    return invalid("voting/desk_codes.html", **_context(_mine(voting_round_id), form))


@desk.get("/codes/terug")
@officers
def returned_form(voting_round_id: int) -> str:
    return render_template("voting/desk_returned.html", **_context(_mine(voting_round_id), ReturnedForm()))


@desk.post("/codes/terug")
@officers
def returned(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """Letters that came back by post. Whether a code was used is not told."""
    voting_round, form = _mine(voting_round_id), ReturnedForm()
    if form.validate_on_submit():
        try:
            numbers, unread = form.numbers(voting_round.id)
            if unread:
                raise Invalid(
                    N_("Dit zijn geen volgnummers van deze stemming: %(serials)s. Er is niets veranderd."),
                    field="serials",
                    serials=", ".join(each[:20] for each in unread[: serials.UNKNOWN_SHOWN]),
                )
            with unit_of_work():
                new = serials.return_letters(
                    actor=current_actor(), now=now(), voting_round=voting_round, serials=numbers
                )
        except DomainError as error:
            form.add_error(error)
        else:
            flash(
                ngettext("%(num)s brief staat nu als teruggekomen.", "%(num)s brieven staan nu als teruggekomen.", new)
            )
            return redirect(url_for("voting_letters.codes", voting_round_id=voting_round_id))
    return invalid("voting/desk_returned.html", **_context(_mine(voting_round_id), form))


@desk.get("/balie")
@officers
def desk_code_form(voting_round_id: int) -> str:
    """Somebody without a letter: no fixed address, or a secret one."""
    return render_template("voting/desk_give.html", **_context(_mine(voting_round_id), DeskCodeForm()))


@desk.post("/balie")
@officers
@leaves_no_trace
def give_code(voting_round_id: int) -> str | tuple[str, int]:
    """One code, shown once: the answer to this form, which nothing keeps."""
    voting_round, form = _mine(voting_round_id), DeskCodeForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                serial, code = serials.issue_at_desk(
                    actor=current_actor(),
                    now=now(),
                    voting_round=voting_round,
                    electorate=Electorate(form.electorate.data),
                    key=round_key(_settings(), voting_round.id),
                    submission_key=form.submission_key.data,
                )
        except DomainError as error:
            form.add_error(error)
        else:
            return render_template(
                "voting/desk_code.html",
                letter=make_letter(_settings(), voting_round.id, serial, code),
                electorate=Electorate(form.electorate.data),
                address=address_of_vote(_settings()),
                **_context(_mine(voting_round_id), Form()),
            )
    return invalid("voting/desk_give.html", **_context(_mine(voting_round_id), form))


# --- shared ----------------------------------------------------------------------------------------


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _mine(voting_round_id: int) -> VotingRound:
    """A vote of my neighbourhoods, in which I have no interest of my own."""
    voting_round = voting_round_by_id(voting_round_id)
    must_be_officer(actor=current_actor(), voting_round=voting_round)
    return voting_round


def _context(voting_round: VotingRound, form: Form) -> dict[str, Any]:
    batches = queries.batches_of(voting_round.id)
    return {
        "form": form,
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "open": voting_round.state is VotingState.OPEN and now() < voting_round.closes_at,
        "batches": batches,
        "busy": any(batch.state is CodeBatchState.ASKED for batch in batches),
        "counts": {who: count for who, count in queries.letter_counts(voting_round).items() if count.made},
        "alarm_since": alarm_since(now()),
    }
