"""A vote in preparation: its rules and what stands on its ballot paper.

A draft may be unfinished: here only what can never be is refused. What still has to be settled before it can open
is in `regulation.problems`, all at once.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Required, TypedDict, Unpack

import sqlalchemy as sa

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.people.actors import Actor
from wijkagenda.priorities.models import FeasibilityCheck
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting import policy, queries
from wijkagenda.voting.counting import draw_lots
from wijkagenda.voting.models import BallotType, DecidingRule, Reserve, VotingOption, VotingRound, VotingState
from wijkagenda.voting.rules.regulation import MOST_POINTS_TO_GIVE, must_work, regulation_of
from wijkagenda.voting.rules.text import as_text, regulation_hash
from wijkagenda.wishes.models import Theme

CHANGED_SINCE = N_(
    "Deze punten veranderden, of zijn niet meer openbaar, nadat de regels zijn bewaard: %(titles)s. Bewaar de regels "
    "opnieuw. Dan staan de punten in het reglement zoals ze nu zijn. Lees het daarna nog een keer."
)


class Rules(TypedDict, total=False):
    """The rules of a round. What is not named stays as it was; in a new round it is what stands behind it.

    `seats` where no money is divided, `budget` (whole units of `currency`) where it is; neither named, now or before:
    as many seats as `max_choices`. `reserves`: least number of places per theme.
    """

    title: Required[str]
    opens_at: Required[datetime]
    closes_at: Required[datetime]
    result_on: Required[date]
    max_choices: int  # 3
    paper_place: str  # none
    ballot_type: BallotType  # approval
    rule: DecidingRule  # most votes
    points: int  # 0
    seats: int | None
    budget: int | None
    currency: str  # EUR
    reserves: Mapping[Theme, int]  # none
    reference_on: date | None  # the day of preparing
    youngest: int  # 12
    with_businesses: bool  # True
    businesses_decide: bool  # False
    ballots_shown_from: int  # 100
    complaints_until: date | None  # COMPLAINT_TERM after the result


def prepare_round(
    *,
    actor: Actor,
    now: datetime,
    agenda_round: AgendaRound,
    priority_ids: Collection[int] | None = None,
    costs: Mapping[int, int | None] | None = None,
    rehearsal: bool = False,
    **rules: Unpack[Rules],
) -> VotingRound:
    """Draft a vote over the proposed priorities of a round (all of them, or those in `priority_ids`).

    costs: by id of a priority, where money is divided; else what the newest feasibility check says.
    """
    if not policy.may_manage_voting(actor, agenda_round.neighbourhood):
        raise NotAllowed
    # Two officers at the same moment prepare one vote.
    db.session.refresh(agenda_round, attribute_names=["id"], with_for_update=True)
    unfinished = sa.select(VotingRound.id).where(
        VotingRound.round_id == agenda_round.id,
        VotingRound.state != VotingState.PUBLISHED,
        VotingRound.rehearsal.is_(rehearsal),
    )
    if db.session.scalar(unfinished.limit(1)) is not None:
        raise Conflict(N_("Voor deze agendaronde loopt al een stemming. U vindt die bij Stemmingen."))
    voting_round = VotingRound(
        round_id=agenda_round.id,
        round=agenda_round,
        state=VotingState.DRAFT,
        rehearsal=rehearsal,
        reference_on=day_of(now),
        **_NEW,
    )
    _settle(voting_round, rules)
    choose_options(voting_round, priority_ids, costs)
    db.session.add(voting_round)
    db.session.flush()
    record(actor=actor, now=now, action="voting.prepare_round", subject=voting_round)
    return voting_round


# As the columns have it; read before the first flush.
_NEW = {
    "max_choices": 3,
    "paper_place": "",
    "ballot_type": BallotType.APPROVAL,
    "rule": DecidingRule.MOST_VOTES,
    "points": 0,
    "currency": "EUR",
    "youngest": 12,
    "with_businesses": True,
    "businesses_decide": False,
    "ballots_shown_from": 100,
}


def edit_round(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    priority_ids: Collection[int],
    costs: Mapping[int, int | None] | None = None,
    **rules: Unpack[Rules],
) -> None:
    """Change a draft. Once open, nothing of the rules changes any more."""
    if not policy.may_manage_voting(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    # Wait for a colleague who edits or opens this vote at the same moment, then read what they left.
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)
    db.session.refresh(voting_round)
    if voting_round.state is not VotingState.DRAFT:
        raise Conflict(N_("De stemming is al klaargezet. De regels kunnen niet meer veranderen."))
    _settle(voting_round, rules)
    choose_options(voting_round, priority_ids, costs)
    db.session.flush()
    record(actor=actor, now=now, action="voting.edit_round", subject=voting_round)


def _settle(voting_round: VotingRound, rules: Rules) -> None:
    """Take over what is named, and what follows from it."""
    _must_be_possible(voting_round, rules)
    for name, value in rules.items():
        if name not in ("reserves", "seats", "budget", "complaints_until"):
            setattr(voting_round, name, value.strip() if isinstance(value, str) else value)
    if voting_round.ballot_type is BallotType.APPROVAL:
        voting_round.points = 0
    if "seats" in rules or "budget" in rules:
        voting_round.budget = rules.get("budget")
        voting_round.seats = None if voting_round.budget is not None else rules.get("seats")
    if voting_round.budget is None and voting_round.seats is None:
        voting_round.seats = voting_round.max_choices
    if "complaints_until" in rules:
        voting_round.complaints_until = rules["complaints_until"]
    voting_round.complaints_until = voting_round.remarks_until
    if "reserves" in rules:
        kept = {reserve.theme: reserve for reserve in voting_round.reserves}
        for theme in kept.keys() - rules["reserves"].keys():
            voting_round.reserves.remove(kept[theme])
        for theme, at_least in rules["reserves"].items():
            if theme in kept:
                kept[theme].at_least = at_least
            else:
                voting_round.reserves.append(Reserve(theme=theme, at_least=at_least))


def _must_be_possible(voting_round: VotingRound, rules: Rules) -> None:
    """Refuse what no round can have, each at its field."""
    ballot_type = rules.get("ballot_type", voting_round.ballot_type)
    seats, budget = rules.get("seats"), rules.get("budget")
    if not rules["title"].strip():
        raise Invalid(N_("Geef de stemming een naam."), field="title")
    if rules["closes_at"] <= rules["opens_at"]:
        raise Invalid(N_("De stemming moet later sluiten dan ze begint."), field="closes_at")
    if rules["result_on"] < day_of(rules["closes_at"]):
        raise Invalid(N_("De uitslag kan niet komen voordat de stemming sluit."), field="result_on")
    if rules.get("max_choices", 1) < 1:
        raise Invalid(N_("Laat mensen minstens 1 punt kiezen."), field="max_choices")
    if ballot_type is BallotType.POINTS and not 1 <= rules.get("points", voting_round.points) <= MOST_POINTS_TO_GIVE:
        raise Invalid(N_("Geef iedereen 1 tot 100 punten om te verdelen."), field="points")
    if ballot_type is BallotType.APPROVAL and rules.get("points"):
        raise Invalid(N_("Punten verdelen kan alleen op een stembiljet met punten."), field="points")
    if seats is not None and seats < 1:
        raise Invalid(N_("Laat minstens 1 punt winnen."), field="seats")
    if budget is not None and budget < 1:
        raise Invalid(N_("Verdeel minstens 1 euro."), field="budget")
    if any(at_least < 1 for at_least in rules.get("reserves", {}).values()):
        raise Invalid(
            N_("Houd minstens 1 plaats vrij voor een onderwerp, of haal het onderwerp weg."), field="reserves"
        )
    if rules.get("ballots_shown_from", 100) < 100:
        raise Invalid(
            N_("Laat stembiljetten pas zien vanaf 100. Anders kan iemand raden wie wat koos."),
            field="ballots_shown_from",
        )


def choose_options(
    voting_round: VotingRound,
    priority_ids: Collection[int] | None = None,
    costs: Mapping[int, int | None] | None = None,
) -> None:
    """Copy the chosen proposed priorities as they read now; unknown ones are refused.

    Where money is divided each cost is what is given, else what it was, else what the newest check says.
    """
    proposed = queries.proposed_priorities(voting_round.round.id)
    wanted = {line.priority.id for line in proposed} if priority_ids is None else set(priority_ids)
    if not wanted <= {line.priority.id for line in proposed}:
        raise Invalid(N_("Een van deze punten is niet openbaar. Kies uit de lijst."), field="priority_ids")
    before = {option.priority_id: option.cost for option in voting_round.options if option.cost is not None}
    known: Mapping[int, int | None] = before | dict(costs or {})
    if any(cost is not None and cost < 1 for cost in known.values()):
        raise Invalid(N_("Een punt kost minstens 1 euro."), field="costs")
    if voting_round.options:
        voting_round.options.clear()
        db.session.flush()
    chosen = [line for line in proposed if line.priority.id in wanted]
    for position, line in enumerate(chosen, start=1):
        estimate = line.check.cost_estimate or None if line.check else None
        voting_round.options.append(
            VotingOption(
                priority=line.priority,
                position=position,
                title=line.priority.title,
                summary=line.priority.summary,
                theme=line.priority.theme,
                wish_count=line.wish_count,
                cost=known.get(line.priority.id, estimate) if voting_round.budget is not None else None,
                feasibility=_in_public(line.check),
            )
        )


def changed_since(voting_round: VotingRound) -> list[str]:
    """The names of options of a draft that are no longer public, or read differently than when its rules were saved."""
    now = {line.priority.id: line for line in queries.proposed_priorities(voting_round.round_id)}
    changed = []
    for option in voting_round.options:
        line = now.get(option.priority_id)
        if line is None or (option.title, option.summary, option.theme, option.feasibility) != (
            line.priority.title,
            line.priority.summary,
            line.priority.theme,
            _in_public(line.check),
        ):
            changed.append(option.title)
    return changed


def must_read_the_same(voting_round: VotingRound) -> None:
    """Raise Conflict when opening would settle other words than those that were saved and read."""
    if changed := changed_since(voting_round):
        raise Conflict(CHANGED_SINCE, titles=", ".join(changed))


def _in_public(check: FeasibilityCheck | None) -> str:
    if check is None:
        return ""
    return f"{check.outcome.label[:1].upper()}{check.outcome.label[1:]}. {check.reason}"


def check_can_open(voting_round: VotingRound) -> None:
    """Raise everything that keeps the rules of this round from working, all at once."""
    must_work(regulation_of(voting_round))


def must_be_as_settled(voting_round: VotingRound) -> None:
    """Raise Conflict unless regulation and lot are those of the opening.

    A sealed ballot names its points by their place in the lot. Whoever could change the places in the database would
    change every vote, and nobody who counts again would see it; the seed of the lot is public, so it tells.
    """
    numbers = [option.priority.number for option in voting_round.options]
    places = [option.position for option in voting_round.options]
    drawn = draw_lots(voting_round.lot_seed, [str(number) for number in numbers])
    if places != list(range(1, len(places) + 1)) or drawn != [str(number) for number in numbers]:
        raise Conflict(
            N_(
                "De loting is veranderd sinds de stemming werd klaargezet. Er is niets geopend en niets geteld. Bel de "
                "beheerder en laat de stembus zoals ze is."
            )
        )
    if regulation_hash(voting_round.regulation) != voting_round.regulation_hash:
        raise Conflict(
            N_(
                "Het reglement is veranderd sinds de stemming werd klaargezet. Er is niets geopend en niets geteld. Bel "
                "de beheerder en laat de stembus zoals ze is."
            )
        )


def freeze(voting_round: VotingRound) -> None:
    """Write the regulation down as the round stands, lots drawn; from then on text and hash never change."""
    db.session.flush()
    voting_round.regulation = as_text(regulation_of(voting_round))
    voting_round.regulation_hash = regulation_hash(voting_round.regulation)
    db.session.flush()
