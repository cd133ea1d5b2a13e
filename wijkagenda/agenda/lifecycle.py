"""A draft agenda is adopted once; an adopted agenda does not change."""

from wijkagenda.agenda.models import Agenda, AgendaState
from wijkagenda.errors import N_, Conflict


def check_draft(agenda: Agenda) -> None:
    """Raise Conflict unless the agenda can still change."""
    if agenda.state is not AgendaState.DRAFT:
        raise Conflict(N_("Deze wijkagenda is vastgesteld. Zij verandert niet meer."))
