"""Wishes are bundled into priorities, and people vote over them."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app

from wijkagenda.db import db
from wijkagenda.demo.answer_texts import BUNDLES
from wijkagenda.demo.at_the_desk import ON_PAPER, PaperVote, hand_in_paper, have_a_remark
from wijkagenda.demo.calendar import at, first_moment, last_moment
from wijkagenda.demo.crew import Crew
from wijkagenda.demo.geography import meeting_place
from wijkagenda.demo.listening import phase_days
from wijkagenda.feedback.models import DemoMail
from wijkagenda.priorities.models import Feasibility, Priority
from wijkagenda.priorities.operations import bundle, create_priority, propose_priority, record_feasibility
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.codes import grouped, new_receipt, round_keys
from wijkagenda.voting.letters.operations import ask_letters, make_codes, mark_expired, mark_ready
from wijkagenda.voting.models import CodeBatch, Electorate, VotingRound
from wijkagenda.voting.operations import close_round, open_round, publish_result
from wijkagenda.voting.result.operations import ByPassphrase, count_round
from wijkagenda.voting.rules.operations import prepare_round
from wijkagenda.voting.rules.presets import TOP_THREE_SOCIAL
from wijkagenda.wishes.models import Wish

LETTERS_SHOWN = 5
PASSPHRASES = ("de molen draait door de wind van zee", "brood kaas en boter staan op tafel")
"""Of the two voting officers, for every vote of the demo."""
TAKEN_UP = "Uw wens hoort bij dit punt. Uw eigen woorden blijven staan."


def bundle_wishes(
    agenda_round: AgendaRound, wishes: list[Wish], today: date, crew: Crew, *, public: int, all_of_them: bool
) -> list[Priority]:
    """Make the priorities of a round and put the wishes in; the first `public` become public.

    Unless `all_of_them`, a few wishes are left waiting: a desk is never quite empty.
    """
    team = crew.team_of(agenda_round.neighbourhood)
    first, last = phase_days(agenda_round, PhaseKind.BUNDLING)
    last = min(last, today - timedelta(days=1))
    first = min(first, last - timedelta(days=8))
    days = (last - first).days
    left = list(wishes)
    priorities = []
    for index, (title, summary, theme, _words, cost, checked_by, reason) in enumerate(BUNDLES):
        mine = [wish for wish in left if _belongs(wish, index) and (all_of_them or wish.number % 23)]
        if not mine:
            continue
        left = [wish for wish in left if wish not in mine]
        day = at(first + timedelta(days=days * (index + 1) // 10), 11)
        priority = create_priority(
            actor=team, now=day, agenda_round=agenda_round, title=title, summary=summary, theme=theme
        )
        priorities.append(priority)
        record_feasibility(
            actor=team, now=day + timedelta(hours=1), outcome=Feasibility.FEASIBLE, wish=mine[0], reason=reason,
            team_name=checked_by, cost_estimate=cost,
        )  # fmt: skip
        bundle(actor=team, now=day + timedelta(days=1), priority=priority, wishes=mine, explanation=TAKEN_UP)
        outcome = Feasibility.PARTLY if "niet overal" in reason else Feasibility.FEASIBLE
        record_feasibility(
            actor=team, now=day + timedelta(days=2), outcome=outcome, priority=priority, reason=reason,
            team_name=checked_by, cost_estimate=cost,
        )  # fmt: skip
        if len(priorities) <= public:
            propose_priority(actor=team, now=day + timedelta(days=3), priority=priority)
    return priorities


def _belongs(wish: Wish, index: int) -> bool:
    """By a word in its title, or, where no word fits, by theme: to the first bundle of that theme."""
    by_word = next((i for i, each in enumerate(BUNDLES) if any(word in wish.title for word in each[3])), None)
    by_theme = next((i for i, each in enumerate(BUNDLES) if each[2] is wish.theme), None)
    return index == (by_theme if by_word is None else by_word)


def hold_vote(
    agenda_round: AgendaRound, voters: int, today: date, crew: Crew, chance: random.Random, rules: dict[str, Any]
) -> VotingRound:
    """A vote over the public points; one that is over is closed, counted and published.

    `rules`: what differs from the usual vote, approve three and most votes win (see preparing.Rules).
    """
    neighbourhood = agenda_round.neighbourhood
    first, last = phase_days(agenda_round, PhaseKind.VOTING)
    counter, publisher = crew.officers
    before = at(first - timedelta(days=3))
    voting_round = prepare_round(
        actor=counter, now=before, agenda_round=agenda_round, title=_title(neighbourhood.name, rules, first),
        opens_at=first_moment(first), closes_at=last_moment(last), result_on=last + timedelta(days=16),
        paper_place=f"{meeting_place(neighbourhood.name)}, maandag tot en met vrijdag van 9 tot 17 uur",
        **rules,
    )  # fmt: skip
    _lock_the_box(voting_round, crew, before)
    open_round(actor=counter, now=before, voting_round=voting_round)
    ends = min(last, today - timedelta(days=1))
    span = max((ends - first).days, 1)
    # Each option draws people differently, and each neighbourhood differs a little.
    pull = {option.id: 9 - option.priority.number * 0.8 + chance.random() * 2.5 for option in voting_round.options}
    codes_of = round_keys(current_app.config["SETTINGS"])
    for electorate, share in ((Electorate.RESIDENTS, 1.0), (Electorate.BUSINESSES, 0.06)):
        wanted = max(int(voters * share), 12)
        batch = ask_letters(
            actor=counter, now=before, voting_round=voting_round, electorate=electorate, size=wanted * 2
        )
        codes = make_codes(batch=batch, number=wanted * 2, key=codes_of(voting_round.id))
        _sent(batch, before)
        on_paper: list[PaperVote] = []
        for number, (_serial, code) in enumerate(codes[:wanted]):
            chosen = _choose(pull, chance)
            points = _share_out(voting_round.points, chosen, chance)
            moment = at(first + timedelta(days=chance.randrange(span)), chance.randrange(7, 21))
            if electorate is Electorate.RESIDENTS and number >= wanted - ON_PAPER:
                on_paper.append(PaperVote(code, chosen, points))
                continue
            cast_ballot(
                keys=codes_of, code=code, choices=chosen, points=points, receipt=new_receipt(), now=moment,
            )  # fmt: skip
        if on_paper:
            hand_in_paper(voting_round, on_paper, crew, at(ends, 17), over=last < today)
        if ends < last and electorate is Electorate.RESIDENTS:
            _post(neighbourhood.name, codes[-LETTERS_SHOWN:], before)
    have_a_remark(voting_round, crew, at(first + timedelta(days=1), 12), over=last < today)
    if last < today:
        count_day = at(last + timedelta(days=2))
        close_round(actor=counter, now=at(last + timedelta(days=1)), voting_round=voting_round)
        count_round(actor=counter, now=count_day, voting_round=voting_round, opened_with=ByPassphrase(PASSPHRASES[0]))
        publish_result(actor=publisher, now=count_day + timedelta(hours=3), voting_round=voting_round)
    return voting_round


def _title(name: str, rules: dict[str, Any], first: date) -> str:
    """What a vote is called: by its question, or by the money it divides."""
    return f"Wijkbudget {name} {first.year}" if rules.get("budget") else f"Wat moet in {name} het eerst gebeuren?"


def prepare_vote(agenda_round: AgendaRound, today: date, crew: Crew) -> VotingRound:
    """A vote that is still a draft, by rules that go well together; one of the two officers has a key."""
    neighbourhood, officer = agenda_round.neighbourhood, crew.officers[0]
    first, last = phase_days(agenda_round, PhaseKind.VOTING)
    moment = at(today - timedelta(days=2), 14)
    voting_round = prepare_round(
        actor=officer, now=moment, agenda_round=agenda_round, title=f"Wat moet in {neighbourhood.name} het eerst gebeuren?",
        opens_at=first_moment(first), closes_at=last_moment(last), result_on=last + timedelta(days=16),
        paper_place=f"{meeting_place(neighbourhood.name)}, maandag tot en met vrijdag van 9 tot 17 uur",
        rule=TOP_THREE_SOCIAL.rule, max_choices=TOP_THREE_SOCIAL.max_choices, seats=TOP_THREE_SOCIAL.seats,
        reserves=dict(TOP_THREE_SOCIAL.reserves),
    )  # fmt: skip
    keys.join(
        actor=officer, now=moment + timedelta(hours=1), voting_round=voting_round, passphrase=PASSPHRASES[0],
        again=PASSPHRASES[0],
    )  # fmt: skip
    return voting_round


def _lock_the_box(voting_round: VotingRound, crew: Crew, moment: datetime) -> None:
    """Both officers hold a key, under the passphrases that stand in the demo's mailbox."""
    said: dict[str, Any] = {"now": moment, "voting_round": voting_round}
    for officer, passphrase in zip(crew.officers, PASSPHRASES, strict=True):
        keys.join(actor=officer, passphrase=passphrase, again=passphrase, **said)
    sheet = keys.make_round_key(actor=crew.officers[0], **said)
    for officer, passphrase in zip(crew.officers, PASSPHRASES, strict=True):
        keys.prove(actor=officer, passphrase=passphrase, **said)
    keys.prove_recovery(actor=crew.officers[1], code=sheet, **said)


