"""Public pages after closing: the result, its figures as a file, and the list of receipts."""

import csv
import io
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wijkagenda.errors import N_, Invalid, NotFound
from wijkagenda.voting import queries, results
from wijkagenda.voting.codes import grouped, read_receipt, receipt_hash
from wijkagenda.voting.forms import ReceiptForm
from wijkagenda.voting.models import SMALLEST_SHOWN, VotingRound, VotingState
from wijkagenda.voting.queries import AFTER_CLOSING
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.page_cache import public_page

ADDRESS = "/wijken/<slug>/stemming/<int:voting_round_id>"
PER_PAGE = 120
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def add_result_pages(pages: Blueprint) -> None:
    """These routes belong to the blueprint of the slice."""
    for path, view, method in (
        ("", result, "GET"),
        ("/uitslag.csv", totals, "GET"),
        ("/bewijzen", receipts, "GET"),
        ("/bewijzen", find_receipt, "POST"),
        ("/bewijzen.csv", receipts_file, "GET"),
    ):
        pages.add_url_rule(ADDRESS + path, view_func=view, methods=[method])


def _round(slug: str, voting_round_id: int) -> VotingRound:
    """A round that is no draft, under the name of its own neighbourhood; else NotFound."""
    voting_round = queries.voting_round_by_id(voting_round_id)
    if voting_round.round.neighbourhood.slug != slug or voting_round.state is VotingState.DRAFT:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return voting_round


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
    return render_template("voting/result.html", **context, result=published, smallest_shown=SMALLEST_SHOWN)


@open_to_everyone
def totals(slug: str, voting_round_id: int) -> Response:
    """The published totals, one row per option; without votes when too few people voted to show them."""
    voting_round = _round(slug, voting_round_id)
    published = results.published_result(voting_round.id)
    if published is None:
        raise NotFound(N_("De uitslag staat hier zodra die bekend is."))
    head = [_("plaats"), _("nummer"), _("punt"), _("stemmen"), _("stembiljetten"), _("op volgorde van de loting")]
    rows = [
        [
            "" if published.shown is results.Shown.NOTHING else line.rank,
            line.option.priority.number,
            line.option.title,
            line.votes,
            published.resident_ballots,
            line.option.position,
            *([line.business_votes] if published.shows_businesses else []),
        ]
        for line in published.lines
    ]
    if published.shows_businesses:
        head.append(_("stemmen van winkels, bedrijven en clubs"))
    return _csv([head, *rows], f"uitslag-{slug}-{voting_round.id}.csv")


@open_to_everyone
@leaves_no_trace
def receipts(slug: str, voting_round_id: int) -> str:
    """Every receipt in the box, as fingerprints: find yours."""
    return render_template("voting/receipts.html", **_receipts_context(_round(slug, voting_round_id), ReceiptForm()))


@open_to_everyone
@leaves_no_trace
def find_receipt(slug: str, voting_round_id: int) -> Any:
    """Is this one in the list? Asked by POST, so that no log learns whose receipt it is."""
    voting_round, form = _round(slug, voting_round_id), ReceiptForm()
    try:
        receipt = read_receipt(form.receipt.data or "")
    except Invalid as error:
        form.add_error(error)
        return invalid("voting/receipts.html", **_receipts_context(voting_round, form))
    return render_template(
        "voting/receipts.html",
        **_receipts_context(voting_round, form),
        searched=grouped(receipt),
        found=results.has_receipt(voting_round, receipt),
        fingerprint=receipt_hash(receipt),
    )


def _receipts_context(voting_round: VotingRound, form: ReceiptForm) -> dict[str, Any]:
    hashes = results.receipts_of(voting_round)
    pages = max(1, -(-len(hashes) // PER_PAGE))
    page = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    return {
        "form": form,
        "voting_round": voting_round,
        "neighbourhood": voting_round.round.neighbourhood,
        "hashes": hashes[(page - 1) * PER_PAGE : page * PER_PAGE],
        "total": len(hashes),
        "page": page,
        "pages": pages,
    }


@open_to_everyone
def receipts_file(slug: str, voting_round_id: int) -> Response:
    """The whole list of fingerprints, for who wants to check them all."""
    voting_round = _round(slug, voting_round_id)
    rows = [[fingerprint] for fingerprint in results.receipts_of(voting_round)]
    return _csv([["sha256"], *rows], f"bewijzen-{slug}-{voting_round.id}.csv")


def _csv(rows: list[list[Any]], name: str) -> Response:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([[_cell(value) for value in row] for row in rows])
    # The mark at the start tells spreadsheets that this is UTF-8.
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    """No text of ours may start a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
