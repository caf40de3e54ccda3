"""A later due moment for one stage of one tenure: asked for by its dealer, or given by staff unasked."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class DeadlineExtension(Base):
    """`state`: asked, granted, refused, withdrawn (by the dealer) or lapsed (the stage or the tenure ended first).

    `until` is the last local day that was asked for, `granted_until` the one that staff gave. At most one is open
    (asked) in a tenure.
    """

    __tablename__ = "deadline_extensions"
    __table_args__ = (
        Index(None, "assignment_id", "id"),
        Index(
            "uq_deadline_extensions_asked",
            "assignment_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    stage: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    until: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_by: Mapped[str] = mapped_column(String(200))
    granted_until: Mapped[date | None] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
