"""The signed slip inside the check page: which receipt was made for whom, and when the page was opened.

It lets somebody who was checking at closing time still send, and nobody else. It holds no choice, and
of the code only a mark under the round's secret key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer

from wijkagenda.errors import N_, Invalid

STALE_PAGE = N_("Deze bladzijde werkt niet meer. Kijk uw keuze nog een keer na en verstuur dan.")


@dataclass(frozen=True)
class CheckSlip:
    """voting_round_id and code_mark tie it to one code; `opened_at` is the clock of the server."""

    voting_round_id: int
    code_mark: str
    receipt: str
    opened_at: datetime


def seal(secret: str, slip: CheckSlip) -> str:
    """The slip as text for a hidden field."""
    return _serializer(secret).dumps(
        [slip.voting_round_id, slip.code_mark, slip.receipt, int(slip.opened_at.timestamp())]
    )


def unseal(secret: str, sealed: str) -> CheckSlip:
    """Read a slip; raises Invalid when it was not made here."""
    try:
        voting_round_id, code_mark, receipt, opened_at = _serializer(secret).loads(sealed)
        return CheckSlip(voting_round_id, code_mark, receipt, datetime.fromtimestamp(opened_at, UTC))
    except (BadData, ValueError, TypeError):
        raise Invalid(STALE_PAGE) from None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="voting check page")
