"""Customers (retailers), their people and their retail points."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment, sort_text


class Customer(Base):
    """A retailer. A Polish tax id is kept as digits, any other behind its ISO country, so that no two are alike.

    `name_key` and `search` are copies by which lists are sorted and searched: see `companies.keep`. `owner_id` is the
    seller; as no paper names one, it changes without a new version.
    """

    __tablename__ = "customers"
    __table_args__ = (Index(None, "name_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tax_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    regon: Mapped[str] = mapped_column(String(14), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    iban: Mapped[str] = mapped_column(String(34), default="")
    representative: Mapped[str] = mapped_column(String(200), default="")
    account_manager_name: Mapped[str] = mapped_column(String(200), default="")
    account_manager_phone: Mapped[str] = mapped_column(String(40), default="")
    account_manager_email: Mapped[str] = mapped_column(String(254), default="")
    country: Mapped[str] = mapped_column(String(2), default="PL", server_default="PL")
    name_key: Mapped[str] = mapped_column(sort_text(400), default="", server_default=text("''"))
    search: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CustomerContact(Base):
    """One of the customer's people; `role` is free text, such as accounting.

    Who was removed (`removed_at`) is shown nowhere but where personal data are seen to, and becomes anonymous in time.
    """

    __tablename__ = "customer_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RetailPoint(Base):
    """A shop; its id is the number that the dealer enters while configuring the stations."""

    __tablename__ = "retail_points"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    opening_hours: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
