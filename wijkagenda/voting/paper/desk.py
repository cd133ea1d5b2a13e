"""Routes for paper ballots: piles, stubs, typing over, and into the box. The code of a stub stands in no address."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, NotAllowed, NotFound
from wijkagenda.people.models import Role
from wijkagenda.voting.codes import round_keys
from wijkagenda.voting.letters import operations as letter_operations
from wijkagenda.voting.letters import serials
from wijkagenda.voting.letters.queries import batches_of as batches_of_codes
from wijkagenda.voting.models import BallotType, BatchKind, Electorate, VotingRound, VotingState
from wijkagenda.voting.paper import entering, operations, policy, queries
from wijkagenda.voting.paper.forms import (
    BallotsForm,
    BoxForm,
    FillForm,
    LeftOverForm,
    MergeForm,
    PileForm,
    SheetForm,
    StubForm,
)
from wijkagenda.voting.paper.models import FEWEST_SHEETS, PaperBatch, PaperState
from wijkagenda.voting.paper.operations import Stub
from wijkagenda.voting.paper.printing import ballot_file
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.web.access import current_actor, roles
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace

desk = Blueprint("voting_paper_desk", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>/papier")
officers = roles(Role.VOTING_OFFICER)


@desk.get("")
@officers
def piles(voting_round_id: int) -> str:
    return render_template("voting/desk_paper.html", **_overview(_mine(voting_round_id)))


@desk.post("")
@officers
def begin_pile(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    voting_round, form = _mine(voting_round_id), PileForm()
    form.offer(voting_round)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                number = operations.open_batch(
                    actor=current_actor(),
                    now=now(),
                    voting_round=voting_round,
                    electorate=Electorate(form.electorate.data),
                ).number
        except DomainError as error:
            form.add_error(error)
        else:
            return _to("pile", voting_round_id, number)
    return invalid("voting/desk_paper.html", **_overview(_mine(voting_round_id), pile_form=form))


@desk.post("/biljetten")
@officers
def ask_ballots(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """Ballots with a fresh code on each stub, made by the worker and fetched once, like letters."""
    voting_round, form = _mine(voting_round_id), BallotsForm()
    form.offer(voting_round)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                letter_operations.ask_ballots(
                    actor=current_actor(),
                    now=now(),
                    voting_round=voting_round,
                    electorate=Electorate(form.group.data),
                    size=form.size.data or 0,
                    submission_key=form.submission_key.data,
                )
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("Wij maken de stembiljetten. Op deze bladzijde ziet u hoe ver wij zijn."))
            return redirect(url_for("voting_paper_desk.piles", voting_round_id=voting_round_id))
    return invalid("voting/desk_paper.html", **_overview(_mine(voting_round_id), ballots_form=form))


@desk.post("/over")
@officers
def withdraw(voting_round_id: int) -> AnyResponse | tuple[str, int]:
    """Ballots with a code that are left over. Which of them had voted is not told."""
    voting_round, form = _mine(voting_round_id), LeftOverForm()
    form.voting_round_id = voting_round.id
    if form.validate_on_submit():
        try:
            first, last = form.serials()
            asked: dict[str, Any] = {"first": first, "last": last, "reason": form.reason.data or ""}
            with unit_of_work():
                serials.withdraw_stubs(actor=current_actor(), now=now(), voting_round=voting_round, **asked)
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("Deze codes werken niet meer. Vernietig de biljetten die over zijn."))
            return redirect(url_for("voting_paper_desk.piles", voting_round_id=voting_round_id))
    return invalid("voting/desk_paper.html", **_overview(_mine(voting_round_id), left_form=form))


@desk.get("/stembiljet.pdf")
@officers
def ballot_paper(voting_round_id: int) -> Response:
    """The ballot to print: the same for everyone, made once by the worker when the vote is set."""
    voting_round = _mine(voting_round_id)
    path = ballot_file(_settings(), voting_round.id)
    if not path.exists():
        raise NotFound(N_("Het stembiljet is nog niet gemaakt. Probeer het over een minuut nog eens."))
    return send_file(path, mimetype="application/pdf", download_name=f"stembiljet-{voting_round.id}.pdf")


@desk.get("/<int:number>")
@officers
@leaves_no_trace
def pile(voting_round_id: int, number: int) -> str:
    return render_template("voting/desk_pile.html", **_context(*_pile(voting_round_id, number)))


@desk.post("/<int:number>/strook")
@officers
@leaves_no_trace
def type_stub(voting_round_id: int, number: int) -> AnyResponse | tuple[str, int]:
    _voting_round, batch = _pile(voting_round_id, number)
    form = StubForm()
    try:
        with unit_of_work():
            outcome = operations.use_stub(
                actor=current_actor(),
                now=now(),
                batch=batch,
                typed=form.code.data or "",
                keys=round_keys(_settings()),
            )
    except DomainError as error:
        return _again(error, voting_round_id, number, stub_form=form)
    words, category = _what_to_do(outcome)
    flash(words, category)
    return _to("pile", voting_round_id, number)


def _what_to_do(outcome: Stub) -> tuple[str, str]:
    """What the desk does with strook and biljet now."""
    aside = _("Leg strook en biljet in de envelop ‘telt niet’.")
    return {
        Stub.TAKEN: (_("De code is gebruikt. Leg het biljet op deze stapel, ongelezen."), "message"),
        Stub.USED_BEFORE: (_("Met deze code is al gestemd. Dit biljet telt niet.") + " " + aside, "error"),
        Stub.TYPED_BEFORE: (
            _("Deze strook is al getypt. Deed u dat zelf zojuist? Dan is er niets mis. Anders telt dit biljet niet.")
            + " "
            + aside,
            "error",
        ),
        Stub.VOIDED: (_("Deze code is ingetrokken. Dit biljet telt niet.") + " " + aside, "error"),
        Stub.OTHER_PILE: (
            _("Deze strook hoort bij een andere groep kiezers. Er is niets gebruikt. Typ hem bij de goede stapel."),
            "error",
        ),
    }[outcome]


@desk.post("/<int:number>/vol")
@officers
def fill(voting_round_id: int, number: int) -> AnyResponse | tuple[str, int]:
    _voting_round, batch = _pile(voting_round_id, number)
    form = FillForm()

    def act() -> None:
        operations.fill_batch(
            actor=current_actor(),
            now=now(),
            batch=batch,
            sheets=-1 if form.sheets.data is None else form.sheets.data,
            because=form.because.data or "",
        )

    done = _("De stapel is vol. Nu typen twee mensen hem over, ieder apart.")
    return _act(form, act, done, voting_round_id, number, fill_form=form)


@desk.post("/<int:number>/samenvoegen")
@officers
def merge(voting_round_id: int, number: int) -> AnyResponse | tuple[str, int]:
    voting_round, batch = _pile(voting_round_id, number)
    form = MergeForm()
    form.offer(_others(batch))

    def act() -> None:
        into = queries.batch_by_number(voting_round.id, form.into.data)
        operations.merge_batches(actor=current_actor(), now=now(), batch=batch, into=into)

    done = _("De stapels zijn samen. Leg de biljetten door elkaar.")
    return _act(form, act, done, voting_round_id, number, merge_form=form)


@desk.post("/<int:number>/weer-open")
@officers
def reopen(voting_round_id: int, number: int) -> AnyResponse | tuple[str, int]:
    _voting_round, batch = _pile(voting_round_id, number)

    def act() -> None:
        operations.reopen_batch(actor=current_actor(), now=now(), batch=batch)

    return _act(Form(), act, _("De stapel neemt weer biljetten aan."), voting_round_id, number)


@desk.post("/<int:number>/stembus")
@officers
def into_the_box(voting_round_id: int, number: int) -> AnyResponse | tuple[str, int]:
    _voting_round, batch = _pile(voting_round_id, number)
    agrees = batch.state is PaperState.FULL and queries.progress_of(batch, None).agrees
    # Nobody is asked whether they are sure of what cannot be done: the act itself says why.
    form = BoxForm() if agrees else Form()

    def act() -> None:
        entering.put_in_box(actor=current_actor(), now=now(), batch=batch)

    done = _("De stapel zit in de stembus. Bewaar de papieren biljetten in een verzegelde envelop.")
    return _act(form, act, done, voting_round_id, number, **({"box_form": form} if agrees else {}))


@desk.get("/<int:number>/biljet/<int:sheet>")
@officers
@leaves_no_trace
def sheet(voting_round_id: int, number: int, sheet: int) -> str | AnyResponse:
    voting_round, batch = _pile(voting_round_id, number)
    form = SheetForm()
    form.fit(voting_round.options)
    if batch.state is not PaperState.FULL:
        return _to("pile", voting_round_id, number)
    return render_template("voting/desk_sheet.html", form=form, **_sheet_context(voting_round, batch, sheet))


@desk.post("/<int:number>/biljet/<int:sheet>")
@officers
@leaves_no_trace
def enter(voting_round_id: int, number: int, sheet: int) -> AnyResponse | tuple[str, int]:
    voting_round, batch = _pile(voting_round_id, number)
    form = SheetForm()
    form.fit(voting_round.options)
    if form.validate_on_submit():
        try:
            content = _content(form, voting_round, batch)
            with unit_of_work():
                entering.enter_sheet(
                    actor=current_actor(),
                    now=now(),
                    batch=batch,
                    sheet=sheet,
                    content=content,
                    secret=_settings().secret_key,
                    reason=form.reason.data or "",
                )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("Biljet %(sheet)s is bewaard.", sheet=sheet))
            following = queries.progress_of(batch, current_actor().staff_id).next_after(sheet)
            if following is None:
                return _to("pile", voting_round_id, number)
            return _to("sheet", voting_round_id, number, sheet=following)
    voting_round, batch = _pile(voting_round_id, number)
    return invalid("voting/desk_sheet.html", form, **_sheet_context(voting_round, batch, sheet))


def _content(form: SheetForm, voting_round: VotingRound, batch: PaperBatch) -> bytes:
    if voting_round.ballot_type is BallotType.POINTS:
        given = form.given_points(voting_round.options)
        return entering.content_of_sheet(batch, points=given, blank=form.is_blank)
    crosses = form.crosses(voting_round.options)
    return entering.content_of_sheet(batch, choices=crosses, blank=form.is_blank)


# --- shared ----------------------------------------------------------------------------------------


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _mine(voting_round_id: int) -> VotingRound:
    """A vote of my neighbourhoods, in which I have no interest of my own."""
    voting_round = voting_round_by_id(voting_round_id)
    if not policy.may_handle_paper(current_actor(), voting_round.round.neighbourhood):
        raise NotAllowed
    return voting_round


def _pile(voting_round_id: int, number: int) -> tuple[VotingRound, PaperBatch]:
    voting_round = _mine(voting_round_id)
    return voting_round, queries.batch_by_number(voting_round.id, number)


def _others(batch: PaperBatch) -> list[PaperBatch]:
    """The piles this one could go with."""
    return [
        other
        for other in queries.batches_of(batch.voting_round_id)
        if other.electorate is batch.electorate and other.state is PaperState.TAKING and other.id != batch.id
    ]


def _to(view: str, voting_round_id: int, number: int, **more: int) -> AnyResponse:
    address: dict[str, Any] = {"voting_round_id": voting_round_id, "number": number} | more
    return redirect(url_for(f"voting_paper_desk.{view}", **address))


def _act(
    form: Form, act: Callable[[], object], done: str, voting_round_id: int, number: int, **forms: Form
) -> AnyResponse | tuple[str, int]:
    """One act on a pile: done and said, or the page again with what stands in the way."""
    if form.validate_on_submit():
        try:
            with unit_of_work():
                act()
        except DomainError as error:
            return _again(error, voting_round_id, number, **(forms or {"other_form": form}))
        flash(done)
        return _to("pile", voting_round_id, number)
    return invalid(
        "voting/desk_pile.html", **_context(*_pile(voting_round_id, number), **(forms or {"other_form": form}))
    )


def _again(error: DomainError, voting_round_id: int, number: int, **forms: Form) -> tuple[str, int]:
    if isinstance(error, NotAllowed | NotFound):
        raise error
    next(iter(forms.values())).add_error(error)
    return invalid("voting/desk_pile.html", **_context(*_pile(voting_round_id, number), **forms))


def _overview(voting_round: VotingRound, **sent: Form) -> dict[str, Any]:
    """`sent`: the form that comes back with its errors, if one does."""
    empty: dict[str, Any] = {"pile_form": PileForm(formdata=None), "ballots_form": BallotsForm(formdata=None)}
    for form in empty.values():
        form.offer(voting_round)
    empty["left_form"] = LeftOverForm(formdata=None)
    return {
        **empty,
        **sent,
        "form": next(iter(sent.values()), empty["pile_form"]),
        "voting_round": voting_round,
        "runs": batches_of_codes(voting_round.id, (BatchKind.PAPER,)),
        "open": voting_round.state is VotingState.OPEN and now() < voting_round.closes_at,
        "batches": queries.batches_of(voting_round.id),
        "takes_paper": voting_round.state in operations.TAKES_PAPER and not voting_round.before_sealing,
        "printed": ballot_file(_settings(), voting_round.id).exists(),
        "fewest": FEWEST_SHEETS,
    }


def _context(voting_round: VotingRound, batch: PaperBatch, **forms: Form) -> dict[str, Any]:
    merge_form = MergeForm()
    merge_form.offer(_others(batch))
    shown: dict[str, Any] = {
        "stub_form": StubForm(formdata=None),
        "fill_form": FillForm(formdata=None),
        "merge_form": merge_form,
        "box_form": BoxForm(formdata=None),
    } | forms
    full = batch.state is PaperState.FULL
    return shown | {
        # The one that was sent: its errors stand on top of the page.
        "form": next(iter(forms.values()), Form()),
        "voting_round": voting_round,
        "batch": batch,
        "progress": queries.progress_of(batch, current_actor().staff_id) if full else None,
        "may_type": policy.may_type_over(current_actor(), batch),
        "fewest": FEWEST_SHEETS,
    }


def _sheet_context(voting_round: VotingRound, batch: PaperBatch, sheet: int) -> dict[str, Any]:
    progress = queries.progress_of(batch, current_actor().staff_id)
    if not 1 <= sheet <= progress.sheets:
        raise NotFound(N_("Dit biljet is niet van deze stapel."))
    return {
        "voting_round": voting_round,
        "batch": batch,
        "sheet": sheet,
        "progress": progress,
        "again": progress.is_complete and sheet in progress.mine,
    }
