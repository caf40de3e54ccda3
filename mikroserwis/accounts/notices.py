"""Mails about an account, to the person whose it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from mikroserwis import telling
from mikroserwis.accounts.links import ACTIVATE
from mikroserwis.i18n import say_moment, speaking
from mikroserwis.models import AccountLink, User
from mikroserwis.posting import HIDDEN, post, to
from mikroserwis.rulebook import RULES

ACTIVATION, RECOVERY = "account_activation", "account_recovery"
PASSWORD, ADDRESS = "password_changed", "address_changed"


def link_sent(session: Session, user: User, link: AccountLink, *, now: datetime) -> None:
    """The way to a first password, or to a new one; what is kept of the mail doesn't show its secret."""
    event = ACTIVATION if link.purpose == ACTIVATE else RECOVERY
    with speaking(user.reading):
        until = say_moment(link.expires_at, RULES.tz)
    said = {"until": until, "url": f"{_base(session)}/account/links/{HIDDEN}"}
    _tell(session, user, event, user.email, said, now=now, link=link.id)


def password_changed(session: Session, user: User, *, now: datetime) -> None:
    """Whoever didn't do it has to know."""
    with speaking(user.reading):
        at = say_moment(now, RULES.tz)
    _tell(session, user, PASSWORD, user.email, {"at": at, "url": f"{_base(session)}/account/forgotten"}, now=now)


def address_changed(session: Session, user: User, former: str, *, now: datetime) -> None:
    """To the former address: the new one can't tell whether its owner wanted it."""
    _tell(session, user, ADDRESS, former, {}, now=now)


def _tell(
    session: Session,
    user: User,
    event: str,
    address: str,
    said: Mapping[str, Any],
    *,
    now: datetime,
    link: int | None = None,
) -> None:
    session.flush()
    values = {"name": user.name, "email": user.email, "hotline": RULES.contacts.hotline, **said}
    told = telling.render(session, event, telling.EMAIL, values, user.reading)
    key = f"mail:{event}:{user.id}:{uuid4().hex}"
    reader = replace(to(user), address=address)
    post(session, reader, event, told.subject, told.body, key=key, now=now, link=link, values=values)


def _base(session: Session) -> str:
    return str(session.info.get("base_url", ""))
