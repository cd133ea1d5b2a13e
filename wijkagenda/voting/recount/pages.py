"""Public pages of a round: count it again yourself, on the spot, and the file of its ballots."""

from typing import Any

from flask import Blueprint, render_template
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, Conflict, NotFound
from wijkagenda.voting import queries
from wijkagenda.voting.archive.models import BallotFile
from wijkagenda.voting.archive.queries import NO_FILE, bytes_of_round, file_of_round
from wijkagenda.voting.counting import Rule
from wijkagenda.voting.explaining import RULE_NAMES, explain
from wijkagenda.voting.fingerprints import commands_for
from wijkagenda.voting.models import SMALLEST_SHOWN, VotingRound
from wijkagenda.voting.recount import again
from wijkagenda.voting.recount.forms import RecountForm
from wijkagenda.voting.result import queries as results
from wijkagenda.voting.result.queries import Result
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.forms import invalid
from wijkagenda.web.i18n import translate
from wijkagenda.web.limits import limiter
from wijkagenda.web.page_cache import public_page

ADDRESS = "/wijken/<slug>/stemming/<int:voting_round_id>"

pages = Blueprint("voting_recount", __name__)


def _no_token_for_counting(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(count_again)


pages.record_once(_no_token_for_counting)


@pages.app_template_global()
def rule_word(rule: str) -> str:
    """What a rule of counting is called."""
    return translate(RULE_NAMES[Rule(rule)])


def _published(slug: str, voting_round_id: int) -> tuple[VotingRound, Result]:
    voting_round = queries.voting_round_by_id(voting_round_id)
    published = results.published_result(voting_round_id)
    if published is None or voting_round.round.neighbourhood.slug != slug:
        raise NotFound(N_("De uitslag staat hier zodra die bekend is."))
    return voting_round, published


@pages.get(ADDRESS + "/natellen")
@open_to_everyone
@public_page
def recount(slug: str, voting_round_id: int) -> str:
    """How anybody counts this vote again, step by step."""
    voting_round, published = _published(slug, voting_round_id)
    kept = file_of_round(voting_round.id)
    form = RecountForm.over(kept) if kept else None
    return render_template("voting/recount.html", form=form, **_context(voting_round, published, kept))


@pages.post(ADDRESS + "/natellen")
@open_to_everyone
@limiter.limit("20 per hour")
def count_again(slug: str, voting_round_id: int) -> Any:
    """Count the public file on the spot: what it gives, beside what was published. Changes nothing."""
    voting_round, published = _published(slug, voting_round_id)
    kept, outcome = bytes_of_round(voting_round.id), published.outcome
    if outcome is None:
        # Counted before counts explained themselves: of such a vote there is no file either.
        raise NotFound(NO_FILE)
    form, context = RecountForm.over(kept, sent=True), _context(voting_round, published, kept)
    if not form.validate():
        return invalid("voting/recount.html", form, **context)
    try:
        counted = again.count_again(kept, outcome, Rule(form.rule.data))
    except Conflict as error:
        form.add_error(error)
        return render_template("voting/recount.html", form=form, **context), 409
    return render_template("voting/recount.html", form=form, again=counted, **context)


@pages.get(ADDRESS + "/stembiljetten.pb")
@open_to_everyone
@limiter.limit("60 per hour")
def ballots_file(slug: str, voting_round_id: int) -> Response:
    """Every ballot that decided, without anything about who cast it."""
    voting_round, _published_too = _published(slug, voting_round_id)
    return again.send_file(bytes_of_round(voting_round.id), file_name(voting_round), for_ever=True)


def file_name(voting_round: VotingRound) -> str:
    return f"stembiljetten-{voting_round.round.neighbourhood.slug}-{voting_round.id}.pb"


def _context(voting_round: VotingRound, published: Result, kept: BallotFile | None) -> dict[str, Any]:
    outcome, digest = published.outcome, again.program()[1]
    name = file_name(voting_round)
    return {
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "result": published,
        "file": kept,
        "command": again.recount_command(name),
        "commands": commands_for(name),
        "program_sha256": digest,
        "explained": explain(outcome, open_ballots=True) if kept and outcome else None,
        "smallest_shown": SMALLEST_SHOWN,
    }
