"""Whatever is counted: both engines say the same, the outcome adds up, and neither order nor language changes it."""

import json
import os
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import golden_counts
from tests.brute_force import winners
from tests.profiles import terms_for, tiny, wijk
from wijkagenda.voting.counting import (
    BallotType,
    Option,
    Outcome,
    Profile,
    Rule,
    SpoiledBallot,
    Terms,
    count,
    why_not,
)
from wijkagenda.voting.counting.pabulib import Election, read
from wijkagenda.voting.counting.sentences import LANGUAGES, Voice

seeds = st.integers(0, 10**6)


def without_engine(outcome: Outcome) -> Outcome:
    return replace(outcome, totals=replace(outcome.totals, engine="", decided_exactly=0))


def exact_and_swift(profile: Profile, terms: Terms) -> tuple[Outcome, Outcome]:
    return count(profile, terms, engine="exact"), count(profile, terms, engine="swift")


def test_the_outcomes_of_drawn_votes_are_what_they_were() -> None:
    assert golden_counts.outcomes() == json.loads(golden_counts.FILE.read_text())


@pytest.mark.parametrize("seed", range(6))
def test_a_vote_of_a_wijk_is_counted_alike_by_both_engines(seed: int) -> None:
    profile = wijk(seed, points=seed % 2 == 1)
    for terms in terms_for(profile, seed):
        one, other = exact_and_swift(profile, terms)
        assert without_engine(one) == without_engine(other)


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_tiny_votes_are_counted_alike_by_both_engines(seed: int) -> None:
    profile = tiny(seed)
    for terms in terms_for(profile, seed):
        one, other = exact_and_swift(profile, terms)
        assert without_engine(one) == without_engine(other)


def nearly_tied(seed: int) -> Profile:
    """Costs that differ by one in thousands of millions: closer than floats are let decide."""
    chance = random.Random(seed)
    profile = tiny(seed)
    options = [replace(option, cost=int(option.cost * 10**10) + chance.randint(-1, 1)) for option in profile.options]
    return replace(profile, options=tuple(options))


def test_where_floats_lie_too_close_fractions_decide() -> None:
    asked = 0
    for seed in range(120):
        profile = nearly_tied(seed)
        # What tiny votes tie on, but for one in thousands of millions.
        budget = 7 * 10**10 + seed % 3 - 1
        for rule in (Rule.EQUAL_SHARES, Rule.EQUAL_SHARES_ADD1):
            terms = Terms(rule, budget=budget, money_unit=10**9)
            if any(obstacle.stops for obstacle in why_not(profile, terms)):
                continue
            one, other = exact_and_swift(profile, terms)
            assert without_engine(one) == without_engine(other)
            assert list(one.winners) == winners(profile, terms)[0]
            asked += other.totals.decided_exactly
    assert asked > 40


def test_an_error_that_grew_is_noticed_and_not_trusted() -> None:
    """A few who can pay and many who are short: each purchase makes the error of a float many times larger."""
    options = [Option(f"o{number}", 997 + 13 * number) for number in range(24)]
    chance = random.Random(7)
    ballots = [tuple(f"o{number}" for number in sorted(chance.sample(range(24), 12))) for _ in range(600)]
    ballots += [(f"o{number}",) for number in range(24)]
    profile = Profile.of_approvals(options, ballots)
    for budget in (5000, 9000, 15000):
        one, other = exact_and_swift(profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=budget))
        assert without_engine(one) == without_engine(other)


