"""Klopt er iets niet? A melding over de stemming, by anybody, before, during and after the vote."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, DomainError, NotFound
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.queries import voting_round_by_id
from wijkagenda.voting.remarks import operations, queries
from wijkagenda.voting.remarks.forms import RemarkForm
from wijkagenda.voting.remarks.models import LONGEST_TEXT, RemarkSubject
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import current_language
from wijkagenda.web.limits import limiter

pages = Blueprint("voting_remarks", __name__, url_prefix="/wijken/<slug>/stemming/<int:voting_round_id>/melding")


@pages.get("")
@open_to_everyone
def remark(slug: str, voting_round_id: int) -> str:
    voting_round = _round(slug, voting_round_id)
    return render_template("voting/remark.html", form=RemarkForm(), **_context(voting_round))


@pages.post("")
@open_to_everyone
@leaves_no_trace
@limiter.limit("10 per 15 minutes")
def send(slug: str, voting_round_id: int) -> Response | tuple[str, int]:
    voting_round, form = _round(slug, voting_round_id), RemarkForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                made = operations.make_remark(
                    now=now(),
                    voting_round=voting_round,
                    submission_key=form.submission_key.data or "",
                    subject=RemarkSubject(form.subject.data),
                    text=form.text.data or "",
                    email=form.email.data,
                    language=current_language(),
                )
                reference = made.reference
        except DomainError as error:
            form.add_error(error)
        else:
            return redirect(
                url_for("voting_remarks.received", slug=slug, voting_round_id=voting_round_id, nummer=reference)
            )
    return invalid("voting/remark.html", form, **_context(_round(slug, voting_round_id)))


@pages.get("/ontvangen")
@open_to_everyone
@leaves_no_trace
def received(slug: str, voting_round_id: int) -> str:
    """The number of the melding, to keep. The page shows nothing else of it."""
    voting_round, reference = _round(slug, voting_round_id), request.args.get("nummer", "")
    if not queries.is_reference(voting_round.id, reference):
        raise NotFound(N_("Deze melding kennen wij niet."))
    return render_template("voting/remark_received.html", reference=reference, **_context(voting_round))


def _round(slug: str, voting_round_id: int) -> VotingRound:
    """A vote that is public, under the name of its own neighbourhood; else NotFound."""
    voting_round = voting_round_by_id(voting_round_id)
    hidden = voting_round.state is VotingState.DRAFT or voting_round.rehearsal
    if voting_round.round.neighbourhood.slug != slug or hidden:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return voting_round


def _context(voting_round: VotingRound) -> dict[str, Any]:
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "takes_remarks": operations.takes_remarks(voting_round, now()),
        "last_day": voting_round.remarks_until,
        "longest": LONGEST_TEXT,
    }
