"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day when it is lost.

A copy of the database gives nobody a code: the app's key is made of the service's own key and a random number, and of
recovery codes only hashes are kept. Under another service key every app has to be set up again; recovery codes go on.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

from pyotp import TOTP
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.accounts import second_factor_mails as mails
from mikroserwis.accounts.operations import close_all_sessions, token_hash
from mikroserwis.errors import Conflict, FieldError, Invalid
from mikroserwis.keys import signature
from mikroserwis.models import HalfSignIn, RecoveryCode, SecondFactor, User

STEP = 30
# Clocks that differ, and people who type slowly: one step before and one after.
DRIFT = (-1, 0, 1)
CODES = 10


@dataclass(frozen=True)
class State:
    """`since` is when the app was confirmed, None if there is none; `codes` are the recovery codes not yet used."""

    since: datetime | None
    codes: int

    @property
    def is_on(self) -> bool:
        return self.since is not None


def state(session: Session, user: User) -> State:
    factor = session.get(SecondFactor, user.id)
    left = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return State(factor.confirmed_at if factor else None, session.scalar(left) or 0)


def is_on(session: Session, user_id: int) -> bool:
    query = select(SecondFactor.user_id).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    return session.scalar(query) is not None


def begun(session: Session, user: User) -> SecondFactor | None:
    """The app that is being set up and not confirmed yet."""
    factor = session.get(SecondFactor, user.id)
    return factor if factor is not None and factor.confirmed_at is None else None


def begin(session: Session, user: User, now: datetime) -> None:
    """A new key for an app; it counts for nothing until confirmed. Raises Conflict if there is a confirmed one."""
    if is_on(session, user.id):
        raise Conflict
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    session.add(SecondFactor(user_id=user.id, nonce=secrets.token_hex(16), created_at=now))
    session.flush()


def app(factor: SecondFactor, key: str) -> TOTP:
    """What the person's app computes, for whoever has the service's key."""
    return TOTP(_derived(key, "second factor", f"{factor.user_id} {factor.nonce}", 20), interval=STEP)


def uri(factor: SecondFactor, user: User, key: str) -> str:
    """What the QR code says."""
    return app(factor, key).provisioning_uri(name=user.email, issuer_name="Mikroserwis")


def confirm(session: Session, user: User, typed: str, key: str, *, actor: Actor, now: datetime) -> str:
    """The app shows the right code: from now on signing in asks for one. Returns what `codes` needs.

    Raises Conflict if none has been begun, Invalid for a wrong code.
    """
    factor = begun(session, user)
    if factor is None:
        raise Conflict
    if not _claim_step(session, factor, typed, key, now):
        raise Invalid([FieldError("code", "not_the_code")])
    factor.confirmed_at = now
    history.record(session, "second_factor_on", actor=actor, now=now, user=user)
    mails.switched_on(session, user, now=now)
    return _new_codes(session, user, key, now)


def take(session: Session, user: User, typed: str, key: str, *, actor: Actor, now: datetime) -> bool:
    """Whether this is a code of the app or a recovery code; it is used up by that."""
    factor = session.get(SecondFactor, user.id)
    if factor is None or factor.confirmed_at is None:
        return False
    if _claim_step(session, factor, typed, key, now):
        return True
    one = update(RecoveryCode).where(
        RecoveryCode.code_hash == _hash(typed), RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    if not session.execute(one.values(used_at=now)).rowcount:  # type: ignore[attr-defined]
        return False
    left = state(session, user).codes
    history.record(session, "second_factor_recovery", actor=actor, now=now, user=user, left=left)
    mails.recovery_used(session, user, left, now=now)
    return True


def renew_codes(session: Session, user: User, key: str, *, actor: Actor, now: datetime) -> str:
    """Ten new ones instead of all before. Returns what `codes` needs. Raises Conflict."""
    if not is_on(session, user.id):
        raise Conflict
    history.record(session, "second_factor_codes", actor=actor, now=now, user=user)
    return _new_codes(session, user, key, now)


def codes(user_id: int, nonce: str, key: str) -> list[str]:
    """The recovery codes, for the browser that has the nonce and nobody else: it isn't kept here."""
    raw = [_derived(key, "recovery code", f"{user_id} {nonce} {index}", 10).lower() for index in range(CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in raw]


def switch_off(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """By the person; whoever calls has asked for the password or a code. Done already: nothing happens."""
    if _end(session, user):
        history.record(session, "second_factor_off", actor=actor, now=now, user=user)
        mails.switched_off(session, user, now=now)


def reset(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """By somebody else, for whom the phone is lost: every session ends too, one may be open on it.

    Done already: nothing happens.
    """
    if _end(session, user):
        close_all_sessions(session, user.id)
        history.record(session, "second_factor_reset", actor=actor, now=now, user=user)
        mails.was_reset(session, user, now=now)


def _end(session: Session, user: User) -> bool:
    """Whether there was one. A half sign-in would wait for a code that nobody can make any more."""
    was_on = is_on(session, user.id)
    for records in (HalfSignIn, RecoveryCode, SecondFactor):
        session.execute(delete(records).where(records.user_id == user.id))
    return was_on


def _claim_step(session: Session, factor: SecondFactor, typed: str, key: str, now: datetime) -> bool:
    """A code of the app, once: of two who send it at the same moment one has it."""
    code, totp, present = "".join(typed.split()), app(factor, key), int(now.timestamp()) // STEP
    fits = [
        present + by for by in DRIFT if hmac.compare_digest(totp.generate_otp(present + by).encode(), code.encode())
    ]
    if not fits:
        return False
    claimed = update(SecondFactor).where(
        SecondFactor.user_id == factor.user_id, SecondFactor.nonce == factor.nonce, SecondFactor.last_step < fits[-1]
    )
    done = session.execute(claimed.values(last_step=fits[-1]).execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _new_codes(session: Session, user: User, key: str, now: datetime) -> str:
    nonce = secrets.token_hex(16)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(
        RecoveryCode(code_hash=_hash(code), user_id=user.id, created_at=now) for code in codes(user.id, nonce, key)
    )
    session.flush()
    return nonce


def _hash(typed: str) -> str:
    """However it is typed: capitals, gaps, and the figures that base32 doesn't have for the letters they look like."""
    return token_hash("".join(sign for sign in typed.lower() if sign.isalnum()).translate(_LOOKALIKES))


_LOOKALIKES = str.maketrans("018", "olb")


def _derived(key: str, purpose: str, text: str, size: int) -> str:
    """So many bytes, in base32."""
    return b32encode(hashlib.sha256(signature(key, purpose, text).encode()).digest()[:size]).decode()
