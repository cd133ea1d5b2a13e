"""Every error becomes a kind page in the visitor's language; nobody sees a traceback."""

import logging
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from geo.errors import GeoError
from wijkagenda.db import db
from wijkagenda.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from wijkagenda.traces import WithoutData, what_happened
from wijkagenda.web.i18n import translate

STATUS: dict[type[DomainError], int] = {Invalid: 422, Conflict: 409, NotAllowed: 403, NotFound: 404}
log = logging.getLogger("wijkagenda")


def init_errors(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(GeoError, _geo_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    # Flask itself logs what goes wrong after a view.
    app.logger.addFilter(WithoutData())


def error_page(status: int, title: str, message: str) -> tuple[str, int]:
    """A plain page that says what to do next; bare when even that cannot be made, for no error may get out of here."""
    try:
        return render_template("errors/error.html", status=status, title=title, message=message), status
    except Exception as error:
        if current_app.testing:
            raise
        log.error("the page of an error cannot be made\n%s", what_happened(error))
        bare = Markup("<!doctype html><html><head><title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>")
        return bare.format(title, title, message), status


def _domain_error(error: DomainError) -> tuple[str, int]:
    message = translate(error.message, error.params)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    titles = {
        403: _("U mag hier niet bij"),
        404: _("Deze pagina bestaat niet"),
        409: _("Dit kan nu niet"),
        422: _("Dit kan niet"),
    }
    return error_page(status, titles[status], message)


def _geo_error(error: GeoError) -> tuple[str, int]:
    return error_page(422, _("Dit kan niet"), translate(error.message, error.params))


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    return error_page(
        400,
        _("Probeer het nog eens"),
        _(
            "De pagina stond te lang open, of uw browser bewaart geen cookies. Ga terug, laad de pagina opnieuw en probeer het nog eens."
        ),
    )


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    texts = {
        404: (_("Deze pagina bestaat niet"), _("Misschien is de pagina verplaatst. Zoek uw wijk of wens op.")),
        403: (_("U mag hier niet bij"), _("U mag dit niet doen.")),
        405: (_("Dit kan niet"), _("Ga terug en gebruik de knop op de pagina.")),
        413: (
            _("Dit is te groot"),
            _("Wat u stuurt is te groot. Maak de tekst of het bestand korter en probeer het opnieuw."),
        ),
        429: (_("Even wachten"), _("U probeert het wel heel vaak. Wacht een paar minuten en probeer het dan opnieuw.")),
    }
    title, message = texts.get(error.code, (_("Dit kan niet"), _("Ga terug en probeer het nog eens.")))
    body, status = error_page(error.code, title, message)
    response = error.get_response()
    response.set_data(body)
    response.mimetype = "text/html"
    response.status_code = status
    return response


def _unexpected(error: Exception) -> tuple[str, int]:
    """Log where it happened (never what was typed) and say honestly that it is our fault."""
    if current_app.testing:
        raise error
    log.error("unexpected error in %s %s\n%s", request.method, request.endpoint, what_happened(error))
    db.session.rollback()
    return error_page(
        500,
        _("Er ging iets mis bij ons"),
        _("Het ligt niet aan u. Er is niets verstuurd. Probeer het over een paar minuten opnieuw."),
    )
