"""Who agreed to what, and persons who were made anonymous."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class ConsentText(Base):
    """The wording of a consent: a new number for each that was published, in each language. Rows are never changed.

    The highest number of a kind and language is in force.
    """

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("kind", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    number: Mapped[int] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by: Mapped[str] = mapped_column(String(200))


class Consent(Base):
    """One giving or withdrawing, by a user or for a customer's contact; the last one of a kind counts.

    `text_id` is the wording that was agreed to; a withdrawal has none. `source`: office, account, link, api, import.
    Rows are only added, and outlive a contact who is no longer one of the customer's people.
    """

    __tablename__ = "consents"
    __table_args__ = (Index(None, "user_id", "kind", "id"), Index(None, "contact_id", "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("customer_contacts.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool] = mapped_column()
    text_id: Mapped[int | None] = mapped_column(ForeignKey("consent_texts.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(45), default="")


class Anonymised(Base):
    """A person who was made anonymous; `label` is what stands for the name everywhere.

    Who it was isn't kept. `picture` names bytes that the next night removes from the store.
    """

    __tablename__ = "anonymised"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    contact_id: Mapped[int | None] = mapped_column()
    customer_id: Mapped[int | None] = mapped_column()
    label: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by: Mapped[str] = mapped_column(String(200))
    picture: Mapped[str | None] = mapped_column(String(64))


class HistoryMask(Base):
    """What readers get of a row of the history in which an anonymised person occurs. The row itself is sealed.

    `anonymised_id`: who was made anonymous when it was written; of several who occur in the row, the last one. That
    act's row of the history declares the digest of all its masks (`mikroserwis.seals.masks`).
    """

    __tablename__ = "history_masks"
    __table_args__ = (Index(None, "anonymised_id", "event_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("history.id"), primary_key=True, autoincrement=False)
    anonymised_id: Mapped[int] = mapped_column(ForeignKey("anonymised.id"))
    actor: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(45))
    changes: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
