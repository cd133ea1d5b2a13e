"""What a manager watches: every action counts, also those that stopped, on the screen and in the file."""

import csv
import io

from sqlalchemy.orm import Session

from tests.conftest import StaffMaker
from tests.factories.agenda import make_agenda
from tests.factories.neighbourhoods import make_neighbourhood
from tests.factories.plan import make_action
from tests.page_client import PageClient
from wijkagenda.people.models import Role
from wijkagenda.plan.models import ActionState
from wijkagenda.rounds.models import PhaseKind


def test_actions_that_stopped_are_in_the_overview_and_its_file(
    client: PageClient, session: Session, staff: StaffMaker
) -> None:
    here = make_neighbourhood(session)
    item = make_agenda(session, here).items[0]
    make_action(item)
    stopped = make_action(item, "Een fontein")
    stopped.state, stopped.reason = ActionState.STOPPED, "De leiding ligt in de weg."
    client.sign_in(staff(Role.CITY_DISTRICT_MANAGER, here.area_id))
    page = client.get("/werkplek/overzicht")
    assert page.soup.select_one(".wa-stack")["aria-label"] == "Acties in Molenwijk: 1 niet begonnen, 1 gestopt"
    (row,) = csv.DictReader(
        io.StringIO(client.get("/werkplek/overzicht.csv").text.removeprefix("\ufeff")), delimiter=";"
    )
    assert row["acties: gestopt"] == "1"
    assert row["fase"] in {kind.label for kind in PhaseKind}
