"""A public result, and agendas drafted from it and adopted."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories.neighbourhoods import TODAY, make_round
from tests.factories.priorities import make_priority
from tests.factories.wishes import make_wish
from wijkagenda.agenda import operations
from wijkagenda.agenda.models import Agenda
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role, StaffMember
from wijkagenda.people.operations import add_staff_member
from wijkagenda.priorities.models import Priority
from wijkagenda.priorities.operations import put_on_ballot
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.models import Tally, TallyLine, VotingOption, VotingRound, VotingState

MOTIVE = "Veel bewoners voelen zich hier onveilig. Met licht en lage struiken verandert dat."
TITLES = ("Schone straten", "Een plek voor jongeren", "Meer licht in het Molenpark", "Veilig oversteken")


def make_member(session: Session, name: str) -> StaffMember:
    number = session.query(StaffMember).count()
    return add_staff_member(actor=SYSTEM, now=NOW, email=f"maker{number}@markerstad.example", name=name)


def manager_of(session: Session, neighbourhood: Neighbourhood, member: StaffMember | None = None) -> Actor:
    """The manager of this neighbourhood, as an actor."""
    member = member or make_member(session, "Ines Vermeer")
    return Actor(
        "staff",
        staff_id=member.id,
        name=member.name,
        grants=(Grant(Role.CITY_DISTRICT_MANAGER, neighbourhood.area_id),),
    )


def make_points(
    session: Session, neighbourhood: Neighbourhood, titles: Sequence[str] = TITLES, *, wishes: int = 1
) -> tuple[AgendaRound, list[Priority]]:
    """A round with public priorities, each with so many wishes."""
    agenda_round = make_round(session, neighbourhood, PhaseKind.LISTENING)
    points = [
        make_priority(
            agenda_round,
            title,
            wishes=[
                make_wish(session, neighbourhood, f"Wens {n} voor punt {title}. Dat is hier hard nodig.")
                for n in range(wishes)
            ],
            proposed=True,
        )
        for title in titles
    ]
    return agenda_round, points


def make_tally(
    session: Session,
    agenda_round: AgendaRound,
    points: Sequence[Priority],
    votes: Sequence[int],
    *,
    published: bool = True,
) -> Tally:
    """A counted vote; points and votes in order of rank."""
    put_on_ballot(actor=SYSTEM, now=NOW - timedelta(days=20), priorities=points)
    voting_round = VotingRound(
        round=agenda_round,
        title="Stemmen in de wijk",
        opens_at=NOW - timedelta(days=20),
        closes_at=NOW - timedelta(days=2),
        result_on=TODAY,
        seats=3,
        before_sealing=True,
        state=VotingState.PUBLISHED if published else VotingState.COUNTED,
    )
    options = [
        VotingOption(
            priority=point,
            position=number,
            title=point.title,
            summary=point.summary,
            theme=point.theme,
            wish_count=1,
        )
        for number, point in enumerate(points, start=1)
    ]
    voting_round.options = options
    tally = Tally(
        voting_round=voting_round,
        counted_at=NOW - timedelta(days=1),
        counted_by_id=make_member(session, "Teller Een").id,
        codes_issued=3000,
        codes_voided=0,
        codes_used=2000,
        ballots=2000,
        lines=[
            TallyLine(option=option, rank=rank, votes=number)
            for rank, (option, number) in enumerate(zip(options, votes, strict=True), start=1)
        ],
    )
    if published:
        tally.published_at = NOW - timedelta(hours=1)
        tally.published_by_id = make_member(session, "Teller Twee").id
    session.add(tally)
    session.flush()
    return tally


def make_agenda(
    session: Session,
    neighbourhood: Neighbourhood,
    titles: Sequence[str] = TITLES,
    *,
    adopted: bool = True,
    wishes: int = 1,
) -> Agenda:
    """An agenda from a vote in which the first title won; adopted unless said otherwise."""
    agenda_round, points = make_points(session, neighbourhood, titles, wishes=wishes)
    votes = [1200 - 100 * n for n in range(len(points))]
    tally = make_tally(session, agenda_round, points, votes)
    agenda = operations.draft_agenda(
        actor=SYSTEM, now=NOW, agenda_round=agenda_round, tally=tally, motives={p.id: MOTIVE for p in points}
    )
    if adopted:
        operations.adopt_agenda(
            actor=manager_of(session, neighbourhood),
            now=NOW,
            agenda=agenda,
            adopted_on=TODAY,
            adopted_by="het college van burgemeester en wethouders",
            mandate="Mandaatbesluit Markerstad 2026, artikel 4",
        )
    return agenda
