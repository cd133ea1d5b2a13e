"""Who wants to hear what, and the messages on their way."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkagenda.db import Base, UTCDateTime
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.wishes.models import Wish


class Subscription(Base):
    """Somebody follows one wish or one neighbourhood. Used only after the mailed link was opened."""

    __tablename__ = "subscription"
    __table_args__ = (
        sa.CheckConstraint("(wish_id IS NULL) <> (neighbourhood_id IS NULL)", name="wish_or_neighbourhood"),
        sa.UniqueConstraint("email", "wish_id"),
        sa.UniqueConstraint("email", "neighbourhood_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(8), default="nl")
    wish_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wish.id"), index=True)
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wish: Mapped[Wish | None] = relationship(Wish)
    neighbourhood: Mapped[Neighbourhood | None] = relationship(Neighbourhood)


class OutboxMessage(Base):
    """One mail to one person about one thing. `key` makes sending twice impossible.

    `recipient`, `subject` and `body` become empty once the mail is sent: what stays says that
    something was sent about which wish, not to whom and not what. `next_attempt_at` is also the
    lease of the worker that is busy with it.
    """

    __tablename__ = "outbox_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    wish_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wish.id"), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(8), default="nl")
    unsubscribe_url: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.String(120), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    gave_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wish: Mapped[Wish | None] = relationship(Wish)


class DemoMail(Base):
    """A mail of the demo, which goes to a mailbox that the demo shows. Never used elsewhere."""

    __tablename__ = "demo_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(254), index=True)
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(8))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
