"""Every rule against the brute force, on tiny votes full of ties; both engines; and votes worked out by hand."""

from fractions import Fraction

import pytest

from tests.brute_force import winners
from tests.profiles import terms_for, tiny
from wijkagenda.voting.counting import (
    CannotCount,
    Note,
    Option,
    Outcome,
    Profile,
    Reserve,
    Rule,
    Terms,
    count,
    why_not,
)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_every_rule_elects_what_the_brute_force_elects(first: int) -> None:
    counted = 0
    for seed in range(first, first + 50):
        profile = tiny(seed)
        for terms in terms_for(profile, seed):
            expected, raises = winners(profile, terms)
            outcome = count(profile, terms, engine="exact")
            assert (list(outcome.winners), outcome.totals.raises or 0) == (expected, raises), (seed, terms)
            counted += 1
    assert counted > 200


def options(*costs: int, themes: str = "") -> list[Option]:
    return [Option("abcdefgh"[i], cost, theme=themes[i : i + 1]) for i, cost in enumerate(costs)]


def approvals(listed: list[Option], *ballots: str) -> Profile:
    return Profile.of_approvals(listed, [tuple(ballot) for ballot in ballots])


def reason(outcome: Outcome, option: str) -> tuple[str, dict]:
    found = outcome.line(option).reason
    return found.code, dict(found.figures)


def test_most_votes_and_why_others_lost() -> None:
    profile = approvals(options(1, 1, 1, 1), "a", "a", "b", "c")
    outcome = count(profile, Terms(Rule.MOST_VOTES, seats=2))
    assert outcome.winners == ("a", "b")
    assert reason(outcome, "a") == ("elected", {"step": 1, "phase": "votes"})
    assert reason(outcome, "c") == ("lost-tie", {"decided_by": "lot", "instead": "b", "votes": 1})
    assert reason(outcome, "d") == ("nobody-chose-it", {})
    (tie,) = outcome.ties
    assert (tie.step, tie.among, tie.first, tie.decided_by) == (2, ("b", "c"), "b", "lot")


def test_fewer_votes_are_named_with_the_last_elected() -> None:
    outcome = count(approvals(options(1, 1, 1), "ab", "ab", "c", "a"), Terms(Rule.MOST_VOTES, seats=2))
    assert reason(outcome, "c") == ("fewer-votes", {"votes": 1, "last": 2, "instead": "b"})


def test_without_a_number_of_seats_all_that_were_chosen_stand_in_order() -> None:
    assert count(approvals(options(1, 1, 1), "b", "b", "c"), Terms(Rule.MOST_VOTES)).winners == ("b", "c")


def test_a_reserved_place_goes_before_more_votes() -> None:
    profile = approvals(options(1, 1, 1, themes="ggs"), "ab", "ab", "ab", "c")
    outcome = count(profile, Terms(Rule.MOST_VOTES, seats=2, reserved=(Reserve("s"),)))
    assert outcome.winners == ("a", "c")
    assert reason(outcome, "c") == ("elected-for-reserve", {"step": 2, "phase": "votes", "theme": "s"})
    assert reason(outcome, "b") == ("reserve-went-first", {"theme": "s", "instead": "c", "step": 2})


@pytest.mark.parametrize("rule", [Rule.MOST_VOTES, Rule.PHRAGMEN, Rule.EQUAL_SHARES_UNIT_PHRAGMEN])
def test_a_reserve_that_nobody_supports_lapses_and_is_said(rule: Rule) -> None:
    profile = approvals(options(1, 1, 1, themes="ggs"), "ab", "a")
    outcome = count(profile, Terms(rule, seats=2, reserved=(Reserve("s"),)))
    assert set(outcome.winners) == {"a", "b"}
    assert Note("reserve-lapsed", {"theme": "s", "at_least": 1, "supported": 0}) in outcome.notes


def test_seats_for_which_nobody_chose_enough_stay_empty_and_it_is_said() -> None:
    outcome = count(approvals(options(1, 1, 1), "a"), Terms(Rule.PHRAGMEN, seats=2))
    assert outcome.winners == ("a",)
    assert Note("seats-left-empty", {"seats": 2, "filled": 1}) in outcome.notes


def test_greedy_skips_what_no_longer_fits() -> None:
    outcome = count(approvals(options(6, 6, 3), "abc", "abc", "ab", "a"), Terms(Rule.GREEDY, budget=10))
    assert outcome.winners == ("a", "c")
    assert reason(outcome, "b") == ("does-not-fit", {"cost": 6, "left": 4})
    assert (outcome.totals.spent, outcome.totals.left) == (9, 1)


