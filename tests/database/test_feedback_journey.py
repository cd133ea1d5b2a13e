"""The journey of a wish, read along the links, on both databases. Each state says what is expected next."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.neighbourhoods import TODAY, make_neighbourhood, make_round
from tests.factories.wishes import make_refused_wish, make_wish
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.feedback.journey import Journey, StepKind, StepState
from wijkagenda.feedback.queries import journey
from wijkagenda.people.actors import SYSTEM
from wijkagenda.people.models import StaffMember
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.priorities import operations as priorities
from wijkagenda.priorities.models import Feasibility, Priority
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally, TallyLine, VotingOption, VotingRound, VotingState
from wijkagenda.wishes import answers
from wijkagenda.wishes.models import RefusalGround, Theme, Wish
from wijkagenda.wishes.queries import public_wish

K, S = StepKind, StepState


def told(found: Journey) -> list[tuple[StepKind, StepState]]:
    return [(step.kind, step.state) for step in found.steps]


@pytest.fixture
def agenda_round(session: Session) -> AgendaRound:
    return make_round(session, make_neighbourhood(session))


@pytest.fixture
def wish(session: Session, agenda_round: AgendaRound) -> Wish:
    return make_wish(session, agenda_round.neighbourhood)


def bundle(session: Session, agenda_round: AgendaRound, wishes: list[Wish], now: datetime) -> Priority:
    priority = priorities.create_priority(
        actor=SYSTEM,
        now=now,
        agenda_round=agenda_round,
        title="Meer licht in het park",
        summary="Wij zetten lampen langs het grote pad.",
        theme=Theme.SAFETY,
    )
    priorities.bundle(
        actor=SYSTEM, now=now, priority=priority, wishes=wishes, explanation="Uw wens hoort bij dit punt."
    )
    priorities.record_feasibility(
        actor=SYSTEM,
        now=now + timedelta(hours=1),
        priority=priority,
        outcome=Feasibility.FEASIBLE,
        reason="De kabel ligt er al.",
        team_name="team Licht",
        cost_estimate=54_000,
    )
    return priority


def vote(session: Session, priority: Priority, now: datetime, *, state: VotingState) -> VotingRound:
    """A vote in which this priority came second of two."""
    other = Priority(
        round_id=priority.round_id,
        number=99,
        title="Schone straten",
        summary="Minder afval op straat.",
        theme=Theme.STREETS_AND_GREEN,
        state=priority.state,
    )
    session.add(other)
    session.flush()
    voting_round = VotingRound(
        round_id=priority.round_id,
        title="Stemming",
        opens_at=now,
        closes_at=now + timedelta(days=20),
        result_on=TODAY + timedelta(days=30),
        seats=3,
        before_sealing=True,
        state=state,
    )
    for position, one in enumerate((priority, other), start=1):
        voting_round.options.append(
            VotingOption(
                priority_id=one.id,
                position=position,
                title=one.title,
                summary=one.summary,
                theme=one.theme,
                wish_count=2,
            )
        )
    session.add(voting_round)
    session.flush()
    return voting_round


def count(session: Session, voting_round: VotingRound, now: datetime, *, published: bool) -> Tally:
    people = [StaffMember(email=f"teller{n}@markerstad.example", name=f"Teller {n}") for n in range(2)]
    session.add_all(people)
    session.flush()
    tally = Tally(
        voting_round_id=voting_round.id,
        counted_at=now,
        counted_by_id=people[0].id,
        published_at=now if published else None,
        published_by_id=people[1].id if published else None,
        codes_issued=2_000,
        codes_voided=0,
        codes_used=921,
        ballots=921,
    )
    for rank, option in ((2, voting_round.options[0]), (1, voting_round.options[1])):
        tally.lines.append(TallyLine(option_id=option.id, rank=rank, votes=500 - rank, tied=False))
    session.add(tally)
    session.flush()
    return tally


def adopt(session: Session, priority: Priority, *, with_item: bool = True) -> Agenda:
    agenda = Agenda(
        round_id=priority.round_id,
        state=AgendaState.ADOPTED,
        adopted_on=date(2026, 12, 20),
        adopted_by="het college",
        mandate="Besluit 12",
        introduction="",
    )
    if with_item:
        agenda.items.append(AgendaItem(priority_id=priority.id, rank=2, title=priority.title, motive="Veel wensen."))
    session.add(agenda)
    session.flush()
    return agenda


def act(session: Session, agenda: Agenda, state: ActionState, number: int = 1) -> Action:
    action = Action(
        item_id=agenda.items[0].id,
        number=number,
        title="Achttien lampen",
        text="Langs het hoofdpad.",
        owner="team Licht",
        due_year=2027,
        due_quarter=2,
        promised_year=2027,
        promised_quarter=2,
        state=state,
        done_on=date(2027, 6, 1) if state is ActionState.DONE else None,
    )
    session.add(action)
    session.flush()
    return action


def test_a_new_wish_waits_to_be_read_and_then_for_an_answer(session: Session, agenda_round: AgendaRound) -> None:
    wish = make_wish(session, agenda_round.neighbourhood, placed=False)
    found = journey(wish, TODAY)
    assert told(found) == [(K.RECEIVED, S.DONE), (K.READ, S.NOW), (K.ANSWER, S.LATER)]
    assert found.steps[-1].on == wish.answer_due_on


def test_a_placed_wish_waits_for_its_answer(wish: Wish) -> None:
    found = journey(wish, TODAY)
    assert told(found) == [(K.RECEIVED, S.DONE), (K.PLACED, S.DONE), (K.ANSWER, S.NOW)]
    assert found.stand.on == wish.answer_due_on


def test_a_refused_wish_ends_with_no_and_a_way_to_react(session: Session, agenda_round: AgendaRound) -> None:
    wish = make_refused_wish(session, agenda_round.neighbourhood)
    found = journey(public_wish(wish.reference), TODAY)
    assert told(found)[-2:] == [(K.REFUSED, S.NO), (K.REACT, S.LATER)]
    assert found.refusal is not None
    assert found.refusal.ground is RefusalGround.RULE
    late = journey(public_wish(wish.reference), TODAY + timedelta(days=60))
    assert told(late)[-1] == (K.REFUSED, S.NO)


def test_a_referred_wish_says_to_whom(session: Session, wish: Wish, now: datetime) -> None:
    answers.refer_wish(actor=SYSTEM, now=now, wish=wish, referred_to="de provincie", text="Die gaat over de bus.")
    found = journey(wish, TODAY)
    assert found.stand.kind is K.REFERRED
    assert found.stand.answer is not None
    assert found.stand.answer.referred_to == "de provincie"


def test_a_second_look_is_a_step_of_its_own(session: Session, agenda_round: AgendaRound, now: datetime) -> None:
    wish = make_refused_wish(session, agenda_round.neighbourhood)
    answers.reconsider_wish(actor=SYSTEM, now=now + timedelta(days=3), wish=wish)
    found = journey(wish, TODAY)
    assert [kind for kind, _ in told(found)] == [K.RECEIVED, K.PLACED, K.REFUSED, K.RECONSIDERED, K.ANSWER]
    assert found.refusal is None


def test_a_bundled_wish_knows_how_many_others_and_waits_for_the_vote(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    other = make_wish(session, agenda_round.neighbourhood, "Het is te donker bij de vijver.")
    bundle(session, agenda_round, [wish, other], now)
    found = journey(wish, TODAY)
    assert told(found)[-4:] == [(K.BUNDLED, S.DONE), (K.CHECKED, S.DONE), (K.VOTED, S.NOW), (K.ADOPTED, S.LATER)]
    assert found.facts.others == 1


def test_a_check_of_somebody_elses_wish_is_not_in_this_journey(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    other = make_wish(session, agenda_round.neighbourhood, "Het is te donker bij de vijver.")
    bundle(session, agenda_round, [other], now)
    assert K.CHECKED not in [kind for kind, _ in told(journey(wish, TODAY))]


def test_votes_show_only_once_the_result_is_published(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    priority = bundle(session, agenda_round, [wish], now)
    voting_round = vote(session, priority, now, state=VotingState.COUNTED)
    tally = count(session, voting_round, now + timedelta(days=21), published=False)
    assert journey(wish, TODAY).facts.line is None
    session.delete(tally)
    session.flush()
    session.expire(voting_round)
    tally = count_again(session, voting_round, now + timedelta(days=22))
    found = journey(wish, TODAY)
    assert found.facts.line is not None
    assert (found.facts.line.votes, found.facts.line.rank, found.facts.options) == (498, 2, 2)
    assert told(found)[-2:] == [(K.VOTED, S.DONE), (K.ADOPTED, S.NOW)]


def count_again(session: Session, voting_round: VotingRound, now: datetime) -> Tally:
    for member in session.query(StaffMember):
        member.email = f"oud-{member.email}"
    return count(session, voting_round, now, published=True)


def test_an_adopted_wish_without_actions_goes_on(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    adopt(session, bundle(session, agenda_round, [wish], now))
    assert told(journey(wish, TODAY))[-2:] == [(K.ADOPTED, S.DONE), (K.CARRIED_OUT, S.NOW)]


def test_a_point_that_did_not_reach_the_agenda_says_so(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    adopt(session, bundle(session, agenda_round, [wish], now), with_item=False)
    assert journey(wish, TODAY).stand.kind is K.LEFT_OUT


def test_a_wish_is_carried_out_until_its_last_action_is_done(
    session: Session, agenda_round: AgendaRound, wish: Wish, now: datetime
) -> None:
    agenda = adopt(session, bundle(session, agenda_round, [wish], now))
    act(session, agenda, ActionState.DONE)
    second = act(session, agenda, ActionState.ON_SCHEDULE, number=2)
    found = journey(wish, TODAY)
    assert told(found)[-2:] == [(K.CARRIED_OUT, S.NOW), (K.DONE, S.LATER)]
    assert found.steps[-1].on == date(2027, 6, 30)
    assert found.open_actions == [second]
    second.state, second.done_on = ActionState.DONE, date(2027, 6, 20)
    session.flush()
    found = journey(wish, TODAY)
    assert told(found)[-1] == (K.DONE, S.DONE)
    assert found.stand.on == date(2027, 6, 20)
