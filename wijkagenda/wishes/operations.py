"""Wishes come in, are read and placed, supported, and moved to where they belong."""

import hashlib
from datetime import date, datetime

import shapely
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from geo.models import as_element, as_shape
from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of, start_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from wijkagenda.events import emit
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.people.actors import Actor
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.wishes import policy
from wijkagenda.wishes.events import GiverConfirmed, GiverForgotten, WishMoved, WishPlaced
from wijkagenda.wishes.intake import note_step, take_in
from wijkagenda.wishes.lifecycle import check_step
from wijkagenda.wishes.models import (
    TITLE_LIMIT,
    Channel,
    GivenAs,
    PlaceChoice,
    Theme,
    Wish,
    WishGiver,
    WishState,
    WishSupport,
)
from wijkagenda.wishes.places import shown_point
from wijkagenda.wishes.wording import checked_line

LISTENING_CLOSED = N_("U kunt in deze wijk nu geen wens doen.")


def submit_wish(
    *,
    actor: Actor,
    now: datetime,
    submission_key: str,
    neighbourhood: Neighbourhood,
    agenda_round: AgendaRound | None,
    text: str,
    theme: Theme,
    given_as: GivenAs,
    place_choice: PlaceChoice,
    point: shapely.Point | None = None,
    place_text: str = "",
    wants_to_do_it: bool = False,
    email: str | None = None,
    language: str = "nl",
    came_through: AgendaRound | None = None,
) -> Wish:
    """Store a wish from the website; sending the same `submission_key` again gives the same wish.

    `point` is exact, in RD New. A wish given in a neighbourhood that listens (`came_through`, its round)
    is taken in by the neighbourhood where it belongs, whatever the phase there: no wrong door.
    Raises ElsewherePlace for a point outside `neighbourhood`.
    """
    today = day_of(now)
    rounds = [agenda_round] if came_through is None else [agenda_round, came_through]
    if not any(policy.may_submit(actor, neighbourhood, one, today) for one in rounds):
        raise NotAllowed(LISTENING_CLOSED)
    wish, _is_new = take_in(
        channel=Channel.WEBSITE,
        received_at=now,
        submission_key=submission_key,
        neighbourhood=neighbourhood,
        agenda_round=agenda_round,
        text=text,
        theme=theme,
        given_as=given_as,
        place_choice=place_choice,
        point=point,
        place_text=place_text,
        wants_to_do_it=wants_to_do_it,
        email=email,
        postal_address=None,
        language=language,
    )
    return wish


def enter_wish_for(
    *,
    actor: Actor,
    now: datetime,
    submission_key: str,
    neighbourhood: Neighbourhood,
    agenda_round: AgendaRound | None,
    text: str,
    theme: Theme,
    given_as: GivenAs,
    channel: Channel,
    place_choice: PlaceChoice,
    point: shapely.Point | None = None,
    place_text: str = "",
    wants_to_do_it: bool = False,
    email: str | None = None,
    postal_address: str | None = None,
    language: str = "nl",
    received_on: date | None = None,
    entered_in: Neighbourhood | None = None,
) -> Wish:
    """Store what somebody wrote on paper or said; its terms count from `received_on`, at the latest today.

    `entered_in`: where it was handed in, when it belongs in another neighbourhood: no wrong door.
    """
    if not any(policy.may_enter_for(actor, place) for place in {neighbourhood, entered_in or neighbourhood}):
        raise NotAllowed
    if channel is Channel.WEBSITE:
        raise Invalid(N_("Kies hoe de wens binnenkwam."), field="channel")
    if received_on is not None and received_on > day_of(now):
        raise Invalid(N_("Deze dag ligt in de toekomst. Wanneer kwam de wens binnen?"), field="received_on")
    if received_on is not None and received_on.year < 2000:
        raise Invalid(N_("Deze dag is te lang geleden. Wanneer kwam de wens binnen?"), field="received_on")
    wish, is_new = take_in(
        channel=channel,
        received_at=now if received_on in (None, day_of(now)) else start_of(received_on),
        submission_key=submission_key,
        neighbourhood=neighbourhood,
        agenda_round=agenda_round,
        text=text,
        theme=theme,
        given_as=given_as,
        place_choice=place_choice,
        point=point,
        place_text=place_text,
        wants_to_do_it=wants_to_do_it,
        email=email,
        postal_address=postal_address,
        language=language,
    )
    if is_new:
        record(actor=actor, now=now, action="wishes.enter_wish_for", subject=wish, detail={"channel": channel.value})
        db.session.flush()
    return wish


