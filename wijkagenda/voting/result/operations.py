"""Counting a closed round: reconcile, open the box, count by the regulation, and set down the tally."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.errors import N_, Invalid, NotAllowed
from wijkagenda.people.actors import Actor
from wijkagenda.voting import counting, policy, queries
from wijkagenda.voting.archive.operations import keep_ballot_file
from wijkagenda.voting.box.content import BallotContent
from wijkagenda.voting.box.keys import opened_by, opened_by_sheet
from wijkagenda.voting.box.opening import OpenedBox, open_box
from wijkagenda.voting.counting import OTHER_RULE, Outcome, Rule
from wijkagenda.voting.lifecycle import check_step
from wijkagenda.voting.models import (
    SMALLEST_SHOWN,
    BallotType,
    Electorate,
    Tally,
    TallyLine,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.profiles import option_name, profile_of, terms_of
from wijkagenda.voting.result.queries import what_shows
from wijkagenda.voting.result.reconciling import Reconciliation, reconcile
from wijkagenda.voting.rules.operations import must_be_as_settled


@dataclass(frozen=True)
class ByPassphrase:
    """The box is opened with the key of who counts."""

    passphrase: str


@dataclass(frozen=True)
class BySheet:
    """The box is opened with the code of the recovery sheet; why that was needed stays on record."""

    code: str
    reason: str


def count_round(
    *, actor: Actor, now: datetime, voting_round: VotingRound, opened_with: ByPassphrase | BySheet
) -> Tally:
    """Open the box with a key holder's passphrase, or with the code of the recovery sheet, and count.

    Refuses when codes, ballots and receipts do not agree to the last one; then nothing is opened.
    """
    if actor.staff_id is None or not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)
    check_step(voting_round.state, VotingState.COUNTED)
    must_be_as_settled(voting_round)
    books = reconcile(voting_round)
    books.must_agree()
    box = open_box(voting_round, _private_key(actor, voting_round, opened_with))
    books.must_agree_with(box.of_electorate)
    profile = profile_of(voting_round, deciding(voting_round, box))
    rule = Rule(voting_round.rule.value)
    outcome = counting.count(profile, terms_of(voting_round, rule))
    other = counting.count(profile, terms_of(voting_round, OTHER_RULE[rule]))
    tally = _tally(voting_round, box, books, queries.code_counts(voting_round), outcome)
    tally.counted_at, tally.counted_by_id = now, actor.staff_id
    tally.outcome, tally.other_outcome = outcome.as_json(), other.as_json()
    voting_round.tally = tally
    voting_round.state = VotingState.COUNTED
    db.session.flush()
    keep_ballot_file(voting_round, profile, outcome, other, now)
    record(actor=actor, now=now, action="voting.count_round", subject=voting_round, detail=_on_record(opened_with))
    return tally


def _private_key(actor: Actor, voting_round: VotingRound, opened_with: ByPassphrase | BySheet) -> bytes:
    if isinstance(opened_with, ByPassphrase):
        return opened_by(voting_round, actor, opened_with.passphrase)
    if not opened_with.reason.strip():
        raise Invalid(N_("Schrijf op waarom u het herstelblad gebruikt."), field="reason")
    return opened_by_sheet(voting_round, opened_with.code)


def _on_record(opened_with: ByPassphrase | BySheet) -> dict[str, str]:
    if isinstance(opened_with, ByPassphrase):
        return {"opened_with": "passphrase"}
    return {"opened_with": "recovery sheet", "reason": opened_with.reason.strip()}


# --- from our tables to what is counted, and back --------------------------------------------------


def deciding(voting_round: VotingRound, box: OpenedBox) -> list[BallotContent]:
    """The valid ballots of those who decide. A blank or spoiled one decides nothing, so it holds no share either."""
    return [ballot for ballot in heard_in(voting_round, box) if any(ballot.points)]


def heard_in(voting_round: VotingRound, box: OpenedBox) -> list[BallotContent]:
    """The ballots of those who decide: everybody's, or only the residents'; blank ones too."""
    return box.ballots if voting_round.businesses_decide else of_electorate(box.ballots, Electorate.RESIDENTS)


def of_electorate(ballots: Iterable[BallotContent], electorate: Electorate) -> list[BallotContent]:
    return [ballot for ballot in ballots if ballot.electorate is electorate]


def _tally(
    voting_round: VotingRound,
    box: OpenedBox,
    books: Reconciliation,
    counts: dict[Electorate, queries.CodeCounts],
    outcome: Outcome,
) -> Tally:
    businesses = of_electorate(box.ballots, Electorate.BUSINESSES)
    codes = counts[Electorate.BUSINESSES]
    return Tally(
        voting_round_id=voting_round.id,
        codes_issued=sum(count.issued for count in counts.values()),
        codes_voided=sum(count.voided for count in counts.values()),
        codes_used=books.used,
        ballots=len(box.ballots),
        business_codes=0 if box.merged else codes.issued,
        business_voided=0 if box.merged else codes.voided,
        business_ballots=len(businesses),
        blank_ballots=sum(not any(ballot.points) for ballot in box.ballots),
        paper_ballots=books.on_paper,
        merged=box.merged,
        lines=_lines(voting_round, len(heard_in(voting_round, box)), businesses, outcome),
    )


def _lines(
    voting_round: VotingRound, heard: int, businesses: Sequence[BallotContent], outcome: Outcome
) -> list[TallyLine]:
    """The winners first, as the rule took them; then the others by votes or points, equal ones by lot.

    Of a count with too few ballots to show who won, nobody has won and the lot alone makes the order.
    """
    counted = {line.option: line for line in outcome.lines}
    with_points = voting_round.ballot_type is BallotType.POINTS
    support = {
        option: counted[option_name(option)].points if with_points else counted[option_name(option)].votes
        for option in voting_round.options
    }
    has_order = what_shows(heard).has_order
    places = {name: place for place, name in enumerate(outcome.winners)} if has_order else {}
    last = len(places)
    ordered = sorted(
        voting_round.options,
        key=lambda option: (
            places.get(option_name(option), last),
            -support[option] if has_order else 0,
            option.position,
        ),
    )
    by_lot = _told_apart_by_lot(outcome)
    # Those who did not win stand by votes, and equal ones by lot.
    alike = Counter(support[option] for option in voting_round.options if option_name(option) not in places)
    return [
        TallyLine(
            option=option,
            rank=rank,
            votes=counted[option_name(option)].votes,
            points=int(support[option]) if with_points else None,
            elected=option_name(option) in places,
            # A few businesses beside residents were merged with them before this; a few alone are not shown either.
            business_votes=sum(ballot.points[option.position - 1] > 0 for ballot in businesses)
            if len(businesses) >= SMALLEST_SHOWN
            else None,
            tied=option_name(option) in by_lot or (option_name(option) not in places and alike[support[option]] > 1),
        )
        for rank, option in enumerate(ordered, start=1)
    ]


def _told_apart_by_lot(outcome: Outcome) -> set[str]:
    """Options of which only the lot said which went first: as dear as the first, and with as much support."""
    lines = {line.option: line for line in outcome.lines}
    about_money = outcome.terms.about_money

    def alike(option: str) -> tuple[object, ...]:
        line = lines[option]
        return (line.cost if about_money else 1, line.votes, line.points)

    return {
        option
        for tie in outcome.ties
        if tie.decided_by == "lot"
        for option in tie.among
        if alike(option) == alike(tie.first)
    }
