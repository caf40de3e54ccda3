"""How often one may try. Counted in the database, which all processes share, and never so that one locks out another.

Failed sign-ins count per name *and* source. A source is the browser that signed in to the account before (it has a
cookie that says so), else the address, of IPv6 the network. Guesses spread over many sources count per name alone, but
only sources that are new to the account have to wait then; likewise those spread over many names from one address.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from config import Settings
from mikroserwis.accounts.operations import Source, fold_name
from mikroserwis.errors import TooMany
from mikroserwis.keys import secret_key
from mikroserwis.models import CountedRequest, SignIn
from mikroserwis.models.accounts import network_of

WINDOW = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=30)
WRONG, CODE, HALF, OK = "wrong", "code", "half", "ok"
FAILED = SignIn.result.in_((WRONG, CODE))


@dataclass(frozen=True)
class Limit:
    """Of requests within `span`: for one key from one network, from one network, and for one key from anywhere."""

    pair: int
    network: int
    key: int
    span: timedelta


# Nobody is kept from a new password by others: whoever is over the third limit has its mails already.
LIMITS: Mapping[str, Limit] = {
    "recovery": Limit(pair=3, network=20, key=10, span=timedelta(hours=1)),
    "activation": Limit(pair=5, network=30, key=10, span=timedelta(hours=1)),
}


@dataclass(frozen=True)
class Counted:
    """What an attempt counts under; `known` if the account was signed in to from there before."""

    name_key: str
    source: str
    known: bool


def name_key(name: str, key: str) -> str:
    """What failed attempts are counted under: people type passwords into the name field, so it isn't kept itself."""
    return hmac.new(key.encode(), fold_name(name).encode(), hashlib.sha256).hexdigest()


def counted(
    session: Session, name_key_: str, user_id: int | None, source: Source, *, devices: Mapping[int, str], now: datetime
) -> Counted:
    """`devices`: what the browser's cookie says, user -> its mark. An unknown name costs the same question."""
    if user_id is not None and user_id in devices:
        return Counted(name_key_, f"device {devices[user_id]}", known=True)
    network = network_of(source.address)
    same = or_(SignIn.network == network, SignIn.address == source.address)
    before = select(SignIn.id).where(SignIn.user_id == (user_id or 0), SignIn.result == OK, same)
    known = session.scalars(before.where(SignIn.at > now - KNOWN_FOR).limit(1)).first() is not None
    return Counted(name_key_, network, known)


def check_sign_in(session: Session, by: Counted, settings: Settings, now: datetime, *, code: bool = False) -> None:
    """Raises TooMany, for a password or (`code`) for the code after it.

    In a writing transaction one attempt of a source, or for a name, waits for the one before: both would see the same
    count. Whoever guesses codes has the password already, so strangers get fewer of them.
    """
    _take_turns(session, f"sign-in {by.source}", f"sign-in {by.name_key}")
    source, name = SignIn.network == by.source, SignIn.name_key == by.name_key
    limits: list[tuple[tuple[ColumnElement[bool], ...], int]] = [((FAILED, source, name), settings.sign_in_failures)]
    if not by.known:
        limits += [
            ((FAILED, source), settings.sign_in_failures_per_address),
            ((FAILED, name), settings.sign_in_failures_per_account),
        ]
    if code and not by.known:
        limits.append(((SignIn.result == CODE, name), settings.sign_in_failures))
    for conditions, limit in limits:
        query = select(func.count(), func.min(SignIn.at)).where(SignIn.at > now - WINDOW, *conditions)
        count, first = session.execute(query).one()
        _require(count < limit, first, WINDOW, now)


def record_attempt(
    session: Session, by: Counted, user_id: int | None, source: Source, *, result: str, now: datetime
) -> SignIn:
    """One row per attempt: the login history, and what the rate limit counts."""
    attempt = SignIn(
        at=now,
        name_key=by.name_key,
        user_id=user_id,
        address=source.address,
        network=by.source,
        device=source.device[:300],
        result=result,
    )
    session.add(attempt)
    session.flush()
    return attempt


def check(session: Session, kind: str, key: str, source: Source, *, settings: Settings, now: datetime) -> None:
    """Counts a request of a kind of `LIMITS` about `key` (such as an address to sign in with). Raises TooMany.

    What isn't committed isn't counted.
    """
    limit, network = LIMITS[kind], network_of(source.address)
    of = name_key(key, secret_key(settings))
    _take_turns(session, f"{kind} {network}", f"{kind} {of}")
    here, about = CountedRequest.network == network, CountedRequest.key == of
    for conditions, most in (((here, about), limit.pair), ((here,), limit.network), ((about,), limit.key)):
        query = select(func.count(), func.min(CountedRequest.at)).where(
            CountedRequest.kind == kind, CountedRequest.at > now - limit.span, *conditions
        )
        count, first = session.execute(query).one()
        _require(count < most, first, limit.span, now)
    session.add(CountedRequest(at=now, kind=kind, key=of, network=network))
    session.flush()


def _require(is_within: bool, first: datetime | None, span: timedelta, now: datetime) -> None:
    if not is_within and first is not None:
        raise TooMany("too_many_attempts", seconds=max((first + span - now).total_seconds(), 1))


def _take_turns(session: Session, *names: str) -> None:
    """Always the source before the name: nobody waits in a circle. SQLite's writers take turns anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for name in names:
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
