"""Every rule once more, in as few lines as possible: fractions, one voter at a time, nothing clever. The engines must agree."""

from fractions import Fraction

from wijkagenda.voting.counting import Profile, Rule, Terms


def winners(profile: Profile, terms: Terms) -> tuple[list[str], int]:
    """Winners in order, and how often Add1 raised."""
    voters = [
        dict(zip(pattern, profile.points[number] if profile.points else [1] * len(pattern), strict=True))
        for number, pattern in enumerate(profile.patterns)
        for _ in range(profile.times[number])
    ]
    support = [sum(voter.get(place, 0) for voter in voters) for place in range(len(profile.options))]
    cost = [option.cost if terms.about_money else 1 for option in profile.options]
    chosen = [
        place for place, times in enumerate(support) if times and (not terms.budget or cost[place] <= terms.budget)
    ]
    order = sorted(chosen, key=lambda place: (-support[place], cost[place], place))
    theme = [option.theme for option in profile.options]

    def allowed(place: int, taken: list[int]) -> bool:
        owed = 0
        for reserve in terms.reserved:
            of_theme = sum(theme[other] == reserve.theme for other in chosen)
            has = sum(theme[other] == reserve.theme for other in [*taken, place])
            owed += max(min(reserve.at_least, of_theme) - has, 0)
        return terms.seats is None or len(taken) + 1 + owed <= terms.seats

    def by_support(taken: list[int]) -> list[int]:
        while free := [place for place in order if place not in taken and allowed(place, taken)]:
            taken.append(free[0])
        return taken

    def greedy(taken: list[int]) -> list[int]:
        for place in order:
            if place not in taken and sum(cost[other] for other in [*taken, place]) <= terms.budget:
                taken.append(place)
        return taken

    def equal_shares(share: Fraction) -> tuple[list[int], list[Fraction]]:
        money, taken = [share for _ in voters], []
        while True:
            rhos = {}
            for place in chosen:
                backers = [i for i, voter in enumerate(voters) if place in voter]
                if place in taken or not allowed(place, taken) or sum(money[i] for i in backers) < cost[place]:
                    continue
                for i in sorted(backers, key=lambda i: money[i] / voters[i][place]):
                    limit = money[i] / voters[i][place]
                    short = sum(money[j] for j in backers if money[j] < limit * voters[j][place])
                    rest = sum(voters[j][place] for j in backers if money[j] >= limit * voters[j][place])
                    if (cost[place] - short) / Fraction(rest) <= limit:
                        rhos[place] = (cost[place] - short) / Fraction(rest) / cost[place]
                        break
            if not rhos:
                return taken, money
            best = min(rhos, key=lambda place: (rhos[place], cost[place], -support[place], place))
            for i, voter in enumerate(voters):
                money[i] -= min(money[i], rhos[best] * cost[best] * voter.get(best, 0))
            taken.append(best)

    def phragmen(taken: list[int], money: list[Fraction]) -> list[int]:
        while free := [place for place in chosen if place not in taken and allowed(place, taken)]:
            backers = {place: [i for i, voter in enumerate(voters) if place in voter] for place in free}
            when = {p: (1 - sum(money[i] for i in backers[p])) / Fraction(len(backers[p])) for p in free}
            best = min(free, key=lambda place: (when[place], -support[place], place))
            for i in backers[best]:
                money[i] = -when[best]
            taken.append(best)
        return taken

    share, raises = Fraction(terms.budget if terms.about_money else terms.seats or 0) / max(len(voters), 1), 0
    if terms.rule in {Rule.MOST_VOTES, Rule.MOST_POINTS}:
        taken = by_support([])
    elif terms.rule == Rule.GREEDY:
        taken = greedy([])
    elif terms.rule == Rule.PHRAGMEN:
        taken = phragmen([], [Fraction(0) for _ in voters])
    else:
        taken, money = equal_shares(share)
        if terms.rule in {Rule.EQUAL_SHARES_ADD1, Rule.EQUAL_SHARES_ADD1_TOP_UP}:
            while len(taken) < len(chosen):
                following, _ = equal_shares(share + (raises + 1) * terms.money_unit)
                if sum(cost[place] for place in following) > terms.budget:
                    break
                taken, raises = following, raises + 1
        if terms.rule == Rule.EQUAL_SHARES_ADD1_TOP_UP:
            taken = greedy(taken)
        elif terms.rule == Rule.EQUAL_SHARES_UNIT_PHRAGMEN:
            taken = phragmen(taken, money)
        elif terms.rule == Rule.EQUAL_SHARES_POINTS:
            taken = by_support(taken)
    return [profile.options[place].id for place in taken], raises
