"""Who may sign in, their sessions and tokens, and each attempt."""

from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment, sort_text
from mikroserwis.i18n import Reading
from mikroserwis.textkeys import fold, sort_key


class User(Base):
    """A person. Names to sign in with are kept folded (lower case; phones as +48…); an empty hash can't sign in.

    `name_key` and `search` follow from the names. Of a removed account the row stays for the history, without what
    names to sign in it had.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    user_name: Mapped[str | None] = mapped_column(String(60), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealers.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="pl")
    calendar: Mapped[str] = mapped_column(String(10), default="gregory", server_default=text("'gregory'"))
    digits: Mapped[str] = mapped_column(String(10), default="latn", server_default=text("'latn'"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    name_key: Mapped[str] = mapped_column(sort_text(400), default="", server_default=text("''"))
    search: Mapped[str] = mapped_column(String(700), default="", server_default=text("''"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def reading(self) -> str:
        """The tag of how this person reads, as `i18n.speaking` takes it."""
        return Reading(self.language, self.calendar, self.digits).tag

    @property
    def state(self) -> Literal["active", "invited", "off", "removed"]:
        """active, invited (without a password yet), off, removed."""
        if self.removed_at is not None:
            return "removed"
        if not self.active:
            return "off"
        return "active" if self.password_hash else "invited"


@event.listens_for(User, "before_insert")
@event.listens_for(User, "before_update")
def _keys(_mapper: Any, _connection: Any, user: User) -> None:
    """Accounts are made in many places; all are sorted and found alike."""
    user.name_key, user.search = keys(user.name, user.email, user.phone, user.user_name)


def keys(name: str, *others: str | None) -> tuple[str, str]:
    """By which an account is sorted, and found."""
    return sort_key(name), fold(" ".join(text for text in (name, *others) if text))


class CustomerUser(Base):
    """Whose customer's portal a person signs in to."""

    __tablename__ = "customer_users"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)


class UserPicture(Base):
    """A person's picture, or its company's logo: a WebP in the store, made anew of what was sent."""

    __tablename__ = "user_pictures"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


class RetiredPicture(Base):
    """Bytes that nobody shows any more; the next night removes them from the store."""

    __tablename__ = "retired_pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class AccountLink(Base):
    """A way to set a password, by mail, once, until it expires. Its secret is signed, not kept: see `accounts.links`.

    `purpose` is activate or recover; a newer link of the same account ends it.
    """

    __tablename__ = "account_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class UserSession(Base):
    """A signed-in browser; only the hash of its secret is kept. Deleting the row signs it out everywhere at once."""

    __tablename__ = "user_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    remembered: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(300), default="")


class ApiToken(Base):
    """A personal token; shown once, kept as a hash. Without `scopes` it may whatever its person may."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    scopes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


def network_of(address: str) -> str:
    """What attempts are counted by: one holder of an IPv6 line has all 2⁶⁴ addresses of its network."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def _network_of_the_row(context: Any) -> str:
    return network_of(context.get_current_parameters()["address"])


class SignIn(Base):
    """One attempt to sign in. `name_key` is a keyed hash of what was typed: a password typed there isn't kept.

    `result` is ok, wrong (name or password), code (a wrong one) or half (the password was right, no code came).
    """

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "name_key", "network", "at"), Index(None, "network", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    name_key: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str] = mapped_column(String(45))
    network: Mapped[str] = mapped_column(String(45), default=_network_of_the_row)
    device: Mapped[str] = mapped_column(String(300), default="")
    result: Mapped[str] = mapped_column(String(20))


class HalfSignIn(Base):
    """The password was right, the code is still to come. Only the browser that typed the password has the secret."""

    __tablename__ = "half_sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    remember: Mapped[bool] = mapped_column(default=False)


class SecondFactor(Base):
    """A person's authenticator app. Its key isn't kept but made of `nonce` and the service's own key, so that a copy of
    the database gives no codes. It counts once confirmed; no code is taken twice: `last_step` is the last one's.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """Instead of the app, once. 80 random bits: a plain hash is enough."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class CountedRequest(Base):
    """Something that may be asked for only so often: see `accounts.abuse`. `key` is a keyed hash of its subject."""

    __tablename__ = "counted_requests"
    __table_args__ = (Index(None, "kind", "network", "at"), Index(None, "kind", "key", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(45))
