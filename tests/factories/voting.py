"""A vote in the state a test needs, with codes in hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.neighbourhoods import make_neighbourhood, make_round
from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import SYSTEM, Actor, actor_of
from wijkagenda.people.models import Role
from wijkagenda.people.operations import add_staff_member, grant_role
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.voting.box import keys
from wijkagenda.voting.box.casting import cast_ballot
from wijkagenda.voting.box.content import decode
from wijkagenda.voting.box.models import SealedBallot
from wijkagenda.voting.box.sealing import Effort, unseal
from wijkagenda.voting.codes import RoundKeys, new_receipt, round_keys
from wijkagenda.voting.letters.operations import ask_letters, make_codes, mark_expired
from wijkagenda.voting.models import GRACE, Channel, Electorate, VotingRound
from wijkagenda.voting.operations import close_round, open_round, publish_result
from wijkagenda.voting.result.operations import ByPassphrase, count_round
from wijkagenda.voting.rules.operations import prepare_round
from wijkagenda.wishes.models import Theme

LIGHT = Effort(passes=1, memory=8192)
"""A passphrase that costs nothing to try: tests open hundreds of votes."""
FIRST_PASSPHRASE = "eerste wachtzin van deze proefstemming"
SECOND_PASSPHRASE = "tweede wachtzin van deze proefstemming"
TITLES = (
    "Schone straten en minder afval naast de bakken",
    "Minder hard rijden in de Wiekstraat",
    "Een plek voor jongeren, ook in de avond",
    "Meer licht en beter zicht in het Molenpark",
    "Hulp bij geldzorgen, dichtbij huis",
    "Veilig oversteken bij de scholen",
    "Meer groen en schaduw op het Molenplein",
    "Samen eten en elkaar leren kennen",
)


def make_priorities(session: Session, agenda_round: AgendaRound, now: datetime, number: int = 4) -> list[Priority]:
    """Proposed priorities, numbered from 1."""
    themes = list(Theme)
    made = [
        Priority(
            round_id=agenda_round.id,
            number=i,
            title=TITLES[(i - 1) % len(TITLES)],
            summary="Meer ondergrondse bakken. Twee keer per week schoonmaken.",
            theme=themes[i % len(themes)],
            state=PriorityState.PROPOSED,
            proposed_at=now - timedelta(days=20),
        )
        for i in range(1, number + 1)
    ]
    session.add_all(made)
    session.flush()
    return made


def make_officer(session: Session, area_id: int | None, now: datetime, name: str = "Proef Stembureau") -> Actor:
    """A voting officer of an area (None: of the whole municipality)."""
    email = f"{name.lower().replace(' ', '.')}@markerstad.example"
    member = add_staff_member(actor=SYSTEM, now=now, email=email, name=name)
    grant_role(actor=SYSTEM, now=now, member=member, role=Role.VOTING_OFFICER, area_id=area_id)
    return actor_of(member)


@dataclass
class Vote:
    """A vote, its officers and the codes of its letters."""

    session: Session
    settings: Settings
    neighbourhood: Neighbourhood
    voting_round: VotingRound
    first: Actor
    second: Actor
    opened_at: datetime
    codes: list[str] = field(default_factory=list)
    business_codes: list[str] = field(default_factory=list)
    recovery: str = ""

    @property
    def keys(self) -> RoundKeys:
        return round_keys(self.settings)

    @property
    def options(self) -> list[int]:
        return [option.id for option in self.voting_round.options]

    @property
    def after_closing(self) -> datetime:
        return self.voting_round.closes_at + GRACE

    def letters(self, number: int, electorate: Electorate = Electorate.RESIDENTS) -> list[str]:
        """Codes as they stand on so many letters."""
        batch = ask_letters(
            actor=self.first, now=self.opened_at, voting_round=self.voting_round, electorate=electorate, size=number
        )
        made = make_codes(batch=batch, number=number, key=self.keys(self.voting_round.id))
        # These letters are on paper already: no job has to make them.
        mark_expired(batch=batch)
        return [code for _serial, code in made]

    def cast(
        self,
        code: str,
        *choices: int,
        now: datetime,
        receipt: str | None = None,
        points: Mapping[int, int] | None = None,
        channel: Channel = Channel.ONLINE,
    ) -> str:
        """Vote; returns the receipt."""
        receipt = receipt or new_receipt()
        cast_ballot(
            keys=self.keys, code=code, choices=choices, points=points, receipt=receipt, now=now, channel=channel
        )
        return receipt

    def make_keys(self) -> None:
        """Two key holders and a recovery sheet, each proved on a trial ballot."""
        said = {"now": self.opened_at, "voting_round": self.voting_round}
        for officer, passphrase in ((self.first, FIRST_PASSPHRASE), (self.second, SECOND_PASSPHRASE)):
            keys.join(actor=officer, passphrase=passphrase, again=passphrase, effort=LIGHT, **said)
        self.recovery = keys.make_round_key(actor=self.first, effort=LIGHT, **said)
        keys.prove(actor=self.first, passphrase=FIRST_PASSPHRASE, **said)
        keys.prove(actor=self.second, passphrase=SECOND_PASSPHRASE, **said)
        keys.prove_recovery(actor=self.second, code=self.recovery, **said)

    def look_inside(self, order: str = "") -> list[list[int]]:
        """What stands on the sealed ballots, as sorted option ids: only a key holder can know.

        In the order of `order` (SQL), else as the database gives them.
        """
        private_key = keys.opened_by(self.voting_round, self.first, FIRST_PASSPHRASE)
        sealed = self.session.scalars(
            sa.select(SealedBallot.content)
            .where(SealedBallot.voting_round_id == self.voting_round.id)
            .order_by(sa.text(order))
        )
        ballots = [decode(unseal(private_key, content), len(self.options)) for content in sealed]
        return [
            sorted(option for option, points in zip(self.options, ballot.points, strict=True) if points)
            for ballot in ballots
        ]

    def open(self) -> None:
        self.make_keys()
        open_round(actor=self.first, now=self.opened_at, voting_round=self.voting_round)

    def close(self) -> None:
        close_round(actor=self.first, now=self.after_closing, voting_round=self.voting_round)

    def count(self) -> None:
        count_round(
            actor=self.first,
            now=self.after_closing,
            voting_round=self.voting_round,
            opened_with=ByPassphrase(FIRST_PASSPHRASE),
        )

    def publish(self) -> None:
        publish_result(actor=self.second, now=self.after_closing + timedelta(days=1), voting_round=self.voting_round)

    def finish(self) -> None:
        """Close, count and publish."""
        self.close()
        self.count()
        self.publish()


def make_vote(
    session: Session,
    settings: Settings,
    now: datetime,
    *,
    name: str = "Molenwijk",
    column: int = 0,
    options: int = 4,
    max_choices: int = 3,
    codes: int = 0,
    business_codes: int = 0,
    opened: bool = True,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    costs: Sequence[int] | None = None,
    **rules: Any,
) -> Vote:
    """A vote that is open at `now` (unless `opened` is False), with so many codes.

    costs: of the priorities in order of number, with `budget` among the other `rules` (see preparing.Rules).
    """
    neighbourhood = make_neighbourhood(session, name, column=column)
    agenda_round = make_round(session, neighbourhood, PhaseKind.VOTING)
    priorities = make_priorities(session, agenda_round, now, options)
    first = make_officer(session, neighbourhood.area_id, now, f"Eerste Lid {name}")
    second = make_officer(session, neighbourhood.area_id, now, f"Tweede Lid {name}")
    closes_at = closes_at or now + timedelta(days=6)
    voting_round = prepare_round(
        actor=first,
        now=now,
        agenda_round=agenda_round,
        title=f"stemming {name} 2026",
        opens_at=opens_at or now - timedelta(days=10),
        closes_at=closes_at,
        result_on=closes_at.date() + timedelta(days=14),
        max_choices=max_choices,
        paper_place="wijkcentrum De Wieken, Molenplein 4. Elke dag van 9 tot 17 uur.",
        costs={priority.id: cost for priority, cost in zip(priorities, costs, strict=True)} if costs else None,
        **rules,
    )
    vote = Vote(session, settings, neighbourhood, voting_round, first, second, min(now, closes_at - timedelta(hours=1)))
    if opened:
        vote.open()
        if codes:
            vote.codes = vote.letters(codes)
        if business_codes:
            vote.business_codes = vote.letters(business_codes, Electorate.BUSINESSES)
    db.session.flush()
    return vote
