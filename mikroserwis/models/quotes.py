"""Quotes of a ticket, numbered W/115/1, W/115/2 …, and the final invoice that must equal the accepted one."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Amount, Base, Moment
from mikroserwis.models.files import File
from mikroserwis.models.prices import Money

Sum = Amount(14, 2)


class Quote(Base):
    """One version. `state`: issued, accepted, declined, superseded. What was printed stays.

    Lines are copies of the list's; `parties` is JSON with company, dealer, points and place as they were. `dealer_id`
    is the dealer whose tenure it belongs to: the next dealer doesn't see it. `file_id` is the upload of this version;
    `form` is the number of the form that was in force, none for the shipped one.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("ticket_id", "number"),
        Index(
            "uq_quotes_accepted",
            "ticket_id",
            "dealer_id",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="issued")
    made_on: Mapped[date] = mapped_column()
    valid_until: Mapped[date] = mapped_column()
    currency: Mapped[str] = mapped_column(String(3), default="PLN")
    net: Mapped[Decimal] = mapped_column(Sum)
    vat: Mapped[Decimal] = mapped_column(Sum)
    gross: Mapped[Decimal] = mapped_column(Sum)
    remark: Mapped[str] = mapped_column(Text, default="")
    parties: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_on: Mapped[date | None] = mapped_column()
    decision_note: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    form: Mapped[int | None] = mapped_column()
    version: Mapped[int] = mapped_column()

    lines: Mapped[list["QuoteLine"]] = relationship(order_by="QuoteLine.position", lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class QuoteLine(Base):
    """A line: `item_id` for one from the price list, none for free labour; `list_net` is the price before an offer."""

    __tablename__ = "quote_lines"
    __table_args__ = (UniqueConstraint("quote_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    position: Mapped[int] = mapped_column()
    item_id: Mapped[int | None] = mapped_column(ForeignKey("price_items.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("special_offers.id"))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[Decimal] = mapped_column(Amount(10, 2))
    unit_net: Mapped[Decimal] = mapped_column(Money)
    list_net: Mapped[Decimal | None] = mapped_column(Money)
    offer: Mapped[str] = mapped_column(String(200), default="")
    vat_rate: Mapped[str] = mapped_column(String(4))
    net: Mapped[Decimal] = mapped_column(Sum)


class FinalInvoice(Base):
    """The dealer's invoice to the retailer, equal to the accepted quote when it was given. A newer one replaces it.

    `number_key` is the number as numbers are compared: a dealer has each only once among those that count.
    """

    __tablename__ = "final_invoices"
    __table_args__ = (
        Index(
            "uq_final_invoices_present",
            "ticket_id",
            "dealer_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index(
            "uq_final_invoices_number",
            "dealer_id",
            "number_key",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    number: Mapped[str] = mapped_column(String(60))
    number_key: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date] = mapped_column()
    gross: Mapped[Decimal] = mapped_column(Sum)
    given_at: Mapped[datetime] = mapped_column(Moment)
    given_by: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)

    quote: Mapped[Quote] = relationship(lazy="raise_on_sql")
    file: Mapped[File] = relationship(lazy="raise_on_sql")
