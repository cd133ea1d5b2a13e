"""One trial: a vote over all channels, kills at moments drawn from a seed, and then every book is compared.

Kills are due when so many voters are done, so that a slow machine and a fast one kill as often. What must hold:
every receipt that was shown is in the box exactly once; sealed ballots = used codes; receipts = ballots on a screen;
after the count the tally is what the voters know they sent.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from random import Random
from signal import SIGKILL, SIGQUIT
from threading import Event, Thread

import sqlalchemy as sa
from flask import Response

from tests.factories.voting import FIRST_PASSPHRASE, make_officer, make_vote
from tests.faults.paper_desks import Desk, Sheet, again_until_done, make_sheets
from tests.faults.platform import Target
from tests.faults.voters import Browser, Voter, make_voters, settle, vote
from wijkagenda.db import db
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.codes import receipt_hash
from wijkagenda.voting.kiosk.cookie import turn_on
from wijkagenda.voting.letters.operations import ask_letters
from wijkagenda.voting.models import (
    GRACE,
    Channel,
    CodeBatch,
    CodeBatchState,
    CodeState,
    Electorate,
    Tally,
    VotingCode,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.operations import close_round
from wijkagenda.voting.paper.operations import Stub
from wijkagenda.voting.result.operations import ByPassphrase, count_round

WEB_WORKER, QUEUE_WORKER = "web worker", "queue worker"
CONNECTION, IMMEDIATE, DATABASE = "database connection", "database, immediate shutdown", "database, kill -9"
PILE = 25
LETTERS_SECONDS = 300


@dataclass(frozen=True)
class Plan:
    """How large a trial is. `kills`: how often each kind. `contested` codes are sent on line and on paper at once."""

    seed: int
    on_line: int
    kiosk: int
    paper: int
    contested: int
    kills: dict[str, int]
    browsers: int = 8
    letters: int = 0
    crash_while_counting: bool = False


@dataclass
class Findings:
    """What happened, for who reads it; nothing here is a judgement, `trial` raises when something is wrong."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    in_doubt: int = 0
    counted_ballots: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"seed {self.seed}; {self.seconds:.0f} seconds"]
        lines += [f"killed: {kind}: {number}" for kind, number in sorted(self.kills.items())]
        lines += [f"voted: {channel}: {number}" for channel, number in sorted(self.channels.items())]
        lines += [f"left in doubt, settled by asking again: {self.in_doubt}"]
        lines += [f"answers: {kind}: {number}" for kind, number in sorted(self.answers.items())]
        lines += [f"counted: {self.counted_ballots} ballots", "lost: 0", "double: 0"]
        return "\n".join(lines)


