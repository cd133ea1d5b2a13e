"""Reads about voting rounds, codes and letters. What the votes were stands in `result.queries`."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from wijkagenda.db import db
from wijkagenda.errors import N_, Invalid, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.priorities.queries import PriorityLine, priorities_of_round
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.codes import RoundKeys, code_hmac
from wijkagenda.voting.models import (
    CodeState,
    Electorate,
    Tally,
    TallyLine,
    VotingCode,
    VotingOption,
    VotingRound,
    VotingState,
)

UNKNOWN_CODE = N_("Deze code kennen wij niet. Kijk of u de code van de goede brief gebruikt, of bel ons.")
AFTER_CLOSING = (VotingState.CLOSED, VotingState.COUNTED, VotingState.PUBLISHED)


def _with_neighbourhood() -> tuple[_AbstractLoad, ...]:
    path = joinedload(VotingRound.round).joinedload(AgendaRound.neighbourhood)
    return (path.joinedload(Neighbourhood.city_district),)


def voting_round_by_id(voting_round_id: int) -> VotingRound:
    """One round with options, tally, neighbourhood and city district; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(VotingRound)
        .where(VotingRound.id == voting_round_id)
        .options(
            *_with_neighbourhood(),
            selectinload(VotingRound.options).joinedload(VotingOption.priority),
            joinedload(VotingRound.tally),
        )
    )
    if found is None:
        raise NotFound(N_("Deze stemming kennen wij niet."))
    return found


def all_rounds() -> list[VotingRound]:
    """Every round with its neighbourhood, last to close first; for the desk, which filters by rights."""
    return list(
        db.session.scalars(
            sa.select(VotingRound)
            .options(*_with_neighbourhood(), joinedload(VotingRound.tally))
            .order_by(VotingRound.closes_at.desc(), VotingRound.id.desc())
        )
    )


def open_rounds(now: datetime) -> list[VotingRound]:
    """Rounds in which one can vote at this moment, with neighbourhood; soonest to close first. No rehearsals."""
    return list(
        db.session.scalars(
            sa.select(VotingRound)
            .where(
                VotingRound.state == VotingState.OPEN,
                VotingRound.rehearsal.is_(False),
                VotingRound.opens_at <= now,
                VotingRound.closes_at > now,
            )
            .options(*_with_neighbourhood())
            .order_by(VotingRound.closes_at, VotingRound.id)
        )
    )


def rounds_without_vote() -> list[AgendaRound]:
    """Agenda rounds with proposed priorities and no vote yet, by neighbourhood name; for the desk."""
    return list(
        db.session.scalars(
            sa.select(AgendaRound)
            .join(AgendaRound.neighbourhood)
            .where(
                sa.exists().where(Priority.round_id == AgendaRound.id, Priority.state == PriorityState.PROPOSED),
                ~sa.exists().where(VotingRound.round_id == AgendaRound.id, VotingRound.rehearsal.is_(False)),
            )
            .options(joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district))
            .order_by(Neighbourhood.name, AgendaRound.start_year, AgendaRound.id)
        )
    )


def proposed_priorities(agenda_round_id: int) -> list[PriorityLine]:
    """Everything of an agenda round that can go on the ballot, by number."""
    return priorities_of_round(agenda_round_id, (PriorityState.PROPOSED,))


@dataclass(frozen=True)
class FoundCode:
    """A code as it stands in the books: whose round, and whether it can still be used."""

    code_id: int
    voting_round_id: int
    electorate: Electorate
    state: CodeState


_CODES = VotingCode.__table__
# Written once for the life of the process: see `box.casting`.
_FIND_CODE = sa.select(_CODES.c.id, _CODES.c.voting_round_id, _CODES.c.electorate, _CODES.c.state).where(
    sa.tuple_(_CODES.c.voting_round_id, _CODES.c.code_hmac).in_(sa.bindparam("wanted", expanding=True))
)


def find_code(code: str, keys: RoundKeys, voting_round_id: int | None = None) -> FoundCode:
    """Find a well-typed code in one round, or among all; raises Invalid when it is nobody's."""
    round_ids = [voting_round_id] if voting_round_id is not None else _opened_round_ids()
    wanted = [(round_id, code_hmac(keys(round_id), code)) for round_id in round_ids]
    row = db.session.connection().execute(_FIND_CODE, {"wanted": wanted}).first()
    if row is None:
        raise Invalid(UNKNOWN_CODE, field="code")
    return FoundCode(row.id, row.voting_round_id, row.electorate, row.state)


def _opened_round_ids() -> list[int]:
    query = sa.select(VotingRound.id).where(VotingRound.state != VotingState.DRAFT).order_by(VotingRound.id)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class CodeCounts:
    """Codes of one electorate. `voided`: withdrawn or replaced. `used` stays empty until the round is closed.

    How many ballots there are to them says the reconciliation, on the page to count and on the count sheet.
    """

    issued: int = 0
    voided: int = 0
    used: int | None = None


def code_counts(voting_round: VotingRound) -> dict[Electorate, CodeCounts]:
    """Per electorate what was made, voided and (after closing only) used: nobody watches a vote."""
    states: dict[Electorate, dict[CodeState, int]] = {electorate: {} for electorate in Electorate}
    for electorate, state, number in db.session.execute(
        sa.select(VotingCode.electorate, VotingCode.state, sa.func.count())
        .where(VotingCode.voting_round_id == voting_round.id)
        .group_by(VotingCode.electorate, VotingCode.state)
    ):
        states[electorate][state] = number
    closed = voting_round.state in AFTER_CLOSING
    return {
        electorate: CodeCounts(
            issued=sum(found.values()),
            # Who got a new letter is one person: the old one is no letter any more.
            voided=found.get(CodeState.VOIDED, 0) + found.get(CodeState.REPLACED, 0),
            used=found.get(CodeState.USED, 0) if closed else None,
        )
        for electorate, found in states.items()
    }


def agenda_round_by_id(agenda_round_id: int) -> AgendaRound | None:
    """One agenda round with neighbourhood and city district."""
    return db.session.scalar(
        sa.select(AgendaRound)
        .where(AgendaRound.id == agenda_round_id)
        .options(joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district))
    )


def tally_lines(tally: Tally) -> list[TallyLine]:
    """The lines of a count in order, with options; for officers, who look at it before it is public."""
    return list(
        db.session.scalars(
            sa.select(TallyLine)
            .where(TallyLine.tally_id == tally.id)
            .options(joinedload(TallyLine.option))
            .order_by(TallyLine.rank)
        )
    )
