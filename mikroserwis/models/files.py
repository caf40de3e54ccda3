"""Files of a ticket; the bytes lie in the store under their hash."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class File(Base):
    """One uploaded file. A newer one of the same kind replaces it (`replaced_at`); a rejected one stays in history.

    `dealer_id` is the dealer whose tenure it belongs to: the next dealer doesn't see it.
    A paper taken out of an upload, or joined from several, says which pages of which (`source_pages`, for people:
    `3–4`, or of several `a.jpg; b.jpg`); `source_sha256` is one hash for the same pages of the same uploads.
    """

    __tablename__ = "files"
    __table_args__ = (Index(None, "ticket_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"))
    kind: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column()
    content_type: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int] = mapped_column(default=1)
    marks: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str | None] = mapped_column(String(255))
    source_sha256: Mapped[str | None] = mapped_column(String(64))
    source_pages: Mapped[str | None] = mapped_column(String(255))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)
    rejected_at: Mapped[datetime | None] = mapped_column(Moment)
    rejection: Mapped[str | None] = mapped_column(Text)