def _share_out(points: int, chosen: list[int], chance: random.Random) -> dict[int, int] | None:
    """All points over the chosen options, most to the first; None in a round without points."""
    if not points:
        return None
    given = dict.fromkeys(chosen, 1)
    for _point in range(points - len(chosen)):
        given[chosen[min(int(chance.expovariate(1)), len(chosen) - 1)]] += 1
    return given


def _choose(pull: dict[int, float], chance: random.Random) -> list[int]:
    """Up to three different options, the stronger the pull the more often."""
    wanted = chance.choices((1, 2, 3), (1, 2, 7))[0]
    drawn = sorted(pull, key=lambda option: chance.random() ** (1 / pull[option]), reverse=True)
    return drawn[:wanted]


def _sent(batch: CodeBatch, moment: datetime) -> None:
    """The letters were printed and fetched: nothing of them is left."""
    mark_ready(batch=batch, now=moment)
    mark_expired(batch=batch)


def _post(name: str, codes: list[tuple[int, str]], moment: datetime) -> None:
    """In the demo a few letters lie in the mailbox, so that a visitor can vote."""
    for serial, code in codes:
        db.session.add(
            DemoMail(
                recipient=f"brief op papier, bewoner van {name}", language="nl", sent_at=moment,
                subject=f"Stem mee over {name}: uw stemcode",
                body=f"Uw stemcode is {grouped(code)} (volgnummer {serial}).\n\n"
                "Ga naar Stemmen met uw code en typ de code. Deze code werkt één keer.",
            )
        )  # fmt: skip
    db.session.flush()
