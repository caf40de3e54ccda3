"""Signing in and out, and tokens. Passwords are hashed outside of transactions: that takes longer than a write may."""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import phonenumbers
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from config import Settings
from mikroserwis.access import Actor
from mikroserwis.errors import NotFound
from mikroserwis.i18n import Reading
from mikroserwis.models import ApiToken, Dealer, HalfSignIn, SignIn, User, UserPicture, UserSession

WINDOW = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)
_hasher = PasswordHasher()


def _of_nobody() -> str:
    """A hash that no password has: verified when no such account exists, so that the answer takes as long."""
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, made = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19${costs}${salt}${made}"


NOBODYS_HASH = _of_nobody()


@dataclass(frozen=True)
class Source:
    """Where an attempt comes from."""

    address: str
    device: str


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def fold_name(name: str) -> str:
    """As names to sign in with are kept: lower case, telephone numbers as +48…."""
    text = name.strip().casefold()
    if "@" not in text and sum(sign.isdigit() for sign in text) >= 7:
        try:
            number = phonenumbers.parse(text, "PL")
        except phonenumbers.NumberParseException:
            return text
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text


def find_user(session: Session, name: str) -> User | None:
    """By e-mail, phone or user name; active or not."""
    folded = fold_name(name)
    column = User.email if "@" in folded else User.phone if folded.startswith("+") else User.user_name
    return session.scalars(select(User).where(column == folded)).one_or_none()


def password_fits(password_hash: str, password: str) -> bool:
    """Takes as long for an account that doesn't exist (an empty hash)."""
    try:
        _hasher.verify(password_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def open_session(
    session: Session, user: User, source: Source, settings: Settings, now: datetime, *, remember: bool
) -> str:
    """The new session's secret, for the browser's cookie; only its hash is kept."""
    session.execute(delete(UserSession).where(UserSession.expires_at < now))
    secret = secrets.token_urlsafe(32)
    span = timedelta(days=settings.remembered_session_days) if remember else timedelta(hours=settings.session_hours)
    session.add(
        UserSession(
            token_hash=token_hash(secret),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=now + span,
            remembered=remember,
            address=source.address,
            device=source.device[:300],
        )
    )
    return secret


def close_session(session: Session, secret: str) -> None:
    session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(secret)))


def close_all_sessions(session: Session, user_id: int) -> None:
    """Sign out everywhere, at once."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    session.execute(delete(HalfSignIn).where(HalfSignIn.user_id == user_id))


def end_access(session: Session, user: User, now: datetime) -> None:
    """Every session and every token of the account ends at once."""
    close_all_sessions(session, user.id)
    tokens = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    session.execute(tokens.values(revoked_at=now))


def open_sessions(session: Session, user_id: int, now: datetime) -> list[UserSession]:
    """Where an account is signed in, newest first."""
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at > now)
    return list(session.scalars(query.order_by(UserSession.created_at.desc())))


def close_one_session(session: Session, user_id: int, hash_: str) -> None:
    """End one of the account's own sessions; somebody else's isn't found."""
    found = session.scalars(
        select(UserSession).where(UserSession.user_id == user_id, UserSession.token_hash == hash_)
    ).one_or_none()
    if found is None:
        raise NotFound(record="session", id=hash_[:8])
    session.delete(found)


def attempts_of(session: Session, user_id: int, limit: int = 20) -> list[SignIn]:
    """The account's last attempts to sign in, newest first."""
    query = select(SignIn).where(SignIn.user_id == user_id).order_by(SignIn.id.desc()).limit(limit)
    return list(session.scalars(query))


def actor_of_session(session: Session, secret: str, now: datetime, address: str) -> Actor | None:
    """Whose session this is, or None if it has ended or its account is inactive."""
    row = session.connection().execute(_OF_SESSION, {"hash": token_hash(secret), "now": now}).one_or_none()
    if row is None:
        return None
    user_id, name, role, dealer_id, language, calendar, digits, dealer, picture = row
    return Actor(
        user_id=user_id,
        name=name,
        role=role,
        dealer_id=dealer_id,
        dealer_name=dealer or "",
        language=language,
        source="web",
        address=address,
        picture=picture,
        reading=Reading(language, calendar, digits).tag,
    )


# Asked with every page: built once, and no records are made of it.
_OF_SESSION = (
    select(User.id, User.name, User.role, User.dealer_id, User.language, User.calendar, User.digits)
    .add_columns(Dealer.name, UserPicture.sha256)
    .select_from(User)
    .join(UserSession, UserSession.user_id == User.id)
    .outerjoin(Dealer, Dealer.id == User.dealer_id)
    .outerjoin(UserPicture, UserPicture.user_id == User.id)
    .where(UserSession.token_hash == bindparam("hash"), UserSession.expires_at > bindparam("now"), User.active)
)


def issue_token(session: Session, user: User, name: str, now: datetime, scopes: Sequence[str] | None = None) -> str:
    """A personal API token, returned this once. Without `scopes` it may whatever its person may."""
    secret, limits = f"mks_{secrets.token_urlsafe(32)}", None if scopes is None else " ".join(scopes)
    session.add(ApiToken(token_hash=token_hash(secret), user_id=user.id, name=name, scopes=limits, created_at=now))
    return secret


def actor_of_token(session: Session, secret: str, address: str) -> tuple[Actor, ApiToken] | None:
    """Whose token this is, or None if it was revoked or its account is inactive."""
    query = (
        select(User, Dealer.name, ApiToken)
        .join(ApiToken, ApiToken.user_id == User.id)
        .outerjoin(Dealer, Dealer.id == User.dealer_id)
        .where(ApiToken.token_hash == token_hash(secret), ApiToken.revoked_at.is_(None), User.active)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    user, dealer, token = row
    scopes = None if token.scopes is None else frozenset(token.scopes.split())
    return replace(_actor(user, dealer, "api", address), scopes=scopes), token


def touch_token(session: Session, token_id: int, now: datetime) -> None:
    """Remember when a token was used, to within some minutes."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))


def token_hash(secret: str) -> str:
    """Secrets are long and random: a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _actor(user: User, dealer: str | None, source: str, address: str) -> Actor:
    return Actor(
        user_id=user.id,
        name=user.name,
        role=user.role,
        dealer_id=user.dealer_id,
        dealer_name=dealer or "",
        language=user.language,
        source=source,
        address=address,
        reading=user.reading,
    )
