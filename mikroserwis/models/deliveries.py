"""What goes to the backoffice: scans of a ticket, and the closing package."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Base, Moment
from mikroserwis.models.files import File
from mikroserwis.models.outbox import OutboxItem


class Delivery(Base):
    """One package: `purpose` is 'scans' or 'closing'. Its state is its outbox item's; the receipt is the proof."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    package_id: Mapped[str] = mapped_column(String(60), unique=True)
    requested_at: Mapped[datetime] = mapped_column(Moment)
    requested_by: Mapped[str] = mapped_column(String(200))
    receipt: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    rejection: Mapped[str | None] = mapped_column(Text)

    item: Mapped[OutboxItem] = relationship(lazy="raise_on_sql")
    files: Mapped[list["DeliveryFile"]] = relationship(lazy="raise_on_sql", order_by="DeliveryFile.file_id")


class DeliveryFile(Base):
    """A file in a package."""

    __tablename__ = "delivery_files"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True, index=True)

    file: Mapped[File] = relationship(lazy="raise_on_sql")
