"""Lists that are written to a file in the background."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class ListExport(Base):
    """One file to be made for one person. `state`: queued, running, done, failed, cancelled.

    `query` is the list's own query string, `scope` what its person could see when it was asked for. A worker has it
    until `lease_until`. `sha256` is written before the bytes are stored: they may not be there yet. A row whose
    `expires_at` has passed is gone for everybody; its bytes and then itself are swept away.
    """

    __tablename__ = "list_exports"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(
            "ix_list_exports_open",
            "state",
            "lease_until",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index(None, "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    scope: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20), default="tickets")
    query: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), default="pl")
    state: Mapped[str] = mapped_column(String(20), default="queued")
    rows_total: Mapped[int | None] = mapped_column()
    rows_done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    failure: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(String(255))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column()
