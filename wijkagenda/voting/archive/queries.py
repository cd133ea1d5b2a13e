"""Reads about open ballots and earlier votes."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, undefer

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.archive.models import ArchivedVote, BallotFile
from wijkagenda.voting.models import Tally, VotingRound, VotingState

UNKNOWN = N_("Deze eerdere stemming kennen wij niet.")
NO_FILE = N_("Van deze stemming staan de losse stembiljetten niet op de site.")


def _public_files() -> sa.Select[BallotFile]:
    return (
        sa.select(BallotFile)
        .join(VotingRound, VotingRound.id == BallotFile.voting_round_id)
        .where(VotingRound.state == VotingState.PUBLISHED, VotingRound.rehearsal.is_(False))
    )


def file_of_round(voting_round_id: int) -> BallotFile | None:
    """The public ballot file of a round, without its bytes; None before publication, of a rehearsal, or without one."""
    return db.session.scalar(_public_files().where(BallotFile.voting_round_id == voting_round_id))


def bytes_of_round(voting_round_id: int) -> BallotFile:
    """The public ballot file of a round with its bytes; else NotFound."""
    found = db.session.scalar(
        _public_files().where(BallotFile.voting_round_id == voting_round_id).options(undefer(BallotFile.content))
    )
    if found is None:
        raise NotFound(NO_FILE)
    return found


def public_files() -> list[BallotFile]:
    """Every public ballot file with its round, tally and neighbourhood, newest vote first."""
    return list(
        db.session.scalars(
            _public_files()
            .join(VotingRound.tally)
            .join(VotingRound.round)
            .join(AgendaRound.neighbourhood)
            .options(
                contains_eager(BallotFile.voting_round).contains_eager(VotingRound.tally),
                contains_eager(BallotFile.voting_round)
                .contains_eager(VotingRound.round)
                .contains_eager(AgendaRound.neighbourhood),
            )
            .order_by(Tally.published_at.desc(), BallotFile.id)
        )
    )


def archived_votes() -> list[ArchivedVote]:
    """Every earlier vote with its wijk, the newest first."""
    return list(
        db.session.scalars(
            sa.select(ArchivedVote)
            .options(joinedload(ArchivedVote.neighbourhood), joinedload(ArchivedVote.ballot_file))
            .order_by(ArchivedVote.held_on.desc().nulls_last(), ArchivedVote.title, ArchivedVote.id)
        )
    )


def vote_by_slug(slug: str, *, with_bytes: bool = False) -> ArchivedVote:
    """One earlier vote with its outcomes and file; NotFound when there is none."""
    to_file = joinedload(ArchivedVote.ballot_file)
    found = db.session.scalar(
        sa.select(ArchivedVote)
        .where(ArchivedVote.slug == slug)
        .options(
            undefer(ArchivedVote.outcome),
            undefer(ArchivedVote.other_outcome),
            joinedload(ArchivedVote.neighbourhood).joinedload(Neighbourhood.city_district),
            to_file.undefer(BallotFile.content) if with_bytes else to_file,
        )
    )
    if found is None:
        raise NotFound(UNKNOWN)
    return found
