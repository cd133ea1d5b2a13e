"""Two officers at the keys of one draft at the same moment: nobody proves a key that is not there any more."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest

from tests.factories.voting import FIRST_PASSPHRASE, LIGHT, SECOND_PASSPHRASE, make_vote
from tests.live import Installation, installation
from wijkagenda.db import db, unit_of_work
from wijkagenda.people.actors import Actor, actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.voting import queries
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.sealing import Effort

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
