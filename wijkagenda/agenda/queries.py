"""Reads about agendas and their items."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState, SurveyEvidence
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.priorities.queries import wish_counts
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally, TallyLine, VotingOption, VotingRound
from wijkagenda.voting.result.queries import DECIDING_BALLOTS, Shown, shown_votes, what_shows

_ROUND = joinedload(Agenda.round).joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district)
_EVERYTHING = (
    _ROUND,
    selectinload(Agenda.items).joinedload(AgendaItem.priority),
    selectinload(Agenda.items).joinedload(AgendaItem.tally_line).joinedload(TallyLine.tally),
    selectinload(Agenda.items).selectinload(AgendaItem.evidence),
)


@dataclass(frozen=True)
class Evidence:
    """Where an agenda item comes from: wishes, votes (None: there was no vote, or too few to show) and survey figures."""

    wishes: int
    votes: int | None
    business_votes: int | None
    ballots: int | None
    options: int
    survey: tuple[SurveyEvidence, ...]

    @property
    def shown(self) -> Shown | None:
        """What of the vote may be seen; None without a vote."""
        return None if self.ballots is None else what_shows(self.ballots)

    @property
    def vote_share(self) -> int | None:
        """Whole percent of the deciding ballots that chose this; None without votes to show."""
        if self.votes is None or not self.ballots:
            return None
        return round(100 * self.votes / self.ballots)


def agenda_by_id(agenda_id: int) -> Agenda:
    """One agenda with all that hangs under it; NotFound when there is none."""
    return _one(sa.select(Agenda).where(Agenda.id == agenda_id))


def agenda_of_round(round_id: int) -> Agenda | None:
    """The agenda of a round, draft or adopted, with all that hangs under it."""
    return db.session.scalar(sa.select(Agenda).where(Agenda.round_id == round_id).options(*_EVERYTHING))


def adopted_agendas(neighbourhood_id: int) -> list[Agenda]:
    """The adopted agendas of a neighbourhood, newest first, without their items."""
    return list(
        db.session.scalars(
            sa.select(Agenda)
            .join(Agenda.round)
            .where(AgendaRound.neighbourhood_id == neighbourhood_id, Agenda.state == AgendaState.ADOPTED)
            .options(_ROUND)
            .order_by(AgendaRound.start_year.desc(), Agenda.id.desc())
        )
    )


def adopted_agenda(neighbourhood_id: int, start_year: int | None = None) -> Agenda | None:
    """The newest adopted agenda, or the one of the round that begins in `start_year`, with everything."""
    query = (
        sa.select(Agenda)
        .join(Agenda.round)
        .where(AgendaRound.neighbourhood_id == neighbourhood_id, Agenda.state == AgendaState.ADOPTED)
        .options(*_EVERYTHING)
        .order_by(AgendaRound.start_year.desc(), Agenda.id.desc())
        .limit(1)
    )
    if start_year is not None:
        query = query.where(AgendaRound.start_year == start_year)
    return db.session.scalar(query)


def _one(query: sa.Select[Agenda]) -> Agenda:
    found = db.session.scalar(query.options(*_EVERYTHING))
    if found is None:
        raise NotFound(N_("Deze wijkagenda kennen wij niet."))
    return found


def item_by_id(item_id: int) -> AgendaItem:
    """One item with its agenda, round and neighbourhood; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(AgendaItem)
        .where(AgendaItem.id == item_id)
        .options(
            joinedload(AgendaItem.agenda)
            .joinedload(Agenda.round)
            .joinedload(AgendaRound.neighbourhood)
            .joinedload(Neighbourhood.city_district),
            joinedload(AgendaItem.priority),
            joinedload(AgendaItem.tally_line).joinedload(TallyLine.tally),
            selectinload(AgendaItem.evidence),
        )
    )
    if found is None:
        raise NotFound(N_("Dit agendapunt kennen wij niet."))
    return found


def evidence_by_id(evidence_id: int) -> SurveyEvidence:
    """One survey figure under an item; NotFound when there is none."""
    found = db.session.get(SurveyEvidence, evidence_id)
    if found is None:
        raise NotFound(N_("Dit cijfer kennen wij niet."))
    return found


