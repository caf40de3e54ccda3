"""Acts on many tickets, with a line for each."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class BulkAct(Base):
    """What one of the staff did to many tickets. `act`: reassign, pool, extend; without `to_dealer_id`: by the rules.

    `batch` names it in its address, and after bulk: in `handovers.batch`. `query` is the list in which the
    tickets were chosen.
    `state`: running while a line is waiting or undoing, else done; `lease_until` is when another worker may go on.
    `failure` is why it stopped before the end: account, or broken after so many `attempts`.
    """

    __tablename__ = "bulk_acts"
    __table_args__ = (
        Index(
            "ix_bulk_acts_running",
            "lease_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[str] = mapped_column(String(60), unique=True)
    act: Mapped[str] = mapped_column(String(20))
    to_dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    until: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    total: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="running")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(20))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    undo_reason: Mapped[str] = mapped_column(Text, default="")
    undo_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undo_user: Mapped[str | None] = mapped_column(String(200))


class BulkLine(Base):
    """One ticket of it. `state`: waiting, done, refused, undoing, undone.

    `seen` is the ticket's version as it was shown before (None: not looked at). `told` is JSON with what its result
    says: was, to, choice, shown (to whom it was said to go), due as [old, new], problem as {code, …}, and `kept`, the
    problem that stopped its undoing.
    """

    __tablename__ = "bulk_lines"
    __table_args__ = (UniqueConstraint("act_id", "place"), Index(None, "act_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id"))
    place: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column(BigInteger)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    seen: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    told: Mapped[str] = mapped_column(Text, default="{}")
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handovers.id"))
    extension_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_extensions.id"))
    at: Mapped[datetime | None] = mapped_column(Moment)
