"""Keeping the open ballots of a counted round, and bringing in earlier votes."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from geo.levels import Level
from geo.models import Area
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.voting.archive import policy
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.archive.open_ballots import file_of, may_be_shown
from wijkagenda.voting.box.models import Ballot
from wijkagenda.voting.counting import CannotCount, Outcome, Rule
from wijkagenda.voting.counting.pabulib import LOT_DIFFERS, Election, UnreadableFile, read
from wijkagenda.voting.counting.sentences import Voice
from wijkagenda.voting.models import SMALLEST_SHOWN, Electorate, Tally, VotingRound
from wijkagenda.voting.recount.recounting import (
    Recount,
    TookTooLong,
    recount_apart,
    recount_election,
    sha256_of,
    without_persons,
)
from wijkagenda.voting.result.explaining import served
from wijkagenda.voting.result.profiles import content_of, profile_of

LARGEST_IMPORT = 64 * 1024 * 1024
LARGEST_ON_SITE = 8 * 1024 * 1024
"""Twice the largest vote that is known. It is read while somebody waits: the worst file of this size takes 12 seconds of a
web process, and one of 64 MB took 49 seconds and 500 MB."""
MOST_LEFT_OUT = 300


def keep_ballot_file(voting_round: VotingRound, tally: Tally, now: datetime) -> BallotFile | None:
    """Keep the ballots that decided as a .pb file, where the regulation lets them be shown; else None.

    It becomes public together with the result. Ballots of businesses that only advise are not in it.
    """
    if tally.outcome is None or tally.other_outcome is None:
        return None
    query = sa.select(Ballot).where(Ballot.voting_round_id == voting_round.id)
    if not voting_round.businesses_decide:
        query = query.where(Ballot.electorate == Electorate.RESIDENTS)
    rows = db.session.scalars(query.order_by(Ballot.id).execution_options(yield_per=2000))
    # A blank or spoiled ballot decides nothing; how many there were stands on the count sheet.
    profile = profile_of(voting_round, (content_of(voting_round, ballot) for ballot in rows if ballot.choices))
    if not may_be_shown(profile, least=voting_round.ballots_shown_from):
        return None
    outcome, other = Outcome.from_json(tally.outcome), Outcome.from_json(tally.other_outcome)
    content = file_of(voting_round, profile, outcome, _municipality(voting_round))
    kept = BallotFile(
        voting_round_id=voting_round.id,
        content=content,
        sha256=sha256_of(content),
        size=len(content),
        served=served(profile, outcome.winners),
        served_other=served(profile, other.winners),
        made_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _municipality(voting_round: VotingRound) -> str:
    """The name of the municipality by its boundaries; where those are not known, of the neighbourhood."""
    name = db.session.scalar(
        sa.select(Area.name).where(Area.level == Level.MUNICIPALITY).order_by(Area.year.desc(), Area.id).limit(1)
    )
    return name or voting_round.round.neighbourhood.name


# --- earlier votes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Incoming:
    """A .pb file that can be an archived vote: what is kept of it, and what it holds."""

    content: bytes
    election: Election
    left_out: tuple[str, ...]
    original_sha256: str


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


def said(error: UnreadableFile, language: str) -> str:
    """What is wrong with a file, in a sentence that names the line."""
    return " ".join(Voice(language).say(error.code, {"line": error.line, **error.figures}).split())


def import_vote(
    *,
    actor: Actor,
    now: datetime,
    content: bytes,
    title: str,
    rule: Rule,
    neighbourhood: Neighbourhood | None = None,
    source: str = "",
    language: str = "nl",
    seconds: int | None = None,
) -> ArchivedVote:
    """Bring in a .pb file as an earlier vote, counted again under `rule`. It is public at once.

    What the file says of single voters beside their ballot (age, sex, …) is left out of what we keep. `seconds`: somebody
    waits for it on the site, so it is no larger than LARGEST_ON_SITE, and counted in a process of its own that gets so
    much time.
    """
    if not policy.may_import(actor, neighbourhood):
        raise NotAllowed
    most = LARGEST_IMPORT if seconds is None else LARGEST_ON_SITE
    incoming = read_incoming(content, language=language, most=most)
    recount = _counted(incoming, rule, language, seconds)
    digest = sha256_of(incoming.content)
    if db.session.scalar(sa.select(BallotFile.id).where(BallotFile.sha256 == digest).limit(1)) is not None:
        raise Conflict(N_("Dit bestand staat al op de site, in de lijst met eerdere stemmingen."), field="file")
    election, profile = incoming.election, incoming.election.profile
    title = " ".join((title or election.meta.get("description", "")).split())[:200]
    if not title:
        raise Invalid(N_("Geef de stemming een naam."), field="title")
    vote = ArchivedVote(
        slug=_free_slug(title),
        title=title,
        held_on=held_on(election),
        source=" ".join(source.split())[:300],
        neighbourhood=neighbourhood,
        ballot_file=BallotFile(
            content=incoming.content,
            sha256=digest,
            size=len(incoming.content),
            served=recount.served,
            served_other=recount.served_other,
            made_at=now,
        ),
        rule=rule.value,
        ballots=profile.ballots,
        currency=_currency(election),
        outcome=recount.outcome.as_json(),
        other_outcome=recount.other.as_json() if recount.other else None,
        official=list(election.selected) if election.selected is not None else None,
        left_out=", ".join(incoming.left_out)[:MOST_LEFT_OUT],
        original_sha256=incoming.original_sha256,
        imported_at=now,
    )
    db.session.add(vote)
    db.session.flush()
    record(
        actor=actor,
        now=now,
        action="voting.import_vote",
        subject=vote,
        detail={"sha256": digest, "rule": rule.value, "ballots": profile.ballots},
    )
    return vote


def remove_vote(*, actor: Actor, now: datetime, vote: ArchivedVote) -> None:
    """Take an earlier vote off the site, with its file."""
    if not policy.may_import(actor, vote.neighbourhood):
        raise NotAllowed
    record(actor=actor, now=now, action="voting.remove_vote", subject=vote, detail={"sha256": vote.ballot_file.sha256})
    kept = vote.ballot_file
    db.session.delete(vote)
    db.session.flush()
    db.session.delete(kept)
    db.session.flush()


def _counted(incoming: Incoming, rule: Rule, language: str, seconds: int | None) -> Recount:
    try:
        if seconds is not None:
            return recount_apart(incoming.content, rule, seconds=seconds)
        return recount_election(incoming.election, rule)
    except TookTooLong:
        raise Invalid(
            N_("Dit tellen duurt hier te lang. Vraag de beheerder om het bestand op de server in te lezen."),
            field="file",
        ) from None
    except CannotCount as error:
        voice = Voice(language, incoming.election.meta.get("currency", ""))
        words = " ".join(voice.obstacle(obstacle) for obstacle in error.obstacles)
        raise Invalid(N_("%(said)s Kies een andere telregel."), field="rule", said=words) from None


def held_on(election: Election) -> date | None:
    """The last day of the vote, where the file says so as day.month.year or year-month-day."""
    written = election.meta.get("date_end", "").strip()
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _currency(election: Election) -> str:
    written = election.meta.get("currency", "").strip().upper()
    return written if re.fullmatch("[A-Z]{3}", written) else "EUR"


def _free_slug(title: str) -> str:
    """An address out of the title that nobody has yet."""
    base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:70].strip("-") or "stemming"
    taken = set(db.session.scalars(sa.select(ArchivedVote.slug).where(ArchivedVote.slug.like(f"{base}%"))))
    return base if base not in taken else next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)
