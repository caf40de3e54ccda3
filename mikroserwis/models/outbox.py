"""Side effects as rows: written with the change that causes them, carried out afterwards."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Amount, Base, Moment


class OutboxItem(Base):
    """One side effect. `state`: queued, delivered, rejected (final), stuck (a person may press again).

    `due_at` is when to try next and, while somebody tries, the end of the lease. `key` makes it once only.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due", "due_at", sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")
        ),
        Index(
            "ix_outbox_failed",
            "topic",
            "id",
            sqlite_where=text("state IN ('stuck', 'rejected')"),
            postgresql_where=text("state IN ('stuck', 'rejected')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(100), unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    payload: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(String(20), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(Text)


class Attempt(Base):
    """One try to carry an item out; without an end it was cut off."""

    __tablename__ = "outbox_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(30))
    detail: Mapped[str | None] = mapped_column(Text)


class Message(Base):
    """A mail or an SMS as it was rendered: what was sent is evidence. `files` are ids of attached files, as JSON.

    `channel` is email or sms; `recipient` the address, or the number as +48…; `user_id` whose that is, if known.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10), default="email", server_default=text("'email'"))
    event: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    files: Mapped[str] = mapped_column(Text, default="[]")
    created_at: Mapped[datetime] = mapped_column(Moment)


class Sms(Base):
    """What the gateway knows of an SMS. `idx` is our own name for it there: by it a repetition is told.

    `points` is what it cost, `report` what became of it on its way to the phone (`sms.REPORTS`), `look_at` when the
    gateway is to be asked for that, if it doesn't call before.
    """

    __tablename__ = "sms"
    __table_args__ = (
        Index(
            "ix_sms_look_at",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        Index(None, "report"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    idx: Mapped[str] = mapped_column(String(40), unique=True)
    parts: Mapped[int] = mapped_column()
    gateway_id: Mapped[str | None] = mapped_column(String(64))
    points: Mapped[Decimal | None] = mapped_column(Amount(12, 4))
    report: Mapped[str | None] = mapped_column(String(20))
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    look_at: Mapped[datetime | None] = mapped_column(Moment)
    looks: Mapped[int] = mapped_column(default=0)
