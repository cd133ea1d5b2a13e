"""Answers: every wish is taken up, passed on, refused with a reason, or not placed with a reason."""

from datetime import datetime

from wijkagenda.audit.operations import record
from wijkagenda.db import db
from wijkagenda.dutch_days import day_of
from wijkagenda.errors import N_, Conflict, Invalid, NotAllowed
from wijkagenda.events import emit
from wijkagenda.people.actors import Actor
from wijkagenda.wishes import policy
from wijkagenda.wishes.events import WishAnswered, WishReconsidered
from wijkagenda.wishes.intake import note_step
from wijkagenda.wishes.lifecycle import check_step
from wijkagenda.wishes.models import Answer, AnswerKind, RefusalGround, Wish, WishState
from wijkagenda.wishes.operations import lock
from wijkagenda.wishes.terms import SECOND_LOOK_WITHIN
from wijkagenda.wishes.wording import checked_line, checked_text

ANSWER_LEAST = 10
ANSWER_LIMIT = 2000
WRITE_WHY = N_("Schrijf een uitleg van minstens 10 letters. De indiener leest die.")


def refuse_wish(
    *,
    actor: Actor,
    now: datetime,
    wish: Wish,
    ground: RefusalGround | None,
    text: str,
    what_we_do: str = "",
    team_name: str = "",
) -> Answer:
    """A reasoned no: never without a ground and a text. `what_we_do` says what happens instead."""
    return _answer(
        actor=actor,
        now=now,
        wish=wish,
        kind=AnswerKind.REFUSED,
        state=WishState.REFUSED,
        ground=_obligatory(ground),
        text=text,
        what_we_do=what_we_do,
        team_name=team_name,
    )


def remove_wish(
    *, actor: Actor, now: datetime, wish: Wish, ground: RefusalGround | None, text: str, team_name: str = ""
) -> Answer:
    """Not placed, or taken off the site (a name in it, not a wish): with ground and text, and the giver hears it."""
    return _answer(
        actor=actor,
        now=now,
        wish=wish,
        kind=AnswerKind.REMOVED,
        state=WishState.REMOVED,
        ground=_obligatory(ground),
        text=text,
        team_name=team_name,
    )


def refer_wish(*, actor: Actor, now: datetime, wish: Wish, referred_to: str, text: str, team_name: str = "") -> Answer:
    """Hand a wish to who can do something about it (city, region, partner), with a trace."""
    referred_to = checked_line(
        referred_to, field="referred_to", limit=200, missing=N_("Aan wie geeft u de wens door? Vul een naam in.")
    )
    return _answer(
        actor=actor,
        now=now,
        wish=wish,
        kind=AnswerKind.REFERRED,
        state=WishState.REFERRED,
        text=text,
        referred_to=referred_to,
        team_name=team_name,
    )


def answer_taken_up(*, actor: Actor, now: datetime, wish: Wish, text: str, team_name: str = "") -> Answer:
    """The wish became part of a priority. For whoever bundles: the link to the priority is kept there."""
    return _answer(
        actor=actor,
        now=now,
        wish=wish,
        kind=AnswerKind.TAKEN_UP,
        state=WishState.BUNDLED,
        text=text,
        team_name=team_name,
    )


def reconsider_wish(*, actor: Actor, now: datetime, wish: Wish) -> None:
    """Look again at a wish that was refused, passed on or not placed: a new answer follows in four weeks."""
    if not policy.may_answer(actor, wish.neighbourhood):
        raise NotAllowed
    lock(wish)
    if wish.state not in {WishState.REFUSED, WishState.REFERRED, WishState.REMOVED}:
        raise Conflict(N_("Deze wens wacht nog op een antwoord."))
    _reopen(actor=actor, now=now, wish=wish, action="wishes.reconsider_wish")
    emit(WishReconsidered(wish.id))
    db.session.flush()


def release_wish(*, actor: Actor, now: datetime, wish: Wish) -> None:
    """The bundle of a wish fell apart: it waits for an answer again. For whoever bundles."""
    if not policy.may_answer(actor, wish.neighbourhood):
        raise NotAllowed
    lock(wish)
    if wish.state is not WishState.BUNDLED:
        raise Conflict(N_("Deze wens is niet samengevoegd."))
    _reopen(actor=actor, now=now, wish=wish, action="wishes.release_wish")
    db.session.flush()


def _reopen(*, actor: Actor, now: datetime, wish: Wish, action: str) -> None:
    old = wish.state
    check_step(old, WishState.PLACED)
    wish.state = WishState.PLACED
    wish.placed_at = wish.placed_at or now
    wish.answer_due_on = max(wish.answer_due_on, day_of(now) + SECOND_LOOK_WITHIN)
    note_step(wish, now)
    record(actor=actor, now=now, action=action, subject=wish, detail={"from": old.value})


def _answer(
    *,
    actor: Actor,
    now: datetime,
    wish: Wish,
    kind: AnswerKind,
    state: WishState,
    text: str,
    team_name: str,
    ground: RefusalGround | None = None,
    what_we_do: str = "",
    referred_to: str = "",
) -> Answer:
    if not policy.may_answer(actor, wish.neighbourhood):
        raise NotAllowed
    answer = Answer(
        wish_id=wish.id,
        kind=kind,
        ground=ground,
        text=checked_text(text, field="text", limit=ANSWER_LIMIT, least=ANSWER_LEAST, missing=WRITE_WHY),
        what_we_do=_optional_text(what_we_do, "what_we_do"),
        referred_to=referred_to,
        team_name=checked_line(team_name, field="team_name", limit=200) or wish.neighbourhood.team_name,
        answered_at=now,
    )
    lock(wish)
    check_step(wish.state, state)
    wish.state = state
    db.session.add(answer)
    note_step(wish, now)
    db.session.flush()
    db.session.expire(wish, ["answers"])
    record(actor=actor, now=now, action=f"wishes.{kind.value}", subject=wish, detail={"answer": answer.id})
    emit(WishAnswered(wish.id, answer.id))
    db.session.flush()
    return answer


def _obligatory(ground: RefusalGround | None) -> RefusalGround:
    if ground is None:
        raise Invalid(N_("Kies de reden."), field="ground")
    return ground


def _optional_text(text: str, field: str) -> str:
    return checked_text(text, field=field, limit=ANSWER_LIMIT, missing="") if text.strip() else ""
