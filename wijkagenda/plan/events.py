"""News from action plans."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionAdded:
    """An action was added under an adopted agenda item."""

    action_id: int
