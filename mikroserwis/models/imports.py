"""Files of tickets that were looked at before anything is written."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class ImportDraft(Base):
    """An uploaded file with what it would do. `state`: checked, confirmed (being taken in), done, discarded.

    `plan` is JSON, one entry a ticket: its lines, what would become of it, and why it can't; `result` what became
    of it. `tickets_done` of the plan's entries have been carried out; `lease_until` is when another worker may go on.
    `failure` is why it stopped before the end: account, or broken after so many `attempts`.
    """

    __tablename__ = "import_drafts"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(None, "created_at"),
        Index(
            "ix_import_drafts_confirmed",
            "lease_until",
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="checked")
    created_at: Mapped[datetime] = mapped_column(Moment)
    plan: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    tickets_done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(20))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
