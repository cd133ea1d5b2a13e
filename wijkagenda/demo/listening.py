"""Wishes come in over the days of the listening phase, are read, placed, supported and answered."""

import random
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import shapely

from wijkagenda.db import db
from wijkagenda.demo.answer_texts import REFERRALS, REFUSALS
from wijkagenda.demo.calendar import at
from wijkagenda.demo.crew import Crew
from wijkagenda.demo.geography import WIJKEN, place_point
from wijkagenda.demo.wish_texts import CLOSINGS, WISHES, DemoWish
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import VISITOR
from wijkagenda.rounds.models import AgendaRound, PhaseKind
from wijkagenda.wishes.answers import refer_wish, refuse_wish, remove_wish
from wijkagenda.wishes.models import Channel, GivenAs, PlaceChoice, RefusalGround, Wish, WishSupport
from wijkagenda.wishes.operations import confirm_giver, enter_wish_for, place_wish, submit_wish
from wijkagenda.wishes.queries import giver_of

SPOTS = {"square": 0, "park": 1, "street": 2, "stop": 3, "house": 4}
MAILING = ("fatma@post.example", "jan.voorbeeld@post.example", "zoe@post.example", "piet@post.example")


def phase_days(agenda_round: AgendaRound, kind: PhaseKind) -> tuple[date, date]:
    """First and last day of a phase."""
    phase = next(phase for phase in agenda_round.phases if phase.kind is kind)
    return phase.starts_on, phase.ends_on


class Listening:
    """One listening phase, played with a chance of its own."""

    def __init__(
        self, neighbourhood: Neighbourhood, agenda_round: AgendaRound, today: date, crew: Crew, chance: random.Random
    ) -> None:
        self.neighbourhood = neighbourhood
        self.round = agenda_round
        self.today = today
        self.team = crew.team_of(neighbourhood)
        self.chance = chance
        self.wijk = next(wijk for wijk in WIJKEN if wijk.name == neighbourhood.name)
        self.shape = neighbourhood.area.polygons
        self.names = {key: self.wijk.places[index].name for key, index in SPOTS.items()}

    def gather(self, count: int) -> list[Wish]:
        """`count` wishes, oldest first; what is older than three days is placed."""
        first, last = phase_days(self.round, PhaseKind.LISTENING)
        last = min(last, self.today - timedelta(days=1))
        span = max((last - first).days, 1)
        days = sorted(first + timedelta(days=int(span * self.chance.random() ** 1.2)) for _ in range(count))
        days[-3:] = [last] * 3  # people are always busy in the last days
        offset = self.chance.randrange(len(WISHES))
        return [self._one(WISHES[(offset + index) % len(WISHES)], day, index) for index, day in enumerate(days)]

    def _one(self, what: DemoWish, day: date, index: int) -> Wish:
        moment = at(day, self.chance.randrange(7, 21), self.chance.randrange(60))
        choice, point, place_text = self._place(what)
        details: dict[str, Any] = {
            "submission_key": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "neighbourhood": self.neighbourhood,
            "agenda_round": self.round,
            "text": what.text.format(**self.names) + self.chance.choice(CLOSINGS),
            "theme": what.theme,
            "given_as": self.chance.choices(list(GivenAs), (88, 7, 5))[0],
            "place_choice": choice,
            "point": point,
            "place_text": place_text,
            "wants_to_do_it": what.title.startswith("Wij willen") or "Repair" in what.title,
        }
        channel = self.chance.choices(list(Channel), (62, 14, 6, 8, 10))[0]
        if channel is Channel.WEBSITE:
            email = self.chance.choice(MAILING) if index % 19 == 3 else None
            wish = submit_wish(actor=VISITOR, now=moment, email=email, **details)
            giver = giver_of(wish.id) if email else None
            if giver is not None:
                confirm_giver(now=moment + timedelta(minutes=7), token=giver.token)
        else:
            wish = enter_wish_for(actor=self.team, now=moment, channel=channel, **details)
        if day <= self.today - timedelta(days=3):
            placed = moment + timedelta(days=self.chance.choice((1, 1, 2)), hours=self.chance.randrange(4))
            place_wish(actor=self.team, now=placed, wish=wish, title=what.title.format(**self.names))
            self._support(wish)
        return wish

    def _place(self, what: DemoWish) -> tuple[PlaceChoice, shapely.Point | None, str]:
        if what.place is None:
            whole = self.chance.random() < 0.3
            return (PlaceChoice.WHOLE_NEIGHBOURHOOD if whole else PlaceChoice.NO_PLACE), None, ""
        spot = self.wijk.places[SPOTS[what.place]]
        for _ in range(40):
            point = place_point(self.wijk, spot.dx + self.chance.gauss(0, 240), spot.dy + self.chance.gauss(0, 240))
            if self.shape.buffer(-15).covers(point):
                return PlaceChoice.POINT, point, spot.name
        return PlaceChoice.POINT, place_point(self.wijk, spot.dx, spot.dy), spot.name

    def _support(self, wish: Wish) -> None:
        for _ in range(min(int(self.chance.expovariate(0.35)), 14)):
            db.session.add(WishSupport(wish_id=wish.id, supporter_hash=f"{self.chance.getrandbits(256):064x}"))

    def answer_some(self, wishes: list[Wish]) -> list[Wish]:
        """Refuse, refer and remove what must be; returns the wishes that still wait."""
        start, _last = phase_days(self.round, PhaseKind.BUNDLING)
        waiting = []
        for index, wish in enumerate(wishes):
            moment = self._working_moment(wish, start, index)
            refusal = next((r for r in REFUSALS if r[0] in wish.title), None)
            referral = next((r for r in REFERRALS if r[0] in wish.title), None)
            if moment.date() >= self.today:
                waiting.append(wish)
            elif refusal is not None and (refusal[0] != "Drempel" or index % 2):
                _word, ground, text, instead, team = refusal
                refuse_wish(
                    actor=self.team, now=moment, wish=wish, ground=RefusalGround(ground), text=text,
                    what_we_do=instead, team_name=f"gebiedsteam {self.neighbourhood.name}, met {team}",
                )  # fmt: skip
            elif referral is not None:
                refer_wish(actor=self.team, now=moment, wish=wish, referred_to=referral[1], text=referral[2])
            else:
                waiting.append(wish)
        return waiting

    def _working_moment(self, wish: Wish, start: date, index: int) -> datetime:
        """A working hour before the answer is due, at the earliest two days after it was placed."""
        day = max(
            (wish.placed_at or wish.received_at).date() + timedelta(days=2), wish.answer_due_on - timedelta(days=9)
        )
        return at(day + timedelta(days=index % 5), 9 + index % 7, (index * 7) % 60)


def remove_one(listening: Listening, wish: Wish) -> None:
    """One wish names a neighbour and is not placed; its giver hears why."""
    remove_wish(
        actor=listening.team, now=wish.received_at + timedelta(days=1), wish=wish, ground=RefusalGround.NOT_A_WISH,
        text="In uw wens staat de naam van een buur. Dat mogen wij niet laten zien. Schrijf het gerust opnieuw zonder naam.",
    )  # fmt: skip
