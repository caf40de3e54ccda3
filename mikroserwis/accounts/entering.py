"""The two steps of signing in. Passwords are hashed between transactions: that takes longer than a write may."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config import Settings
from mikroserwis.access import Actor
from mikroserwis.accounts import abuse, new_devices, operations, second_factor, second_factor_mails
from mikroserwis.accounts.abuse import CODE, HALF, OK, WRONG, Counted
from mikroserwis.accounts.operations import Source, token_hash
from mikroserwis.db import Database
from mikroserwis.errors import NotFound
from mikroserwis.models import HalfSignIn, SignIn, User

HALF_SPAN = timedelta(minutes=5)
# So many wrong codes after a right password: its owner is told.
ALARMING = 3


@dataclass(frozen=True)
class Door:
    """Where somebody tries to get in. `key` is the service's own; `devices` what the browser's cookie says of it."""

    database: Database
    settings: Settings
    key: str
    source: Source
    devices: Mapping[int, str]
    now: datetime


@dataclass(frozen=True)
class Entered:
    """`secret` is a session's, or a half sign-in's that waits for a code."""

    user_id: int
    secret: str
    is_half: bool
    remember: bool


def by_password(door: Door, identifier: str, password: str, *, remember: bool) -> Entered | None:
    """None for a wrong name or password. Raises TooMany."""
    user, attempt = _attempted(door, identifier)
    fits = operations.password_fits(user.password_hash if user and user.active else "", password[:1000])
    if not fits or user is None:
        return None
    with door.database.transaction() as session:
        now_kept = session.get(User, user.id, with_for_update=True)
        if now_kept is None or not now_kept.active or now_kept.password_hash != user.password_hash:
            return None  # changed or blocked while the password was being hashed
        user = now_kept
        is_half = second_factor.is_on(session, user.id)
        attempt = session.merge(attempt)
        attempt.result = HALF if is_half else OK
        if not is_half:
            return _entered(session, door, user, attempt, remember=remember)
        secret = secrets.token_urlsafe(32)
        session.execute(delete(HalfSignIn).where(HalfSignIn.expires_at < door.now))
        session.add(
            HalfSignIn(
                token_hash=token_hash(secret),
                user_id=user.id,
                attempt_id=attempt.id,
                expires_at=door.now + HALF_SPAN,
                remember=remember,
            )
        )
    return Entered(user.id, secret, is_half=True, remember=remember)


def by_code(door: Door, secret: str, typed: str) -> Entered | None:
    """None for a wrong code. Raises NotFound if the first step is missing or too long ago, TooMany."""
    with door.database.transaction() as session:
        found = half(session, secret, door.now)
        if found is None:
            raise NotFound(record="half_sign_in")
        user, attempt = session.get_one(User, found.user_id), session.get_one(SignIn, found.attempt_id)
        by = abuse.counted(session, attempt.name_key, user.id, door.source, devices=door.devices, now=door.now)
        abuse.check_sign_in(session, by, door.settings, door.now, code=True)
        if not second_factor.take(session, user, typed, door.key, actor=_actor(user, door), now=door.now):
            abuse.record_attempt(session, by, user.id, door.source, result=CODE, now=door.now)
            _tell_if_alarming(session, user, by, door.now)
            return None
        attempt.result = OK
        session.delete(found)
        return _entered(session, door, user, attempt, remember=found.remember)


def half(session: Session, secret: str, now: datetime) -> HalfSignIn | None:
    """The first step that this browser took some minutes ago."""
    query = select(HalfSignIn).join(User, User.id == HalfSignIn.user_id)
    return session.scalars(
        query.where(HalfSignIn.token_hash == token_hash(secret), HalfSignIn.expires_at > now, User.active)
    ).one_or_none()


def proves(door: Door, user: User, password: str) -> bool:
    """Whether who is signed in knows the password; guesses count like those at the door. Raises TooMany."""
    _user, attempt = _attempted(door, user.email)
    if not operations.password_fits(user.password_hash, password[:1000]):
        return False
    with door.database.transaction() as session:
        session.delete(session.merge(attempt))
    return True


def _attempted(door: Door, identifier: str) -> tuple[User | None, SignIn]:
    """It counts as failed before the slow hash begins: many sent at once would else all be within the limit."""
    with door.database.transaction() as session:
        user = operations.find_user(session, identifier)
        user_id, name_key = user.id if user else None, abuse.name_key(identifier, door.key)
        by = abuse.counted(session, name_key, user_id, door.source, devices=door.devices, now=door.now)
        abuse.check_sign_in(session, by, door.settings, door.now)
        return user, abuse.record_attempt(session, by, user_id, door.source, result=WRONG, now=door.now)


def _entered(session: Session, door: Door, user: User, attempt: SignIn, *, remember: bool) -> Entered:
    if user.id not in door.devices:
        new_devices.tell(session, user, attempt, now=door.now)
    secret = operations.open_session(session, user, door.source, door.settings, door.now, remember=remember)
    return Entered(user.id, secret, is_half=False, remember=remember)


def _tell_if_alarming(session: Session, user: User, by: Counted, now: datetime) -> None:
    wrong = select(func.count()).where(
        SignIn.name_key == by.name_key, SignIn.result == CODE, SignIn.at > now - abuse.WINDOW
    )
    if session.scalar(wrong) == ALARMING:
        second_factor_mails.codes_guessed(session, user, now=now)


def _actor(user: User, door: Door) -> Actor:
    return Actor(user_id=user.id, name=user.name, role=user.role, dealer_id=user.dealer_id, address=door.source.address)
