"""Dealers, what they may do and where, and the vendors' regional contacts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Base, Moment, sort_text
from mikroserwis.textkeys import sort_key


def _key_of_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


class Dealer(Base):
    """A company that installs; `capacity` is how many open tickets it takes at once.

    `digest`: it wants one mail a day about its tickets' deadlines instead of single ones.

    `name_key` repeats the name for the list's order; whatever renames a dealer rewrites it.
    """

    __tablename__ = "dealers"

    id: Mapped[int] = mapped_column(primary_key=True)
    crm_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(sort_text(400), default=_key_of_name)
    tax_id: Mapped[str] = mapped_column(String(20), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    capacity: Mapped[int] = mapped_column(default=8)
    active: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column()

    areas: Mapped[list["DealerArea"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    types: Mapped[list["DealerType"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DealerArea(Base):
    """A postal prefix that the dealer covers, such as '26' or '26-9'."""

    __tablename__ = "dealer_areas"

    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(12), primary_key=True)


class DealerType(Base):
    """A ticket type that the dealer is certified for."""

    __tablename__ = "dealer_types"

    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(40), primary_key=True)


class VendorContact(Base):
    """A vendor's person for an area: role is 'rms' or 'rks'; an empty prefix covers the whole country."""

    __tablename__ = "vendor_contacts"
    __table_args__ = (UniqueConstraint("type", "role", "prefix"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(10))
    prefix: Mapped[str] = mapped_column(String(12), default="")
    vendor: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DealerAbsence(Base):
    """Days, both inclusive, on which the dealer is offered no new tickets; what it has stays with it."""

    __tablename__ = "dealer_absences"
    __table_args__ = (Index(None, "dealer_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"))
    first_day: Mapped[date] = mapped_column()
    last_day: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
