"""A file of an earlier vote as it comes in: read and counted before anything of it is kept. Knows no database.

Reading and counting take long, so they are done outside the unit of work: on SQLite nobody could vote meanwhile.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wijkagenda.errors import N_, Conflict, Invalid
from wijkagenda.voting.counting import CannotCount, Rule
from wijkagenda.voting.counting.pabulib import LOT_DIFFERS, Election, UnreadableFile, read
from wijkagenda.voting.counting.sentences import Voice
from wijkagenda.voting.fingerprints import sha256_of
from wijkagenda.voting.models import SMALLEST_SHOWN
from wijkagenda.voting.recount.recounting import (
    Busy,
    Recount,
    TookTooLong,
    recount_apart,
    recount_election,
    without_persons,
)

LARGEST_IMPORT = 64 * 1024 * 1024
LARGEST_ON_SITE = 8 * 1024 * 1024
"""Twice the largest vote that is known. It is read while somebody waits: the worst file of this size takes 12 seconds of a
web process, and one of 64 MB took 49 seconds and 500 MB."""


@dataclass(frozen=True)
class Incoming:
    """A .pb file that can be an archived vote: what is kept of it, and what it holds."""

    content: bytes
    election: Election
    left_out: tuple[str, ...]
    original_sha256: str

    @property
    def title(self) -> str:
        return self.election.meta.get("description", "")

    @property
    def held_on(self) -> date | None:
        """The last day of the vote, where the file says so as day.month.year or year-month-day."""
        written = self.election.meta.get("date_end", "").strip()
        for form in ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
            try:
                return datetime.strptime(written, form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        return None

    @property
    def currency(self) -> str:
        written = self.election.meta.get("currency", "").strip().upper()
        return written if re.fullmatch("[A-Z]{3}", written) else "EUR"


@dataclass(frozen=True)
class CountedFile:
    """A file that was read and counted under `rule`; nothing of it is kept yet."""

    incoming: Incoming
    rule: Rule
    recount: Recount


def read_incoming(content: bytes, *, language: str = "nl", most: int = LARGEST_IMPORT) -> Incoming:
    """Read a file of somebody, of `most` bytes; raises Invalid in words, with the number of the line."""
    if len(content) > most:
        raise Invalid(
            N_("Dit bestand is te groot. Kies een bestand van hoogstens %(most)s MB."),
            field="file",
            most=most // 1024 // 1024,
        )
    try:
        election = read(content)
    except UnreadableFile as error:
        raise Invalid(
            N_("%(said)s Verbeter het bestand en kies het opnieuw."), field="file", said=said(error, language)
        ) from None
    if election.profile.ballots < SMALLEST_SHOWN:
        raise Invalid(
            N_("In dit bestand staan minder dan %(least)s stembiljetten. Dan kan iemand raden wie wat koos."),
            field="file",
            least=SMALLEST_SHOWN,
        )
    if any(code == LOT_DIFFERS for code, _figures in election.remarks):
        raise Invalid(
            N_(
                "De loting in dit bestand klopt niet: het lotnummer geeft een andere volgorde. Vraag het bestand opnieuw op."
            ),
            field="file",
        )
    kept, left_out = without_persons(content)
    return Incoming(kept, read(kept) if left_out else election, left_out, sha256_of(content) if left_out else "")


def count_incoming(content: bytes, rule: Rule, *, language: str = "nl", seconds: int | None = None) -> CountedFile:
    """Read a file and count it by `rule`; raises Invalid or Conflict in words.

    `seconds`: somebody waits for it on the site, so it is no larger than LARGEST_ON_SITE, and counted in a process of its
    own that gets so much time.
    """
    incoming = read_incoming(content, language=language, most=LARGEST_IMPORT if seconds is None else LARGEST_ON_SITE)
    try:
        if seconds is None:
            recount = recount_election(incoming.election, rule)
        else:
            recount = recount_apart(incoming.content, rule, seconds=seconds)
    except Busy:
        raise Conflict(N_("Er wordt nu al geteld. Probeer het over een minuut nog eens."), field="file") from None
    except TookTooLong:
        raise Invalid(
            N_("Dit tellen duurt hier te lang. Vraag de beheerder om het bestand op de server in te lezen."),
            field="file",
        ) from None
    except CannotCount as error:
        voice = Voice(language, incoming.election.meta.get("currency", ""))
        words = " ".join(voice.obstacle(obstacle) for obstacle in error.obstacles)
        raise Invalid(N_("%(said)s Kies een andere telregel."), field="rule", said=words) from None
    return CountedFile(incoming, rule, recount)


def said(error: UnreadableFile, language: str) -> str:
    """What is wrong with a file, in a sentence that names the line."""
    return " ".join(Voice(language).say(error.code, {"line": error.line, **error.figures}).split())
