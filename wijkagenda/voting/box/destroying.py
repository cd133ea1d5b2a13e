"""Destroying the keys of votes about which nobody can complain any more.

Of every vote that was counted, also when its result was never made public: nothing sealed is left that they open. A vote that is
closed and not counted keeps its keys however late it is, for without them its ballots are gone: people decide that,
and no clock that may stand wrong.
"""

from datetime import date, datetime

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.people.actors import SYSTEM
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.models import VotingRound, VotingState

OPENED = (VotingState.COUNTED, VotingState.PUBLISHED)


def destroy_keys(*, now: datetime, today: date) -> int:
    """Destroy every key of counted rounds whose complaint term is over; returns how many rounds."""
    rounds = list(
        db.session.scalars(
            sa.select(VotingRound)
            .where(
                VotingRound.state.in_(OPENED),
                VotingRound.complaints_until < today,
                sa.exists().where(KeyHolder.voting_round_id == VotingRound.id, KeyHolder.wrapped.is_not(None)),
            )
            .order_by(VotingRound.id)
        )
    )
    for voting_round in rounds:
        db.session.execute(
            sa.update(KeyHolder)
            .where(KeyHolder.voting_round_id == voting_round.id)
            .values(wrapped=None, round_key=None)
            .execution_options(synchronize_session="fetch")
        )
        record(actor=SYSTEM, now=now, action="voting.destroy_keys", subject=voting_round)
    return len(rounds)
