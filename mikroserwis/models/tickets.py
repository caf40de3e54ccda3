"""Tickets with their sub-tickets, tenures and notes."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Base, Moment, sort_text
from mikroserwis.models.customers import Customer, RetailPoint
from mikroserwis.models.dealers import Dealer


class Ticket(Base):
    """An installation ticket; `number` is what people see, and the CRM's id where it came from there (`crm_id`).

    `company_key`, `city_key`, `tax_id` and `search` repeat the customer for the list; `stage`, `due_at`, `warn_at`
    (the first warning) and `next_warning_at` (the next that has not been given) repeat what `sla` computes from the
    history: all are caches, rewritten by the operations that move them.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "ix_tickets_due",
            "due_at",
            "id",
            "stage",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_next_warning",
            "next_warning_at",
            sqlite_where=text("next_warning_at IS NOT NULL"),
            postgresql_where=text("next_warning_at IS NOT NULL"),
        ),
        # All that a dealer's quick views and the list by company ask for.
        Index("ix_tickets_dealer", "dealer_id", "state", "opened_on", "type", "due_at", "warn_at", "company_key"),
        Index("ix_tickets_state", "state", "opened_on", "id"),
        Index("ix_tickets_opened_on", "opened_on", "id"),
        Index("ix_tickets_closed_on", "closed_on", "id"),
        Index("ix_tickets_company_key", "company_key", "id", "state"),
        Index("ix_tickets_city_key", "city_key", "id"),
        Index("ix_tickets_tax_id", "tax_id", "id"),
        Index("ix_tickets_search", "search"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    crm_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    type: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20), default="new")
    suspended_from: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    intake_hash: Mapped[str] = mapped_column(String(64), default="")
    acquired_by_dealer: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    opened_on: Mapped[date] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment)
    stage: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    warn_at: Mapped[datetime | None] = mapped_column(Moment)
    next_warning_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_version: Mapped[int | None] = mapped_column()
    tax_id: Mapped[str] = mapped_column(sort_text(20))
    company_key: Mapped[str] = mapped_column(sort_text(400))
    city_key: Mapped[str] = mapped_column(sort_text(200))
    search: Mapped[str] = mapped_column(String(500))
    version: Mapped[int] = mapped_column()

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    dealer: Mapped[Dealer | None] = relationship(lazy="raise_on_sql")
    subtickets: Mapped[list["Subticket"]] = relationship(
        back_populates="ticket", order_by="Subticket.id", lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Subticket(Base):
    """The work at one retail point; `evidence` is the passed connectivity check, `last_check` the newest one."""

    __tablename__ = "subtickets"
    __table_args__ = (Index("ix_subtickets_dealer", "dealer_id", "state", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("retail_points.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    state: Mapped[str] = mapped_column(String(20), default="new")
    outcome: Mapped[str | None] = mapped_column(String(20))
    stations_buy: Mapped[int] = mapped_column(default=0)
    stations_exchange: Mapped[int] = mapped_column(default=0)
    point_saved_at: Mapped[datetime | None] = mapped_column(Moment)
    evidence: Mapped[str | None] = mapped_column(Text)
    last_check: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    ticket: Mapped[Ticket] = relationship(back_populates="subtickets", lazy="raise_on_sql")
    point: Mapped[RetailPoint] = relationship(lazy="raise_on_sql")
    dealer: Mapped[Dealer | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Assignment(Base):
    """One dealer's tenure of a ticket; `how` it began, `why` it ended, and the reason for the choice as codes.

    `take_due`, `contract_due` and `completion_due` are the due moments of its stages: a cache like the ticket's, left
    as it stood when the tenure ended, so that reports needn't compute what was in time.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(None, "ticket_id", "dealer_id"),
        Index(
            "uq_assignments_present",
            "ticket_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "dealer_id", "ended_at"),
        Index(None, "dealer_id", "assigned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"))
    assigned_at: Mapped[datetime] = mapped_column(Moment)
    how: Mapped[str] = mapped_column(String(20))
    choice: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    contract_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(20))
    take_due: Mapped[datetime | None] = mapped_column(Moment)
    contract_due: Mapped[datetime | None] = mapped_column(Moment)
    completion_due: Mapped[datetime | None] = mapped_column(Moment)


class SubticketTenure(Base):
    """A dealer that gave a sub-ticket up, so that it isn't offered it again."""

    __tablename__ = "subticket_tenures"

    subticket_id: Mapped[int] = mapped_column(ForeignKey("subtickets.id"), primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(Moment)


class Note(Base):
    """A remark on a ticket or one of its sub-tickets; `act` names the transition that it was given with."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    subticket_id: Mapped[int | None] = mapped_column(ForeignKey("subtickets.id"))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)
    act: Mapped[str | None] = mapped_column(String(20))