def test_equal_shares_tells_who_paid_what() -> None:
    """Four ballots, 12 to spend: 3 each. a: three people, 2 each. b: one of them has 1 left, the other still 3."""
    outcome = count(approvals(options(6, 4, 5), "ab", "a", "a", "bc"), Terms(Rule.EQUAL_SHARES, budget=12))
    assert outcome.winners == ("a", "b")
    first, second = outcome.steps
    assert [(payers.people, payers.each) for payers in first.payers] == [(3, 2)]
    assert (first.rho, first.paid_each, first.left) == (Fraction(1, 3), 2, 6)
    assert [(payers.people, payers.total, payers.all_they_had) for payers in second.payers] == [
        (1, 3, False),
        (1, 1, True),
    ]
    assert second.rho == Fraction(3, 4)
    assert reason(outcome, "c") == ("supporters-short", {"had": 0, "cost": 5, "supporters": 1, "paid_before": 1})


@pytest.mark.parametrize("engine", ["exact", "swift"])
def test_a_loser_says_how_many_of_its_people_had_paid_for_a_winner(engine: str) -> None:
    """Six ballots, 12 to spend: 2 each. a takes all of four people; of the three who want b, two are among them."""
    profile = approvals(options(8, 6), "a", "a", "ab", "ab", "b", "")
    outcome = count(profile, Terms(Rule.EQUAL_SHARES, budget=12), engine=engine)
    assert outcome.winners == ("a",)
    assert reason(outcome, "b") == ("supporters-short", {"had": 2, "cost": 6, "supporters": 3, "paid_before": 2})


def test_add1_raises_until_the_next_raise_would_cost_too_much() -> None:
    """Shares of 5. a is bought; b needs 9 from its only voter, c needs 10: at 9 b comes, at 10 it would be 24."""
    profile = approvals(options(5, 9, 10), "a", "b", "c")
    outcome = count(profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=15))
    assert outcome.winners == ("a", "b")
    totals = outcome.totals
    assert (totals.first_share, totals.final_share, totals.raises) == (5, 9, 4)
    assert (totals.stopped, totals.next_cost, totals.left) == ("over-budget", 24, 1)


def test_add1_stops_when_everything_that_was_chosen_is_bought() -> None:
    outcome = count(approvals(options(1, 2, 50), "ab", "ab", ""), Terms(Rule.EQUAL_SHARES_ADD1, budget=60))
    assert (outcome.winners, outcome.totals.stopped, outcome.totals.raises) == (("a", "b"), "all-bought", 0)


def test_add1_does_not_stop_merely_because_nothing_else_fits() -> None:
    """At a share of 4 only a is bought, and 2 are left: nothing fits. A raise later b goes before a."""
    for seed in range(2000):
        profile = tiny(seed)
        terms = Terms(Rule.EQUAL_SHARES_ADD1, budget=7)
        if any(obstacle.stops for obstacle in why_not(profile, terms)):
            continue
        plain, raised = count(profile, Terms(Rule.EQUAL_SHARES, budget=7)), count(profile, terms)
        left = plain.totals.left
        exhausted = all(line.cost > left for line in plain.lines if line.place is None and line.votes)
        if exhausted and set(raised.winners) - set(plain.winners):
            assert raised.winners == tuple(winners(profile, terms)[0])
            return
    pytest.fail("no such instance was drawn")


def test_the_top_up_spends_what_is_left_by_votes() -> None:
    profile = approvals(options(5, 9, 3, 1), "a", "b", "b", "c", "c", "c", "d")
    without = count(profile, Terms(Rule.EQUAL_SHARES, budget=14))
    outcome = count(profile, Terms(Rule.EQUAL_SHARES_ADD1_TOP_UP, budget=14))
    assert outcome.totals.spent <= 14
    assert set(without.winners) <= set(outcome.winners)
    assert [step.phase for step in outcome.steps] == sorted(step.phase for step in outcome.steps)


def test_ties_go_to_lower_cost_then_more_votes_then_the_lot() -> None:
    dear_first = [Option("dear", 4), Option("cheap", 2)]
    ballots = [("dear", "cheap")] * 2
    outcome = count(Profile.of_approvals(dear_first, ballots), Terms(Rule.EQUAL_SHARES, budget=4))
    assert outcome.winners == ("cheap",)
    assert outcome.ties[0].decided_by == "cost"
    assert reason(outcome, "dear")[0] == "lost-tie"
    alike = [Option("later", 4), Option("sooner", 4)]
    turned = count(Profile.of_approvals(alike, [("later", "sooner")] * 2), Terms(Rule.EQUAL_SHARES, budget=4))
    assert (turned.winners, turned.ties[0].decided_by) == (("later",), "lot")


def test_what_costs_more_than_the_budget_is_no_reason_to_stop_raising() -> None:
    outcome = count(approvals(options(4, 100), "ab", "ab", "b"), Terms(Rule.EQUAL_SHARES_ADD1, budget=9))
    assert outcome.winners == ("a",)
    assert reason(outcome, "b") == ("cost-above-budget", {"cost": 100, "budget": 9})
    assert outcome.totals.stopped == "all-bought"


