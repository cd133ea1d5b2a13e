"""Who may give, read and answer wishes."""

from datetime import date

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.people.models import Role
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.rounds.policy import is_open

TEAM = frozenset({Role.AREA_TEAM, Role.CITY_DISTRICT_MANAGER})


def may_submit(actor: Actor, neighbourhood: Neighbourhood, agenda_round: AgendaRound | None, today: date) -> bool:
    """Everyone gives wishes while the municipality listens, first and last day included."""
    return actor.is_system or is_open(agenda_round, PhaseKind.LISTENING, today)


def may_enter_for(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The team enters what came in on paper or by word of mouth, also after the listening phase."""
    return _is_team(actor, neighbourhood)


def may_moderate(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team and the manager of this neighbourhood read new wishes and place them."""
    return _is_team(actor, neighbourhood)


def may_answer(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """The area team and the manager of this neighbourhood answer its wishes."""
    return _is_team(actor, neighbourhood)


def may_see_giver(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Only who answers a wish may see how to reach its giver, and the exact place."""
    return _is_team(actor, neighbourhood)


def may_forget_giver(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    """Only who may see how to reach the giver can make us forget it."""
    return may_see_giver(actor, neighbourhood)


def moderated_areas(actor: Actor) -> set[int] | None:
    """The areas whose wishes `actor` works on; None is the whole municipality."""
    if actor.is_system:
        return None
    areas = {grant.area_id for grant in actor.grants if grant.role in TEAM}
    if None in areas:
        return None
    return {area for area in areas if area is not None}


def _is_team(actor: Actor, neighbourhood: Neighbourhood) -> bool:
    return actor.is_system or actor.has_any(TEAM, neighbourhood.rights_areas)
