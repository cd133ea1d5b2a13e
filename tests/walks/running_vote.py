"""The vote that people walk through: its own wijk, its box, its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from tests.factories.neighbourhoods import make_neighbourhood, make_round
from tests.factories.voting import FIRST_PASSPHRASE, Vote, make_officer, make_priorities, make_vote
from tests.live import Platform
from wijkagenda.dutch_days import local
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.rounds.models import PhaseKind
from wijkagenda.voting.ballot.check_slip import CheckSlip, seal
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.models import Receipt, SealedBallot
from wijkagenda.voting.codes import code_hmac, new_receipt, normalise, round_key, round_keys
from wijkagenda.voting.models import GRACE, Channel, CodeState, Electorate, Tally, VotingCode, VotingRound
from wijkagenda.voting.operations import close_round, publish_result
from wijkagenda.voting.result.operations import ByPassphrase, count_round

NUMBERS = count(1)


@dataclass
class Running:
    """A vote on the platform, by its number: what its people and the clock do to it."""

    platform: Platform
    vote: Vote
    id: int
    wijk: str
    slug: str

    def officer(self, name: str) -> str:
        """The mail address of "Eerste Lid" or "Tweede Lid", who have the keys, or of somebody new."""
        email = f"{name} {self.wijk}".lower().replace(" ", ".") + "@markerstad.example"
        with self.platform.work() as session:
            if session.scalar(sa.select(StaffMember.id).where(StaffMember.email == email)) is None:
                make_officer(session, self.vote.neighbourhood.area_id, datetime.now(UTC), f"{name} {self.wijk}")
        return email

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

    def channels(self) -> list[Channel | None]:
        """Over which way the used codes were used."""
        here = VotingCode.voting_round_id == self.id, VotingCode.state == CodeState.USED
        with self.platform.look() as session:
            return list(session.scalars(sa.select(VotingCode.channel).where(*here).order_by(VotingCode.id)))

    def close_at(self, moment: datetime) -> None:
        with self.platform.work() as session:
            session.get_one(VotingRound, self.id).closes_at = moment

    def end(self) -> None:
        """The last day is over, and so are the ten minutes."""
        self.close_at(datetime.now(UTC) - GRACE - timedelta(minutes=1))

    def count(self) -> int:
        """After the end: close and count; returns how many ballots."""
        self.end()
        said = {"actor": self.vote.first, "now": datetime.now(UTC)}
        with self.platform.work() as session:
            close_round(voting_round=session.get_one(VotingRound, self.id), **said)
        with self.platform.work() as session:
            count_round(
                voting_round=session.get_one(VotingRound, self.id), opened_with=ByPassphrase(FIRST_PASSPHRASE), **said
            )
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


@dataclass(frozen=True)
class WijkBeforeItsVote:
    """Its points are known and its round is in the voting phase; `officers` are mail addresses."""

    platform: Platform
    name: str
    slug: str
    officers: tuple[str, str]

    def more_letters(self, voting_round_id: int, number: int) -> list[str]:
        """The codes of so many more letters, that nobody has to draw."""
        settings, now = self.platform.app.config["SETTINGS"], datetime.now(UTC)
        with self.platform.work() as session:
            voting_round = session.get_one(VotingRound, voting_round_id)
            found = session.scalars(sa.select(StaffMember).where(StaffMember.email.in_(self.officers)))
            first, second = map(actor_of, found)
            wijk = voting_round.round.neighbourhood
            return Vote(session, settings, wijk, voting_round, first, second, now).letters(number)

    def end(self, voting_round_id: int) -> None:
        """A week passes: the last day is over, and so are the ten minutes."""
        ended = datetime.now(UTC) - GRACE - timedelta(minutes=1)
        with self.platform.work() as session:
            voting_round = session.get_one(VotingRound, voting_round_id)
            voting_round.opens_at, voting_round.closes_at = ended - timedelta(days=7), ended


def wijk_before_its_vote(platform: Platform) -> WijkBeforeItsVote:
    """In which two voting officers have everything to do yet."""
    number = next(NUMBERS)
    now = datetime.now(UTC)
    with platform.work() as session:
        wijk = make_neighbourhood(session, f"Proefwijk {number}", column=number)
        make_priorities(session, make_round(session, wijk, PhaseKind.VOTING, today=local(now).date()), now, 8)
        names = [f"{which} Lid {wijk.name}" for which in ("Eerste", "Tweede")]
        for name in names:
            make_officer(session, wijk.area_id, now, name)
        first, second = (f"{name.lower().replace(' ', '.')}@markerstad.example" for name in names)
        return WijkBeforeItsVote(platform, wijk.name, wijk.slug, (first, second))


def vote_at_home(platform: Platform, voting_round_id: int, codes: Iterable[str], *titles: str) -> None:
    """All of these people choose the same; nobody looks over their shoulder."""
    keys = round_keys(platform.app.config["SETTINGS"])
    with platform.work() as session:
        options = {option.title: option.id for option in session.get_one(VotingRound, voting_round_id).options}
        chosen = [options[title] for title in titles]
        for code in codes:
            cast_ballot(
                keys=keys, code=normalise(code), choices=chosen, receipt=new_receipt(), now=datetime.now(UTC),
                channel=Channel.ONLINE,
            )  # fmt: skip
