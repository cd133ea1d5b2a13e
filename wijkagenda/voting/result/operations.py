"""Counting a closed round: reconcile, open the box, count by the regulation, and set down the tally."""

from collections import Counter
from collections.abc import Iterable, Sequence
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
from wijkagenda.voting.counting import Outcome
from wijkagenda.voting.lifecycle import check_step
from wijkagenda.voting.models import (
    SMALLEST_SHOWN,
    BallotType,
    DecidingRule,
    Electorate,
    Tally,
    TallyLine,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.result.profiles import option_name, profile_of, terms_of
from wijkagenda.voting.result.queries import what_shows
from wijkagenda.voting.result.reconciling import Reconciliation, reconcile
from wijkagenda.voting.rules.operations import must_be_as_settled

OTHER_RULE = {
    DecidingRule.MOST_VOTES: DecidingRule.EQUAL_SHARES_UNIT,
    DecidingRule.EQUAL_SHARES_UNIT: DecidingRule.MOST_VOTES,
    DecidingRule.MOST_POINTS: DecidingRule.EQUAL_SHARES_POINTS,
    DecidingRule.EQUAL_SHARES_POINTS: DecidingRule.MOST_POINTS,
    DecidingRule.GREEDY: DecidingRule.EQUAL_SHARES_ADD1,
    DecidingRule.EQUAL_SHARES_ADD1: DecidingRule.GREEDY,
    DecidingRule.EQUAL_SHARES_ADD1_TOP_UP: DecidingRule.GREEDY,
}
"""Beside the deciding rule: what this one would have given."""


def count_round(
    *,
    actor: Actor,
    now: datetime,
    voting_round: VotingRound,
    passphrase: str = "",
    recovery: str = "",
    reason: str = "",
) -> Tally:
    """Open the box with a key holder's passphrase, or with the code of the recovery sheet, and count.

    reason: why the recovery sheet was needed; it stays on record.
    Refuses when codes, ballots and receipts do not agree to the last one; then nothing is opened.
    """
    if not policy.may_count(actor, voting_round.round.neighbourhood):
        raise NotAllowed
    db.session.refresh(voting_round, attribute_names=["state"], with_for_update=True)
    check_step(voting_round.state, VotingState.COUNTED)
    must_be_as_settled(voting_round)
    books = reconcile(voting_round)
    books.must_agree()
    if recovery:
        if not reason.strip():
            raise Invalid(N_("Schrijf op waarom u het herstelblad gebruikt."), field="reason")
        private_key = opened_by_sheet(voting_round, recovery)
    else:
        private_key = opened_by(voting_round, actor, passphrase)
    box = open_box(voting_round, private_key)
    books.must_agree_with(box.of_electorate)
    outcome = counting.count(profile_of(voting_round, deciding(voting_round, box)), terms_of(voting_round))
    other = counting.count(
        profile_of(voting_round, deciding(voting_round, box)), terms_of(voting_round, OTHER_RULE[voting_round.rule])
    )
    tally = _tally(voting_round, box, books, queries.code_counts(voting_round), outcome)
    tally.counted_at, tally.counted_by_id = now, actor.staff_id or 0
    tally.outcome, tally.other_outcome = outcome.as_json(), other.as_json()
    voting_round.tally = tally
    voting_round.state = VotingState.COUNTED
    db.session.flush()
    keep_ballot_file(voting_round, tally, now)
    record(
        actor=actor,
        now=now,
        action="voting.count_round",
        subject=voting_round,
        detail={"opened_with": "recovery sheet", "reason": reason.strip()}
        if recovery
        else {"opened_with": "passphrase"},
    )
    return tally


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
