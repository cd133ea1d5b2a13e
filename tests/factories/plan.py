"""Actions under an adopted agenda item."""

from tests.conftest import NOW
from wijkagenda.agenda.models import AgendaItem
from wijkagenda.people.actors import SYSTEM
from wijkagenda.plan import operations
from wijkagenda.plan.models import Action


def make_action(item: AgendaItem, title: str = "Achttien lampen langs het hoofdpad", **changes: object) -> Action:
    """An action of team Licht, due in the second quarter of 2027."""
    values: dict[str, object] = {
        "text": "Wij zetten achttien nieuwe lampen langs het grote pad door het Molenpark.",
        "owner": "Gemeente, team Licht",
        "due_year": 2027,
        "due_quarter": 2,
        "budget": 54_000,
        "partners": [("Bewonersclub Molenpark", "snoeit en kijkt mee")],
    }
    return operations.add_action(actor=SYSTEM, now=NOW, item=item, title=title, **(values | changes))  # type: ignore[arg-type]
