"""The agenda is adopted, work begins, some of it is late, and people hear how it goes."""

import random
from datetime import date, timedelta
from typing import Any

from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.agenda.operations import adopt_agenda, attach_survey_evidence, draft_agenda, introduce, write_motive
from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.demo.action_texts import ACTIONS, DELAYS, MOTIVES, DemoAction
from wijkagenda.demo.answer_texts import BUNDLES
from wijkagenda.demo.calendar import at
from wijkagenda.demo.crew import Crew
from wijkagenda.demo.listening import phase_days
from wijkagenda.plan.models import Action, ActionState
from wijkagenda.plan.operations import add_action, add_milestone, complete_milestone
from wijkagenda.plan.queries import actions_of_items
from wijkagenda.progress.operations import News, publish_update, submit_update, write_update
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.models import Tally, VotingRound

ITEMS = 6
EVIDENCE = {
    0: ("tevreden", "afval", "niet_tevreden", "is niet tevreden over afval en schoonmaken"),
    3: ("tevreden", "verlichting", "niet_tevreden", "is niet tevreden over de verlichting"),
    5: ("tevreden", "groen", "niet_tevreden", "is niet tevreden over groen en speelplekken"),
}
"""Which figure of the survey says something about which bundle."""


def tally_of(voting_round: VotingRound) -> Tally:
    """The count of a vote that is over."""
    if voting_round.tally is None:
        raise LookupError("this vote was not counted")
    return voting_round.tally


def bundle_of(item: AgendaItem) -> int:
    """Which of the demo's bundles an item came from."""
    return next(index for index, bundle in enumerate(BUNDLES) if bundle[0] == item.title)


def draft(
    agenda_round: AgendaRound, voting_round: VotingRound, today: date, crew: Crew, held: NeighbourhoodSurvey | None
) -> Agenda:
    """A draft in the order of the vote, with motives, and survey figures where there was a survey."""
    first, _last = phase_days(agenda_round, PhaseKind.ADOPTING)
    team = crew.team_of(agenda_round.neighbourhood)
    moment = at(first + timedelta(days=5))
    agenda = draft_agenda(
        actor=team, now=moment, agenda_round=agenda_round, tally=tally_of(voting_round),
        size=min(ITEMS, len(voting_round.options)),
    )  # fmt: skip
    name = agenda_round.neighbourhood.name
    introduce(
        actor=team, now=moment, agenda=agenda, introduction=f"Dit gaan wij samen met {name} doen, in deze volgorde."
    )
    for item in agenda.items:
        write_motive(actor=team, now=moment, item=item, motive=MOTIVES[bundle_of(item)])
    if held is not None:
        for item in agenda.items:
            if bundle_of(item) not in EVIDENCE:
                continue
            question, row, choice, statement = EVIDENCE[bundle_of(item)]
            attach_survey_evidence(
                actor=team, now=moment, item=item, held=held, question_key=question, row=row, choice=choice,
                statement=statement,
            )  # fmt: skip
    return agenda


def adopt(agenda: Agenda, crew: Crew) -> None:
    """On the last Tuesday-like day of the adopting phase."""
    _first, last = phase_days(agenda.round, PhaseKind.ADOPTING)
    day = last - timedelta(days=6)
    adopt_agenda(
        actor=crew.manager_of(agenda.round.neighbourhood), now=at(day, 15), agenda=agenda, adopted_on=day,
        adopted_by="het college van burgemeester en wethouders van Markerstad",
        mandate=f"Verordening wijkagenda's Markerstad, artikel 4 ({agenda.round.start_year - 1})",
    )  # fmt: skip