def lock(wish: Wish) -> None:
    """Read the state of a wish anew and hold it: two colleagues never answer at the same moment."""
    db.session.refresh(wish, attribute_names=["state"], with_for_update=True)


def place_wish(*, actor: Actor, now: datetime, wish: Wish, title: str | None = None) -> None:
    """Make a wish public. Its title may be made clearer; its text stays as it was written."""
    if not policy.may_moderate(actor, wish.neighbourhood):
        raise NotAllowed
    if title is not None:
        title = checked_line(title, field="title", limit=TITLE_LIMIT, missing=N_("Geef de wens een titel."))
    lock(wish)
    check_step(wish.state, WishState.PLACED)
    if wish.state is not WishState.RECEIVED:
        raise Conflict(N_("Deze wens is al geplaatst."))
    wish.state, wish.placed_at = WishState.PLACED, now
    if title is not None:
        wish.title = title
    note_step(wish, now)
    record(actor=actor, now=now, action="wishes.place_wish", subject=wish)
    emit(WishPlaced(wish.id))
    db.session.flush()


def move_wish_to_neighbourhood(
    *,
    actor: Actor,
    now: datetime,
    wish: Wish,
    neighbourhood: Neighbourhood,
    agenda_round: AgendaRound | None,
) -> None:
    """Bring a wish to the neighbourhood it belongs to, with its point, its giver and its terms.

    Nothing gets lost: a point that lies elsewhere stays for staff, and shows inside the new border.
    """
    if not policy.may_moderate(actor, wish.neighbourhood):
        raise NotAllowed
    if neighbourhood.id == wish.neighbourhood_id:
        raise Invalid(N_("De wens staat al in deze wijk."), field="neighbourhood")
    lock(wish)
    if wish.state not in {WishState.RECEIVED, WishState.PLACED}:
        raise Conflict(N_("Deze wens heeft al een antwoord. Laat eerst opnieuw kijken."))
    old = wish.neighbourhood_id
    wish.neighbourhood, wish.neighbourhood_id = neighbourhood, neighbourhood.id
    wish.round, wish.round_id = agenda_round, agenda_round.id if agenda_round else None
    if wish.point is not None:
        wish.public_point = as_element(shown_point(shapely.Point(as_shape(wish.point)), neighbourhood))
    record(
        actor=actor,
        now=now,
        action="wishes.move_wish_to_neighbourhood",
        subject=wish,
        detail={"from": old, "to": neighbourhood.id},
    )
    emit(WishMoved(wish.id, old))
    db.session.flush()


def support_wish(*, actor: Actor, now: datetime, wish: Wish, visitor_key: str) -> bool:
    """Count one visitor's support once; False when it was counted before.

    `visitor_key` is random and stays with the visitor. What we keep differs per wish, so that nobody can
    see which wishes one visitor supports.
    """
    if not wish.is_public:
        raise NotFound(N_("Deze wens staat niet op de website."))
    supporter = hashlib.sha256(f"{wish.id}:{visitor_key}".encode()).hexdigest()
    known = sa.select(WishSupport.id).where(WishSupport.wish_id == wish.id, WishSupport.supporter_hash == supporter)
    if db.session.scalar(known) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(WishSupport(wish_id=wish.id, supporter_hash=supporter))
            db.session.flush()
    except IntegrityError:
        return False
    return True


def confirm_giver(*, now: datetime, token: str) -> Wish:
    """The giver opened the mailed link: from now on their address may be used. Twice is no error."""
    giver = db.session.scalar(sa.select(WishGiver).where(WishGiver.token == token).with_for_update())
    if giver is None:
        raise NotFound(N_("Deze link werkt niet meer. Wilt u weten hoe het met uw wens gaat? Zoek op het nummer."))
    if giver.confirmed_at is None:
        giver.confirmed_at = now
        emit(GiverConfirmed(giver.wish_id))
        db.session.flush()
    return giver.wish


def forget_giver(*, actor: Actor, now: datetime, wish: Wish) -> None:
    """The giver asked us to forget them: their addresses and their link go, their wish stays. Twice is no error."""
    if not policy.may_forget_giver(actor, wish.neighbourhood):
        raise NotAllowed
    giver = db.session.scalar(sa.select(WishGiver).where(WishGiver.wish_id == wish.id).with_for_update())
    if giver is None:
        return
    db.session.delete(giver)
    record(actor=actor, now=now, action="wishes.forget_giver", subject=wish)
    emit(GiverForgotten(wish.id, giver.id))
    db.session.flush()