class Trial:
    """Prepared by the seed; `run` does it all once."""

    def __init__(self, target: Target, plan: Plan, say: Callable[[str], None] = lambda _text: None) -> None:
        self.target, self.plan, self.say = target, plan, say
        self.random = Random(plan.seed)
        self.findings = Findings(plan.seed)
        self.done = 0
        self.over = Event()
        settings = target.app.config["SETTINGS"]
        with target.work() as session:
            made = make_vote(session, settings, datetime.now(UTC), codes=plan.on_line + plan.kiosk + plan.paper)
            third = make_officer(session, made.neighbourhood.area_id, made.opened_at, "Derde Lid")
            self.round_id, options, codes = made.voting_round.id, made.options, iter(made.codes)
            self.officers = [made.first.staff_id, made.second.staff_id, third.staff_id]
        self.screens = make_voters(list(islice(codes, plan.on_line)), options, self.random)
        self.screens += make_voters(list(islice(codes, plan.kiosk)), options, self.random, kiosk=True)
        self.sheets = make_sheets(list(codes), options, self.random)
        twice = self.random.sample(self.sheets, plan.contested)
        self.screens += make_voters([sheet.code for sheet in twice], options, self.random)
        self.contested = {sheet.code for sheet in twice}
        self.random.shuffle(self.screens)

    def run(self) -> Findings:
        """Raises AssertionError when anything was lost, doubled or counted wrongly."""
        began = time.monotonic()
        batch_id = self._ask_letters() if self.plan.letters else None
        killer = Thread(target=self._kill_in_turn)
        killer.start()
        try:
            with ThreadPoolExecutor(self.plan.browsers + 2) as pool:
                screens, piles = iter(self.screens), iter(self._piles())
                work = [pool.submit(self._vote_in_turn, screens, Random(n)) for n in range(self.plan.browsers)]
                work += [pool.submit(self._take_paper_in_turn, piles) for _ in range(2 if self.sheets else 0)]
                for each in work:
                    each.result()
        finally:
            self.over.set()
            killer.join()
        self.target.wait_until_healthy()
        self.say(f"everybody voted after {time.monotonic() - began:.0f} s")
        self._settle_doubts()
        self._box_is_right()
        self.say("receipts, ballots and codes agree")
        if batch_id is not None:
            self._letters_are_made(batch_id)
        self._close_and_count()
        self._tally_is_right()
        self.findings.seconds = time.monotonic() - began
        return self.findings

    # --- everybody at work -----------------------------------------------------------------------

    def _vote_in_turn(self, voters: Iterator[Voter], random: Random) -> None:
        browsers: dict[bool, Browser] = {}
        for voter in voters:
            if voter.kiosk not in browsers or random.random() < 0.05:
                browsers[voter.kiosk] = self._browser(voter.kiosk)
            vote(browsers[voter.kiosk], voter)
            self.done += 1

    def _browser(self, kiosk: bool = False) -> Browser:
        return Browser(self.target.port, self.findings.answers, self._kiosk_cookie() if kiosk else {})

    def _kiosk_cookie(self) -> dict[str, str]:
        """As an officer sets a computer up, for this vote."""
        with self.target.app.test_request_context("/"):
            answer = Response()
            turn_on(answer, [self.round_id], datetime.now(UTC) + GRACE * 6)
        name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
        return {name: value}

    def _piles(self) -> list[list[Sheet]]:
        """About PILE sheets each, never so few that a pile could get below ten."""
        number = max(1, len(self.sheets) // PILE)
        return [self.sheets[which::number] for which in range(number)] if self.sheets else []

    def _take_paper_in_turn(self, piles: Iterator[list[Sheet]]) -> None:
        for pile in piles:
            Desk(self.target, self.round_id, self.officers, self.findings.answers).take(pile)
            self.done += len(pile)

    def _kill_in_turn(self) -> None:
        """Each kill when its share of the voters is done, and a moment later."""
        kinds = [kind for kind, number in self.plan.kills.items() for _ in range(number)]
        due = sorted((self.random.uniform(0.02, 0.97), kind) for kind in kinds)
        for share, kind in due:
            while self.done < share * (len(self.screens) + len(self.sheets)) and not self.over.wait(0.01):
                pass
            time.sleep(self.random.uniform(0, 0.05))
            if self._kill(kind):
                self.findings.kills[kind] += 1

    def _kill(self, kind: str) -> bool:
        target = self.target
        if kind == WEB_WORKER:
            return target.kill_web_worker(self.random)
        if kind == QUEUE_WORKER:
            return target.kill_queue_worker(self.random)
        if kind == CONNECTION:
            return target.cluster.kill_a_connection(self.random)
        target.cluster.crash(SIGQUIT if kind == IMMEDIATE else SIGKILL)
        return True

    def _ask_letters(self) -> int:
        """Work for the worker, which is killed as well."""
        with self.target.work():
            batch = ask_letters(
                actor=self._officer(0),
                now=datetime.now(UTC),
                voting_round=queries.voting_round_by_id(self.round_id),
                electorate=Electorate.RESIDENTS,
                size=self.plan.letters,
            )
            return batch.id

    # --- afterwards ------------------------------------------------------------------------------

    def _settle_doubts(self) -> None:
        browser = self._browser()
        kiosk = self._browser(kiosk=True)
        for voter in self.screens:
            if voter.in_doubt:
                self.findings.in_doubt += 1
                settle(kiosk if voter.kiosk else browser, voter)

    def _box_is_right(self) -> None:
        """Receipts, ballots and codes, one by one."""
        refused = {voter.code for voter in self.screens if voter.refused}
        assert refused <= self.contested, [voter for voter in self.screens if voter.refused][:5]
        assert not [voter for voter in self.screens if not voter.refused and not voter.receipt]
        taken = {sheet.code for sheet in self.sheets if sheet.stub is Stub.TAKEN}
        shown = [voter.receipt for voter in self.screens if voter.receipt]
        put_aside = {sheet.code for sheet in self.sheets if sheet.stub is Stub.USED_BEFORE}
        assert put_aside == self.contested - refused, "each contested code counts once, on paper or on a screen"
        assert len(taken) + len(put_aside) == len(self.sheets)
        with self.target.look() as session:
            kept = list(session.scalars(sa.select(Receipt.receipt_hash)))
            channels = dict(
                session.execute(
                    sa.select(VotingCode.channel, sa.func.count())
                    .where(VotingCode.state == CodeState.USED)
                    .group_by(VotingCode.channel)
                ).all()
            )
            sealed = session.scalar(sa.select(sa.func.count()).select_from(SealedBallot))
            different = session.scalar(sa.select(sa.func.count(sa.distinct(SealedBallot.content))))
        assert sorted(map(receipt_hash, shown)) == sorted(kept), "receipts that were shown, and receipts in the box"
        screens = Counter(Channel.KIOSK if voter.kiosk else Channel.ONLINE for voter in self.screens if voter.receipt)
        expected = screens + Counter({Channel.PAPER: len(taken)} if taken else {})
        assert channels == expected, (channels, expected)
        assert sealed == different == expected.total(), (sealed, different, expected)
        self.findings.channels = Counter({channel.value: number for channel, number in expected.items()})

    def _letters_are_made(self, batch_id: int) -> None:
        """The worker, started again each time, has made each letter once."""
        until = time.monotonic() + LETTERS_SECONDS
        while time.monotonic() < until:
            with self.target.look() as session:
                batch = session.get_one(CodeBatch, batch_id)
                codes = session.scalar(
                    sa.select(sa.func.count()).where(VotingCode.batch_id == batch_id, VotingCode.state == "issued")
                )
                if batch.state is CodeBatchState.READY:
                    assert batch.printed == codes == self.plan.letters
                    return
            time.sleep(0.5)
        raise AssertionError("the letters were not made")

    def _close_and_count(self) -> None:
        """Both are tried again until they are done; the database dies once in each, if the plan says so."""
        for wanted, act in ((VotingState.CLOSED, self._close), (VotingState.COUNTED, self._count)):
            crash = Thread(target=self._crash_soon)
            if self.plan.crash_while_counting:
                crash.start()
            again_until_done(
                self.target, lambda wanted=wanted, act=act: self._unless(wanted, act), self.findings.answers
            )
            if self.plan.crash_while_counting:
                crash.join()

    def _crash_soon(self) -> None:
        time.sleep(self.random.uniform(0, 0.5))
        self.target.cluster.crash(SIGKILL)
        self.findings.kills[f"{DATABASE}, at closing or counting"] += 1

    def _unless(self, wanted: VotingState, act: Callable[[VotingRound], object]) -> None:
        voting_round = queries.voting_round_by_id(self.round_id)
        if voting_round.state is not wanted:
            act(voting_round)

    def _close(self, voting_round: VotingRound) -> None:
        close_round(actor=self._officer(0), now=voting_round.closes_at + GRACE, voting_round=voting_round)

    def _count(self, voting_round: VotingRound) -> None:
        count_round(
            actor=self._officer(0),
            now=voting_round.closes_at + GRACE,
            voting_round=voting_round,
            opened_with=ByPassphrase(FIRST_PASSPHRASE),
        )

    def _officer(self, number: int) -> Actor:
        return actor_of(db.session.get_one(StaffMember, self.officers[number]))

    def _tally_is_right(self) -> None:
        """Ballot by ballot: what voters know they sent is what was counted."""
        sent = Counter(tuple(voter.choices) for voter in self.screens if voter.receipt)
        sent += Counter(tuple(sheet.choices) for sheet in self.sheets if sheet.stub is Stub.TAKEN)
        with self.target.look() as session:
            counted = Counter(tuple(choices) for choices in session.scalars(sa.select(Ballot.choices)))
            tally = session.scalars(sa.select(Tally)).one()
            votes = {line.option_id: line.votes for line in tally.lines if line.votes}
            left = session.scalar(sa.select(sa.func.count()).select_from(SealedBallot))
            receipts = session.scalar(sa.select(sa.func.count()).select_from(Receipt))
        assert counted == sent
        assert votes == Counter(option for choices, number in sent.items() for option in choices * number)
        assert (tally.ballots, tally.codes_used, left) == (sent.total(), sent.total(), 0)
        assert receipts == sum(bool(voter.receipt) for voter in self.screens)
        self.findings.counted_ballots = tally.ballots
