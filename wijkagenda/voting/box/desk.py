"""Keys on the desk: who can open the box, shown as a list of steps with the state of each.

No passphrase and no recovery code stands in an address, an answer, a log or the audit trail. The code of the recovery
sheet is in one answer to one POST; who sends that form again gets a refusal and not another code.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.audit.queries import history_of
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, Invalid, NotAllowed, NotFound
from wijkagenda.people.queries import all_staff
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.forms import GrantForm, JoinForm, MakeForm, ProveForm, RecoveryForm, SureForm
from wijkagenda.voting.box.mine import my_round, officers
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.box.passphrases import fresh_passphrase
from wijkagenda.voting.box.sealing import SHORTEST_PASSPHRASE
from wijkagenda.voting.box.tries import count_try, slow_down
from wijkagenda.voting.codes import grouped
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace

desk = Blueprint("voting_box_desk", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>")


@desk.get("/sleutels")
@officers
@leaves_no_trace
def show_keys(voting_round_id: int) -> str:
    """What still has to be done before the box is locked, and who did what."""
    return render_template("voting/desk_keys.html", **_context(my_round(voting_round_id)))


@desk.post("/sleutels")
@officers
@leaves_no_trace
@slow_down
def do_step(voting_round_id: int) -> Any:
    """One step of the list; which one stands on its button."""
    voting_round = my_round(voting_round_id)
    step = _STEPS.get(request.form.get("step", ""))
    if step is None:
        raise NotFound(N_("Deze stap kennen wij niet."))
    return step(voting_round)


def _join(voting_round: VotingRound) -> Any:
    form = JoinForm()

    def act() -> None:
        _must_know_it_is_anew(voting_round, "anew", form.anew.data)
        keys.join(
            actor=current_actor(),
            now=now(),
            voting_round=voting_round,
            passphrase=form.passphrase.data or "",
            again=form.again.data or "",
        )

    return _step(
        voting_round, form, "join_form", act, _("U bent sleutelhouder. Bewaar uw wachtzin goed."), "passphrase"
    )


def _prove(voting_round: VotingRound) -> Any:
    form = ProveForm()

    def act() -> None:
        keys.prove(
            actor=current_actor(), now=now(), voting_round=voting_round, passphrase=form.own_passphrase.data or ""
        )

    done = _("Het proefbiljet ging open: uw wachtzin werkt.")
    return _step(voting_round, form, "prove_form", act, done, "own_passphrase")


def _prove_recovery(voting_round: VotingRound) -> Any:
    form = RecoveryForm()

    def act() -> None:
        keys.prove_recovery(actor=current_actor(), now=now(), voting_round=voting_round, code=form.recovery.data or "")

    done = _("Het proefbiljet ging open: het herstelblad werkt. Doe het nu in de envelop.")
    return _step(voting_round, form, "recovery_form", act, done, "recovery")


def _make(voting_round: VotingRound) -> Any:
    """The one answer with the recovery code in it."""
    form, voting_round_id = MakeForm(), voting_round.id
    try:
        _must_know_it_is_anew(voting_round, "anew_key", form.anew_key.data)
        with unit_of_work():
            code = keys.make_round_key(
                actor=current_actor(),
                now=now(),
                voting_round=voting_round,
                instead_of=(form.instead_of.data or "")[:20],
            )
    except DomainError as error:
        return _again(voting_round_id, form, error, "make_form")
    again = my_round(voting_round_id)
    return render_template(
        "voting/recovery_sheet.html",
        code=grouped(code).split(),
        key_number=keys.number_of(again),
        holders=keys.holders_of(again.id),
        **_around(again),
    )


_STEPS: dict[str, Callable[[VotingRound], Any]] = {
    "join": _join,
    "make": _make,
    "prove": _prove,
    "recovery": _prove_recovery,
}


@desk.get("/sleutels/<int:holder_id>/weghalen")
@officers
@leaves_no_trace
def leave_form(voting_round_id: int, holder_id: int) -> str:
    voting_round = my_round(voting_round_id)
    holder = _holder(voting_round, holder_id)
    return render_template("voting/desk_key_leave.html", form=SureForm(), holder=holder, **_around(voting_round))


@desk.post("/sleutels/<int:holder_id>/weghalen")
@officers
@leaves_no_trace
def leave(voting_round_id: int, holder_id: int) -> Response | tuple[str, int]:
    voting_round, form = my_round(voting_round_id), SureForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                keys.leave(actor=current_actor(), now=now(), voting_round=voting_round, holder_id=holder_id)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("Deze sleutelhouder is weg. Maak de sleutel opnieuw."))
            return redirect(url_for("voting_box_desk.show_keys", voting_round_id=voting_round_id))
    again = my_round(voting_round_id)
    return invalid("voting/desk_key_leave.html", form, holder=_holder(again, holder_id), **_around(again))


@desk.get("/sleutels/<int:holder_id>/toelaten")
@officers
@leaves_no_trace
def grant_form(voting_round_id: int, holder_id: int) -> str:
    voting_round = my_round(voting_round_id)
    holder = _holder(voting_round, holder_id)
    return render_template("voting/desk_key_grant.html", form=GrantForm(), holder=holder, **_around(voting_round))


@desk.post("/sleutels/<int:holder_id>/toelaten")
@officers
@leaves_no_trace
@slow_down
def grant(voting_round_id: int, holder_id: int) -> Response | tuple[str, int]:
    """Who holds the key hands it on, with their own passphrase."""
    voting_round, form = my_round(voting_round_id), GrantForm()
    if form.validate_on_submit():
        try:
            count_try(current_actor(), voting_round, "passphrase")
            with unit_of_work():
                keys.grant(
                    actor=current_actor(),
                    now=now(),
                    voting_round=voting_round,
                    passphrase=form.passphrase.data or "",
                    holder_id=holder_id,
                )
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            form.add_error(error)
        else:
            flash(_("De nieuwe sleutelhouder heeft nu de sleutel."))
            return redirect(url_for("voting_box_desk.show_keys", voting_round_id=voting_round_id))
    again = my_round(voting_round_id)
    return invalid("voting/desk_key_grant.html", form, holder=_holder(again, holder_id), **_around(again))


# --- shared ----------------------------------------------------------------------------------------


def _holder(voting_round: VotingRound, holder_id: int) -> KeyHolder:
    """An officer among the holders of this round, whose act can be asked for; else NotFound."""
    for holder in keys.holders_of(voting_round.id):
        if holder.id == holder_id and holder.staff_member_id is not None:
            return holder
    raise NotFound(N_("Deze sleutelhouder kennen wij niet."))


def _must_know_it_is_anew(voting_round: VotingRound, field: str, known: bool) -> None:
    """In a draft that has a key, these acts make the printed sheet worthless."""
    if voting_round.state is VotingState.DRAFT and voting_round.public_key is not None and not known:
        raise Invalid(N_("Zet een vinkje: de sleutel wordt dan opnieuw gemaakt."), field=field)


def _step(
    voting_round: VotingRound, form: Form, name: str, act: Callable[[], None], done: str, secret: str
) -> Response | tuple[str, int]:
    error: DomainError | None = None
    voting_round_id = voting_round.id
    if form.validate_on_submit():
        try:
            count_try(current_actor(), voting_round, secret)
            with unit_of_work():
                act()
        except DomainError as problem:
            error = problem
        else:
            flash(done)
            return redirect(url_for("voting_box_desk.show_keys", voting_round_id=voting_round_id))
    return _again(voting_round_id, form, error, name)


def _again(voting_round_id: int, form: Form, error: DomainError | None, name: str) -> tuple[str, int]:
    if isinstance(error, NotAllowed):
        raise error
    if error is not None:
        error.field = getattr(form, "FIELD_OF", {}).get(error.field or "", error.field)
        form.add_error(error)
    # The number of the key that stands there now, not the one that was sent.
    context = _context(my_round(voting_round_id)) | {"form": form, name: form}
    return render_template("voting/desk_keys.html", **context), 422


def _around(voting_round: VotingRound) -> dict[str, Any]:
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "visible": request.args.get("zichtbaar") == "1",
    }


def _context(voting_round: VotingRound) -> dict[str, Any]:
    state = keys.readiness(voting_round)
    officers_ = [holder for holder in state.holders if holder.staff_member_id is not None]
    sheet = next((holder for holder in state.holders if holder.staff_member_id is None), None)
    mine = next((holder for holder in officers_ if holder.staff_member_id == current_actor().staff_id), None)
    return _around(voting_round) | {
        "form": Form(),
        "join_form": JoinForm(formdata=None),
        "make_form": MakeForm(formdata=None),
        "prove_form": ProveForm(formdata=None),
        "recovery_form": RecoveryForm(formdata=None),
        "holders": officers_,
        "sheet": sheet,
        "mine": mine,
        "missing": state.missing,
        "enough": len(officers_) >= keys.FEWEST_HOLDERS,
        "key_number": keys.number_of(voting_round),
        "destroyed": any(holder.wrapped is None for holder in state.holders),
        "last_acts": _last_acts(voting_round),
        "offered": fresh_passphrase(),
        "shortest": SHORTEST_PASSPHRASE,
        "may_join": voting_round.state in (VotingState.DRAFT, VotingState.OPEN, VotingState.CLOSED),
    }


def _last_acts(voting_round: VotingRound) -> dict[str, tuple[str, Any]]:
    """Of each kind of act with keys: who did it last, and when."""
    names = {member.id: member.name for member in all_staff()}
    return {
        entry.action.removeprefix("voting."): (names.get(entry.actor_id or 0, _("het platform")), entry.at)
        for entry in history_of("voting_round", voting_round.id)
    }
