"""Public pages: the regulation of a round as it was settled, to read and as a file with the same fingerprint."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, NotFound
from wijkagenda.voting import queries
from wijkagenda.voting.fingerprints import commands_for
from wijkagenda.voting.models import VotingRound, VotingState
from wijkagenda.voting.rules.regulation import regulation_of
from wijkagenda.voting.rules.text import Block, as_text, blocks
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.i18n import current_language, gettext
from wijkagenda.web.page_cache import public_page

ADDRESS = "/wijken/<slug>/stemming/<int:voting_round_id>"
SHORT_CHAPTERS = range(3, 5)
"""How to vote and what wins: what a page about a vote says of its rules."""

pages = Blueprint("voting_rules", __name__)


def _settled(slug: str, voting_round_id: int) -> VotingRound:
    """A round with a regulation that is settled, under the name of its own neighbourhood; else NotFound."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    elsewhere = voting_round.round.neighbourhood.slug != slug
    if elsewhere or voting_round.state is VotingState.DRAFT or voting_round.rehearsal or not voting_round.regulation:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return voting_round


@pages.get(ADDRESS + "/reglement")
@open_to_everyone
@public_page
def regulation(slug: str, voting_round_id: int) -> str:
    """The regulation. In another language a translation, with the Dutch text that counts below it."""
    voting_round = _settled(slug, voting_round_id)
    translated = as_text(regulation_of(voting_round), gettext) if current_language() != "nl" else ""
    return render_template(
        "voting/regulation.html",
        voting_round=voting_round,
        neighbourhood=voting_round.round.neighbourhood,
        blocks=blocks(voting_round.regulation),
        english=blocks(translated) if translated else [],
        hash=voting_round.regulation_hash,
        commands=commands_for(_file_name(voting_round)),
    )


@pages.get(ADDRESS + "/reglement.txt")
@open_to_everyone
def regulation_file(slug: str, voting_round_id: int) -> Response:
    """The bytes that were hashed, and nothing else."""
    voting_round = _settled(slug, voting_round_id)
    response = Response(voting_round.regulation.encode("utf-8"), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(voting_round)}"'
    return response


@pages.app_template_global()
def rules_in_short(voting_round: VotingRound) -> list[Block]:
    """The chapters of the regulation that a page about a vote shows, in the language of the page, numbers left out."""
    found: list[Block] = []
    chapter = 0
    for block in blocks(as_text(regulation_of(voting_round), gettext)):
        if block.kind == "heading":
            chapter += 1
            block = Block("heading", (block.lines[0].split(". ", 1)[1],))
        if chapter in SHORT_CHAPTERS:
            found.append(block)
    return found


def _file_name(voting_round: VotingRound) -> str:
    return f"reglement-{voting_round.round.neighbourhood.slug}-{voting_round.id}.txt"
