"""A vote in preparation: what is named changes, the rest stays, and opening writes the regulation down for good."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.factories.voting import Vote, make_vote
from wijkagenda.errors import Invalid, Several
from wijkagenda.priorities.models import Feasibility, FeasibilityCheck
from wijkagenda.voting.models import BallotType, DecidingRule, VotingRound
from wijkagenda.voting.rules.operations import check_can_open, edit_round, freeze
from wijkagenda.voting.rules.regulation import regulation_of
from wijkagenda.voting.rules.text import as_text, regulation_hash
from wijkagenda.wishes.models import Theme


@pytest.fixture
def settings(app: Flask):
    return app.config["SETTINGS"]


@pytest.fixture
def draft(session, settings) -> Vote:
    return make_vote(session, settings, NOW, opened=False)


def edit(vote: Vote, **changes: object) -> VotingRound:
    round_ = vote.voting_round
    rules = {
        "title": round_.title,
        "opens_at": round_.opens_at,
        "closes_at": round_.closes_at,
        "result_on": round_.result_on,
        "priority_ids": [option.priority_id for option in round_.options],
    } | changes
    edit_round(actor=vote.first, now=NOW, voting_round=round_, **rules)  # type: ignore[arg-type]
    vote.session.refresh(round_)
    return round_


def test_a_draft_begins_with_rules_that_work(draft: Vote) -> None:
    made = draft.voting_round
    assert (made.ballot_type, made.rule, made.seats, made.budget) == (
        BallotType.APPROVAL,
        DecidingRule.MOST_VOTES,
        3,
        None,
    )
    assert (made.reference_on, made.youngest) == (NOW.date(), 12)
    assert made.complaints_until == made.result_on + timedelta(weeks=6)
    check_can_open(made)


def test_what_is_not_named_stays_as_it_was(draft: Vote) -> None:
    edit(draft, youngest=16, reserves={Theme.PEOPLE: 1}, businesses_decide=True, reference_on=date(2026, 10, 1))
    found = edit(draft, title="Anders")
    assert (found.title, found.youngest, found.businesses_decide) == ("Anders", 16, True)
    assert found.reference_on == date(2026, 10, 1)
    assert [reserve.theme for reserve in found.reserves] == [Theme.PEOPLE]


def test_a_vote_goes_from_places_to_money_and_back(draft: Vote) -> None:
    ids = [option.priority_id for option in draft.voting_round.options]
    rule = DecidingRule.EQUAL_SHARES_ADD1
    found = edit(draft, rule=rule, budget=9_000, costs=dict.fromkeys(ids, 3_000))
    assert (found.seats, found.budget) == (None, 9_000)
    assert {option.cost for option in found.options} == {3_000}
    # Costs that are not named stay as they were.
    assert {option.cost for option in edit(draft, title="Weer").options} == {3_000}
    found = edit(draft, rule=DecidingRule.MOST_VOTES, seats=2)
    assert (found.seats, found.budget) == (2, None)
    assert {option.cost for option in found.options} == {None}


def test_points_go_when_people_tick(draft: Vote) -> None:
    found = edit(draft, ballot_type=BallotType.POINTS, rule=DecidingRule.MOST_POINTS, points=10)
    assert found.points == 10
    found = edit(draft, ballot_type=BallotType.APPROVAL, rule=DecidingRule.MOST_VOTES)
    assert found.points == 0


def test_the_newest_check_proposes_the_cost_and_is_copied_in_public_words(session, draft: Vote) -> None:
    option = draft.voting_round.options[0]
    for cost, days in ((9_000, 9), (4_000, 1)):
        session.add(
            FeasibilityCheck(
                priority_id=option.priority_id,
                outcome=Feasibility.FEASIBLE,
                reason="Er is ruimte genoeg.",
                team_name="Beheer",
                cost_estimate=cost,
                checked_at=NOW - timedelta(days=days),
            )
        )
    session.flush()
    found = edit(draft, rule=DecidingRule.GREEDY, budget=9_000)
    assert [one.cost for one in found.options] == [4_000, None, None, None]
    assert found.options[0].feasibility == "Het kan. Er is ruimte genoeg."
    with pytest.raises(Several) as caught:
        check_can_open(found)
    assert [error.field for error in caught.value.errors] == ["costs"] * 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ballot_type": BallotType.POINTS}, "points"),
        ({"ballot_type": BallotType.POINTS, "points": 101}, "points"),
        ({"points": 5}, "points"),
        ({"seats": 0}, "seats"),
        ({"budget": 0}, "budget"),
        ({"reserves": {Theme.PEOPLE: 0}}, "reserves"),
        ({"ballots_shown_from": 99}, "ballots_shown_from"),
        ({"budget": 500, "costs": {1: 0}}, "costs"),
    ],
)
def test_what_no_round_can_have_is_refused_before_the_database_does(draft: Vote, changes, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        edit(draft, **changes)
    assert caught.value.field == field


def test_a_draft_whose_rules_do_not_fit_is_kept_and_does_not_open(draft: Vote) -> None:
    edit(draft, rule=DecidingRule.MOST_POINTS, seats=9, reserves={Theme.HOMES: 9})
    with pytest.raises(Several) as caught:
        draft.open()
    assert {error.field for error in caught.value.errors} == {"rule", "seats", "reserves"}


def test_opening_writes_the_regulation_down_with_the_lots_in_it(draft: Vote) -> None:
    draft.open()
    opened = draft.voting_round
    assert opened.regulation == as_text(regulation_of(opened))
    assert opened.regulation_hash == regulation_hash(opened.regulation)
    assert opened.lot_seed in opened.regulation
    lots = [f"- punt {option.priority.number}: {option.title}" for option in opened.options]
    assert "\n".join(lots) in opened.regulation


def test_freezing_twice_gives_the_same_bytes(session, draft: Vote) -> None:
    freeze(draft.voting_round)
    first = draft.voting_round.regulation_hash
    session.expire_all()
    freeze(draft.voting_round)
    assert draft.voting_round.regulation_hash == first
