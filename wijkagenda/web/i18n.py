"""Languages and formats: Dutch first, English under /en, dates and numbers written out."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from flask import Flask, request
from flask_babel import Babel, format_date, format_decimal, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from wijkagenda.dutch_days import local
from wijkagenda.labels import Labelled

LANGUAGES = {"nl": "Nederlands", "en": "English"}

StartResponse = Callable[..., Any]
WSGI = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class LanguagePrefix:
    """WSGI: /en/… becomes /… with SCRIPT_NAME /en, so that every link made stays in English."""

    def __init__(self, app: WSGI) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ["wijkagenda.path"] = path
        environ["wijkagenda.language"] = "nl"
        for language in LANGUAGES:
            if language != "nl" and (path == f"/{language}" or path.startswith(f"/{language}/")):
                environ["wijkagenda.language"] = language
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{language}"
                path = environ["PATH_INFO"] = path[len(language) + 1 :] or "/"
        environ["wijkagenda.path"] = path
        return self.app(environ, start_response)


def current_language() -> str:
    """The language of this request: 'nl' or 'en'; Dutch outside requests."""
    locale = get_locale()
    return locale.language if locale else "nl"


@cache
def _texts_in(_language: str) -> Any:
    """The catalogue of the present language; its file does not change while we run."""
    return get_translations()


def _texts() -> Any:
    """The catalogue for this moment. A page asks for hundreds of texts, and the library looks it up anew for each."""
    locale = get_locale()
    return _texts_in(locale.language) if locale else get_translations()


def gettext(message: str, **params: Any) -> str:
    """A message in the language of this moment."""
    found = _texts().ugettext(message)
    return found % params if params else found


def ngettext(one: str, more: str, num: int, **params: Any) -> str:
    """A message that counts something, in the language of this moment."""
    return _texts().ungettext(one, more, num) % {"num": num, **params}


@pass_eval_context
def _template_gettext(evaluation: EvalContext, message: str, /, **params: Any) -> str:
    """`_()` of a template: parameters are escaped in a page, and a percent sign is written twice."""
    found = _texts().ugettext(message)
    if evaluation.autoescape:
        found = Markup(found)  # noqa: S704 - our own catalogue
    return found % params if params or "%" in found else found


@pass_eval_context
def _template_ngettext(evaluation: EvalContext, one: str, more: str, num: int, /, **params: Any) -> str:
    """`ngettext()` of a template."""
    found = _texts().ungettext(one, more, num)
    if evaluation.autoescape:
        found = Markup(found)  # noqa: S704 - our own catalogue
    return found % {"num": num, **params}


def language_links() -> list[tuple[str, str, str]]:
    """(code, name, address) of this same page in each language."""
    query = request.query_string.decode("utf-8", "replace")
    # Two slashes at the start would name another host.
    path = "/" + request.environ.get("wijkagenda.path", "/").lstrip("/") + (f"?{query}" if query else "")
    return [(code, name, path if code == "nl" else f"/{code}{path}") for code, name in LANGUAGES.items()]


def translate(message: str, params: dict[str, Any] | None = None) -> str:
    """Translate a message marked with N_ in a core file, and what it names."""
    named = {name: label(value) if isinstance(value, Labelled) else value for name, value in (params or {}).items()}
    return gettext(message, **named)


def label(value: Enum | str | None) -> str:
    """The words for an enum member."""
    if value is None:
        return ""
    return gettext(value if isinstance(value, str) else value.label)  # type: ignore[attr-defined]


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def long_date(value: date | datetime) -> str:
    """12 november 2026."""
    return format_date(_day(value), "d MMMM yyyy")


def day_month(value: date | datetime) -> str:
    """22 november."""
    return format_date(_day(value), "d MMMM")


def week_date(value: date | datetime) -> str:
    """zondag 22 november."""
    return format_date(_day(value), "EEEE d MMMM")


def short_date(value: date | datetime) -> str:
    """12 nov; for tables of staff."""
    return format_date(_day(value), "d MMM").replace(".", "")


def clock(value: datetime) -> str:
    """14.00 (Dutch) or 14:00 (English)."""
    mark = "." if current_language() == "nl" else ":"
    return f"{local(value):%H}{mark}{local(value):%M}"


def number(value: float | Decimal) -> str:
    """1.116 in Dutch, 1,116 in English; no needless zeros."""
    return format_decimal(value)


def euro(value: int) -> str:
    """€ 54.000: whole euros."""
    return f"€ {format_decimal(value)}"


def money(value: int | Fraction, currency: str = "EUR") -> str:
    """€ 54.000 or € 50,59: cents only where there are any, rounded to the nearest."""
    cents = Decimal(round(value * 100)) / 100
    whole = cents == cents.to_integral_value()
    sign = "€" if currency == "EUR" else currency
    return f"{sign}\N{NO-BREAK SPACE}{format_decimal(cents, '#,##0' if whole else '#,##0.00')}"


def percent(value: float | Decimal) -> str:
    """63%: whole percents of a value between 0 and 100."""
    return f"{format_decimal(round(value))}%"


def period(start: date | datetime, end: date | datetime) -> str:
    """'1 maart – 30 juni 2026', as short as stays clear."""
    start, end = _day(start), _day(end)
    if start.year != end.year:
        return f"{long_date(start)} – {long_date(end)}"
    if start.month == end.month:
        return f"{start.day} – {long_date(end)}"
    return f"{day_month(start)} – {long_date(end)}"


def days_left(last_day: date | datetime, today: date) -> str:
    """'Nog 6 dagen.' as part of a sentence: how long something can still be done."""
    days = (_day(last_day) - today).days
    if days <= 0:
        return gettext("Alleen vandaag nog")
    if days < 21:
        return ngettext("Nog %(num)d dag", "Nog %(num)d dagen", days)
    return ngettext("Nog %(num)d week", "Nog %(num)d weken", days // 7)


FILTERS: dict[str, Callable[..., str]] = {
    "label": label,
    "long_date": long_date,
    "day_month": day_month,
    "week_date": week_date,
    "short_date": short_date,
    "clock": clock,
    "number": number,
    "euro": euro,
    "money": money,
    "percent": percent,
}


def init_i18n(app: Flask) -> None:
    """Switch on languages and formats."""
    Babel(app, locale_selector=lambda: request.environ.get("wijkagenda.language", "nl"))
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        _=_template_gettext,
        gettext=_template_gettext,
        ngettext=_template_ngettext,
        current_language=current_language,
        language_links=language_links,
        period=period,
        days_left=days_left,
    )
