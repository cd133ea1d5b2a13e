"""Open data as tables: the public reads of other slices, written out row by row.

One visibility rule for screen and file: only what a public page shows. Places are the public ones
(rounded to 25 m); no giver, no exact point, no wish that was not placed, no vote that is not published.
What each column means stands in `columns`.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from geo.crs import lat_lon
from geo.models import as_shape
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.models import Action
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally, TallyLine, VotingOption, VotingRound, VotingState
from wijkagenda.voting.result.queries import DECIDING_BALLOTS, shown_votes, what_shows
from wijkagenda.wishes.models import PUBLIC_STATES, Wish


def wishes() -> list[tuple[object, ...]]:
    """Every public wish, by number."""
    rows = db.session.execute(
        sa.select(
            Wish.number, Neighbourhood.name, Wish.title, Wish.text, Wish.theme, Wish.given_as, Wish.channel,
            Wish.wants_to_do_it, Wish.state, Wish.received_at, Wish.placed_at, Wish.public_point,
        )
        .join(Neighbourhood, Wish.neighbourhood_id == Neighbourhood.id)
        .where(Wish.state.in_(PUBLIC_STATES))
        .order_by(Wish.number)
    )  # fmt: skip
    return [(f"W-{row[0]:04d}", *row[1:9], day_of(row[9]), _day(row[10]), *_place(row[11])) for row in rows]


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None


def _place(point: object) -> tuple[object, object]:
    if point is None:
        return None, None
    lat, lon = lat_lon(as_shape(point))
    return round(lat, 5), round(lon, 5)


def actions() -> list[tuple[object, ...]]:
    """Every action of every adopted agenda, by wijk, agenda, item and number."""
    rows = db.session.execute(
        sa.select(
            Neighbourhood.name, AgendaRound.start_year, AgendaRound.end_year, AgendaItem.rank, AgendaItem.title,
            Action.number, Action.title, Action.owner, Action.state, Action.reason, Action.due_year,
            Action.due_quarter, Action.promised_year, Action.promised_quarter, Action.budget, Action.spent,
            Action.spent_on,
        )
        .join(Action.item)
        .join(AgendaItem.agenda)
        .join(Agenda.round)
        .join(AgendaRound.neighbourhood)
        .where(Agenda.state == AgendaState.ADOPTED)
        .order_by(Neighbourhood.name, AgendaRound.start_year, AgendaItem.rank, Action.number, Action.id)
    )  # fmt: skip
    return [(row[0], f"{row[1]}-{row[2]}", *row[3:]) for row in rows]


def votes() -> list[tuple[object, ...]]:
    """Every line of every published count, as the result page shows it: no votes where too few people voted."""
    rows = db.session.execute(
        sa.select(
            Neighbourhood.name, VotingRound.title, VotingRound.id, Tally.counted_at, TallyLine.rank, VotingOption.title,
            TallyLine.votes, TallyLine.business_votes, Tally.ballots - Tally.business_ballots, Tally.business_ballots,
            Tally.codes_issued, Tally.codes_used, TallyLine.points, TallyLine.elected, VotingRound.rule,
            VotingOption.cost, DECIDING_BALLOTS,
        )
        .join(TallyLine.tally)
        .join(Tally.voting_round)
        .join(VotingRound.round)
        .join(AgendaRound.neighbourhood)
        .join(TallyLine.option)
        .where(VotingRound.state == VotingState.PUBLISHED, VotingRound.rehearsal.is_(False))
        .order_by(Neighbourhood.name, VotingRound.id, TallyLine.rank)
    )  # fmt: skip
    return [_vote_line(*row) for row in rows]


def _vote_line(*row: Any) -> tuple[object, ...]:
    """What of this line may be seen: a place and a winner only where there is a public order, votes from ten on."""
    name, title, number, counted_at, rank, option, votes, business_votes, *rest = row
    residents, businesses, issued, used, points, elected, rule, cost, ballots = rest
    order = what_shows(ballots).has_order
    return (
        name,
        title,
        number,
        day_of(counted_at),
        rank if order else None,
        option,
        shown_votes(votes, ballots),
        business_votes,
        residents,
        businesses,
        issued,
        used,
        shown_votes(points, ballots),
        elected if order else None,
        rule,
        cost,
    )
