"""What happens when there is news: one message per person into the outbox.

Handlers run inside the transaction of the change they hear of, so a message exists exactly when
the change does.
"""

from typing import Any

import sqlalchemy as sa

from wijkagenda.agenda.events import AgendaAdopted
from wijkagenda.agenda.models import Agenda, AgendaItem
from wijkagenda.db import db
from wijkagenda.feedback.events import FollowAsked
from wijkagenda.feedback.mails import address, news, request_to_confirm, write
from wijkagenda.feedback.models import Subscription
from wijkagenda.feedback.operations import NewMessage, forget_mail_of_giver, queue_message, queue_messages
from wijkagenda.feedback.recipients import recipients
from wijkagenda.feedback.sign_in_mail import ask_sign_in_mail
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.events import ActionAdded
from wijkagenda.plan.models import Action
from wijkagenda.priorities.models import BundledWish
from wijkagenda.progress.events import UpdatePublished
from wijkagenda.progress.models import ProgressUpdate
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.events import TallyPublished, VotingOpened
from wijkagenda.voting.models import VotingOption, VotingRound
from wijkagenda.voting.remarks.events import RemarkAnswered
from wijkagenda.voting.remarks.models import VotingReport
from wijkagenda.web.clock import now
from wijkagenda.web.sign_in import SignInLinkAsked
from wijkagenda.wishes.events import (
    GiverForgotten,
    WishAnswered,
    WishMoved,
    WishPlaced,
    WishReconsidered,
    WishSubmitted,
)
from wijkagenda.wishes.models import Answer, AnswerKind, Wish, WishGiver, WishStep

ANSWER_MAILS = {
    AnswerKind.TAKEN_UP: "wish_taken_up",
    AnswerKind.REFERRED: "wish_referred",
    AnswerKind.REFUSED: "wish_refused",
    AnswerKind.REMOVED: "wish_removed",
}


def ask_follower_to_confirm(event: FollowAsked) -> None:
    """Mail the link that makes a subscription true; who follows already hears just that."""
    subscription = db.session.get_one(Subscription, event.subscription_id)
    known = subscription.confirmed_at is not None
    action = "stoppen" if known else "volgen"
    queue_message(
        now=now(),
        message=request_to_confirm(
            "follow_known" if known else "follow_confirm",
            email=subscription.email,
            language=subscription.language,
            link=f"/berichten/{action}/{subscription.token}",
            about=str(subscription.id),
            at=now(),
            wish_id=subscription.wish_id,
            wish=subscription.wish,
            neighbourhood=subscription.neighbourhood,
        ),
    )


def ask_giver_to_confirm(event: WishSubmitted) -> None:
    """Who left an address must show that it is theirs, before we ever write about the wish."""
    giver = db.session.scalar(sa.select(WishGiver).where(WishGiver.wish_id == event.wish_id))
    if giver is None or not giver.email or giver.confirmed_at is not None:
        return
    queue_message(
        now=now(),
        message=request_to_confirm(
            "wish_received",
            email=giver.email,
            language=giver.language,
            link=f"/wensen/bevestig/{giver.token}",
            own_link=address(f"/wensen/mijn/{giver.token}", giver.language),
            about=str(event.wish_id),
            at=now(),
            wish_id=event.wish_id,
            wish=giver.wish,
        ),
    )


def forget_mail(event: GiverForgotten) -> None:
    """Nothing more goes to who asked to be forgotten, and their address leaves the outbox."""
    forget_mail_of_giver(wish_id=event.wish_id, giver_id=event.giver_id)


def tell_wish_placed(event: WishPlaced) -> None:
    _tell("wish_placed", about=_last_step(event.wish_id), wish_ids=[event.wish_id])


def tell_wish_reconsidered(event: WishReconsidered) -> None:
    _tell("wish_reconsidered", about=_last_step(event.wish_id), wish_ids=[event.wish_id])


def tell_wish_moved(event: WishMoved) -> None:
    wish = db.session.get_one(Wish, event.wish_id)
    old = db.session.get_one(Neighbourhood, event.from_neighbourhood_id)
    _tell("wish_moved", about=f"{wish.id}.{now():%Y%m%d%H%M}", wish_ids=[wish.id], old=old)


def _last_step(wish_id: int) -> str:
    """A wish can come into one state twice (placed, refused, placed): its step tells them apart."""
    step = db.session.scalar(sa.select(sa.func.max(WishStep.id)).where(WishStep.wish_id == wish_id))
    return f"{wish_id}.{step or 0}"


def tell_wish_answered(event: WishAnswered) -> None:
    answer = db.session.get_one(Answer, event.answer_id)
    _tell(ANSWER_MAILS[answer.kind], about=str(answer.id), wish_ids=[event.wish_id], answer=answer)


