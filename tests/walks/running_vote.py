"""Who walk through a vote, and the vote they walk through: its own wijk, its box, its clock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.inspection import inspect_as_it_stands
from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_vote
from tests.live import Platform
from tests.walks import story
from tests.windows import Window
from wijkagenda.voting.ballot.check_slip import CheckSlip, seal
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import code_hmac, normalise, round_key
from wijkagenda.voting.models import GRACE, CodeState, Electorate, Tally, VotingCode, VotingRound
from wijkagenda.voting.operations import close_round, publish_result
from wijkagenda.voting.result.operations import count_round

NUMBERS = count(1)


@dataclass(frozen=True)
class Way:
    """How somebody works: on what, with what, and whether scripts run."""

    phone: bool
    hands: type[Pointer] | type[Keyboard]
    script: bool = True


@dataclass
class Person:
    """Somebody at a window. Every page they look at must be without problems; see `done`."""

    window: Window
    hands: Hands
    way: Way
    problems: list[str] = field(default_factory=list)

    def look(self, heading: str) -> None:
        """We are on the page with this h1, and it is as it should be."""
        story.heading(self.hands, heading)
        self.problems += inspect_as_it_stands(self.window, script=self.way.script)


@dataclass
class Running:
    """A vote on the platform, by its number: what its people and the clock do to it."""

    platform: Platform
    vote: Vote
    id: int
    wijk: str
    slug: str

    def in_the_box(self) -> int:
        with self.platform.look() as session:
            return session.scalar(sa.select(sa.func.count()).where(SealedBallot.voting_round_id == self.id)) or 0

    def receipts(self) -> int:
        with self.platform.look() as session:
            return session.scalar(sa.select(sa.func.count()).where(Receipt.voting_round_id == self.id)) or 0

    def used(self) -> list[Electorate]:
        """For whom the used codes are."""
        here = VotingCode.voting_round_id == self.id, VotingCode.state == CodeState.USED
        with self.platform.look() as session:
            return list(session.scalars(sa.select(VotingCode.electorate).where(*here).order_by(VotingCode.id)))

    def close_at(self, moment: datetime) -> None:
        with self.platform.work() as session:
            session.get_one(VotingRound, self.id).closes_at = moment

    def count(self) -> int:
        """The ten minutes are over: close and count; returns how many ballots."""
        self.close_at(datetime.now(UTC) - GRACE - timedelta(minutes=1))
        said = {"actor": self.vote.first, "now": datetime.now(UTC)}
        with self.platform.work() as session:
            close_round(voting_round=session.get_one(VotingRound, self.id), **said)
        with self.platform.work() as session:
            count_round(voting_round=session.get_one(VotingRound, self.id), passphrase=FIRST_PASSPHRASE, **said)
        with self.platform.look() as session:
            return session.scalars(sa.select(Tally.ballots).where(Tally.voting_round_id == self.id)).one()

    def publish(self) -> None:
        with self.platform.work() as session:
            voting_round = session.get_one(VotingRound, self.id)
            publish_result(actor=self.vote.second, now=datetime.now(UTC), voting_round=voting_round)

    def old_slip(self, code: str, minutes: int) -> str:
        """The slip of a check page that was opened so many minutes ago."""
        settings = self.platform.app.config["SETTINGS"]
        mark = code_hmac(round_key(settings, self.id), normalise(code))[:16]
        opened = datetime.now(UTC) - timedelta(minutes=minutes)
        return seal(settings.secret_key, CheckSlip(self.id, mark, "000000000000", opened))


def open_vote(platform: Platform, **rules: object) -> Running:
    """In a wijk of its own."""
    number = next(NUMBERS)
    settings = platform.app.config["SETTINGS"]
    with platform.work() as session:
        vote = make_vote(session, settings, datetime.now(UTC), name=f"Proefwijk {number}", column=number, **rules)  # type: ignore[arg-type]
        assert vote.options
        return Running(platform, vote, vote.voting_round.id, vote.neighbourhood.name, vote.neighbourhood.slug)
