"""Links by which a person sets a password: by mail, once, until they expire.

The secret of a link is a signature of its row: neither the database, nor a backup, nor the kept mail gives it away.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mikroserwis.errors import NotFound
from mikroserwis.keys import signature
from mikroserwis.models import AccountLink, User

ACTIVATE, RECOVER = "activate", "recover"
SPANS = {ACTIVATE: timedelta(days=7), RECOVER: timedelta(hours=2)}
_FORM = re.compile(r"([1-9]\d{0,9})-([\w-]{43})", re.ASCII)


def issue(session: Session, user: User, now: datetime) -> AccountLink:
    """A new link: to activate until there is a password, to recover afterwards. Older ones end with it."""
    end_all(session, user, now)
    purpose = RECOVER if user.password_hash else ACTIVATE
    link = AccountLink(
        user_id=user.id,
        purpose=purpose,
        nonce=secrets.token_hex(16),
        created_at=now,
        expires_at=now + SPANS[purpose],
    )
    session.add(link)
    session.flush()
    return link


def end_all(session: Session, user: User, now: datetime) -> None:
    """None that was sent before opens anything any more."""
    query = update(AccountLink).where(AccountLink.user_id == user.id, *_OPEN)
    session.execute(query.values(ended_at=now).execution_options(synchronize_session="fetch"))


_OPEN = (AccountLink.used_at.is_(None), AccountLink.ended_at.is_(None))


def token(link: AccountLink, key: str) -> str:
    """What the address bears, for whoever has the service's key."""
    return f"{link.id}-{_signed(link, key)}"


def load(session: Session, text: str, key: str, now: datetime) -> tuple[AccountLink, User]:
    """The link that an address bears, and whose it is. Raises NotFound: forged, expired, used, or overtaken."""
    found = _FORM.fullmatch(text)
    link = session.get(AccountLink, int(found[1])) if found else None
    if found is None or link is None or not hmac.compare_digest(found[2], _signed(link, key)):
        raise NotFound(record="link")
    user = session.get_one(User, link.user_id)
    if link.used_at or link.ended_at or link.expires_at <= now or not user.active:
        raise NotFound(record="link")
    return link, user


def use(session: Session, link: AccountLink, now: datetime) -> None:
    """Of two who send it at once one has it. Raises NotFound."""
    claimed = update(AccountLink).where(AccountLink.id == link.id, *_OPEN).values(used_at=now)
    if not session.execute(claimed).rowcount:  # type: ignore[attr-defined]
        raise NotFound(record="link")


def newest(session: Session, user: User) -> AccountLink | None:
    """The last one that was sent, whatever became of it."""
    query = select(AccountLink).where(AccountLink.user_id == user.id).order_by(AccountLink.id.desc()).limit(1)
    return session.scalars(query).first()


def sent_since(session: Session, user: User, moment: datetime) -> int:
    """How many."""
    query = select(func.count()).where(AccountLink.user_id == user.id, AccountLink.created_at > moment)
    return session.scalar(query) or 0


def _signed(link: AccountLink, key: str) -> str:
    return signature(key, "account link", f"{link.id} {link.user_id} {link.purpose} {link.nonce}")
