"""The journey of a wish, read along the links every time: nothing of it is ever copied.

`build` is pure: it takes the rows that `queries.journey` found and says what happened, what goes
on now and what is expected, without a word of text. The pages find the words.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.dutch_days import day_of
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.queries import last_day_of_quarter
from wijkagenda.priorities.models import BundledWish, FeasibilityCheck
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.models import TallyLine, VotingRound
from wijkagenda.wishes.models import Answer, AnswerKind, Wish, WishState, WishStep
from wijkagenda.wishes.terms import ANSWER_WITHIN, READ_WITHIN

REACT_WITHIN = ANSWER_WITHIN
"""How long after an answer its giver can ask for a second look (default; the desk takes later ones too)."""


class StepKind(Enum):
    """What a step of the journey is about."""

    RECEIVED = "received"
    READ = "read"
    PLACED = "placed"
    CHECKED = "checked"
    ANSWER = "answer"
    BUNDLED = "bundled"
    VOTED = "voted"
    ADOPTED = "adopted"
    LEFT_OUT = "left_out"
    CARRIED_OUT = "carried_out"
    DONE = "done"
    STOPPED = "stopped"
    REFUSED = "refused"
    REFERRED = "referred"
    REMOVED = "removed"
    RECONSIDERED = "reconsidered"
    REACT = "react"


class StepState(Enum):
    """How a step is drawn: filled, lit, outlined, or the red of a no."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    NO = "no"