def evidence_of(items: Iterable[AgendaItem]) -> dict[int, Evidence]:
    """Per item id where it comes from. Two queries beside the items, which must be loaded with evidence."""
    wanted = list(items)
    wishes = wish_counts(item.priority_id for item in wanted)
    tallies = {item.tally_line.tally_id for item in wanted if item.tally_line is not None}
    counts: dict[int, tuple[int, int]] = {}
    if tallies:
        rows = db.session.execute(
            sa.select(TallyLine.tally_id, sa.func.count(), sa.func.max(DECIDING_BALLOTS))
            .join(TallyLine.tally)
            .join(Tally.voting_round)
            .where(TallyLine.tally_id.in_(tallies))
            .group_by(TallyLine.tally_id)
            .order_by(TallyLine.tally_id)
        )
        counts = {row[0]: (row[1], row[2]) for row in rows}
    found = {}
    for item in wanted:
        line = item.tally_line
        options, ballots = counts.get(line.tally_id, (0, 0)) if line else (0, None)
        found[item.id] = Evidence(
            wishes=wishes.get(item.priority_id, 0),
            votes=shown_votes(line.votes, ballots) if line else None,
            business_votes=line.business_votes if line else None,
            ballots=ballots,
            options=options,
            survey=tuple(item.evidence),
        )
    return found


def items_of_priorities(priority_ids: Iterable[int]) -> dict[int, AgendaItem]:
    """Per priority id its item on an adopted agenda, with agenda, round and count line: one query."""
    rows = db.session.scalars(
        sa.select(AgendaItem)
        .join(AgendaItem.agenda)
        .where(AgendaItem.priority_id.in_(list(priority_ids)), Agenda.state == AgendaState.ADOPTED)
        .options(
            joinedload(AgendaItem.agenda).joinedload(Agenda.round).joinedload(AgendaRound.neighbourhood),
            joinedload(AgendaItem.tally_line),
        )
        .order_by(AgendaItem.id)
    )
    return {item.priority_id: item for item in rows}


def agendas_to_adopt(neighbourhood_ids: Iterable[int] | None = None) -> list[Agenda]:
    """Drafts, oldest round first, with their items and neighbourhood; of these neighbourhoods or of all."""
    query = (
        sa.select(Agenda)
        .join(Agenda.round)
        .where(Agenda.state == AgendaState.DRAFT)
        .options(_ROUND, selectinload(Agenda.items))
        .order_by(AgendaRound.start_year, Agenda.id)
    )
    if neighbourhood_ids is not None:
        query = query.where(AgendaRound.neighbourhood_id.in_(list(neighbourhood_ids)))
    return list(db.session.scalars(query))


def published_tally(round_id: int) -> Tally | None:
    """The last public result of a round, with its lines, options and priorities."""
    return db.session.scalar(
        sa.select(Tally)
        .join(Tally.voting_round)
        .where(VotingRound.round_id == round_id, VotingRound.rehearsal.is_(False), Tally.published_at.is_not(None))
        .options(
            joinedload(Tally.voting_round),
            selectinload(Tally.lines).joinedload(TallyLine.option).joinedload(VotingOption.priority),
        )
        .order_by(Tally.published_at.desc(), Tally.id.desc())
        .limit(1)
    )


def rounds_with_public_results() -> set[int]:
    """Ids of rounds from whose vote an agenda can be drafted."""
    return set(
        db.session.scalars(
            sa.select(VotingRound.round_id)
            .join(Tally, Tally.voting_round_id == VotingRound.id)
            .where(VotingRound.rehearsal.is_(False), Tally.published_at.is_not(None))
            .order_by(VotingRound.round_id)
        )
    )


def newest_agendas() -> dict[int, Agenda]:
    """Per neighbourhood id the agenda of its newest round that has one, draft or adopted: one query."""
    rows = db.session.scalars(
        sa.select(Agenda)
        .join(Agenda.round)
        .options(joinedload(Agenda.round))
        .order_by(AgendaRound.start_year, Agenda.id)
    )
    return {agenda.round.neighbourhood_id: agenda for agenda in rows}
