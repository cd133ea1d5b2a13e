"""Wishes, their givers (apart), their support, and their answers."""

from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime, enum_column
from wijkagenda.errors import N_
from wijkagenda.labels import Labelled
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.rounds.models import AgendaRound

TEXT_LIMIT = 1000
TITLE_LIMIT = 120


class Theme(Labelled):
    """What a wish is about. `is_social` matters where a vote reserves a place."""

    STREETS_AND_GREEN = "streets_and_green", N_("straat en groen")
    TRAFFIC = "traffic", N_("verkeer")
    SAFETY = "safety", N_("veiligheid")
    PEOPLE = "people", N_("mensen")
    HOMES = "homes", N_("wonen")
    SHOPS_AND_WORK = "shops_and_work", N_("winkels en werk")

    @property
    def is_social(self) -> bool:
        return self in {Theme.PEOPLE, Theme.SHOPS_AND_WORK}


class GivenAs(Labelled):
    """In what capacity somebody speaks; entrepreneurs are never counted as residents."""

    RESIDENT = "resident", N_("een bewoner")
    ORGANISATION = "organisation", N_("een club of organisatie")
    ENTREPRENEUR = "entrepreneur", N_("een winkel of bedrijf")


class Channel(Labelled):
    """How a wish came in."""

    WEBSITE = "website", N_("op de website")
    PAPER = "paper", N_("op papier")
    PHONE = "phone", N_("per telefoon")
    STREET = "street", N_("op straat")
    MEETING = "meeting", N_("op een bijeenkomst")


class PlaceChoice(Labelled):
    """Where a wish is about."""

    POINT = "point", N_("Een plek in de wijk")
    NO_PLACE = "no_place", N_("Geen vaste plek")
    WHOLE_NEIGHBOURHOOD = "whole_neighbourhood", N_("De hele wijk")


class WishState(Labelled):
    """Where a wish stands; what became of it after bundling is read along the links."""

    RECEIVED = "received", N_("Binnengekomen")
    PLACED = "placed", N_("Geplaatst")
    BUNDLED = "bundled", N_("Samengevoegd")
    REFERRED = "referred", N_("Doorgegeven")
    REFUSED = "refused", N_("Nee, met uitleg")
    REMOVED = "removed", N_("Niet geplaatst")


PUBLIC_STATES = (WishState.PLACED, WishState.BUNDLED, WishState.REFERRED, WishState.REFUSED)


class RefusalGround(Labelled):
    """Why a wish cannot be done; obligatory, together with a text."""

    RULE = "rule", N_("een regel")
    MONEY = "money", N_("geld")
    SPACE = "space", N_("te weinig ruimte")
    SAFETY = "safety", N_("veiligheid")
    OTHERS = "others", N_("andere bewoners hebben er last van")
    ALREADY_DONE = "already_done", N_("het is er al")
    NOT_A_WISH = "not_a_wish", N_("het is geen wens voor de wijk")


class AnswerKind(Enum):
    """What the municipality answers."""

    TAKEN_UP = "taken_up"
    REFERRED = "referred"
    REFUSED = "refused"
    REMOVED = "removed"


class Wish(Base):
    """What somebody wants improved, in their own words.

    `text` is never changed by staff. `point` is exact and for staff only; the public sees
    `public_point`, rounded to 25 m and never across the border. `submission_key` makes sending
    the same form twice one wish.
    """

    __tablename__ = "wish"
    __table_args__ = (
        sa.CheckConstraint("(place_choice = 'point') = (point IS NOT NULL)", name="point_when_placed"),
        # All that pages filter and count by: counting reads the index alone, however many wishes there are.
        sa.Index("ix_wish_counted", "neighbourhood_id", "state", "theme", "place_choice", "number", "received_at"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    submission_key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_round.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(TITLE_LIMIT))
    text: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(8), default="nl")
    theme: Mapped[Theme] = mapped_column(enum_column(Theme))
    given_as: Mapped[GivenAs] = mapped_column(enum_column(GivenAs))
    wants_to_do_it: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    place_choice: Mapped[PlaceChoice] = mapped_column(enum_column(PlaceChoice))
    place_text: Mapped[str] = mapped_column(sa.String(200), default="")
    point: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=28992))
    public_point: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=28992))
    state: Mapped[WishState] = mapped_column(enum_column(WishState))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer_due_on: Mapped[date] = mapped_column(index=True)
    neighbourhood: Mapped[Neighbourhood] = relationship(Neighbourhood)
    round: Mapped[AgendaRound | None] = relationship(AgendaRound)
    answers: Mapped[list["Answer"]] = relationship(back_populates="wish", order_by="Answer.answered_at, Answer.id")

    @property
    def reference(self) -> str:
        """The number as people see it: W-0148."""
        return f"W-{self.number:04d}"

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES


class WishGiver(Base):
    """How to reach who gave the wish. Apart from the wish, never public, goes when it may go.

    The address is used only after its owner confirmed it through the mailed link.
    """

    __tablename__ = "wish_giver"
    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(sa.ForeignKey("wish.id"), unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    postal_address: Mapped[str | None] = mapped_column(sa.String(300))
    language: Mapped[str] = mapped_column(sa.String(8), default="nl")
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wish: Mapped[Wish] = relationship(Wish)


class WishSupport(Base):
    """One visitor finds a wish important. The key is a hash that differs per wish."""

    __tablename__ = "wish_support"
    __table_args__ = (sa.UniqueConstraint("wish_id", "supporter_hash"),)
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(sa.ForeignKey("wish.id"))
    supporter_hash: Mapped[str] = mapped_column(sa.String(64))


class Answer(Base):
    """What the municipality says to a wish. A refusal has a ground; every answer has a text."""

    __tablename__ = "answer"
    __table_args__ = (
        sa.CheckConstraint("kind NOT IN ('refused', 'removed') OR ground IS NOT NULL", name="refusal_has_ground"),
        sa.CheckConstraint("kind <> 'referred' OR referred_to <> ''", name="referral_has_receiver"),
        sa.CheckConstraint("length(text) >= 10", name="has_text"),
    )
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(sa.ForeignKey("wish.id"), index=True)
    kind: Mapped[AnswerKind] = mapped_column(enum_column(AnswerKind))
    ground: Mapped[RefusalGround | None] = mapped_column(enum_column(RefusalGround))
    text: Mapped[str] = mapped_column(sa.Text)
    what_we_do: Mapped[str] = mapped_column(sa.Text, default="")
    referred_to: Mapped[str] = mapped_column(sa.String(200), default="")
    team_name: Mapped[str] = mapped_column(sa.String(200))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wish: Mapped[Wish] = relationship(back_populates="answers")


class WishStep(Base):
    """One dated step of a wish, for its journey: who moved it to which state and when."""

    __tablename__ = "wish_step"
    public_data = True
    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(sa.ForeignKey("wish.id"), index=True)
    state: Mapped[WishState] = mapped_column(enum_column(WishState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
