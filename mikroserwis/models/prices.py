"""The price list that staff maintain; quotes copy from it, so that a later change doesn't touch them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Amount, Base, Moment, sort_text

Money = Amount(12, 2)


class PriceItem(Base):
    """Something that is sold: net price in PLN for one `unit`, `vat_rate` one of '23', '8', '5', '0', 'zw'.

    `per` says which stations its number is taken from: 'buy', 'exchange', 'all', or '' for none.
    `types` are ticket types divided by spaces, empty for every type with a quote.
    """

    __tablename__ = "price_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(sort_text(400))
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(20))
    net: Mapped[Decimal] = mapped_column(Money)
    vat_rate: Mapped[str] = mapped_column(String(4))
    per: Mapped[str] = mapped_column(String(10), default="")
    types: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    offers: Mapped[list["SpecialOffer"]] = relationship(
        back_populates="item", order_by="SpecialOffer.valid_from", lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SpecialOffer(Base):
    """A net price that holds from one day to another, both included; without an end until it is withdrawn."""

    __tablename__ = "special_offers"
    __table_args__ = (Index(None, "item_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("price_items.id"))
    name: Mapped[str] = mapped_column(String(200))
    net: Mapped[Decimal] = mapped_column(Money)
    valid_from: Mapped[date] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    item: Mapped[PriceItem] = relationship(back_populates="offers", lazy="raise_on_sql")