@settings(max_examples=60, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_came_in_changes_nothing(seed: int, chance: random.Random) -> None:
    profile = tiny(seed)
    cast = []
    for number, times in enumerate(profile.times):
        points = profile.points[number] if profile.points else [1] * len(profile.patterns[number])
        named = [profile.options[place].id for place in profile.patterns[number]]
        cast += [dict(zip(named, points, strict=True))] * times
    chance.shuffle(cast)
    if profile.type is BallotType.POINTS:
        again = Profile.of_points(profile.options, cast)
    else:
        again = Profile.of_approvals(profile.options, [tuple(ballot) for ballot in cast])
    assert again == profile


@settings(max_examples=60, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_the_lot_matters_only_where_an_outcome_names_it(seed: int, chance: random.Random) -> None:
    profile = tiny(seed)
    turned = list(range(len(profile.options)))
    chance.shuffle(turned)
    new_place = {place: number for number, place in enumerate(turned)}
    rows = []
    for number, pattern in enumerate(profile.patterns):
        points = profile.points[number] if profile.points else (1,) * len(pattern)
        row = sorted((new_place[place], given) for place, given in zip(pattern, points, strict=True))
        rows.append((row, profile.times[number]))
    other = replace(
        profile,
        options=tuple(profile.options[place] for place in turned),
        patterns=tuple(tuple(place for place, _ in row) for row, _ in rows),
        points=tuple(tuple(given for _, given in row) for row, _ in rows) if profile.points else (),
    )
    for terms in terms_for(profile, seed):
        one, two = count(profile, terms), count(other, terms)
        if not any(tie.decided_by == "lot" for tie in one.ties):
            assert one.winners == two.winners


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_an_outcome_adds_up(seed: int) -> None:
    profile = tiny(seed)
    for terms in terms_for(profile, seed):
        outcome = count(profile, terms)
        costs = {option.id: option.cost for option in profile.options}
        support = dict(zip(costs, profile.support, strict=True))
        assert all(support[option] for option in outcome.winners)
        assert [line.place for option in outcome.winners for line in [outcome.line(option)]] == [
            number for number, _ in enumerate(outcome.winners, start=1)
        ]
        if terms.about_money:
            spent = sum(costs[option] for option in outcome.winners)
            assert spent == outcome.totals.spent <= terms.budget
            assert (
                outcome.totals.left
                == terms.budget - spent
                == (outcome.steps[-1].left if outcome.steps else terms.budget)
            )
        else:
            assert len(outcome.winners) <= terms.seats
        for step in outcome.steps:
            if step.payers:
                assert abs(sum(payers.total for payers in step.payers) - step.cost) < Fraction(1, 10**20)
        for reserve in terms.reserved:
            of_theme = [option for option in profile.options if option.theme == reserve.theme and support[option.id]]
            elected = [option for option in of_theme if option.id in outcome.winners]
            assert len(elected) >= min(reserve.at_least, len(of_theme))


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_an_outcome_survives_json_and_can_be_said_in_both_languages(seed: int) -> None:
    profile = tiny(seed)
    for terms in terms_for(profile, seed):
        outcome = count(profile, terms)
        assert Outcome.from_json(json.loads(json.dumps(outcome.as_json()))) == outcome
        for language in LANGUAGES:
            said = Voice(language, "EUR").outcome(outcome)
            assert len(said) > len(outcome.winners) and "{" not in "".join(said)


@pytest.mark.parametrize(
    "ballots, code",
    [
        ([("a",), ("x",)], "unknown-option"),
        ([("a", "a")], "option-twice"),
        ([("a", "b", "c")], "too-many"),
        ([()], "too-few"),
    ],
)
def test_a_spoiled_ballot_stops_the_count(ballots: list, code: str) -> None:
    options = [Option(name) for name in "abc"]
    with pytest.raises(SpoiledBallot) as caught:
        Profile.of_approvals(options, ballots, at_least=1, at_most=2)
    assert (caught.value.code, caught.value.ballot) == (code, len(ballots))


@pytest.mark.parametrize(
    "ballot, code",
    [
        ({"a": -1}, "points"),
        ({"a": 1.5}, "points"),
        ({"a": 6, "b": 5}, "too-many-points"),
        ({"x": 1}, "unknown-option"),
    ],
)
def test_spoiled_points_stop_the_count(ballot: dict, code: str) -> None:
    with pytest.raises(SpoiledBallot) as caught:
        Profile.of_points([Option("a"), Option("b")], [ballot], most_points=10)
    assert caught.value.code == code


def real_election(name: str) -> Election:
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder:
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real elections")
    return read(Path(folder, "elections", name).read_bytes())


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["Netherlands_Assen_2024.pb", "Poland_Swiecie_2023.pb"])
@pytest.mark.parametrize("engine", ["exact", "swift"])
def test_a_real_vote_gives_its_official_winners(name: str, engine: str) -> None:
    election = real_election(name)
    outcome = count(election.profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=election.budget), engine=engine)
    assert election.selected and set(outcome.winners) == set(election.selected)


@pytest.mark.real_data
def test_ninety_thousand_ballots_are_shared_equally_alike_by_both_engines() -> None:
    election = real_election("Poland_Lodz_2022.pb")
    assert election.profile.ballots == 90_494
    one, other = exact_and_swift(election.profile, Terms(Rule.EQUAL_SHARES, budget=election.budget))
    assert without_engine(one) == without_engine(other)
