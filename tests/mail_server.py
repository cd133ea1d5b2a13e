"""A real SMTP server for tests: keeps what it receives, or refuses when told to."""

import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Listens on 127.0.0.1 inside `with`; other processes may send to it as well.

    `messages` holds what came in, oldest first; `refuse_with` ("451 come back later") makes it
    turn everything away.
    """

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.port = port
        self.messages: list[EmailMessage] = []
        self.refuse_with: str | None = None
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for each message."""
        if self.refuse_with:
            return self.refuse_with
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        # The addresses of the envelope decide who gets it, whatever the headers say.
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages delivered to an address, oldest first."""
        return [message for message in self.messages if address in message["X-Envelope-To"].split(", ")]

    def wait_for(
        self,
        count: int = 1,
        *,
        to: str | None = None,
        seconds: float = 15,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[EmailMessage]:
        """Wait until `count` messages came (to an address); fails with what did come."""
        until = time.monotonic() + seconds
        while True:
            found = self.to(to) if to else list(self.messages)
            if len(found) >= count:
                return found
            if time.monotonic() > until:
                subjects = [f"{message['X-Envelope-To']}: {message['Subject']}" for message in self.messages]
                raise AssertionError(f"{len(found)} of {count} messages to {to or 'anyone'} came; all: {subjects}")
            meanwhile()
            time.sleep(0.05)


def text_of(message: EmailMessage) -> str:
    """The plain text a reader sees."""
    body = message.get_body(preferencelist=("plain", "html"))
    return body.get_content() if body else ""