def carry_out(agenda: Agenda, today: date, crew: Crew, chance: random.Random) -> None:
    """Add the actions and tell how they go until today."""
    first, last = phase_days(agenda.round, PhaseKind.CARRYING_OUT)
    planned = [(item, each) for item in agenda.items for each in ACTIONS[bundle_of(item)]]
    for index, (item, each) in enumerate(planned):
        due = first + timedelta(days=120 + (last - first).days * (index * 5 % len(planned)) // (len(planned) + 3))
        action = add_action(
            actor=crew.team_of(agenda.round.neighbourhood), now=at(first + timedelta(days=index)), item=item,
            title=each.title, text=each.text, owner=each.owner, budget=each.budget, partners=each.partners,
            due_year=due.year, due_quarter=(due.month + 2) // 3, counted_total=each.counted[0] if each.counted else None,
            take_part=each.take_part,
        )  # fmt: skip
        _tell(action, each, due, index, today, crew, chance)


def _tell(
    action: Action, each: DemoAction, due: date, index: int, today: date, crew: Crew, chance: random.Random
) -> None:
    agenda_round = action.item.agenda.round
    team = crew.team_of(agenda_round.neighbourhood)
    start = max(due - timedelta(days=240), phase_days(agenda_round, PhaseKind.CARRYING_OUT)[0] + timedelta(days=30))
    middle = start + (due - start) / 2
    steps = ((start, "Voorbereiden en bestellen"), (middle, "Aan het werk"), (due, "Samen bekijken"))
    planned_at = at(min(start, today) - timedelta(days=1))
    milestones = [
        add_milestone(actor=team, now=planned_at, action=action, title=title, due_on=day) for day, title in steps
    ]
    late = index % 5 == 2 and due < today
    for milestone, (day, _title) in zip(milestones, steps, strict=True):
        if day < today and not (late and day == due):
            complete_milestone(actor=team, now=at(day), milestone=milestone, done_on=day)
    if start < today:
        _publish(action, crew, start, News(f"{each.title}: wij zijn begonnen", "De voorbereiding is klaar. Wij gaan nu aan het werk.",
                 ActionState.ON_SCHEDULE, spent=_money(each, 0.1)))  # fmt: skip
    if middle < today:
        _publish(action, crew, middle, News(f"{each.title}: halverwege", "Het gaat goed. Wij zijn halverwege.",
                 ActionState.ON_SCHEDULE, spent=_money(each, 0.6), **_count(each, 0.6)))  # fmt: skip
    if due < today and late:
        new = today + timedelta(days=130)
        _publish(action, crew, due, News(f"{each.title} komt later", f"Het duurt langer. {DELAYS[index % len(DELAYS)]}",
                 ActionState.DELAYED, reason=DELAYS[index % len(DELAYS)], new_due=(new.year, (new.month + 2) // 3)))  # fmt: skip
    elif due < today:
        _publish(action, crew, due, News(f"{each.title}: klaar", "Het is klaar. Dank aan iedereen die meedeed.",
                 ActionState.DONE, spent=_money(each, 0.96), **_count(each, 1.0)))  # fmt: skip


def _money(each: DemoAction, share: float) -> int:
    return int(each.budget * share / 50) * 50


def _count(each: DemoAction, share: float) -> dict[str, Any]:
    if each.counted is None:
        return {}
    total, sentence = each.counted
    done = max(int(total * share), 1)
    return {"counted": (done, total), "standing": sentence % {"done": done, "total": total}}


def _publish(action: Action, crew: Crew, day: date, news: News) -> None:
    """Written by the team, published by the manager two days later."""
    neighbourhood = action.item.agenda.round.neighbourhood
    update = write_update(actor=crew.team_of(neighbourhood), now=at(day, 11), action=action, news=news)
    submit_update(actor=crew.team_of(neighbourhood), now=at(day, 12), update=update)
    publish_update(actor=crew.manager_of(neighbourhood), now=at(day + timedelta(days=1), 9), update=update)


def leave_on_the_desk(agenda: Agenda, today: date, crew: Crew) -> None:
    """Two updates wait: one with the manager, one still a draft."""
    team = crew.team_of(agenda.round.neighbourhood)
    actions = actions_of_items(item.id for item in agenda.items)
    running = [a for each in actions.values() for a in each if a.state is ActionState.ON_SCHEDULE][:2]
    for index, action in enumerate(running):
        news = News(
            f"{action.title}: nieuws",
            "Deze week is er weer een stap gezet. Het gaat volgens plan.",
            ActionState.ON_SCHEDULE,
        )
        update = write_update(actor=team, now=at(today - timedelta(days=9), 10 + index), action=action, news=news)
        if index == 0:
            submit_update(actor=team, now=at(today - timedelta(days=2)), update=update)
