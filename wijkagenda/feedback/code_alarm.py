"""The mail to voting officers when somebody may be guessing codes: one each, and none for the same hour again."""

from wijkagenda.feedback.mails import address, write
from wijkagenda.feedback.operations import NewMessage, queue_messages
from wijkagenda.people.models import Role
from wijkagenda.people.queries import all_staff
from wijkagenda.voting.events import CodesGuessed

KIND = "codes_guessed"
LANGUAGE = "nl"


def warn_officers(event: CodesGuessed) -> None:
    """Every officer who can sign in, of whichever vote: an unknown code belongs to none."""
    officers = [m for m in all_staff() if m.is_active and any(g.role is Role.VOTING_OFFICER for g in m.grants)]
    subject, body = write(KIND, LANGUAGE, link=address("/werkplek/stemmingen", LANGUAGE))
    queue_messages(
        now=event.at,
        messages=[
            NewMessage(
                key=f"{KIND}:{event.at:%Y%m%d%H%M}:{member.id}",
                kind=KIND,
                recipient=member.email,
                subject=subject,
                body=body,
                language=LANGUAGE,
            )
            for member in officers
        ],
    )
