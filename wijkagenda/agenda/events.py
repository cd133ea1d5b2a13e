"""News from agendas."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgendaAdopted:
    """An agenda was adopted and is public."""

    agenda_id: int
