"""The mail with a link to sign in, in two steps, so that asking tells nobody who works here.

A visit puts the address as it was typed in the outbox, known or not: one insert, the same for everyone. The worker
looks whose it is, makes the link and sends it, or forgets the address at once. Where jobs run inside the visit (a demo
without Redis, which shows its staff anyway) the time still differs.
"""

from datetime import datetime
from urllib.parse import urlencode

from wijkagenda.db import db
from wijkagenda.feedback.mails import address, write
from wijkagenda.feedback.models import OutboxMessage
from wijkagenda.feedback.operations import NewMessage, queue_message
from wijkagenda.people.operations import make_sign_in_link
from wijkagenda.people.queries import staff_by_email
from wijkagenda.web.clock import now
from wijkagenda.web.sign_in import SignInLinkAsked

KIND = "sign_in"
LONGEST_ADDRESS = 254


def ask_sign_in_mail(event: SignInLinkAsked) -> None:
    """Put the question in the outbox: no subject yet, and where to go on to as its body."""
    asked_at = now()
    queue_message(
        now=asked_at,
        message=NewMessage(
            # Two questions are two mails; nothing of the address or the link may stand in a key, which is kept.
            key=f"{KIND}:{asked_at.timestamp():.6f}",
            kind=KIND,
            recipient=event.email.strip().lower()[:LONGEST_ADDRESS],
            subject="",
            body=event.target,
            language=event.language,
        ),
    )


def is_question(message: OutboxMessage) -> bool:
    """Whether this is a link that was asked for and not written yet."""
    return message.kind == KIND and not message.subject


def answer_question(*, message: OutboxMessage, now: datetime) -> bool:
    """Write the mail to who works here; forget the question of anybody else. False when there is nothing to send."""
    member = staff_by_email(message.recipient)
    if member is None:
        db.session.delete(message)
        db.session.flush()
        return False
    token = make_sign_in_link(member=member, now=now)
    link = address(f"/werkplek/aanmelden/{token}", message.language)
    if message.body:
        link = f"{link}?{urlencode({'verder': message.body})}"
    message.recipient = member.email
    message.subject, message.body = write(KIND, message.language, link=link)
    db.session.flush()
    return True
