"""From one dealer to the next: what was before is kept, so that it can be undone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class Handover(Base):
    """`how`: sweep, staff or resignation. `batch` names what was done together: a sweep's run, staff's bulk act.

    `stage` and `due_at` are what was missed (sweep only). No former assignment: out of the pool; no next one: into it.
    `before` is JSON: the ticket's state, suspended_from and confirmed_version, and each sub-ticket that went along.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "batch", "id"),
        Index(None, "former_dealer_id", "at"),
        Index(None, "next_dealer_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    how: Mapped[str] = mapped_column(String(20))
    batch: Mapped[str | None] = mapped_column(String(60))
    stage: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    former_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    next_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    former_dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    next_dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    before: Mapped[str] = mapped_column(Text, default="{}")
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
