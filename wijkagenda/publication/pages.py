"""Open data: files that anyone may fetch, made from what the site shows."""

from collections.abc import Callable, Iterable

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from wijkagenda.publication import columns, tables
from wijkagenda.spreadsheet import as_csv
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.page_cache import public_page

pages = Blueprint("publication", __name__)


@pages.get("/cijfers/wensen.csv")
@open_to_everyone
@public_page
def wishes() -> Response:
    return _file(columns.WISH_COLUMNS, tables.wishes)


@pages.get("/cijfers/acties.csv")
@open_to_everyone
@public_page
def actions() -> Response:
    return _file(columns.ACTION_COLUMNS, tables.actions)


@pages.get("/cijfers/stemmen.csv")
@open_to_everyone
@public_page
def votes() -> Response:
    return _file(columns.VOTE_COLUMNS, tables.votes)


def _file(names: Iterable[str], rows: Callable[[], list[tuple[object, ...]]]) -> Response:
    return current_app.response_class(as_csv(names, rows()), mimetype="text/csv")
