"""Profiles drawn from a seed: tiny ones full of ties, and larger ones as wijken might vote."""

import random
from collections.abc import Iterator
from fractions import Fraction

from wijkagenda.voting.counting import MONEY_RULES, Option, Profile, Reserve, Rule, Terms, why_not

THEMES = ("groen", "sociaal", "verkeer")


def tiny(seed: int) -> Profile:
    """Two to six options, at most nine ballots, few different costs: ties everywhere."""
    chance = random.Random(seed)
    ids = "abcdef"[: chance.randint(2, 6)]
    costs = [1, 2, 2, 3, 4, 6, Fraction(3, 2)]
    options = [Option(letter, chance.choice(costs), theme=chance.choice(THEMES)) for letter in ids]
    chance.shuffle(options)
    voters = range(chance.randint(1, 9))
    if chance.random() < 0.5:
        return Profile.of_approvals(options, [chance.sample(ids, chance.randint(0, len(ids))) for _ in voters])
    return Profile.of_points(options, [{letter: chance.randint(0, 3) for letter in ids} for _ in voters])


def wijk(seed: int, *, ballots: int = 400, options: int = 14, points: bool = False) -> Profile:
    """A vote in a wijk: options of different popularity, people who like what their neighbours like."""
    chance = random.Random(seed)
    listed = [
        Option(f"p{number}", 500 * chance.randint(1, 60), f"Plan {number}", chance.choice(THEMES))
        for number in range(1, options + 1)
    ]
    liked = [[chance.random() ** 2 for _ in listed] for _ in range(3)]
    cast = []
    for _ in range(ballots):
        weights, chosen = chance.choice(liked), set()
        for _ in range(chance.randint(1, 5)):
            chosen.add(chance.choices(listed, weights)[0].id)
        cast.append({option: chance.randint(1, 5) for option in sorted(chosen)})
    if points:
        return Profile.of_points(listed, cast)
    return Profile.of_approvals(listed, [tuple(ballot) for ballot in cast])


def terms_for(profile: Profile, seed: int) -> Iterator[Terms]:
    """Terms for every rule that fits, with budgets, seats and reserves drawn from the seed."""
    chance = random.Random(seed)
    whole = sum(option.cost for option in profile.options)
    costs = [option.cost for option in profile.options]
    tiny_ones = max(costs) < 10
    # Of real options none costs more than the budget; among tiny ones some may.
    few, smallest = ([Fraction(7), Fraction(15, 2)], min(costs)) if tiny_ones else ([], max(costs))
    for rule in Rule:
        if rule in MONEY_RULES:
            budget = chance.choice([Fraction(whole) * Fraction(2, 5), Fraction(whole) / 2, *few])
            terms = Terms(rule, budget=max(budget, smallest))
        else:
            drawn = [Reserve(theme, chance.randint(1, 2)) for theme in chance.sample(THEMES, chance.randint(0, 2))]
            terms = Terms(rule, seats=chance.randint(1, len(profile.options)), reserved=tuple(drawn))
        if not any(obstacle.stops for obstacle in why_not(profile, terms)):
            yield terms
