"""Earlier votes for everyone: the list, each with its result and its file, and counting it again. And the program for it."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from wijkagenda.errors import Conflict
from wijkagenda.voting.archive import queries
from wijkagenda.voting.archive.models import ArchivedVote
from wijkagenda.voting.counting import Outcome, Rule
from wijkagenda.voting.counting.single_file import NAME
from wijkagenda.voting.explaining import Explained, Told, explain
from wijkagenda.voting.fingerprints import commands_for
from wijkagenda.voting.recount import again
from wijkagenda.voting.recount.forms import RecountForm
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.forms import invalid
from wijkagenda.web.limits import limiter
from wijkagenda.web.page_cache import public_page

pages = Blueprint("voting_archive", __name__)
VOTE = "/stemmingen/archief/<slug>"


def _no_token_for_counting(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(count_again)


pages.record_once(_no_token_for_counting)


@pages.get("/stemmingen/archief")
@open_to_everyone
@public_page
def votes() -> str:
    """All earlier votes, and the files of the votes held here."""
    return render_template("voting/archive.html", votes=queries.archived_votes(), files=queries.public_files())


@pages.get(VOTE)
@open_to_everyone
@public_page
def vote(slug: str) -> str:
    """One earlier vote: what our count says, beside the winners its file names."""
    found = queries.vote_by_slug(slug)
    return render_template("voting/archived_vote.html", form=RecountForm.over(found.ballot_file), **_context(found))


@pages.post(VOTE)
@open_to_everyone
@limiter.limit("20 per hour")
def count_again(slug: str) -> Any:
    """Count its file on the spot. Changes nothing."""
    found = queries.vote_by_slug(slug, with_bytes=True)
    form, context = RecountForm.over(found.ballot_file, sent=True), _context(found)
    if not form.validate():
        return invalid("voting/archived_vote.html", form, **context)
    try:
        counted = again.count_again(found.ballot_file, Outcome.from_json(found.outcome), Rule(form.rule.data))
    except Conflict as error:
        form.add_error(error)
        return render_template("voting/archived_vote.html", form=form, **context), 409
    return render_template("voting/archived_vote.html", form=form, again=counted, **context)


@pages.get(f"{VOTE}/stembiljetten.pb")
@open_to_everyone
@limiter.limit("60 per hour")
def ballots_file(slug: str) -> Response:
    found = queries.vote_by_slug(slug, with_bytes=True)
    # An earlier vote can be taken away, and another one come under its name.
    return again.send_file(found.ballot_file, f"{found.slug}.pb", for_ever=False)


@pages.get(f"/zelf-natellen/{NAME}")
@open_to_everyone
@limiter.limit("120 per hour")
def program() -> Response:
    """The program to count again with, in one file."""
    content, digest = again.program()
    response: Response
    if request.if_none_match.contains(digest):
        response = current_app.response_class(status=304)
    else:
        response = current_app.response_class(content, mimetype="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _context(found: ArchivedVote) -> dict[str, Any]:
    explained = explain(
        Outcome.from_json(found.outcome),
        Outcome.from_json(found.other_outcome) if found.other_outcome else None,
        open_ballots=True,
    )
    digest = again.program()[1]
    return {
        "vote": found,
        "file": found.ballot_file,
        "explained": explained,
        "missed": differing(explained, found.official, elected=False),
        "extra": differing(explained, found.official, elected=True),
        "commands": commands_for(f"{found.slug}.pb"),
        "command": again.recount_command(f"{found.slug}.pb", found.rule),
        "program_sha256": digest,
    }


def differing(explained: Explained, official: list[str] | None, *, elected: bool) -> list[Told]:
    """Winners that only our count has (`elected`), or only the file."""
    if official is None:
        return []
    return [told for told in explained.options if told.elected is elected and (told.option in official) is not elected]
