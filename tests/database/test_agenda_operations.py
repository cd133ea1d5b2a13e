"""From the public result to an adopted agenda, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveys.models import SurveyState
from surveys.operations import close_survey
from tests.conftest import NOW
from tests.factories.agenda import MOTIVE, TITLES, make_agenda, make_member, make_points, make_tally, manager_of
from tests.factories.consultations import fill, make_survey
from tests.factories.neighbourhoods import TODAY, make_city_district, make_neighbourhood, make_round
from tests.factories.progress import team_of
from tests.query_count import count_queries
from wijkagenda.agenda import operations, queries
from wijkagenda.agenda.events import AgendaAdopted
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState, SurveyEvidence
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from wijkagenda.events import _handlers, subscribe
from wijkagenda.people.actors import SYSTEM, Actor, Grant
from wijkagenda.people.models import Role

ADOPTION: dict[str, Any] = {
    "adopted_on": TODAY,
    "adopted_by": "het college",
    "mandate": "Mandaatbesluit 2026, artikel 4",
}


def test_items_stand_in_the_order_of_the_vote_with_their_count_line(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    winners = [points[2], points[0], points[3], points[1]]
    tally = make_tally(session, agenda_round, winners, [900, 800, 700, 600])
    agenda = operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda_round, tally=tally)
    assert [item.priority for item in agenda.items] == winners
    assert [item.rank for item in agenda.items] == [1, 2, 3, 4]
    assert [item.tally_line.votes for item in agenda.items if item.tally_line] == [900, 800, 700, 600]
    found = queries.evidence_of(agenda.items)[agenda.items[0].id]
    assert (found.wishes, found.votes, found.ballots, found.options, found.vote_share) == (1, 900, 2000, 4, 45)


def test_an_agenda_can_take_only_the_first_points(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    tally = make_tally(session, agenda_round, points, [4, 3, 2, 1])
    agenda = operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda_round, tally=tally, size=3)
    assert [item.title for item in agenda.items] == list(TITLES[:3])


@pytest.mark.parametrize("size", [0, -1, 5])
def test_the_number_of_points_must_be_possible(session: Session, size: int):
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    tally = make_tally(session, agenda_round, points, [4, 3, 2, 1])
    with pytest.raises(Invalid) as error:
        operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda_round, tally=tally, size=size)
    assert error.value.field == "size"


def test_a_result_that_is_not_public_gives_no_draft(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    tally = make_tally(session, agenda_round, points, [4, 3, 2, 1], published=False)
    with pytest.raises(Conflict):
        operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda_round, tally=tally)


def test_a_result_of_another_neighbourhood_gives_no_draft(session: Session):
    agenda_round, points = make_points(session, make_neighbourhood(session))
    tally = make_tally(session, agenda_round, points, [4, 3, 2, 1])
    elsewhere = make_round(session, make_neighbourhood(session, "Rustenoord", column=1))
    with pytest.raises(Invalid):
        operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=elsewhere, tally=tally)


def test_a_round_has_one_agenda(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    tally = agenda.items[0].tally_line.tally  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda.round, tally=tally)
    operations.discard_draft(actor=SYSTEM, now=NOW, agenda=agenda)
    assert operations.draft_agenda(actor=SYSTEM, now=NOW, agenda_round=agenda.round, tally=tally).items


def test_the_database_refuses_one_rank_twice(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    session.add(AgendaItem(agenda_id=agenda.id, priority_id=agenda.items[0].priority_id, rank=1, title="Dubbel"))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "ranks", [[1, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 9]], ids=["double rank", "from zero", "with a gap"]
)
def test_without_a_vote_every_point_has_its_own_rank(session: Session, ranks: list[int]):
    agenda_round, points = make_points(session, make_neighbourhood(session))
    with pytest.raises(Invalid) as error:
        operations.draft_agenda_without_vote(
            actor=SYSTEM,
            now=NOW,
            agenda_round=agenda_round,
            ranks=dict(zip(points, ranks, strict=True)),
            reason="In deze wijk wonen 90 mensen. Zij kozen samen.",
        )
    assert error.value.field == "ranks"


def test_without_a_vote_the_agenda_says_why(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda_round, points = make_points(session, neighbourhood)
    ranks = {point: rank for rank, point in enumerate(reversed(points), start=1)}
    with pytest.raises(Invalid):
        operations.draft_agenda_without_vote(actor=SYSTEM, now=NOW, agenda_round=agenda_round, ranks=ranks, reason="")
    agenda = operations.draft_agenda_without_vote(
        actor=SYSTEM,
        now=NOW,
        agenda_round=agenda_round,
        ranks=ranks,
        reason="In deze wijk wonen 90 mensen. Zij kozen samen.",
        motives={point.id: MOTIVE for point in points},
    )
    operations.adopt_agenda(actor=manager_of(session, neighbourhood), now=NOW, agenda=agenda, **ADOPTION)
    assert [item.title for item in agenda.items] == list(reversed(TITLES))
    assert queries.evidence_of(agenda.items)[agenda.items[0].id].votes is None


def test_who_could_vote_is_not_passed_over(session: Session):
    agenda_round, points = make_points(session, make_neighbourhood(session))
    make_tally(session, agenda_round, points, [4, 3, 2, 1])
    with pytest.raises(Conflict):
        operations.draft_agenda_without_vote(
            actor=SYSTEM,
            now=NOW,
            agenda_round=agenda_round,
            ranks={points[3]: 1},
            reason="Wij vinden dit punt het beste.",
        )


def test_adopting_makes_the_agenda_public_and_final(session: Session, monkeypatch: pytest.MonkeyPatch):
    heard: list[object] = []
    monkeypatch.setitem(_handlers, AgendaAdopted, [])
    subscribe(AgendaAdopted, heard.append)
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood, adopted=False)
    assert queries.adopted_agenda(neighbourhood.id) is None
    assert queries.agendas_to_adopt([neighbourhood.id]) == [agenda]
    manager = manager_of(session, neighbourhood)
    operations.adopt_agenda(actor=manager, now=NOW, agenda=agenda, **ADOPTION)
    assert heard == [AgendaAdopted(agenda.id)]
    assert queries.adopted_agenda(neighbourhood.id) is agenda
    assert queries.agendas_to_adopt() == []
    priority_id = agenda.items[0].priority_id
    assert queries.items_of_priorities([priority_id]) == {priority_id: agenda.items[0]}
    for change in (
        lambda: operations.adopt_agenda(actor=manager, now=NOW, agenda=agenda, **ADOPTION),
        lambda: operations.write_motive(actor=SYSTEM, now=NOW, item=agenda.items[0], motive="Een andere reden."),
        lambda: operations.introduce(actor=SYSTEM, now=NOW, agenda=agenda, introduction="Anders."),
        lambda: operations.discard_draft(actor=SYSTEM, now=NOW, agenda=agenda),
    ):
        with pytest.raises(Conflict):
            change()


@pytest.mark.parametrize("change", ["introduce", "write_motive", "discard_draft", "attach", "detach", "adopt_agenda"])
def test_an_agenda_adopted_since_it_was_read_does_not_change(session: Session, change: str):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood, adopted=False)
    item, held = agenda.items[0], closed_survey(session, agenda, 20)
    evidence = attach(item, held)
    manager = manager_of(session, neighbourhood)
    changes: dict[str, Callable[[], object]] = {
        "introduce": lambda: operations.introduce(actor=SYSTEM, now=NOW, agenda=agenda, introduction="Anders."),
        "write_motive": lambda: operations.write_motive(actor=SYSTEM, now=NOW, item=item, motive="Een andere reden."),
        "discard_draft": lambda: operations.discard_draft(actor=SYSTEM, now=NOW, agenda=agenda),
        "attach": lambda: attach(item, held, choice="ja"),
        "detach": lambda: operations.detach_survey_evidence(actor=SYSTEM, now=NOW, evidence=evidence),
        "adopt_agenda": lambda: operations.adopt_agenda(actor=manager, now=NOW, agenda=agenda, **ADOPTION),
    }
    # A colleague adopts it after we read it: the object we hold still says 'draft'.
    session.execute(
        sa.update(Agenda).values(state=AgendaState.ADOPTED, **ADOPTION),
        execution_options={"synchronize_session": False},
    )
    assert agenda.state is AgendaState.DRAFT
    with pytest.raises(Conflict):
        changes[change]()
    session.flush()
    session.expire_all()
    assert (agenda.introduction, item.motive, item.evidence) == ("", MOTIVE, [evidence])


def test_a_draft_thrown_away_since_it_was_read_does_not_change(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    session.execute(sa.delete(AgendaItem), execution_options={"synchronize_session": False})
    session.execute(sa.delete(Agenda), execution_options={"synchronize_session": False})
    with pytest.raises(NotFound):
        operations.introduce(actor=SYSTEM, now=NOW, agenda=agenda, introduction="Anders.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mandate": ""}, "mandate"),
        ({"adopted_by": ""}, "adopted_by"),
        ({"adopted_on": TODAY + timedelta(days=1)}, "adopted_on"),
    ],
    ids=["no mandate", "by nobody", "in the future"],
)
def test_adopting_says_by_whom_when_and_with_what_power(session: Session, changes: dict[str, Any], field: str):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood, adopted=False)
    with pytest.raises(Invalid) as error:
        operations.adopt_agenda(
            actor=manager_of(session, neighbourhood), now=NOW, agenda=agenda, **(ADOPTION | changes)
        )
    assert error.value.field == field
    assert agenda.state is AgendaState.DRAFT


def test_adopting_needs_a_motive_at_every_item(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood, adopted=False)
    agenda.items[2].motive = ""
    with pytest.raises(Invalid) as error:
        operations.adopt_agenda(actor=manager_of(session, neighbourhood), now=NOW, agenda=agenda, **ADOPTION)
    assert error.value.params == {"rank": 3}


def test_the_database_refuses_an_adopted_agenda_without_mandate(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    agenda.state = AgendaState.ADOPTED
    with pytest.raises(IntegrityError):
        session.flush()


def test_only_the_manager_of_this_neighbourhood_adopts(session: Session):
    district = make_city_district(session)
    neighbourhood = make_neighbourhood(session, district=district)
    agenda = make_agenda(session, neighbourhood, adopted=False)
    elsewhere = make_neighbourhood(session, "Rustenoord", column=1)
    for actor in (team_of(session, neighbourhood), manager_of(session, elsewhere), SYSTEM):
        with pytest.raises(NotAllowed):
            operations.adopt_agenda(actor=actor, now=NOW, agenda=agenda, **ADOPTION)
    member = make_member(session, "Ines Vermeer")
    manager = Actor("staff", member.id, member.name, (Grant(Role.CITY_DISTRICT_MANAGER, district.area_id),))
    operations.adopt_agenda(actor=manager, now=NOW, agenda=agenda, **ADOPTION)


def test_the_team_of_another_neighbourhood_may_not_draft(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    stranger = team_of(session, make_neighbourhood(session, "Rustenoord", column=1))
    with pytest.raises(NotAllowed):
        operations.write_motive(actor=stranger, now=NOW, item=agenda.items[0], motive=MOTIVE)


def closed_survey(session: Session, agenda: Agenda, people: int, *, public: bool = True) -> NeighbourhoodSurvey:
    """So many people answered; 7 of 10 of them have no children."""
    neighbourhood = agenda.round.neighbourhood
    survey = make_survey(session, neighbourhood, now=NOW - timedelta(days=30))
    without = people * 7 // 10
    fill(session, survey, without, neighbourhood=neighbourhood, kinderen="nee", tevreden__licht="niet")
    fill(session, survey, people - without, neighbourhood=neighbourhood, start=without, kinderen="ja", aantal="2")
    close_survey(session, survey, today=TODAY - timedelta(days=5))
    held = session.query(NeighbourhoodSurvey).filter_by(survey_id=survey.id).one()
    held.results_published_at = NOW - timedelta(days=1) if public else None
    session.flush()
    assert survey.state is SurveyState.CLOSED
    return held


def attach(item: AgendaItem, held: NeighbourhoodSurvey, **changes: Any) -> SurveyEvidence:
    values = {"question_key": "kinderen", "choice": "nee", "statement": "heeft geen kinderen in huis"}
    return operations.attach_survey_evidence(actor=SYSTEM, now=NOW, item=item, held=held, **(values | changes))


def test_survey_evidence_is_frozen_with_its_n_and_date(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    held = closed_survey(session, agenda, 20)
    evidence = attach(agenda.items[0], held)
    assert (evidence.percent, evidence.n, evidence.measured_on) == (70, 20, TODAY - timedelta(days=5))
    of_table = attach(agenda.items[0], held, question_key="tevreden", row="licht", choice="niet")
    assert (of_table.percent, of_table.n) == (100, 14)
    assert queries.evidence_of(agenda.items)[agenda.items[0].id].survey == (evidence, of_table)
    operations.detach_survey_evidence(actor=SYSTEM, now=NOW, evidence=evidence)
    assert agenda.items[0].evidence == [of_table]


@pytest.mark.parametrize(
    ("people", "public", "changes", "kind"),
    [
        (9, True, {}, Invalid),
        (12, True, {"question_key": "tevreden", "row": "licht", "choice": "niet"}, Invalid),
        (20, False, {}, Invalid),
        (20, True, {"question_key": "onbekend"}, NotFound),
        (20, True, {"choice": "misschien"}, NotFound),
        (20, True, {"statement": ""}, Invalid),
    ],
    ids=["9 people", "8 at this line", "not public", "no such question", "no such answer", "says nothing"],
)
def test_evidence_is_public_and_of_ten_answers_or_more(
    session: Session, people: int, public: bool, changes: dict[str, Any], kind: type[DomainError]
):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    held = closed_survey(session, agenda, people, public=public)
    with pytest.raises(kind):
        attach(agenda.items[0], held, **changes)
    assert agenda.items[0].evidence == []


def test_the_same_figure_is_evidence_once(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    held = closed_survey(session, agenda, 20)
    attach(agenda.items[0], held)
    with pytest.raises(Conflict):
        attach(agenda.items[0], held)


def test_a_survey_of_another_neighbourhood_is_no_evidence(session: Session):
    agenda = make_agenda(session, make_neighbourhood(session), adopted=False)
    other = make_agenda(session, make_neighbourhood(session, "Rustenoord", column=1), adopted=False)
    with pytest.raises(Invalid):
        attach(agenda.items[0], closed_survey(session, other, 20))


def test_the_newest_agenda_is_shown_and_older_ones_stay_found(session: Session):
    neighbourhood = make_neighbourhood(session)
    agenda = make_agenda(session, neighbourhood)
    assert queries.adopted_agenda(neighbourhood.id) is agenda
    assert queries.adopted_agenda(neighbourhood.id, 2027) is agenda
    assert queries.adopted_agenda(neighbourhood.id, 2023) is None
    assert queries.adopted_agendas(neighbourhood.id) == [agenda]
    assert queries.published_tally(agenda.round_id) is not None
    assert queries.rounds_with_public_results() == {agenda.round_id}


def test_an_agenda_takes_the_same_number_of_queries_for_two_items_and_for_twelve(session: Session):
    def cost(name: str, column: int, size: int) -> int:
        neighbourhood = make_neighbourhood(session, name, column=column)
        make_agenda(session, neighbourhood, [f"Punt {n} van de wijk" for n in range(size)])
        session.flush()
        session.expire_all()
        neighbourhood_id = neighbourhood.id
        with count_queries() as counter:
            agenda = queries.adopted_agenda(neighbourhood_id)
            assert agenda is not None
            for item in agenda.items:
                assert queries.evidence_of and item.priority.summary and item.tally_line is not None
            queries.evidence_of(agenda.items)
        return len(counter)

    assert cost("Molenwijk", 0, 2) == cost("Rustenoord", 1, 12)
