"""Reads about agenda rounds and phases."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound, Phase


def rounds_of(neighbourhood_id: int) -> list[AgendaRound]:
    """Every round of a neighbourhood, newest first, with phases and approach."""
    return list(
        db.session.scalars(
            sa.select(AgendaRound)
            .where(AgendaRound.neighbourhood_id == neighbourhood_id)
            .options(selectinload(AgendaRound.phases), joinedload(AgendaRound.approach))
            .order_by(AgendaRound.start_year.desc(), AgendaRound.id.desc())
        )
    )


def round_by_id(round_id: int) -> AgendaRound:
    """One round with its phases, approach and neighbourhood; NotFound when there is none."""
    found = db.session.scalar(
        sa.select(AgendaRound)
        .where(AgendaRound.id == round_id)
        .options(
            selectinload(AgendaRound.phases),
            joinedload(AgendaRound.approach),
            joinedload(AgendaRound.neighbourhood).joinedload(Neighbourhood.city_district),
        )
    )
    if found is None:
        raise NotFound(N_("Deze ronde bestaat niet."))
    return found


def current_round(neighbourhood_id: int, today: date) -> AgendaRound | None:
    """The newest round that has begun (its first phase), else the next one to begin."""
    rounds = rounds_of(neighbourhood_id)
    begun = [r for r in rounds if r.phases and r.phases[0].starts_on <= today]
    if begun:
        return begun[0]
    return rounds[-1] if rounds else None


def phase_on(agenda_round: AgendaRound, day: date) -> Phase | None:
    """The phase of a round on a day; between two phases, the one that ended last."""
    begun = [phase for phase in agenda_round.phases if phase.starts_on <= day]
    return begun[-1] if begun else None


def present_phases(today: date) -> dict[int, Phase]:
    """Per neighbourhood id the phase it is in: one query for the whole city.

    The newest begun phase of the newest begun round counts.
    """
    rows = db.session.execute(
        sa.select(AgendaRound.neighbourhood_id, Phase)
        .join(Phase.round)
        .where(Phase.starts_on <= today)
        .order_by(AgendaRound.start_year, Phase.starts_on, Phase.id)
    )
    return {row.neighbourhood_id: row.Phase for row in rows}
