"""What a dealer or staff are to be told of tickets: written with the act, gathered into mails afterwards."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class News(Base):
    """One fact for one reader: a dealer, or staff where `dealer_id` is empty. `key` makes it once only.

    `kind` is its code, `data` JSON with what its sentence needs. It has been told once `told_at` is set; then
    `message_ids` are the mails, as JSON (none if the reader has no address).
    """

    __tablename__ = "news"
    __table_args__ = (
        Index(
            "ix_news_untold",
            "dealer_id",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        Index(None, "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text, default="{}")
    at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    message_ids: Mapped[str] = mapped_column(Text, default="[]")
