"""Routes for voters: voting in three steps.

The letter code travels in hidden fields of POST forms only: no address, log or referrer holds it. So
the steps answer a POST with a page; only sending the ballot, which changes something, redirects.
"""

from typing import Any

from flask import Blueprint, after_this_request, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import Conflict, Invalid
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting import queries
from wijkagenda.voting.ballot import receipt_cookie
from wijkagenda.voting.ballot.check_slip import STALE_PAGE, CheckSlip, seal, unseal
from wijkagenda.voting.ballot.forms import BallotForm, CodeForm, SentBallot, typed_points
from wijkagenda.voting.ballot.guessing import note_unknown_code, slow_down
from wijkagenda.voting.ballot.receipt_cookie import KeptReceipt
from wijkagenda.voting.ballot.showing import Filled, Stop, ballot_context, check_context, filled_in, why_stopped
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.codes import code_hmac, grouped, new_receipt, read_code, round_key, round_keys
from wijkagenda.voting.kiosk.cookie import channel_here
from wijkagenda.voting.models import Electorate, VotingRound
from wijkagenda.voting.queries import FoundCode
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.page_cache import public_page

pages = Blueprint("voting", __name__)


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


@pages.get("/stem")
@open_to_everyone
@leaves_no_trace
def enter_code() -> str:
    """Step 1. The QR code of a letter comes here with the code behind '#', which no server sees."""
    return render_template("voting/code.html", form=CodeForm(), open_rounds=queries.open_rounds(now()))


@pages.get("/stem/kiezen")
@pages.get("/stem/nakijken")
@pages.get("/stem/versturen")
@open_to_everyone
@leaves_no_trace
def begin_again() -> Response:
    """Who reloads a step by its address, or changes language there, begins with the code again."""
    return redirect(url_for("voting.enter_code"))


@pages.post("/stem/kiezen")
@open_to_everyone
@leaves_no_trace
@slow_down
def choose() -> Any:
    """Step 2: the ballot paper of the round this code is for; also the way back from step 3."""
    after_this_request(receipt_cookie.forget)
    form = BallotForm()
    try:
        found, voting_round = _find(form.code.data or "")
    except Invalid as error:
        code_form = CodeForm()
        code_form.add_error(error)
        return invalid("voting/code.html", code_form, open_rounds=queries.open_rounds(now()))
    stop = why_stopped(found, voting_round, now())
    return _stopped(voting_round, stop) if stop else _ballot(form, found, voting_round)


@pages.post("/stem/nakijken")
@open_to_everyone
@leaves_no_trace
@slow_down
def check() -> Any:
    """Step 3: look at the choice again. The receipt is made here."""
    form = BallotForm()
    try:
        found, voting_round = _find(form.code.data or "")
    except Invalid as error:
        return _code_again(error)
    if stop := why_stopped(found, voting_round, now()):
        return _stopped(voting_round, stop, unsent=True)
    try:
        filled = filled_in(voting_round, form.choices.data, typed_points(request.form.items()))
    except Invalid as error:
        form.add_error(error)
        return _ballot(form, found, voting_round, status=422)
    return _check_page(form, voting_round, filled)


@pages.post("/stem/versturen")
@open_to_everyone
@leaves_no_trace
@slow_down
def send() -> Any:
    """Into the box. Sent twice is one ballot and the same answer. Looks up nothing that casting looks up itself."""
    try:
        ballot = SentBallot.read(request.form)
        code = read_code(ballot.code)
        slip = unseal(_settings().secret_key, ballot.slip)
        if slip.code_mark != _mark(slip.voting_round_id, code):
            raise Invalid(STALE_PAGE)
        with unit_of_work():
            cast_ballot(
                keys=round_keys(_settings()),
                code=code,
                voting_round_id=slip.voting_round_id,
                choices=ballot.choices,
                points=ballot.points,
                receipt=slip.receipt,
                now=now(),
                check_opened_at=slip.opened_at,
                channel=channel_here(slip.voting_round_id),
            )
    except (Invalid, Conflict) as error:
        return _not_sent(request.form.get("code", ""), error)
    response = redirect(url_for("voting.receipt"))
    receipt_cookie.keep(response, KeptReceipt(slip.voting_round_id, slip.receipt))
    return response


