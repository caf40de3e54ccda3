"""One row per act: who, when, what, old and new. Rows are only ever added: the database refuses anything else."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, func, select, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Base, Moment
from mikroserwis.models.consents import HistoryMask


def _masked(name: str) -> hybrid_property[Any]:
    """What is read of a column, one row's or in a query: the mask's value where an anonymised person occurs.

    A row that was just added has none: nothing is loaded for it.
    """
    kept = f"_{name}"

    def read(event: "Event") -> Any:
        mask = event.__dict__.get("mask")
        return getattr(event if mask is None else mask, kept if mask is None else name)

    def write(event: "Event", value: Any) -> None:
        setattr(event, kept, value)

    def asked(of: Any) -> Any:
        mask = select(getattr(HistoryMask, name)).where(HistoryMask.event_id == of.id).correlate(of).scalar_subquery()
        return func.coalesce(mask, getattr(of, kept))

    def put(cls: Any, value: Any) -> list[tuple[Any, Any]]:
        return [(getattr(cls, kept), value)]

    def put_many(cls: Any, mapping: MutableMapping[str, Any], value: Any) -> None:  # noqa: ARG001 - the library names it
        mapping[kept] = value

    return hybrid_property(read, write, expr=asked, update_expr=put, bulk_dml_setter=put_many)


class Event(Base):
    """`verb` is the act's code, `changes` JSON {field: [old, new]}, `data` JSON with what else there is to say.

    `dealer_id` is the dealer that acted, or the one whose papers were acted on;
    `about_dealer_id` is the dealer whose own record was changed, `vendor_contact_id` the contact,
    `client_id` the program; neither these nor `customer_id` and `point_id` are foreign keys, as the row outlives a
    record that was deleted.

    Rows are sealed (`mikroserwis.seals`) with every column that isn't empty: a new column has to be empty in old rows.
    The sealed `_actor`, `_address`, `_changes` and `_data` are read without their underline: as `HistoryMask` has them
    where an anonymised person occurs.
    A migration that makes the table anew, as SQLite's batches do, has to make its two triggers anew as well.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "customer_id", "id"),
        Index(None, "point_id", "id"),
        Index(None, "price_item_id", "id"),
        Index(None, "paper_form_id", "id"),
        Index(None, "about_dealer_id", "id"),
        Index(None, "vendor_contact_id", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "at"),
        Index(
            "ix_history_user_id_id",
            "user_id",
            "id",
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "ix_history_client_id_id",
            "client_id",
            "id",
            sqlite_where=text("client_id IS NOT NULL"),
            postgresql_where=text("client_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    _actor: Mapped[str] = mapped_column("actor", String(200))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    source: Mapped[str] = mapped_column(String(20))
    _address: Mapped[str] = mapped_column("address", String(45), default="")
    verb: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    subticket_id: Mapped[int | None] = mapped_column(ForeignKey("subtickets.id"))
    customer_id: Mapped[int | None] = mapped_column()
    point_id: Mapped[int | None] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    price_item_id: Mapped[int | None] = mapped_column(ForeignKey("price_items.id"))
    paper_form_id: Mapped[int | None] = mapped_column(ForeignKey("paper_forms.id"))
    about_dealer_id: Mapped[int | None] = mapped_column()
    vendor_contact_id: Mapped[int | None] = mapped_column()
    client_id: Mapped[int | None] = mapped_column()
    _changes: Mapped[str] = mapped_column("changes", Text, default="{}")
    _data: Mapped[str] = mapped_column("data", Text, default="{}")

    mask: Mapped[HistoryMask | None] = relationship(viewonly=True, uselist=False, lazy="joined")
    actor, address, changes, data = (_masked(name) for name in ("actor", "address", "changes", "data"))
