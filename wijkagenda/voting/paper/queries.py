"""Reads about paper ballots: batches, and how far typing them over has come. Nothing here tells what was read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.paper.models import PaperBatch, PaperEntry, PaperState
from wijkagenda.voting.paper.policy import agreed

GONE_ON = (PaperState.IN_BOX, PaperState.MERGED)


def batches_of(voting_round_id: int) -> list[PaperBatch]:
    """The batches of a vote by number."""
    return list(
        db.session.scalars(
            sa.select(PaperBatch)
            .where(PaperBatch.voting_round_id == voting_round_id)
            .options(joinedload(PaperBatch.voting_round))
            .order_by(PaperBatch.number)
        )
    )


def batch_by_number(voting_round_id: int, number: int) -> PaperBatch:
    """One batch; NotFound when this vote has none of that number."""
    found = db.session.scalar(
        sa.select(PaperBatch).where(PaperBatch.voting_round_id == voting_round_id, PaperBatch.number == number)
    )
    if found is None:
        raise NotFound(N_("Deze stapel kennen wij niet."))
    return found


def unfinished_batches(voting_round_id: int) -> list[PaperBatch]:
    """Batches with stubs whose ballots are not in the box yet, by number: nothing may be counted before they are."""
    return list(
        db.session.scalars(
            sa.select(PaperBatch)
            .where(
                PaperBatch.voting_round_id == voting_round_id,
                PaperBatch.state.not_in(GONE_ON),
                PaperBatch.stubs > 0,
            )
            .order_by(PaperBatch.number)
        )
    )


def paper_ballots(voting_round_id: int) -> int:
    """How many ballots came into the box on paper."""
    total = sa.select(sa.func.coalesce(sa.func.sum(PaperBatch.sheets), 0)).where(
        PaperBatch.voting_round_id == voting_round_id, PaperBatch.state == PaperState.IN_BOX
    )
    return db.session.scalar(total) or 0


def entries_by_sheet(batch_ids: Collection[int]) -> dict[int, dict[int, list[PaperEntry]]]:
    """Per batch and sheet who entered it in which turn, and the marks; without the sealed contents."""
    found: dict[int, dict[int, list[PaperEntry]]] = {batch_id: defaultdict(list) for batch_id in batch_ids}
    query = (
        sa.select(PaperEntry)
        .where(PaperEntry.batch_id.in_(batch_ids))
        .options(
            load_only(PaperEntry.batch_id, PaperEntry.sheet, PaperEntry.turn, PaperEntry.entered_by_id, PaperEntry.mark)
        )
        .order_by(PaperEntry.sheet, PaperEntry.turn)
        .execution_options(populate_existing=True)
    )
    for entry in db.session.scalars(query):
        found[entry.batch_id][entry.sheet].append(entry)
    return found


@dataclass(frozen=True)
class Progress:
    """How far a full batch is. `different` stays empty until every sheet was entered twice."""

    sheets: int
    once: int
    twice: int
    different: Sequence[int]
    mine: frozenset[int]
    todo: Sequence[int]

    @property
    def is_complete(self) -> bool:
        return self.twice == self.sheets

    @property
    def agrees(self) -> bool:
        return self.is_complete and not self.different

    def next_after(self, sheet: int) -> int | None:
        """The next sheet that waits for this person."""
        later = [number for number in self.todo if number > sheet]
        return later[0] if later else next(iter(self.todo), None)


def progress_of(batch: PaperBatch, staff_id: int | None) -> Progress:
    """Where a batch stands, and which sheets wait for `staff_id`."""
    return _progress(batch, entries_by_sheet([batch.id])[batch.id], staff_id)


def _progress(batch: PaperBatch, entries: Mapping[int, Sequence[PaperEntry]], staff_id: int | None) -> Progress:
    sheets = batch.sheets or 0
    turns = {sheet: len(entries.get(sheet, ())) for sheet in range(1, sheets + 1)}
    complete = all(turn >= 2 for turn in turns.values())
    different = [sheet for sheet in turns if agreed(entries[sheet]) is None] if complete else []
    mine = frozenset(sheet for sheet in turns if any(e.entered_by_id == staff_id for e in entries.get(sheet, ())))
    waiting = different if complete else [sheet for sheet, turn in turns.items() if turn < 2]
    return Progress(
        sheets=sheets,
        once=sum(turn >= 1 for turn in turns.values()),
        twice=sum(turn >= 2 for turn in turns.values()),
        different=different,
        mine=mine,
        todo=[sheet for sheet in waiting if sheet not in mine],
    )


def full_batches(neighbourhood_ids: Collection[int], staff_id: int | None) -> list[tuple[PaperBatch, Progress]]:
    """Batches that are not in the box yet though they are full, and how far they are for `staff_id`. Two queries."""
    neighbourhood = (
        joinedload(PaperBatch.voting_round).joinedload(VotingRound.round).joinedload(AgendaRound.neighbourhood)
    )
    batches = db.session.scalars(
        sa.select(PaperBatch)
        .join(PaperBatch.voting_round)
        .join(VotingRound.round)
        .where(PaperBatch.state == PaperState.FULL, AgendaRound.neighbourhood_id.in_(neighbourhood_ids))
        .options(neighbourhood.joinedload(Neighbourhood.city_district))
        .order_by(PaperBatch.voting_round_id, PaperBatch.number)
    ).all()
    entries = entries_by_sheet([batch.id for batch in batches])
    return [(batch, _progress(batch, entries[batch.id], staff_id)) for batch in batches]
