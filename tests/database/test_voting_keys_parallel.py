"""People at the keys at the same moment: nobody proves a key that is not there any more, and votes wait for nobody."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from nacl.public import PrivateKey

from tests.factories.backups import waiting_for_a_lock
from tests.factories.voting import FIRST_PASSPHRASE, LIGHT, SECOND_PASSPHRASE, Vote, make_officer, make_vote
from tests.live import Installation, installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.errors import Conflict, Invalid
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.models import KeyHolder
from wijkagenda.voting.box.sealing import Effort, key_number
from wijkagenda.voting.codes import new_receipt, round_keys
from wijkagenda.voting.operations import open_round

SLOW = Effort(passes=16, memory=64 * 1024 * 1024)
"""A try at this passphrase takes seconds: in the meantime somebody else can do something."""


@pytest.fixture
def place(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Installation]:
    name = re.sub(r"\W+", "_", request.node.name)[-40:].strip("_").lower()
    with installation(f"keys_{name}", folder=tmp_path, backend=backend, RATE_LIMITS_OFF="1") as made:
        yield made


@pytest.mark.parametrize("what", ["officer", "sheet"])
def test_a_key_that_is_made_anew_meanwhile_is_not_proved(place: Installation, what: str) -> None:
    now = datetime.now(UTC)
    with place.work() as session:
        vote = make_vote(session, place.app.config["SETTINGS"], now, opened=False)
        round_id, first, second = vote.voting_round.id, vote.first.staff_id, vote.second.staff_id
        for actor, passphrase, effort in (
            (vote.first, FIRST_PASSPHRASE, SLOW),
            (vote.second, SECOND_PASSPHRASE, LIGHT),
        ):
            keys.join(
                actor=actor, now=now, voting_round=vote.voting_round, passphrase=passphrase, again=passphrase, effort=effort
            )  # fmt: skip
        code = keys.make_round_key(actor=vote.first, now=now, voting_round=vote.voting_round, effort=SLOW)

    def officer(staff_id: int | None) -> Actor:
        return actor_of(db.session.get_one(StaffMember, staff_id))

    def prove() -> None:
        with place.look(), unit_of_work():
            said = {"actor": officer(first), "now": now, "voting_round": queries.voting_round_by_id(round_id)}
            if what == "officer":
                keys.prove(passphrase=FIRST_PASSPHRASE, **said)
            else:
                keys.prove_recovery(code=code, **said)

    def make_anew() -> None:
        sleep(0.4)
        with place.look(), unit_of_work():
            keys.make_round_key(
                actor=officer(second), now=now, voting_round=queries.voting_round_by_id(round_id), effort=LIGHT
            )

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(prove), pool.submit(make_anew)]:
            done.result()
    with place.look():
        holders = keys.holders_of(round_id)
        assert [holder.proved_at for holder in holders] == [None] * 3


THIRD_PASSPHRASE = "derde wachtzin van deze proefstemming"
VERY_SLOW = Effort(passes=32, memory=64 * 1024 * 1024)
OTHER_PASSPHRASE = "heel andere wachtzin van deze stemming"


@dataclass
class Open:
    """An open vote, its two holders (a try of the first takes seconds) and a third officer who may join."""

    place: Installation
    round_id: int
    codes: list[str]
    option: int
    staff: tuple[int, int, int]

    def act(self, what: str, by: int, **given: object) -> None:
        """One operation at the keys, in a transaction of its own."""
        with self.place.look(), unit_of_work():
            actor = actor_of(db.session.get_one(StaffMember, self.staff[by]))
            voting_round = queries.voting_round_by_id(self.round_id)
            # Kept, as somebody may who showed them: what is done must look afresh all the same.
            _seen = keys.holders_of(self.round_id)
            getattr(keys, what)(actor=actor, now=datetime.now(UTC), voting_round=voting_round, **given)

    def join(self, passphrase: str, effort: Effort = LIGHT) -> None:
        self.act("join", 2, passphrase=passphrase, again=passphrase, effort=effort)

    def grant(self) -> None:
        (newcomer,) = self.newcomers()
        self.act("grant", 0, passphrase=FIRST_PASSPHRASE, holder_id=newcomer.id)

    def newcomers(self) -> list[KeyHolder]:
        with self.place.look():
            return [holder for holder in keys.holders_of(self.round_id) if holder.staff_member_id == self.staff[2]]

    def vote(self, code: str) -> None:
        with self.place.look(), unit_of_work():
            keys_ = round_keys(self.place.app.config["SETTINGS"])
            cast_ballot(
                keys=keys_, code=code, choices=[self.option], receipt=new_receipt(), now=datetime.now(UTC)
            )  # fmt: skip

    def opens_with(self, passphrase: str) -> bool:
        """Whether the newcomer gets the key of the round with this."""
        with self.place.look():
            actor = actor_of(db.session.get_one(StaffMember, self.staff[2]))
            voting_round = queries.voting_round_by_id(self.round_id)
            try:
                private = keys.opened_by(voting_round, actor, passphrase)
            except (Invalid, Conflict):
                return False
            public = bytes(PrivateKey(private).public_key)
            assert key_number(public) == keys.number_of(voting_round)
            return True


@pytest.fixture
def running(place: Installation) -> Open:
    now = datetime.now(UTC)
    with place.work() as session:
        vote = make_vote(session, place.app.config["SETTINGS"], now, opened=False)
        third = make_officer(session, vote.neighbourhood.area_id, now, "Derde Lid")
        _make_keys(vote)
        open_round(actor=vote.first, now=now, voting_round=vote.voting_round)
        codes = vote.letters(3)
        staff = (vote.first.staff_id or 0, vote.second.staff_id or 0, third.staff_id or 0)
        return Open(place, vote.voting_round.id, codes, vote.options[0], staff)


def _make_keys(vote: Vote) -> None:
    said = {"now": vote.opened_at, "voting_round": vote.voting_round}
    for actor, words, effort in ((vote.first, FIRST_PASSPHRASE, VERY_SLOW), (vote.second, SECOND_PASSPHRASE, LIGHT)):
        keys.join(actor=actor, passphrase=words, again=words, effort=effort, **said)
    sheet = keys.make_round_key(actor=vote.first, effort=LIGHT, **said)
    keys.prove(actor=vote.first, passphrase=FIRST_PASSPHRASE, **said)
    keys.prove(actor=vote.second, passphrase=SECOND_PASSPHRASE, **said)
    keys.prove_recovery(actor=vote.second, code=sheet, **said)


@pytest.mark.parametrize("backend", ["postgis"])
@pytest.mark.parametrize("what", ["join", "grant"])
def test_no_vote_waits_for_a_passphrase(running: Open, what: str) -> None:
    if what == "grant":
        running.join(THIRD_PASSPHRASE)
    with ThreadPoolExecutor(1) as pool:
        trying = (
            pool.submit(running.grant) if what == "grant" else pool.submit(running.join, THIRD_PASSPHRASE, VERY_SLOW)
        )
        sleep(0.4)
        for code in running.codes:
            running.vote(code)
        assert not trying.done(), "these votes waited for a passphrase"
        trying.result()
    assert len(running.newcomers()) == 1


@pytest.mark.parametrize("backend", ["postgis"])
def test_who_joins_twice_at_once_is_one_holder(running: Open) -> None:
    with ThreadPoolExecutor(2) as pool, psycopg.connect(running.place.environment["DATABASE_URL"]) as other:
        # Nobody can write a row about this person now: who has looked whether there is one waits here.
        other.execute("SELECT 1 FROM staff_member WHERE id = %s FOR UPDATE", [running.staff[2]])
        twice = [pool.submit(running.join, THIRD_PASSPHRASE) for _ in range(2)]
        until = monotonic() + 20
        while waiting_for_a_lock(running.place) < 2 and monotonic() < until:
            sleep(0.05)
        other.rollback()
        for done in twice:
            done.result()
    assert len(running.newcomers()) == 1
    running.grant()
    assert running.opens_with(THIRD_PASSPHRASE)


def test_who_takes_another_passphrase_while_the_key_is_handed_on_gets_it_under_that_one(running: Open) -> None:
    running.join(THIRD_PASSPHRASE)
    with ThreadPoolExecutor(2) as pool:
        granting = pool.submit(running.grant)
        sleep(0.4)
        try:
            pool.submit(running.join, OTHER_PASSPHRASE).result()
            newest = OTHER_PASSPHRASE
        except Conflict:
            # On SQLite the whole grant came first: one writer at a time.
            newest = THIRD_PASSPHRASE
        granting.result()
    assert running.opens_with(newest)


def test_a_key_is_handed_on_once(running: Open) -> None:
    running.join(THIRD_PASSPHRASE)
    with ThreadPoolExecutor(2) as pool:
        twice = [pool.submit(running.grant) for _ in range(2)]
        wrong = [error for done in twice if (error := done.exception()) is not None]
    assert [type(error) for error in wrong] == [Conflict]
    assert running.opens_with(THIRD_PASSPHRASE)
