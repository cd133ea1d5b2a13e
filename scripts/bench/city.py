"""The city that is measured, in the making: its ground, two votes, an agenda under way."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from geo.levels import Level
from geo.models import Area, as_element
from scripts.bench.copying import copy_rows
from tests.factories.areas import squares
from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.config import Settings
from wijkagenda.neighbourhoods.models import CityDistrict, Neighbourhood, Place, PlaceKind, ProfileFigure
from wijkagenda.people.models import Role, RoleGrant, StaffMember
from wijkagenda.plan.models import Action, ActionPartner, ActionState, Milestone
from wijkagenda.priorities.models import Priority, PriorityState
from wijkagenda.progress.models import ProgressUpdate, UpdateState
from wijkagenda.rounds.models import AgendaRound, ParticipationApproach, Phase, PhaseKind
from wijkagenda.voting import counting
from wijkagenda.voting.box.content import BallotContent, content_for
from wijkagenda.voting.box.models import Ballot, Receipt, SealedBallot
from wijkagenda.voting.box.sealing import new_pair, seal
from wijkagenda.voting.codes import code_hmac as hmac_of
from wijkagenda.voting.codes import new_code, new_receipt, receipt_hash, round_key
from wijkagenda.voting.models import (
    Channel,
    CodeBatch,
    CodeBatchState,
    CodeState,
    Electorate,
    Tally,
    TallyLine,
    VotingCode,
    VotingOption,
    VotingRound,
    VotingState,
)
from wijkagenda.voting.profiles import profile_of, terms_of
from wijkagenda.wishes.models import Theme

PRIORITIES, WINNERS, ACTIONS, UPDATES = 8, 3, 24, 100
CITY_DISTRICTS = 8
WORDS = [
    "bank",
    "boom",
    "lamp",
    "speeltuin",
    "fietspad",
    "drempel",
    "bakken",
    "plein",
    "water",
    "groen",
    "oversteek",
    "licht",
    "buren",
    "eten",
    "taal",
]


@dataclass(frozen=True)
class Size:
    """How large a city is. `wishes` are those of the measured wijk."""

    neighbourhoods: int
    wishes: int
    city_wishes: int
    ballots: int

    def __str__(self) -> str:
        return (
            f"{self.neighbourhoods} wijken, {self.wishes:,} wishes in the measured wijk, {self.city_wishes:,} in the "
            f"city, {self.ballots:,} ballots"
        )


@dataclass(frozen=True)
class Seeded:
    """What the loads need to know of a city."""

    voting_round_id: int
    option_ids: list[int]
    codes: list[str]


class City:
    """One city in the making; the random numbers are the same in every run."""

    def __init__(self, session: Session, size: Size, settings: Settings, today: date) -> None:
        self.session, self.size, self.settings, self.today = session, size, settings, today
        self.now = datetime.now(UTC)
        self.random = random.Random(2026)
        self.neighbourhoods: list[Neighbourhood] = []
        self.shapes: dict[int, shapely.Polygon] = {}

    # --- the ground ------------------------------------------------------------------------------

    def found(self) -> None:
        """Stadsdelen and wijken on a bent grid, with places, figures, and two people who work there."""
        columns = 8
        shapes = squares(self.size.neighbourhoods, columns)
        city_districts = [self._city_district(i, shapes) for i in range(min(CITY_DISTRICTS, len(shapes)))]
        for i, shape in enumerate(shapes):
            city_district = city_districts[i % len(city_districts)]
            area = self._area(Level.NEIGHBOURHOOD, f"WK{i + 1:02d}", f"Wijk {i + 1:02d}", shape, city_district.area_id)
            neighbourhood = Neighbourhood(
                area_id=area.id,
                city_district=city_district,
                name=area.name,
                slug=f"wijk-{i + 1:02d}",
                residents=8_000 + 37 * i,
                team_name=f"gebiedsteam {area.name}",
                team_email=f"wijk{i + 1:02d}@markerstad.example",
                team_visiting="dinsdag van 10.00 tot 12.00",
            )
            self.session.add(neighbourhood)
            self.session.flush()
            self.neighbourhoods.append(neighbourhood)
            self.shapes[neighbourhood.id] = shape
            self._furnish(neighbourhood, shape)
        self.team = self._staff("team", Role.AREA_TEAM)
        self.officer = self._staff("stembureau", Role.VOTING_OFFICER)
        self.manager = self._staff("manager", Role.CITY_DISTRICT_MANAGER)

    def _area(self, level: Level, code: str, name: str, shape: Any, parent_id: int | None = None) -> Area:
        polygons = shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])
        area = Area(level=level, code=code, year=2026, name=name, parent_id=parent_id, shape=as_element(polygons))
        self.session.add(area)
        self.session.flush()
        return area

    def _city_district(self, i: int, shapes: Sequence[shapely.Polygon]) -> CityDistrict:
        parts = shapely.unary_union(list(shapes[i::CITY_DISTRICTS]))
        area = self._area(Level.CITY_DISTRICT, f"SD{i + 1}", f"Deel {i + 1}", parts)
        district = CityDistrict(area_id=area.id, name=area.name, slug=f"deel-{i + 1}")
        self.session.add(district)
        self.session.flush()
        return district

    def _furnish(self, neighbourhood: Neighbourhood, shape: shapely.Polygon) -> None:
        for i, kind in enumerate(list(PlaceKind)[:5]):
            point = shapely.Point(shape.centroid.x + 60 * i - 120, shape.centroid.y - 90)
            name = f"{kind.label} {i + 1}"
            self.session.add(Place(neighbourhood_id=neighbourhood.id, name=name, kind=kind, point=as_element(point)))
        for i in range(6):
            self.session.add(
                ProfileFigure(
                    neighbourhood_id=neighbourhood.id,
                    position=i,
                    label=f"Cijfer {i + 1}",
                    value=60 + i,
                    city_value=65,
                    unit="%",
                    source="Wijkonderzoek",
                    year=2026,
                    n=400,
                )
            )

    def _staff(self, name: str, role: Role) -> StaffMember:
        member = StaffMember(email=f"{name}@markerstad.example", name=name.title(), is_active=True)
        member.grants.append(RoleGrant(role=role, area_id=None))
        self.session.add(member)
        self.session.flush()
        return member

    # --- a round, its priorities and its vote ----------------------------------------------------

    def plan_round(self, neighbourhood: Neighbourhood, phase: PhaseKind) -> AgendaRound:
        agenda_round = AgendaRound(neighbourhood_id=neighbourhood.id, start_year=2027, end_year=2030)
        for kind in PhaseKind:
            start = self.today + timedelta(days=31 * (kind.number - phase.number) - 10)
            agenda_round.phases.append(Phase(kind=kind, starts_on=start, ends_on=start + timedelta(days=30)))
        agenda_round.approach = ParticipationApproach(
            who="Iedereen van 12 jaar en ouder.",
            what="U kiest 3 van de 8 punten.",
            what_we_do_with_it="Het punt met de meeste stemmen komt op plaats 1.",
            what_can_change="De volgorde.",
            published_at=self.now,
        )
        self.session.add(agenda_round)
        self.session.flush()
        return agenda_round

    def decide(self, neighbourhood: Neighbourhood, *, closed: bool, codes: int = 0) -> Seeded:
        """Eight points and a vote with its ballots: counted and published, or still open."""
        agenda_round = self.plan_round(neighbourhood, PhaseKind.CARRYING_OUT if closed else PhaseKind.VOTING)
        voting_round = VotingRound(
            round_id=agenda_round.id,
            title=f"Stemming in {neighbourhood.name}",
            max_choices=3,
            seats=WINNERS,
            regulation_hash=hashlib.sha256(b"regulation").hexdigest(),
            public_key=new_pair().public,
            opens_at=self.now - timedelta(days=20),
            closes_at=self.now + timedelta(days=-6 if closed else 10),
            result_on=self.today + timedelta(days=-4 if closed else 12),
            lot_seed="2026",
            state=VotingState.PUBLISHED if closed else VotingState.OPEN,
        )
        self.session.add(voting_round)
        for number in range(1, PRIORITIES + 1):
            priority = Priority(
                round_id=agenda_round.id,
                number=number,
                title=f"Punt {number}: {self.some_words(4)}",
                summary="Meer ondergrondse bakken. Twee keer per week schoonmaken.",
                theme=list(Theme)[number % len(Theme)],
                state=PriorityState.PROPOSED,
                proposed_at=self.now - timedelta(days=30),
                on_ballot_since=voting_round.opens_at,
            )
            self.session.add(priority)
            frozen = {"title": priority.title, "summary": priority.summary, "theme": priority.theme}
            voting_round.options.append(VotingOption(priority=priority, position=number, wish_count=20, **frozen))
        self.session.flush()
        fresh = self._print_codes(voting_round, codes)
        ballots = self._fill_the_box(voting_round)
        if closed:
            self.closed_vote, self.agenda_round = voting_round, agenda_round
            self._publish_count(voting_round, ballots)
        return Seeded(voting_round.id, [option.id for option in voting_round.options], fresh)

    def some_words(self, count: int) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(count))

    def _print_codes(self, voting_round: VotingRound, unused: int) -> list[str]:
        """A used code for every ballot, and some that nobody used yet: those are returned."""
        count = self.size.ballots
        batch = CodeBatch(
            voting_round_id=voting_round.id,
            electorate=Electorate.RESIDENTS,
            size=min(count + unused, 50_000),
            made=count + unused,
            state=CodeBatchState.GONE,
            asked_at=voting_round.opens_at,
        )
        self.session.add(batch)
        self.session.flush()
        key = round_key(self.settings, voting_round.id)
        codes = [new_code() for _ in range(count + unused)]
        copy_rows(
            self.session,
            VotingCode,
            (
                {
                    "voting_round_id": voting_round.id,
                    "electorate": Electorate.RESIDENTS,
                    "id": voting_round.id * 1_000_000 + serial,
                    "batch_id": batch.id,
                    "serial": serial,
                    "code_hmac": hmac_of(key, code),
                    "state": CodeState.USED if serial <= count else CodeState.ISSUED,
                    "channel": Channel.ONLINE if serial <= count else None,
                }
                for serial, code in enumerate(codes, start=1)
            ),
        )
        return codes[count:]

    def _fill_the_box(self, voting_round: VotingRound) -> list[BallotContent]:
        """Ballots, sealed as long as the vote is open, and their receipts; in any order."""
        ids = [option.id for option in voting_round.options]
        chosen = [sorted(self.random.sample(ids, 3)) for _ in range(self.size.ballots)]
        keys = [{"id": f"{self.random.getrandbits(128):032x}", "voting_round_id": voting_round.id} for _ in chosen]
        if voting_round.state is VotingState.OPEN:
            public_key = voting_round.public_key or b""
            copy_rows(
                self.session,
                SealedBallot,
                (
                    key | {"content": seal(public_key, content_for(voting_round, Electorate.RESIDENTS, choices))}
                    for key, choices in zip(keys, chosen, strict=True)
                ),
            )
        else:
            opened = {"electorate": Electorate.RESIDENTS}
            copy_rows(
                self.session,
                Ballot,
                (key | opened | {"choices": choices} for key, choices in zip(keys, chosen, strict=True)),
            )
        copy_rows(
            self.session,
            Receipt,
            ({"receipt_hash": receipt_hash(new_receipt()), "voting_round_id": voting_round.id} for _ in chosen),
        )
        return [
            BallotContent(Electorate.RESIDENTS, tuple(int(option in choices) for option in ids)) for choices in chosen
        ]

    def _publish_count(self, voting_round: VotingRound, ballots: list[BallotContent]) -> None:
        count = len(ballots)
        outcome = counting.count(profile_of(voting_round, ballots), terms_of(voting_round)).as_json()
        tally = Tally(
            voting_round_id=voting_round.id,
            counted_at=self.now - timedelta(days=5),
            counted_by_id=self.officer.id,
            published_at=self.now - timedelta(days=4),
            published_by_id=self.manager.id,
            codes_issued=count,
            codes_voided=0,
            codes_used=count,
            ballots=count,
            outcome=outcome,
            other_outcome=outcome,
        )
        votes = {
            option: sum(ballot.points[option.position - 1] for ballot in ballots) for option in voting_round.options
        }
        ordered = sorted(voting_round.options, key=lambda option: (-votes[option], option.position))
        for rank, option in enumerate(ordered, start=1):
            elected = rank <= WINNERS
            tally.lines.append(TallyLine(option_id=option.id, rank=rank, votes=votes[option], elected=elected))
        self.session.add(tally)
        self.session.flush()
        self.tally = tally

    # --- the agenda and its progress -------------------------------------------------------------

    def carry_out(self) -> None:
        """The adopted agenda of the measured wijk: 8 items, 24 actions, 100 updates."""
        agenda = Agenda(
            round_id=self.agenda_round.id,
            state=AgendaState.ADOPTED,
            introduction="Dit gaan wij doen.",
            adopted_on=self.today - timedelta(days=3),
            adopted_by="Het college",
            mandate="Besluit van de gemeenteraad",
        )
        self.session.add(agenda)
        for line in self.tally.lines:
            priority = line.option.priority
            agenda.items.append(
                AgendaItem(
                    priority=priority, tally_line=line, rank=line.rank, title=priority.title, motive="Veel stemmen."
                )
            )
        self.session.flush()
        self.items = list(agenda.items)
        states = [ActionState.ON_SCHEDULE, ActionState.DONE, ActionState.DELAYED, ActionState.NOT_BEGUN]
        actions = []
        for i in range(ACTIONS):
            state = states[i % len(states)]
            action = Action(
                item_id=self.items[i % len(self.items)].id,
                number=i // len(self.items) + 1,
                title=f"Actie {i + 1}: {self.some_words(3)}",
                text="Achttien lampen langs het hoofdpad.",
                owner="team Openbare ruimte",
                budget=10_000 * (i + 1),
                spent=2_000 * i,
                due_year=2027,
                due_quarter=i % 4 + 1,
                promised_year=2027,
                promised_quarter=i % 4 + 1,
                state=state,
                reason="De kabels komen later." if state is ActionState.DELAYED else "",
                done_on=self.today if state is ActionState.DONE else None,
            )
            action.partners.append(ActionPartner(name="Bewonersclub", role="denkt mee"))
            action.milestones.append(Milestone(title="Begin", due_on=self.today + timedelta(days=30 + i)))
            actions.append(action)
        self.session.add_all(actions)
        self.session.flush()
        for i in range(UPDATES):
            action = actions[i % len(actions)]
            self.session.add(
                ProgressUpdate(
                    action_id=action.id,
                    title=f"Bericht {i + 1}: {self.some_words(4)}",
                    text="De eerste lampen staan er. In maart volgen de andere.",
                    new_state=action.state,
                    reason=action.reason,
                    state=UpdateState.PUBLISHED,
                    written_by_id=self.team.id,
                    written_at=self.now - timedelta(hours=i + 30),
                    published_by_id=self.manager.id,
                    published_at=self.now - timedelta(hours=i + 6),
                )
            )
        self.session.flush()
