"""Programs that act on their own: what they may, their tokens, and where they are told what has happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class ApiClient(Base):
    """A program. `scopes`, codes with blanks between them, are the most that its tokens and webhooks may."""

    __tablename__ = "api_clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    purpose: Mapped[str] = mapped_column(String(500), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    scopes: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def held(self) -> frozenset[str]:
        return frozenset(self.scopes.split())


class ClientToken(Base):
    """A program's token; shown once, kept as a hash. `hint` is its end, by which people tell one from another.

    `used_at` and `used_from` are right to within a minute.
    """

    __tablename__ = "api_client_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_clients.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    used_from: Mapped[str] = mapped_column(String(45), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def held(self) -> frozenset[str]:
        return frozenset(self.scopes.split())


class ClientMinute(Base):
    """How many requests of a program in this minute its processes have set aside; see `clients.allowance`."""

    __tablename__ = "api_client_minutes"
    __table_args__ = (Index(None, "minute"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("api_clients.id"), primary_key=True)
    minute: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    taken: Mapped[int] = mapped_column()


class WebhookEndpoint(Base):
    """Where a program is told. Its secret isn't kept but made of `nonce` and the service's own key, so that a copy of
    the database forges nothing; the former one signs too until `former_until`.

    `failing_since` is the first failure since the last success or the last day without a failure, `failures` how many
    there were. `off_because`, while it isn't active: person, gone (it answered 410) or failing.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_clients.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    off_because: Mapped[str] = mapped_column(String(10), default="")
    nonce: Mapped[str] = mapped_column(String(32))
    former_nonce: Mapped[str] = mapped_column(String(32), default="")
    former_until: Mapped[datetime | None] = mapped_column(Moment)
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset(self.events.split())


class WebhookDelivery(Base):
    """One event for one endpoint: `body` are the bytes that are sent, the same in each attempt of its outbox item."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index(None, "endpoint_id", "id"), Index(None, "endpoint_id", "event_id", unique=True))

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    event_id: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class WebhookProgress(Base):
    """One row: the history up to this id has been told. Made with the first endpoint."""

    __tablename__ = "webhook_progress"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column()
