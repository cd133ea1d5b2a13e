"""Keeping the open ballots of a counted round, and bringing in earlier votes."""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from geo.levels import Level
from geo.models import Area
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.voting.archive import policy
from wijkagenda.voting.archive.incoming import CountedFile
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.archive.open_ballots import file_of, may_be_shown
from wijkagenda.voting.counting import Outcome, Profile, Rule
from wijkagenda.voting.fingerprints import sha256_of
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.recount.recounting import rules_for

MOST_LEFT_OUT = 300


def keep_ballot_file(
    voting_round: VotingRound, profile: Profile, outcome: Outcome, other: Outcome, now: datetime
) -> BallotFile | None:
    """Keep the ballots that decided as a .pb file, where the regulation lets them be shown; else None.

    `profile`: what was counted, so no blank ballots and none of businesses that only advise. The file becomes public
    together with the result.
    """
    if not may_be_shown(profile, least=voting_round.ballots_shown_from):
        return None
    content, election = file_of(voting_round, profile, outcome, _municipality(voting_round))
    kept = BallotFile(
        voting_round_id=voting_round.id,
        content=content,
        sha256=sha256_of(content),
        size=len(content),
        served=profile.served(outcome.winners),
        served_other=profile.served(other.winners),
        rules=[rule.value for rule in rules_for(election, Rule(outcome.terms.rule))],
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


def import_vote(
    *,
    actor: Actor,
    now: datetime,
    counted: CountedFile,
    title: str = "",
    neighbourhood: Neighbourhood | None = None,
    source: str = "",
) -> ArchivedVote:
    """Keep a file that was counted as an earlier vote. It is public at once.

    What the file says of single voters beside their ballot (age, sex, …) is left out of what we keep. Without a title it
    is called as the file says.
    """
    if not policy.may_import(actor, neighbourhood):
        raise NotAllowed
    incoming, recount = counted.incoming, counted.recount
    title = " ".join((title or incoming.title).split())[:200]
    if not title:
        raise Invalid(N_("Geef de stemming een naam."), field="title")
    digest = sha256_of(incoming.content)
    _must_be_new(digest)
    official = incoming.election.selected
    vote = ArchivedVote(
        slug=_free_slug(title),
        title=title,
        held_on=incoming.held_on,
        source=" ".join(source.split())[:300],
        neighbourhood=neighbourhood,
        ballot_file=BallotFile(
            content=incoming.content,
            sha256=digest,
            size=len(incoming.content),
            served=recount.served,
            served_other=recount.served_other,
            rules=[rule.value for rule in recount.rules],
            made_at=now,
        ),
        rule=counted.rule.value,
        ballots=incoming.election.profile.ballots,
        currency=incoming.currency,
        outcome=recount.outcome.as_json(),
        other_outcome=recount.other.as_json() if recount.other else None,
        official=list(official) if official is not None else None,
        left_out=", ".join(incoming.left_out)[:MOST_LEFT_OUT],
        original_sha256=incoming.original_sha256,
        imported_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(vote)
            db.session.flush()
    except IntegrityError:
        # The same file, or another vote of that name, at the same moment.
        _must_be_new(digest)
        raise Conflict(
            N_("Er kwam net een andere stemming met deze naam bij. Verstuur het formulier nog een keer."), field="title"
        ) from None
    record(
        actor=actor,
        now=now,
        action="voting.import_vote",
        subject=vote,
        detail={"sha256": digest, "rule": vote.rule, "ballots": vote.ballots},
    )
    return vote


def _must_be_new(digest: str) -> None:
    """Raise Conflict for a file that is on the site, as an earlier vote or of a round."""
    if db.session.scalar(sa.select(BallotFile.id).where(BallotFile.sha256 == digest).limit(1)) is not None:
        raise Conflict(N_("Dit bestand staat al op de site, in de lijst met eerdere stemmingen."), field="file")


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


def _free_slug(title: str) -> str:
    """An address out of the title that nobody has yet."""
    base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:70].strip("-") or "stemming"
    taken = set(db.session.scalars(sa.select(ArchivedVote.slug).where(ArchivedVote.slug.like(f"{base}%"))))
    return base if base not in taken else next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)
