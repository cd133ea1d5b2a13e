"""Who wants to hear what, and the messages on their way."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from wijkagenda.db import Base, UTCDateTime


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


class OutboxMessage(Base):
    """One mail to one person about one thing. `key` makes sending twice impossible."""

    __tablename__ = "outbox_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(8), default="nl")
    unsubscribe_url: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    gave_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
