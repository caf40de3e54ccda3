"""What staff write instead of the shipped texts of messages: every version, the newest of which counts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class MessageText(Base):
    """Version `number` (from 1) of the text of an event on a channel in a language; rows are only ever added.

    A `shipped` one says that the shipped text was restored, and holds it as it was then. Of an event, a channel and a
    language one at most is in force; none: the shipped text is.
    """

    __tablename__ = "message_texts"
    __table_args__ = (
        UniqueConstraint("event", "channel", "language", "number"),
        Index(
            "uq_message_texts_in_force",
            "event",
            "channel",
            "language",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column()
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    shipped: Mapped[bool] = mapped_column(default=False)
    in_force: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by: Mapped[str] = mapped_column(String(200))
