"""Reads for composed pages: a whole neighbourhood in a handful of queries, however much there is of it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from surveys.models import Survey, SurveyState
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState, SurveyEvidence
from wijkagenda.consultations.models import Meeting, NeighbourhoodSurvey
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood, Place, PlaceKind
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.queries import Standing, standing_of
from wijkagenda.priorities.models import BundledWish, Priority
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally, TallyLine, VotingRound, VotingState
from wijkagenda.voting.result.queries import DECIDING_BALLOTS, shown_votes
from wijkagenda.wishes.models import PUBLIC_STATES, PlaceChoice, Wish, WishState


def neighbourhood_with_boundary(slug: str) -> Neighbourhood:
    """One neighbourhood with its city district and its area, shape included; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(Neighbourhood)
        .where(Neighbourhood.slug == slug)
        .options(joinedload(Neighbourhood.city_district), joinedload(Neighbourhood.area))
    )
    if found is None:
        raise NotFound(N_("Deze wijk kennen wij niet."))
    return found


def round_on(neighbourhood_id: int, today: date) -> AgendaRound | None:
    """The newest round that has begun, else the next to begin; with phases and approach, in one query."""
    rounds = (
        db.session.scalars(
            sa.select(AgendaRound)
            .where(AgendaRound.neighbourhood_id == neighbourhood_id)
            .options(joinedload(AgendaRound.phases), joinedload(AgendaRound.approach))
            .order_by(AgendaRound.start_year.desc(), AgendaRound.id.desc())
        )
        .unique()
        .all()
    )
    begun = [one for one in rounds if one.phases and one.phases[0].starts_on <= today]
    if begun:
        return begun[0]
    return rounds[-1] if rounds else None


def has_public_points(agenda_round: AgendaRound) -> bool:
    """Whether residents can read points of this round."""
    public = sa.select(Priority.id).where(Priority.round_id == agenda_round.id, Priority.proposed_at.is_not(None))
    return bool(db.session.scalar(sa.select(public.exists())))


def vote_of(agenda_round: AgendaRound) -> VotingRound | None:
    """The newest vote of a round that is no draft any more and no rehearsal; without its options."""
    return db.session.scalar(
        sa.select(VotingRound)
        .where(
            VotingRound.round_id == agenda_round.id,
            VotingRound.state != VotingState.DRAFT,
            VotingRound.rehearsal.is_(False),
        )
        .order_by(VotingRound.closes_at.desc(), VotingRound.id.desc())
        .limit(1)
    )


def open_survey_in(neighbourhood_id: int, now: datetime) -> NeighbourhoodSurvey | None:
    """The survey that can be answered here now, the soonest to end."""
    return db.session.scalar(
        sa.select(NeighbourhoodSurvey)
        .join(NeighbourhoodSurvey.survey)
        .where(
            NeighbourhoodSurvey.neighbourhood_id == neighbourhood_id,
            Survey.state == SurveyState.OPEN,
            NeighbourhoodSurvey.opens_at <= now,
            NeighbourhoodSurvey.closes_at > now,
        )
        .order_by(NeighbourhoodSurvey.closes_at, NeighbourhoodSurvey.id)
        .limit(1)
    )


@dataclass(frozen=True)
class ItemLine:
    """An agenda item in the short list: where it comes from and how its actions stand."""

    item: AgendaItem
    wishes: int
    votes: int | None
    survey: SurveyEvidence | None
    actions: tuple[Action, ...]

    @property
    def standing(self) -> Standing:
        return standing_of(self.actions)

    @property
    def late(self) -> Action | None:
        """The delayed action that ends last: it says why, and until when."""
        late = [action for action in self.actions if action.state is ActionState.DELAYED]
        return max(late, key=lambda action: (action.due_year, action.due_quarter, action.number), default=None)


@dataclass(frozen=True)
class AgendaInShort:
    """The newest adopted agenda of a neighbourhood."""

    agenda: Agenda
    lines: list[ItemLine]

    @property
    def standing(self) -> Standing:
        return standing_of(action for line in self.lines for action in line.actions)


