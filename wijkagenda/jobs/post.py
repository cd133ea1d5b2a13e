"""How a mail leaves the house: by SMTP, or into the mailbox of the demo."""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from types import TracebackType
from typing import Protocol
from urllib.parse import unquote, urlsplit

from wijkagenda.config import Settings
from wijkagenda.db import db, unit_of_work
from wijkagenda.feedback.models import DemoMail, OutboxMessage

TIMEOUT_SECONDS = 20


class NotDelivered(Exception):
    """The mail did not go. `reason` is a code or a kind, never text of the server.

    for_good: the server says that this address does not exist, so that trying again is no use.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class Post(Protocol):
    """Something that delivers mail; used as a context so that one connection serves many mails."""

    def __enter__(self) -> "Post": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def deliver(self, message: OutboxMessage, now: datetime) -> None:
        """Hand over one mail; raises NotDelivered."""


def post_of(settings: Settings) -> Post:
    """The mail server of this installation; in a demo without one, its own mailbox."""
    if settings.smtp_url:
        return SmtpPost(settings)
    if settings.demo:
        return DemoMailbox()
    raise RuntimeError("there is no mail server: SMTP_URL is not set")


class DemoMailbox:
    """Keeps mail in a table that the demo shows as a page."""

    def __enter__(self) -> "DemoMailbox":
        return self

    def __exit__(self, kind: object, error: object, at: object) -> None:
        pass

    def deliver(self, message: OutboxMessage, now: datetime) -> None:
        with unit_of_work():
            db.session.add(
                DemoMail(
                    recipient=message.recipient.lower(),
                    subject=message.subject,
                    body=message.body,
                    language=message.language,
                    sent_at=now,
                )
            )


class SmtpPost:
    """smtp://, smtps:// (TLS from the start) or smtp+starttls://, with name and password if given.

    The connection is made with the first mail and made anew after any trouble.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> "SmtpPost":
        return self

    def __exit__(self, kind: object, error: object, at: object) -> None:
        self._hang_up()

    def deliver(self, message: OutboxMessage, now: datetime) -> None:
        try:
            if self.server is None:
                self.server = self._connect()
            self.server.send_message(as_email(message, self.settings, now), to_addrs=[message.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            self._hang_up()
            raise NotDelivered(f"SMTP {code}", for_good=500 <= code < 600) from None
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            raise NotDelivered(f"SMTP {error.smtp_code} {type(error).__name__}") from None
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise NotDelivered(type(error).__name__) from None
        except ValueError as error:
            # An address or a subject that no mail can have: it will never go, and must not stop the mails behind it.
            self._hang_up()
            raise NotDelivered(type(error).__name__, for_good=True) from None

    def _connect(self) -> smtplib.SMTP:
        url = urlsplit(self.settings.smtp_url or "")
        host, context = url.hostname or "localhost", ssl.create_default_context()
        server: smtplib.SMTP
        if url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        else:
            default = 587 if url.scheme == "smtp+starttls" else 25
            server = smtplib.SMTP(host, url.port or default, timeout=TIMEOUT_SECONDS)
        try:
            if url.scheme == "smtp+starttls":
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _hang_up(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()


def as_email(message: OutboxMessage, settings: Settings, now: datetime) -> EmailMessage:
    """The mail as it goes over the wire. Its Message-ID follows from its key: a copy is seen as one."""
    email = EmailMessage()
    sender = settings.mail_from.rpartition("@")
    email["From"] = Address(f"Wijkagenda {settings.municipality_name}", sender[0], sender[2])
    email["To"] = message.recipient
    email["Subject"] = message.subject
    email["Date"] = format_datetime(now)
    email["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{sender[2]}>"
    email["Auto-Submitted"] = "auto-generated"
    email["Content-Language"] = message.language
    if message.unsubscribe_url:
        email["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email.set_content(message.body, charset="utf-8", cte="quoted-printable")
    return email
