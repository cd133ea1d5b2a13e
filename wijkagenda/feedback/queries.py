"""Reads about following, the outbox, and the chain behind one wish."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from wijkagenda.agenda.models import Agenda, AgendaItem, AgendaState
from wijkagenda.db import db
from wijkagenda.errors import N_, NotFound
from wijkagenda.feedback.journey import Facts, Journey, build
from wijkagenda.feedback.models import DemoMail, OutboxMessage, Subscription
from wijkagenda.plan.models import Action
from wijkagenda.priorities.models import BundledWish, FeasibilityCheck, Priority
from wijkagenda.progress.models import ProgressUpdate, UpdateState
from wijkagenda.rounds.models import AgendaRound
from wijkagenda.voting.models import Tally, TallyLine, VotingOption, VotingRound, VotingState
from wijkagenda.wishes.models import Wish, WishGiver
from wijkagenda.wishes.queries import steps_of

LIST_LIMIT = 200


def subscription_by_token(token: str) -> Subscription:
    """What the link in a mail is about, with its wish or neighbourhood; NotFound when it is gone."""
    found = db.session.scalar(
        sa.select(Subscription)
        .where(Subscription.token == token)
        .options(joinedload(Subscription.wish), joinedload(Subscription.neighbourhood))
    )
    if found is None:
        raise NotFound(N_("Deze link werkt niet meer. Vraag het opnieuw aan op de pagina van de wens of de wijk."))
    return found


def what_stops(token: str) -> Subscription | WishGiver | None:
    """Whose mail the link in a mail stops; None when it was stopped before."""
    subscription = db.session.scalar(
        sa.select(Subscription)
        .where(Subscription.token == token)
        .options(joinedload(Subscription.wish), joinedload(Subscription.neighbourhood))
    )
    if subscription is not None:
        return subscription
    return db.session.scalar(
        sa.select(WishGiver)
        .where(WishGiver.token == token, WishGiver.email.is_not(None))
        .options(joinedload(WishGiver.wish))
    )


@dataclass(frozen=True)
class OutboxStand:
    """How many mails wait, and those that were given up, newest first."""

    waiting: int
    given_up: list[OutboxMessage]


def outbox_stand() -> OutboxStand:
    """What the desk shows of the outbox: never an address, never a text."""
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.gave_up_at.is_(None))
    )
    given_up = db.session.scalars(
        sa.select(OutboxMessage)
        .where(OutboxMessage.gave_up_at.is_not(None), OutboxMessage.recipient != "")
        .options(joinedload(OutboxMessage.wish))
        .order_by(OutboxMessage.gave_up_at.desc(), OutboxMessage.id.desc())
        .limit(LIST_LIMIT)
    )
    return OutboxStand(waiting or 0, list(given_up))


def message_by_id(message_id: int) -> OutboxMessage:
    """One message of the outbox; NotFound when there is none."""
    found = db.session.get(OutboxMessage, message_id)
    if found is None:
        raise NotFound(N_("Dit bericht bestaat niet."))
    return found


def demo_mails(recipient: str = "") -> list[DemoMail]:
    """The mailbox of the demo, newest first; of one address if given."""
    query = sa.select(DemoMail).order_by(DemoMail.sent_at.desc(), DemoMail.id.desc()).limit(LIST_LIMIT)
    if recipient:
        query = query.where(DemoMail.recipient == recipient.strip().lower())
    return list(db.session.scalars(query))


def demo_mail(mail_id: int) -> DemoMail:
    """One mail of the demo; NotFound when there is none."""
    found = db.session.get(DemoMail, mail_id)
    if found is None:
        raise NotFound(N_("Deze mail bestaat niet."))
    return found


def journey(wish: Wish, today: date) -> Journey:
    """What became of a wish, read along the links; at most seven queries beside the wish and its answers."""
    bundled, together = _bundled(wish.id)
    facts = Facts(
        wish=wish,
        steps=steps_of(wish.id),
        answers=list(wish.answers),
        checks=_checks(wish.id, bundled.priority_id if bundled else None),
    )
    if bundled is None:
        return build(facts, today)
    voting_round, line, options = _vote_over(bundled.priority_id)
    agenda, item = _adopted(bundled.priority)
    actions = _actions_of(item.id) if item else []
    facts = Facts(
        wish=wish,
        steps=facts.steps,
        answers=facts.answers,
        checks=facts.checks,
        bundled=bundled,
        others=together - 1,
        voting_round=voting_round,
        line=line,
        options=options,
        agenda=agenda,
        item=item,
        actions=actions,
        update=_latest_update([action.id for action in actions]) if actions else None,
    )
    return build(facts, today)


def _bundled(wish_id: int) -> tuple[BundledWish | None, int]:
    """The place of a wish in a priority, and of how many wishes that priority is made."""
    same = aliased(BundledWish)
    together = (
        sa.select(sa.func.count())
        .select_from(same)
        .where(same.priority_id == BundledWish.priority_id)
        .correlate(BundledWish)
        .scalar_subquery()
    )
    row = (
        db.session.execute(
            sa.select(BundledWish, together)
            .where(BundledWish.wish_id == wish_id)
            .options(joinedload(BundledWish.priority).joinedload(Priority.round).joinedload(AgendaRound.phases))
        )
        .unique()
        .one_or_none()
    )
    return (row[0], row[1]) if row else (None, 0)


def _checks(wish_id: int, priority_id: int | None) -> list[FeasibilityCheck]:
    """What specialists said of the wish itself and of the priority it is in."""
    about = FeasibilityCheck.wish_id == wish_id
    if priority_id is not None:
        about = sa.or_(about, FeasibilityCheck.priority_id == priority_id)
    return list(
        db.session.scalars(
            sa.select(FeasibilityCheck).where(about).order_by(FeasibilityCheck.checked_at, FeasibilityCheck.id)
        )
    )


def _vote_over(priority_id: int) -> tuple[VotingRound | None, TallyLine | None, int]:
    """The newest vote with this priority on the ballot; its line only once the result is public."""
    on_ballot = aliased(VotingOption)
    options = (
        sa.select(sa.func.count())
        .select_from(on_ballot)
        .where(on_ballot.voting_round_id == VotingRound.id)
        .correlate(VotingRound)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(VotingRound, TallyLine, options)
        .join(VotingOption, VotingOption.voting_round_id == VotingRound.id)
        .outerjoin(Tally, sa.and_(Tally.voting_round_id == VotingRound.id, Tally.published_at.is_not(None)))
        .outerjoin(TallyLine, sa.and_(TallyLine.tally_id == Tally.id, TallyLine.option_id == VotingOption.id))
        .where(
            VotingOption.priority_id == priority_id,
            VotingRound.state != VotingState.DRAFT,
            VotingRound.rehearsal.is_(False),
        )
        .options(joinedload(TallyLine.tally))
        .order_by(VotingRound.closes_at.desc(), VotingRound.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row else (None, None, 0)


def _adopted(priority: Priority) -> tuple[Agenda | None, AgendaItem | None]:
    """The adopted agenda of the priority's round, and its item there: one may be without the other."""
    row = db.session.execute(
        sa.select(Agenda, AgendaItem)
        .outerjoin(AgendaItem, sa.and_(AgendaItem.agenda_id == Agenda.id, AgendaItem.priority_id == priority.id))
        .where(Agenda.round_id == priority.round_id, Agenda.state == AgendaState.ADOPTED)
    ).first()
    return (row[0], row[1]) if row else (None, None)


def _actions_of(item_id: int) -> list[Action]:
    return list(db.session.scalars(sa.select(Action).where(Action.item_id == item_id).order_by(Action.number)))


def _latest_update(action_ids: list[int]) -> ProgressUpdate | None:
    return db.session.scalar(
        sa.select(ProgressUpdate)
        .where(ProgressUpdate.action_id.in_(action_ids), ProgressUpdate.state == UpdateState.PUBLISHED)
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc())
        .limit(1)
    )