def _not_sent(typed: str, error: Invalid | Conflict) -> tuple[str, int]:
    """Back to the code, to the ballot paper, or a page that says why this code cannot vote now."""
    try:
        found, voting_round = _find(typed)
    except Invalid as unknown:
        return _code_again(unknown)
    stop = why_stopped(found, voting_round, now()) if isinstance(error, Conflict) else None
    if stop is None:
        return _choose_again(error, found, voting_round)
    return _stopped(voting_round, stop, unsent=stop is not Stop.USED)


@pages.get("/stem/bewijs")
@open_to_everyone
@leaves_no_trace
def receipt() -> str | Response:
    """The ballot is in. Reloading shows it again for a while; the choice is nowhere."""
    kept = receipt_cookie.kept()
    if kept is None:
        return redirect(url_for("voting.enter_code"))
    voting_round = queries.voting_round_by_id(kept.voting_round_id)
    adopting = next((p for p in voting_round.round.phases if p.kind is PhaseKind.ADOPTING), None)
    return render_template(
        "voting/receipt.html",
        receipt_code=grouped(kept.receipt),
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
        adopting=adopting,
        form=Form(),
    )


@pages.post("/stem/klaar")
@open_to_everyone
@leaves_no_trace
def leave() -> Response:
    """Leave nothing behind on a computer that others use too."""
    return receipt_cookie.forget(redirect(url_for("home.index")))


@pages.get("/stem/hulp")
@open_to_everyone
@public_page
def help_page() -> str:
    """No letter, a lost code, voting on paper: what to do."""
    return render_template("voting/help.html", open_rounds=queries.open_rounds(now()))


# --- between the steps -----------------------------------------------------------------------------


def _find(typed: str) -> tuple[FoundCode, VotingRound]:
    """The code as typed or carried, and its round; raises Invalid for a typo and for nobody's code."""
    code = read_code(typed)
    try:
        found = queries.find_code(code, round_keys(_settings()))
    except Invalid:
        note_unknown_code()
        raise
    return found, queries.voting_round_by_id(found.voting_round_id)


def _mark(voting_round_id: int, code: str) -> str:
    return code_hmac(round_key(_settings(), voting_round_id), code)[:16]


def _code_again(error: Invalid) -> tuple[str, int]:
    form = CodeForm()
    form.add_error(error)
    return invalid("voting/code.html", form, open_rounds=queries.open_rounds(now()))


def _choose_again(error: Invalid | Conflict, found: FoundCode, voting_round: VotingRound) -> tuple[str, int]:
    form = BallotForm()
    form.add_error(error)
    return _ballot(form, found, voting_round, status=422)


def _ballot(form: BallotForm, found: FoundCode, voting_round: VotingRound, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "voting/ballot.html",
        **ballot_context(
            form,
            voting_round,
            typed_points(request.form.items()),
            check_url=url_for("voting.check"),
            stop_url=url_for("voting.enter_code"),
            practice=False,
            for_business=found.electorate is Electorate.BUSINESSES,
        ),
    )
    return page, status


def _check_page(form: BallotForm, voting_round: VotingRound, filled: Filled) -> str:
    slip = CheckSlip(voting_round.id, _mark(voting_round.id, read_code(form.code.data or "")), new_receipt(), now())
    return render_template(
        "voting/check.html",
        **check_context(
            form,
            voting_round,
            filled,
            slip=seal(_settings().secret_key, slip),
            choose_url=url_for("voting.choose"),
            send_url=url_for("voting.send"),
            practice=False,
        ),
    )


def _stopped(voting_round: VotingRound, stop: Stop, *, unsent: bool = False) -> tuple[str, int]:
    page = render_template(
        "voting/stopped.html",
        stop=stop.value,
        unsent=unsent,
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
    )
    return page, 409
