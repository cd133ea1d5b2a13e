"""News about meldingen over de stemming."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RemarkAnswered:
    """The voting office answered a melding."""

    remark_id: int
