"""Public pages after closing: the result, its figures as a file, and the list of receipts."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, Invalid, NotFound
from wijkagenda.spreadsheet import as_csv
from wijkagenda.voting import queries
from wijkagenda.voting.archive.queries import file_of_round
from wijkagenda.voting.codes import grouped, read_receipt, receipt_hash
from wijkagenda.voting.counting import Outcome
from wijkagenda.voting.explaining import Explained, explain
from wijkagenda.voting.models import SMALLEST_SHOWN, VotingRound, VotingState
from wijkagenda.voting.queries import AFTER_CLOSING
from wijkagenda.voting.result import queries as results
from wijkagenda.voting.result.forms import ReceiptForm
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import translate
from wijkagenda.web.limits import limiter
from wijkagenda.web.page_cache import public_page
from wijkagenda.wishes.models import Theme

ADDRESS = "/wijken/<slug>/stemming/<int:voting_round_id>"
PER_PAGE = 120
NO_TOKEN = {"csrf": False}

pages = Blueprint("voting_result", __name__)


def _no_token_for_looking_up(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(find_receipt)


pages.record_once(_no_token_for_looking_up)


@pages.app_template_global()
def theme_words() -> dict[str, str]:
    """What a theme is called, by the word that stands in a count."""
    return {theme.value: translate(theme.label) for theme in Theme}


def _round(slug: str, voting_round_id: int) -> VotingRound:
    """A round that is no draft and no rehearsal, under the name of its own neighbourhood; else NotFound."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    hidden = voting_round.rehearsal or voting_round.state is VotingState.DRAFT
    if voting_round.round.neighbourhood.slug != slug or hidden:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return voting_round


@pages.get(ADDRESS)
@open_to_everyone
@public_page
def result(slug: str, voting_round_id: int) -> str:
    """The result; before it is published only when it comes."""
    voting_round = _round(slug, voting_round_id)
    context: dict[str, Any] = {"voting_round": voting_round, "neighbourhood": voting_round.round.neighbourhood}
    published = results.published_result(voting_round.id)
    if published is None:
        return render_template(
            "voting/waiting.html",
            **context,
            takes_votes=voting_round.takes_votes(now()),
            begun=now() >= voting_round.opens_at,
            closed=voting_round.state in AFTER_CLOSING,
        )
    file = file_of_round(voting_round.id)
    return render_template(
        "voting/result.html",
        **context,
        result=published,
        explained=explained_of(published, open_ballots=file is not None),
        file=file,
        themes=theme_words(),
        smallest_shown=SMALLEST_SHOWN,
    )


def explained_of(published: results.Result, *, open_ballots: bool) -> Explained | None:
    """Why each option won or not; None when no figures may be seen, and for votes of before counts explained themselves."""
    outcome, other = published.outcome, published.tally.other_outcome
    if published.shown is not results.Shown.NUMBERS or outcome is None:
        return None
    return explain(outcome, Outcome.from_json(other) if other else None, open_ballots=open_ballots)


@pages.get(ADDRESS + "/uitslag.csv")
@open_to_everyone
def totals(slug: str, voting_round_id: int) -> Response:
    """The published totals, one row per option; without votes when too few people voted to show them."""
    voting_round = _round(slug, voting_round_id)
    published = results.published_result(voting_round.id)
    if published is None:
        raise NotFound(N_("De uitslag staat hier zodra die bekend is."))
    order = published.shown.has_order
    head = [
        _("plaats"), _("nummer"), _("punt"), _("stemmen"), _("stembiljetten"), _("op volgorde van de loting"),
        _("gekozen"), _("punten"), _("kosten"),
    ]  # fmt: skip
    rows = [
        [
            line.rank if order else "",
            line.option.priority.number,
            line.option.title,
            line.votes,
            published.deciding_ballots,
            line.option.position,
            line.elected if order and published.tally.outcome is not None else "",
            line.points,
            line.option.cost if voting_round.budget is not None else None,
            *([line.business_votes] if published.shows_businesses else []),
        ]
        for line in published.lines
    ]
    if published.shows_businesses:
        head.append(_("stemmen van winkels, bedrijven en clubs"))
    return _csv(head, rows, f"uitslag-{slug}-{voting_round.id}.csv")


@pages.get(ADDRESS + "/bewijzen")
@open_to_everyone
@public_page
def receipts(slug: str, voting_round_id: int) -> str:
    """Every receipt in the box, as fingerprints, page by page: find yours.

    The same for everyone, so it holds no token: looking something up changes nothing.
    """
    voting_round = _round(slug, voting_round_id)
    page = request.args.get("pagina", 1, type=int)
    return render_template(
        "voting/receipts.html", **_receipts_context(voting_round, ReceiptForm(formdata=None, meta=NO_TOKEN), page)
    )


@pages.post(ADDRESS + "/bewijzen")
@open_to_everyone
@leaves_no_trace
def find_receipt(slug: str, voting_round_id: int) -> Any:
    """Is this one in the list? The page of the list with it in it.

    Asked by POST: in an address, also half of it, it would stand in a log beside the address of who asks, and later
    somebody with the log could say which voter holds which receipt. A receipt does not tell what was chosen, but
    nobody needs to know even that.
    """
    voting_round, form = _round(slug, voting_round_id), ReceiptForm(meta=NO_TOKEN)
    try:
        receipt = read_receipt(form.receipt.data or "")
    except Invalid as error:
        form.add_error(error)
        return invalid("voting/receipts.html", **_receipts_context(voting_round, form, 1))
    found, fingerprint = results.has_receipt(voting_round, receipt), receipt_hash(receipt)
    page = results.receipt_count(voting_round, before=fingerprint) // PER_PAGE + 1 if found else 1
    return render_template(
        "voting/receipts.html",
        **_receipts_context(voting_round, form, page),
        searched=grouped(receipt),
        found=found,
        fingerprint=fingerprint,
    )


def _receipts_context(voting_round: VotingRound, form: ReceiptForm, asked: int) -> dict[str, Any]:
    """One page of the list, whatever number is asked: never more than PER_PAGE rows are read."""
    total = results.receipt_count(voting_round)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, asked), pages)
    return {
        "form": form,
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "hashes": results.receipts_of(voting_round, skip=(page - 1) * PER_PAGE, most=PER_PAGE),
        "total": total,
        "page": page,
        "pages": pages,
    }


@pages.get(ADDRESS + "/bewijzen.csv")
@open_to_everyone
@limiter.limit("30 per hour")
def receipts_file(slug: str, voting_round_id: int) -> Response:
    """The whole list of fingerprints, for who wants to check them all.

    It is the one answer that is as long as the vote was large, so it is bounded per address. A closed list stays as it
    is: who asks again with what they have gets 304 and no list.
    """
    voting_round = _round(slug, voting_round_id)
    etag = f"{voting_round.id}-{results.receipt_count(voting_round)}"
    if request.if_none_match.contains_weak(etag):
        response: Response = current_app.response_class(status=304)
    else:
        rows = [[fingerprint] for fingerprint in results.receipts_of(voting_round)]
        response = _csv(["sha256"], rows, f"bewijzen-{slug}-{voting_round.id}.csv")
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _csv(columns: list[str], rows: Iterable[list[Any]], name: str) -> Response:
    response = Response(as_csv(columns, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
