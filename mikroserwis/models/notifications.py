"""What people are told on the page itself, and the table of which act tells whom over which channel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class Notification(Base):
    """One fact for one person, in their language, unread until `read_at` is set."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(
            "ix_notifications_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    read_at: Mapped[datetime | None] = mapped_column(Moment, index=True)


class EventChannels(Base):
    """Over which channels an event is told, where staff chose otherwise than shipped (`mikroserwis.channels`)."""

    __tablename__ = "event_channels"

    event: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[bool] = mapped_column()
    sms: Mapped[bool] = mapped_column()
    in_page: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
