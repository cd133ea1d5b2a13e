"""What the phase of a round allows."""

from datetime import date

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import AgendaRound, PhaseKind


def is_open(agenda_round: AgendaRound | None, kind: PhaseKind, today: date) -> bool:
    """True on the days of the phase, first and last included."""
    if agenda_round is None:
        return False
    return any(phase.kind is kind and phase.starts_on <= today <= phase.ends_on for phase in agenda_round.phases)


def may_manage_round(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team and the manager of this neighbourhood keep its round."""
    return actor.is_system or actor.has_any(
        {Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER, Role.ADMINISTRATOR},
        neighbourhood.rights_areas,
    )