def tell_voting_opened(event: VotingOpened) -> None:
    voting_round = db.session.get_one(VotingRound, event.voting_round_id)
    neighbourhood = _neighbourhood_of(voting_round.round)
    _tell(
        "voting_opened",
        about=str(voting_round.id),
        wish_ids=_wishes_on_ballot(voting_round.id),
        neighbourhood=neighbourhood,
        path=f"/wijken/{neighbourhood.slug}",
        voting_round=voting_round,
    )


def tell_tally_published(event: TallyPublished) -> None:
    voting_round = db.session.get_one(VotingRound, event.voting_round_id)
    neighbourhood = _neighbourhood_of(voting_round.round)
    _tell(
        "tally_published",
        about=str(voting_round.id),
        wish_ids=_wishes_on_ballot(voting_round.id),
        neighbourhood=neighbourhood,
        path=f"/wijken/{neighbourhood.slug}/stemming/{voting_round.id}",
    )


def tell_remark_answered(event: RemarkAnswered) -> None:
    """The answer to a melding over de stemming, once, to who left an address with it."""
    remark = db.session.get_one(VotingReport, event.remark_id)
    if not remark.email:
        return
    neighbourhood = _neighbourhood_of(remark.voting_round.round)
    path = f"/wijken/{neighbourhood.slug}/stemming/{remark.voting_round_id}"
    link = address(path, remark.language)
    subject, body = write("remark_answered", remark.language, remark=remark, neighbourhood=neighbourhood, link=link)
    queue_message(
        now=now(),
        message=NewMessage(
            key=f"remark_answered:{remark.id}",
            kind="remark_answered",
            recipient=remark.email,
            subject=subject,
            body=body,
            language=remark.language,
        ),
    )


def tell_agenda_adopted(event: AgendaAdopted) -> None:
    agenda = db.session.get_one(Agenda, event.agenda_id)
    neighbourhood = _neighbourhood_of(agenda.round)
    wish_ids = (
        sa.select(BundledWish.wish_id)
        .join(AgendaItem, AgendaItem.priority_id == BundledWish.priority_id)
        .where(AgendaItem.agenda_id == agenda.id)
    )
    _tell(
        "agenda_adopted",
        about=str(agenda.id),
        wish_ids=wish_ids,
        neighbourhood=neighbourhood,
        path=f"/wijken/{neighbourhood.slug}/agenda",
        agenda=agenda,
    )


def tell_action_added(event: ActionAdded) -> None:
    """Only those whose wish it is about: a whole neighbourhood need not hear of each of 31 actions."""
    action = db.session.get_one(Action, event.action_id)
    _tell(
        "action_added",
        about=str(action.id),
        wish_ids=_wishes_behind(action),
        path=f"/acties/{action.id}",
        action=action,
    )


def tell_update_published(event: UpdatePublished) -> None:
    update = db.session.get_one(ProgressUpdate, event.update_id)
    _tell(
        "update_published",
        about=str(update.id),
        wish_ids=_wishes_behind(update.action),
        neighbourhood=_neighbourhood_of(update.action.item.agenda.round),
        path=f"/acties/{update.action_id}",
        update=update,
        action=update.action,
    )


def _tell(
    kind: str,
    *,
    about: str,
    wish_ids: Any,
    neighbourhood: Neighbourhood | None = None,
    path: str = "",
    **context: Any,
) -> None:
    people = recipients(wish_ids=wish_ids, neighbourhood_id=neighbourhood.id if neighbourhood else None)
    context["neighbourhood"] = neighbourhood
    queue_messages(
        now=now(),
        messages=[news(kind, person, about=about, path=path, **context) for person in people],
    )


def _neighbourhood_of(agenda_round: AgendaRound) -> Neighbourhood:
    return agenda_round.neighbourhood


def _wishes_on_ballot(voting_round_id: int) -> Any:
    return (
        sa.select(BundledWish.wish_id)
        .join(VotingOption, VotingOption.priority_id == BundledWish.priority_id)
        .where(VotingOption.voting_round_id == voting_round_id)
    )


def _wishes_behind(action: Action) -> Any:
    return sa.select(BundledWish.wish_id).where(BundledWish.priority_id == action.item.priority_id)


HANDLERS: tuple[tuple[type, Any], ...] = (
    (FollowAsked, ask_follower_to_confirm),
    (WishSubmitted, ask_giver_to_confirm),
    (WishPlaced, tell_wish_placed),
    (WishAnswered, tell_wish_answered),
    (WishReconsidered, tell_wish_reconsidered),
    (WishMoved, tell_wish_moved),
    (GiverForgotten, forget_mail),
    (VotingOpened, tell_voting_opened),
    (TallyPublished, tell_tally_published),
    (RemarkAnswered, tell_remark_answered),
    (AgendaAdopted, tell_agenda_adopted),
    (ActionAdded, tell_action_added),
    (UpdatePublished, tell_update_published),
    (SignInLinkAsked, ask_sign_in_mail),
)
