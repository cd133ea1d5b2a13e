"""Raises of Add1 that are proven to change nothing are not counted one by one; no outcome differs for it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.brute_force import winners
from tests.profiles import tiny, wijk
from wijkagenda.voting.counting import Option, Profile, Rule, Terms, count, equal_shares, why_not
from wijkagenda.voting.counting.equal_shares import Machine, Search
from wijkagenda.voting.counting.horizon import Horizon
from wijkagenda.voting.counting.purchases import Case
from wijkagenda.voting.counting.reserved import Places
from wijkagenda.voting.counting.ties import TieOrder


@pytest.mark.parametrize("patience", [1, 4])
def test_raises_by_the_thirtieth_part_end_where_the_brute_force_ends(
    patience: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equal_shares, "PATIENCE", patience)
    raised = 0
    for seed in range(120):
        profile = tiny(seed)
        budget = max(Fraction(7), min(option.cost for option in profile.options))
        terms = Terms(Rule.EQUAL_SHARES_ADD1, budget=budget, money_unit=Fraction(1, 30))
        if any(obstacle.stops for obstacle in why_not(profile, terms)):
            continue
        outcome = count(profile, terms)
        assert (list(outcome.winners), outcome.totals.raises) == winners(profile, terms), seed
        raised += outcome.totals.raises
    assert raised > 1000


def test_every_raise_within_the_horizon_buys_the_same_in_the_same_order() -> None:
    proven = 0
    for seed in range(60):
        profile = replace(tiny(seed), lot="given")
        order = TieOrder(profile, about_money=True)
        terms = Terms(Rule.EQUAL_SHARES_ADD1, budget=7, money_unit=Fraction(1, 30))
        case = Case(profile, order.costs, 7, terms.money_unit)
        unit, budget = int(terms.money_unit * case.money_scale), 7 * case.money_scale
        candidates = [place for place, cost in enumerate(case.costs) if profile.support[place] and cost <= budget]
        search = Search(
            Machine(case, Fraction(budget * 2), "exact"), candidates, order, Places(profile, terms), budget, unit
        )
        for raises in (0, 7, 40):
            bought = search.run(raises).places
            certain = Horizon(case, order, search.share(raises), unit).certain(candidates, bought)
            for further in range(1, min(certain or 0, 60) + 1):
                assert search.run(raises + further).places == bought, (seed, raises, further)
                proven += 1
    assert proven > 500


def test_cents_are_raised_as_well_as_euros() -> None:
    profile = wijk(3, ballots=12, options=8)
    budget = sum(option.cost for option in profile.options) * 2 // 5
    cents = count(profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=budget, money_unit=Fraction(1, 100))).totals
    euros = count(profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=budget)).totals
    assert cents.raises > 100_000
    assert 0 <= cents.final_share - euros.final_share < 1


def test_amounts_without_sense_do_not_keep_a_count_going() -> None:
    """Two hundred million million raises."""
    million = 10**6
    costs = {"a": million**2 * 100, "b": million**2 * 700, "c": million**2 * 300 + 1, "d": million**2 * 900}
    ballots = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d",)]
    profile = Profile.of_approvals([Option(name, cost) for name, cost in costs.items()], ballots)
    outcome = count(profile, Terms(Rule.EQUAL_SHARES_ADD1, budget=million**2 * 1500))
    assert outcome.totals.raises == 200 * million**2
    assert (outcome.winners, outcome.totals.stopped) == (("c", "a", "b"), "over-budget")
