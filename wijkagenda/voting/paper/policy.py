"""Who handles paper ballots, and when two people agree about a sheet."""

from collections.abc import Sequence

from wijkagenda.errors import NotAllowed
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.paper.models import FEWEST_SHEETS, PaperBatch, PaperEntry
from wijkagenda.voting.policy import may_count


def may_handle_paper(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """A voting officer of this neighbourhood, always a person; never somebody whose plan is voted on."""
    return may_count(actor, neighbourhood)


def must_handle_paper(actor: Actor, voting_round: VotingRound) -> None:
    """Raise NotAllowed unless `actor` handles the paper of this vote."""
    if not may_handle_paper(actor, voting_round.round.neighbourhood):
        raise NotAllowed


def may_type_over(actor: Actor, batch: PaperBatch) -> bool:
    """Of a small pile nobody reads ballots who saw the people that handed them in."""
    small = batch.sheets is not None and batch.sheets < FEWEST_SHEETS
    return not (small and actor.staff_id in batch.taken_by)


def agreed(entries: Sequence[PaperEntry]) -> PaperEntry | None:
    """Of one sheet, by turn: what two different people read, or None. The same person twice is one person."""
    for index, entry in enumerate(entries):
        for earlier in entries[:index]:
            if earlier.mark == entry.mark and earlier.entered_by_id != entry.entered_by_id:
                return earlier
    return None
