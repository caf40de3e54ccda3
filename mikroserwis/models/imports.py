"""Files of tickets that were looked at before anything is written."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class ImportDraft(Base):
    """An uploaded file with what it would do. `state`: checked, confirmed, discarded.

    `plan` is JSON: one entry a row with its line, what would happen, and why it can't; `result` what happened.
    """

    __tablename__ = "import_drafts"
    __table_args__ = (Index(None, "user_id", "id"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="checked")
    created_at: Mapped[datetime] = mapped_column(Moment)
    plan: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
