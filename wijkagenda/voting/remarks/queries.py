"""Reads about meldingen over de stemming. What somebody wrote is for the voting office; subject and answer become public."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.remarks.models import VotingReport


def remarks_of(voting_round_id: int) -> list[VotingReport]:
    """The meldingen of a vote, those without an answer first, then the oldest."""
    return list(
        db.session.scalars(
            sa.select(VotingReport)
            .where(VotingReport.voting_round_id == voting_round_id)
            .order_by(VotingReport.answered_at.is_not(None), VotingReport.made_at, VotingReport.id)
        )
    )


def remark_by_id(voting_round_id: int, remark_id: int) -> VotingReport:
    """One melding of a vote; NotFound when it is of another."""
    found = db.session.scalar(
        sa.select(VotingReport).where(VotingReport.id == remark_id, VotingReport.voting_round_id == voting_round_id)
    )
    if found is None:
        raise NotFound(N_("Deze melding kennen wij niet."))
    return found


def is_reference(voting_round_id: int, reference: str) -> bool:
    """Whether a melding of this vote has this number."""
    query = sa.select(VotingReport.id).where(
        VotingReport.voting_round_id == voting_round_id, VotingReport.reference == reference[:20]
    )
    return db.session.scalar(query) is not None


def waiting_remarks(neighbourhood_ids: Collection[int]) -> list[VotingReport]:
    """Meldingen without an answer in these neighbourhoods, the oldest first, each with its vote and neighbourhood."""
    return list(
        db.session.scalars(
            sa.select(VotingReport)
            .join(VotingReport.voting_round)
            .join(VotingRound.round)
            .where(VotingReport.answered_at.is_(None), AgendaRound.neighbourhood_id.in_(neighbourhood_ids))
            .options(
                joinedload(VotingReport.voting_round)
                .joinedload(VotingRound.round)
                .joinedload(AgendaRound.neighbourhood)
                .joinedload(Neighbourhood.city_district)
            )
            .order_by(VotingReport.made_at, VotingReport.id)
        )
    )