def agenda_in_short(neighbourhood_id: int) -> AgendaInShort | None:
    """The newest adopted agenda with its items and their actions: one query."""
    newest = (
        sa.select(Agenda.id)
        .join(Agenda.round)
        .where(AgendaRound.neighbourhood_id == neighbourhood_id, Agenda.state == AgendaState.ADOPTED)
        .order_by(AgendaRound.start_year.desc(), Agenda.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wishes = (
        sa.select(sa.func.count())
        .select_from(BundledWish)
        .where(BundledWish.priority_id == AgendaItem.priority_id)
        .correlate(AgendaItem)
        .scalar_subquery()
    )
    strongest = (
        sa.select(SurveyEvidence.id)
        .where(SurveyEvidence.item_id == AgendaItem.id)
        .order_by(SurveyEvidence.percent.desc(), SurveyEvidence.id)
        .limit(1)
        .correlate(AgendaItem)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(AgendaItem, wishes, TallyLine.votes, DECIDING_BALLOTS, SurveyEvidence, Action)
        .outerjoin(TallyLine, TallyLine.id == AgendaItem.tally_line_id)
        .outerjoin(Tally, Tally.id == TallyLine.tally_id)
        .outerjoin(VotingRound, VotingRound.id == Tally.voting_round_id)
        .outerjoin(SurveyEvidence, SurveyEvidence.id == strongest)
        .outerjoin(Action, Action.item_id == AgendaItem.id)
        .where(AgendaItem.agenda_id == newest)
        .options(joinedload(AgendaItem.agenda).joinedload(Agenda.round))
        .order_by(AgendaItem.rank, AgendaItem.id, Action.number, Action.id)
    ).all()
    if not rows:
        return None
    lines = [
        ItemLine(item, given, shown_votes(votes, ballots), share, tuple(row[5] for row in same if row[5] is not None))
        for (item, given, votes, ballots, share), same in groupby(rows, key=lambda row: tuple(row[:5]))
    ]
    return AgendaInShort(rows[0][0].agenda, lines)


@dataclass(frozen=True)
class WishLine:
    """A public wish in the short list. `position` is its place in the whole list, as on the map."""

    position: int
    number: int
    title: str
    place_text: str
    place_choice: PlaceChoice
    state: WishState

    @property
    def reference(self) -> str:
        return f"W-{self.number:04d}"


@dataclass(frozen=True)
class WishesInShort:
    """How many public wishes there are, the newest of them, and when the first and the last one came."""

    total: int
    without_place: int
    lines: list[WishLine]
    first_at: datetime | None = None
    last_at: datetime | None = None


def wishes_in_short(neighbourhood_id: int, limit: int = 5) -> WishesInShort:
    """The newest public wishes, the counts of all and when they were given: one query."""
    public = (Wish.neighbourhood_id == neighbourhood_id, Wish.state.in_(PUBLIC_STATES))
    newest = (
        sa.select(Wish.number, Wish.title, Wish.place_text, Wish.place_choice, Wish.state)
        .where(*public)
        .order_by(Wish.number.desc())
        .limit(limit)
        .subquery()
    )
    all_of_them = (
        sa.select(
            sa.func.count().label("total"),
            sa.func.sum(sa.case((Wish.place_choice == PlaceChoice.POINT, 0), else_=1)).label("without_place"),
            sa.func.min(Wish.received_at).label("first_at"),
            sa.func.max(Wish.received_at).label("last_at"),
        )
        .where(*public)
        .subquery()
    )
    both = sa.select(newest, all_of_them).join_from(newest, all_of_them, sa.true())
    rows = db.session.execute(both.order_by(newest.c.number.desc())).all()
    lines = [
        WishLine(position, row.number, row.title, row.place_text, row.place_choice, row.state)
        for position, row in enumerate(rows, start=1)
    ]
    if not rows:
        return WishesInShort(0, 0, [])
    return WishesInShort(rows[0].total, rows[0].without_place, lines, rows[0].first_at, rows[0].last_at)


def next_meetings(neighbourhood_id: int, now: datetime, limit: int = 3) -> list[Meeting]:
    """Meetings that have not ended, soonest first, cancelled ones too."""
    return list(
        db.session.scalars(
            sa.select(Meeting)
            .where(Meeting.neighbourhood_id == neighbourhood_id, Meeting.ends_at >= now)
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(limit)
        )
    )


def meeting_places(neighbourhood_id: int) -> list[Place]:
    """Where people meet: the places one can walk into, by name."""
    return list(
        db.session.scalars(
            sa.select(Place)
            .where(Place.neighbourhood_id == neighbourhood_id, Place.kind == PlaceKind.MEETING_PLACE)
            .order_by(Place.name, Place.id)
        )
    )
