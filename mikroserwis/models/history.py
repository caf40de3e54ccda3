"""One row per act: who, when, what, old and new. Rows are only ever added: the database refuses anything else."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class Event(Base):
    """`verb` is the act's code, `changes` JSON {field: [old, new]}, `data` JSON with what else there is to say.

    `dealer_id` is the dealer that acted, or the one whose papers were acted on;
    `about_dealer_id` is the dealer whose own record was changed, `vendor_contact_id` the contact,
    `client_id` the program; neither these nor `customer_id` and `point_id` are foreign keys, as the row outlives a
    record that was deleted.

    Rows are sealed (`mikroserwis.seals`) with every column that isn't empty: a new column has to be empty in old rows.
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
    actor: Mapped[str] = mapped_column(String(200))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    source: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(45), default="")
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
    changes: Mapped[str] = mapped_column(Text, default="{}")
    data: Mapped[str] = mapped_column(Text, default="{}")