def test_phragmen_gives_a_small_group_its_seat() -> None:
    profile = approvals(options(1, 1, 1, 1), *["abc"] * 6, *["d"] * 3)
    outcome = count(profile, Terms(Rule.PHRAGMEN, seats=3))
    assert outcome.winners == ("a", "b", "d")
    assert [step.time for step in outcome.steps] == [Fraction(1, 6), Fraction(1, 3), Fraction(1, 3)]
    assert reason(outcome, "c") == ("others-first", {"time": Fraction(1, 2), "last": Fraction(1, 3), "instead": "d"})


def test_points_are_shared_equally_too_and_filled_by_points() -> None:
    listed = options(1, 1, 1)
    profile = Profile.of_points(listed, [{"a": 5, "b": 1}, {"a": 5}, {"b": 1, "c": 4}])
    assert count(profile, Terms(Rule.MOST_POINTS, seats=2)).winners == ("a", "c")
    outcome = count(profile, Terms(Rule.EQUAL_SHARES_POINTS, seats=2))
    assert outcome.winners == ("a", "c")
    assert [step.phase for step in outcome.steps] == ["equal-shares", "points"]


def test_a_vote_without_ballots_elects_nobody_and_says_so() -> None:
    for rule in Rule:
        profile = (
            Profile.of_points(options(1, 1), [])
            if rule in {Rule.MOST_POINTS, Rule.EQUAL_SHARES_POINTS}
            else approvals(options(1, 1))
        )
        outcome = count(profile, Terms(rule, seats=1, budget=1))
        assert outcome.winners == ()
        assert {line.reason.code for line in outcome.lines} == {"nobody-chose-it"}


REASONS = [
    (Terms("nonsense"), "unknown-rule"),
    (Terms(Rule.MOST_POINTS, seats=1), "rule-needs-points"),
    (Terms(Rule.EQUAL_SHARES), "no-budget"),
    (Terms(Rule.GREEDY, budget=0), "budget-not-positive"),
    (Terms(Rule.GREEDY, budget=1), "every-cost-above-budget"),
    (Terms(Rule.EQUAL_SHARES_ADD1, budget=9, money_unit=0), "money-unit-not-positive"),
    (Terms(Rule.GREEDY, budget=9, reserved=(Reserve("g"),)), "reserve-without-seats"),
    (Terms(Rule.PHRAGMEN), "no-seats"),
    (Terms(Rule.PHRAGMEN, seats=0), "seats-not-positive"),
    (Terms(Rule.PHRAGMEN, seats=4), "seats-above-options"),
    (Terms(Rule.PHRAGMEN, seats=2, reserved=(Reserve("x"),)), "reserve-unknown-theme"),
    (Terms(Rule.PHRAGMEN, seats=3, reserved=(Reserve("s", 2),)), "reserve-above-options"),
    (Terms(Rule.PHRAGMEN, seats=1, reserved=(Reserve("g"), Reserve("s"))), "reserves-above-seats"),
    (Terms(Rule.PHRAGMEN, seats=2, reserved=(Reserve("g"), Reserve("g"))), "reserve-twice"),
    (Terms(Rule.PHRAGMEN, seats=2, reserved=(Reserve("g", 0),)), "reserve-not-positive"),
    (Terms(Rule.MOST_VOTES, reserved=(Reserve("g"),)), "reserve-without-seats"),
]


@pytest.mark.parametrize("terms, code", REASONS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_combination_that_cannot_work_says_why_and_is_not_counted(terms: Terms, code: str) -> None:
    profile = approvals(options(2, 3, 4, themes="ggs"), "ab")
    assert code in [obstacle.code for obstacle in why_not(profile, terms) if obstacle.stops]
    with pytest.raises(CannotCount) as caught:
        count(profile, terms)
    assert code in [obstacle.code for obstacle in caught.value.obstacles]


def test_points_do_not_fit_a_rule_for_approvals_and_free_options_cannot_be_bought() -> None:
    profile = Profile.of_points([Option("a", 0), Option("b", 1)], [{"a": 1}])
    assert [found.code for found in why_not(profile, Terms(Rule.PHRAGMEN, seats=1))] == ["rule-needs-approval"]
    assert "free-option" in [found.code for found in why_not(profile, Terms(Rule.EQUAL_SHARES, budget=1))]


def test_what_is_odd_but_works_is_told_and_counted() -> None:
    profile = approvals(options(2, 30), "ab")
    (odd,) = why_not(profile, Terms(Rule.GREEDY, budget=9))
    assert (odd.code, odd.stops, dict(odd.figures)) == (
        "cost-above-budget",
        False,
        {"option": "b", "cost": 30, "budget": 9},
    )
    assert count(profile, Terms(Rule.GREEDY, budget=9)).winners == ("a",)
