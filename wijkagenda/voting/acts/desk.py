"""Opening, closing, counting and publishing: each on a page of its own that says what it does, and that it is for good.

They are for officers of whom it is not the plan that is voted on. A rehearsal goes through the same pages.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.voting import operations, policy, queries
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.forms import CloseForm, CountBySheetForm, CountForm, SureForm
from wijkagenda.voting.box.mine import my_round, officers
from wijkagenda.voting.box.tries import count_try, slow_down
from wijkagenda.voting.lifecycle import check_step
from wijkagenda.voting.models import SMALLEST_SHOWN, VotingRound, VotingState
from wijkagenda.voting.rehearsal.operations import rehearsal_of
from wijkagenda.voting.result.operations import ByPassphrase, BySheet, count_round
from wijkagenda.voting.result.queries import Shown, deciding_ballots, what_shows
from wijkagenda.voting.result.reconciling import reconcile
from wijkagenda.voting.rules.operations import changed_since
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form
from wijkagenda.web.headers import leaves_no_trace

desk = Blueprint("voting_acts", __name__, url_prefix="/werkplek/stemmingen/<int:voting_round_id>")


@desk.get("/klaarzetten")
@officers
def opening(voting_round_id: int) -> str:
    return _opening(my_round(voting_round_id), SureForm())


@desk.post("/klaarzetten")
@officers
def open_round(voting_round_id: int) -> Any:
    """From here on the rules are fixed."""
    voting_round = my_round(voting_round_id)
    done = (
        _("De oefening is open.") if voting_round.rehearsal else _("De stemming staat klaar. Vraag nu de brieven aan.")
    )

    def can() -> None:
        check_step(voting_round.state, VotingState.OPEN)
        keys.check_ready(voting_round)

    def act() -> None:
        operations.open_round(actor=current_actor(), now=now(), voting_round=voting_round)

    return _act(voting_round, SureForm(), can, act, done, _opening)


def _opening(voting_round: VotingRound, form: Form) -> str:
    beside = None if voting_round.rehearsal else rehearsal_of(voting_round.round_id)
    return render_template(
        "voting/desk_open.html",
        form=form,
        missing=keys.readiness(voting_round).missing,
        key_number=keys.number_of(voting_round),
        changed=changed_since(voting_round) if voting_round.state is VotingState.DRAFT else [],
        beside=beside,
        **_around(voting_round),
    )


@desk.get("/sluiten")
@officers
def closing(voting_round_id: int) -> str:
    return _closing(my_round(voting_round_id), CloseForm())


@desk.post("/sluiten")
@officers
def close(voting_round_id: int) -> Any:
    """Nothing can be added any more."""
    voting_round, form = my_round(voting_round_id), CloseForm()

    def can() -> None:
        operations.check_can_close(voting_round, now())

    def act() -> None:
        operations.close_round(
            actor=current_actor(), now=now(), voting_round=voting_round, clock_checked=bool(form.clock_checked.data)
        )

    return _act(voting_round, form, can, act, _("De stembus is gesloten. U kunt nu tellen."), _closing)


def _closing(voting_round: VotingRound, form: Form) -> str:
    from_then_on = voting_round.closable_from
    return render_template(
        "voting/desk_close.html",
        form=form,
        from_then_on=from_then_on,
        too_early=now() < from_then_on and not voting_round.rehearsal,
        last_act=operations.clock_behind(voting_round, now()),
        **_around(voting_round),
    )


@desk.get("/tellen")
@officers
@leaves_no_trace
def counting(voting_round_id: int) -> str:
    return _counting(my_round(voting_round_id), CountForm())


@desk.post("/tellen")
@officers
@leaves_no_trace
@slow_down
def count(voting_round_id: int) -> Any:
    """The box is opened, and what is in it counted, in one transaction."""
    voting_round = my_round(voting_round_id)
    by_sheet = request.form.get("how") == "sheet"
    form = CountBySheetForm() if by_sheet else CountForm()
    secret = "recovery" if by_sheet else "passphrase"

    def can() -> None:
        check_step(voting_round.state, VotingState.COUNTED)
        reconcile(voting_round).must_agree()

    def act() -> None:
        count_try(current_actor(), voting_round, secret)
        opened_with: ByPassphrase | BySheet
        if isinstance(form, CountBySheetForm):
            opened_with = BySheet(form.recovery.data or "", form.reason.data or "")
        else:
            opened_with = ByPassphrase(form.passphrase.data or "")
        count_round(actor=current_actor(), now=now(), voting_round=voting_round, opened_with=opened_with)

    done = _("De stemmen zijn geteld. Een ander stembureaulid maakt de uitslag bekend.")
    return _act(voting_round, form, can, act, done, _counting)


def _counting(voting_round: VotingRound, form: Form) -> str:
    return render_template(
        "voting/desk_count.html",
        form=form,
        passphrase_form=form if isinstance(form, CountForm) else CountForm(formdata=None),
        sheet_form=form if isinstance(form, CountBySheetForm) else CountBySheetForm(formdata=None),
        by_sheet=isinstance(form, CountBySheetForm),
        books=reconcile(voting_round),
        mine=_my_key(voting_round),
        **_around(voting_round),
    )


def _my_key(voting_round: VotingRound) -> bool:
    staff_id = current_actor().staff_id
    return any(
        holder.staff_member_id == staff_id and holder.round_key is not None
        for holder in keys.holders_of(voting_round.id)
    )


@desk.get("/bekendmaken")
@officers
def publishing(voting_round_id: int) -> str:
    return _publishing(my_round(voting_round_id), SureForm())


@desk.post("/bekendmaken")
@officers
def publish(voting_round_id: int) -> Any:
    """Everybody can read the count; of a rehearsal nobody."""
    voting_round = my_round(voting_round_id)
    done = _("De oefening is klaar.") if voting_round.rehearsal else _("De uitslag staat op de site.")

    def can() -> None:
        operations.tally_to_publish(actor=current_actor(), voting_round=voting_round)
        check_step(voting_round.state, VotingState.PUBLISHED)

    def act() -> None:
        operations.publish_result(actor=current_actor(), now=now(), voting_round=voting_round)

    return _act(voting_round, SureForm(), can, act, done, _publishing)


def _publishing(voting_round: VotingRound, form: Form) -> str:
    tally, actor = voting_round.tally, current_actor()
    return render_template(
        "voting/desk_publish.html",
        form=form,
        tally=tally,
        lines=queries.tally_lines(tally) if tally is not None else [],
        few=tally is not None and what_shows(deciding_ballots(tally)) is not Shown.NUMBERS,
        smallest_shown=SMALLEST_SHOWN,
        may_publish=tally is not None and policy.may_publish_result(actor, voting_round.round.neighbourhood, tally),
        **_around(voting_round),
    )


# --- shared ----------------------------------------------------------------------------------------


def _act(
    voting_round: VotingRound,
    form: Form,
    can: Callable[[], None],
    act: Callable[[], None],
    done: str,
    page: Callable[[VotingRound, Form], str],
) -> Any:
    """Sure, then done, or the page again with what stands in the way.

    can: raises when this act is not to be had now; then the page has no fields, so that is the one thing told.
    """
    voting_round_id = voting_round.id
    try:
        can()
        if form.validate_on_submit():
            with unit_of_work():
                act()
            flash(done)
            return redirect(url_for("voting_desk.voting_round", voting_round_id=voting_round_id))
    except DomainError as error:
        form.add_error(error)
    return page(my_round(voting_round_id), form), 422


def _around(voting_round: VotingRound) -> dict[str, Any]:
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "in_turn": voting_round.state,
        "visible": request.args.get("zichtbaar") == "1",
    }
