"""Mails as text: in the reader's language, one sentence of news, one link, one way to stop."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale

from wijkagenda.config import Settings
from wijkagenda.feedback.operations import NewMessage
from wijkagenda.feedback.recipients import Reason, Recipient
from wijkagenda.web.i18n import LANGUAGES
from wijkagenda.wishes.models import Wish

SUBJECT_LIMIT = 250


def address(path: str, language: str = "nl") -> str:
    """A full address for a mail: of the public site, in the reader's language."""
    settings: Settings = current_app.config["SETTINGS"]
    prefix = f"/{language}" if language in LANGUAGES and language != "nl" else ""
    return f"{settings.public_url}{prefix}{quote(path)}"


def stop_address(token: str, language: str) -> str:
    return address(f"/berichten/stoppen/{token}", language)


def wish_path(wish: Wish, recipient: Recipient) -> str:
    """The wish page; for its giver the page of her own where the wish is not public."""
    if wish.is_public or recipient.reason is not Reason.GAVE_THE_WISH:
        return f"/wensen/{wish.reference}"
    return f"/wensen/mijn/{recipient.token}"


def write(kind: str, language: str, **context: Any) -> tuple[str, str]:
    """(subject, body) of templates/emails/<kind>.txt: its first line is the subject."""
    with force_locale(language if language in LANGUAGES else "nl"):
        text = current_app.jinja_env.get_template(f"emails/{kind}.txt").render(language=language, **context)
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split())[:SUBJECT_LIMIT], _fold(body) + "\n"


def _fold(body: str) -> str:
    """At most one empty line between paragraphs."""
    lines: list[str] = []
    for line in body.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.strip())
    return "\n".join(lines)


def news(kind: str, recipient: Recipient, *, about: str, path: str = "", **context: Any) -> NewMessage:
    """One mail of news to one recipient.

    about: names the thing and its step ("update:12"); with the recipient it is the key.
    path: the page of the news; without it, the wish page.
    """
    language = recipient.language
    wish_link = address(wish_path(recipient.wish, recipient), language) if recipient.wish else ""
    stop = stop_address(recipient.token, language)
    subject, body = write(
        kind,
        language,
        recipient=recipient,
        wish=recipient.wish,
        link=address(path, language) if path else wish_link,
        wish_link=wish_link if path else "",
        stop_link=stop,
        **context,
    )
    return NewMessage(
        key=f"{kind}:{about}:{recipient.source}",
        kind=kind,
        recipient=recipient.email,
        subject=subject,
        body=body,
        language=language,
        unsubscribe_url=stop,
        wish_id=recipient.wish.id if recipient.wish else None,
    )


def request_to_confirm(
    kind: str,
    *,
    email: str,
    language: str,
    link: str,
    about: str,
    at: datetime,
    wish_id: int | None = None,
    **context: Any,
) -> NewMessage:
    """A mail somebody asked for just now: at most one per minute, so that nobody is flooded."""
    subject, body = write(kind, language, link=address(link, language), **context)
    return NewMessage(
        key=f"{kind}:{about}:{at:%Y%m%d%H%M}",
        kind=kind,
        recipient=email,
        subject=subject,
        body=body,
        language=language,
        wish_id=wish_id,
    )