@dataclass(frozen=True)
class Step:
    """One knot. `on` is the day it happened, or by which it is expected; `by` is the team that did it."""

    kind: StepKind
    state: StepState
    on: date | None = None
    by: str = ""
    check: FeasibilityCheck | None = None
    answer: Answer | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the chain holds about one wish; see `queries.journey`."""

    wish: Wish
    steps: list[WishStep]
    answers: list[Answer]
    checks: list[FeasibilityCheck] = field(default_factory=list)
    bundled: BundledWish | None = None
    others: int = 0
    voting_round: VotingRound | None = None
    line: TallyLine | None = None
    options: int = 0
    agenda: Agenda | None = None
    item: AgendaItem | None = None
    actions: list[Action] = field(default_factory=list)
    update: ProgressUpdate | None = None


@dataclass(frozen=True)
class Journey:
    """Where a wish stands and how it came there; `facts` holds what the steps are about."""

    facts: Facts
    steps: list[Step]

    @property
    def stand(self) -> Step:
        """The step that says how it stands: what goes on now, else the last thing that happened."""
        for step in self.steps:
            if step.state is StepState.NOW:
                return step
        return [step for step in self.steps if step.state is not StepState.LATER][-1]

    @property
    def refusal(self) -> Answer | None:
        """The reasoned no, while that is how it stands."""
        return self.stand.answer if self.stand.kind in {StepKind.REFUSED, StepKind.REMOVED} else None

    @property
    def open_actions(self) -> list[Action]:
        return [action for action in self.facts.actions if action.state not in ENDED]


ENDED = {ActionState.DONE, ActionState.STOPPED}
ANSWERED = {
    AnswerKind.REFUSED: (StepKind.REFUSED, StepState.NO),
    AnswerKind.REFERRED: (StepKind.REFERRED, StepState.DONE),
    AnswerKind.REMOVED: (StepKind.REMOVED, StepState.NO),
}


def build(facts: Facts, today: date) -> Journey:
    """The steps in order: what happened by its moment, then what goes on, then what is expected."""
    happened = sorted(_happened(facts), key=lambda pair: pair[0])
    return Journey(facts, [step for _, step in happened] + _goes_on(facts, today))


def _happened(facts: Facts) -> list[tuple[datetime, Step]]:
    found = [(facts.wish.received_at, _done(StepKind.RECEIVED, facts.wish.received_at))]
    seen_placed = False
    for step in facts.steps:
        if step.state is WishState.PLACED:
            kind = StepKind.RECONSIDERED if seen_placed or _was_answered(facts, step) else StepKind.PLACED
            seen_placed = True
            found.append((step.at, _done(kind, step.at)))
    for check in facts.checks:
        looked_at = Step(StepKind.CHECKED, StepState.DONE, day_of(check.checked_at), check.team_name, check=check)
        found.append((check.checked_at, looked_at))
    for answer in facts.answers:
        if answer.kind in ANSWERED:
            kind, state = ANSWERED[answer.kind]
            found.append(
                (answer.answered_at, Step(kind, state, day_of(answer.answered_at), answer.team_name, answer=answer))
            )
    if facts.bundled is not None:
        taken_up = next((a for a in reversed(facts.answers) if a.kind is AnswerKind.TAKEN_UP), None)
        bundled = Step(
            StepKind.BUNDLED,
            StepState.DONE,
            day_of(facts.bundled.bundled_at),
            taken_up.team_name if taken_up else "",
            answer=taken_up,
        )
        found.append((facts.bundled.bundled_at, bundled))
    if facts.line is not None and (published := facts.line.tally.published_at) is not None:
        found.append((published, _done(StepKind.VOTED, published)))
    return found


def _was_answered(facts: Facts, step: WishStep) -> bool:
    """A wish that was not placed at first can be placed after a second look."""
    return any(answer.answered_at < step.at for answer in facts.answers)


def _done(kind: StepKind, at: datetime) -> Step:
    return Step(kind, StepState.DONE, day_of(at))


def _goes_on(facts: Facts, today: date) -> list[Step]:
    wish = facts.wish
    if wish.state is WishState.RECEIVED:
        return [
            Step(StepKind.READ, StepState.NOW, day_of(wish.received_at) + READ_WITHIN),
            Step(StepKind.ANSWER, StepState.LATER, wish.answer_due_on),
        ]
    if wish.state is WishState.PLACED:
        return [Step(StepKind.ANSWER, StepState.NOW, wish.answer_due_on)]
    if wish.state in {WishState.REFUSED, WishState.REMOVED} and facts.answers:
        until = day_of(facts.answers[-1].answered_at) + REACT_WITHIN
        return [Step(StepKind.REACT, StepState.LATER, until)] if until >= today else []
    if wish.state is WishState.BUNDLED and facts.bundled is not None:
        return _after_bundling(facts, facts.bundled.priority.round)
    return []


def _after_bundling(facts: Facts, agenda_round: AgendaRound) -> list[Step]:
    if facts.agenda is None:
        adopting = Step(StepKind.ADOPTED, StepState.LATER, _end_of(agenda_round, PhaseKind.ADOPTING))
        if facts.line is not None:
            return [Step(StepKind.ADOPTED, StepState.NOW, adopting.on)]
        closes = facts.voting_round.closes_at if facts.voting_round else None
        expected = day_of(closes) if closes else _end_of(agenda_round, PhaseKind.VOTING)
        return [Step(StepKind.VOTED, StepState.NOW, expected), adopting]
    if facts.item is None:
        return [Step(StepKind.LEFT_OUT, StepState.DONE, facts.agenda.adopted_on)]
    return [Step(StepKind.ADOPTED, StepState.DONE, facts.agenda.adopted_on), *_carrying_out(facts)]


def _carrying_out(facts: Facts) -> list[Step]:
    going_on = [action for action in facts.actions if action.state not in ENDED]
    if going_on or not facts.actions:
        news = facts.update.published_at if facts.update else None
        now = Step(StepKind.CARRIED_OUT, StepState.NOW, day_of(news) if news else None)
        ends = [last_day_of_quarter(action.due_year, action.due_quarter) for action in going_on]
        return [now, Step(StepKind.DONE, StepState.LATER, max(ends))] if ends else [now]
    done = [action for action in facts.actions if action.state is ActionState.DONE]
    if not done:
        return [Step(StepKind.STOPPED, StepState.NO)]
    days = [action.done_on for action in done if action.done_on]
    return [Step(StepKind.DONE, StepState.DONE, max(days) if days else None)]


def _end_of(agenda_round: AgendaRound, kind: PhaseKind) -> date | None:
    return next((phase.ends_on for phase in agenda_round.phases if phase.kind is kind), None)
