"""What is done to accounts: made, changed, given a link, put out of use and back, removed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.accounts import forms, links, notices
from mikroserwis.accounts.operations import close_all_sessions, end_access
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Customer, CustomerUser, Dealer, User

TEXTS = ("name", "email", "phone", "user_name", "language", "role")
# How one reads besides: as everybody until it is chosen.
CHOSEN = ("calendar", "digits")
_IN_AN_HOUR = 5
_UNIQUE = ("email", "phone", "user_name")


def add(
    session: Session, values: Mapping[str, Any], of: Dealer | Customer | None, *, actor: Actor, now: datetime
) -> User:
    """A new account, of a dealer's or a customer's company or of the office, with a mail to activate it.

    Raises Invalid, also where an address is another account's.
    """
    clean = forms.account(values, new=True, office=of is None)
    _are_free(session, clean)
    user = User(
        name=clean["name"],
        email=clean["email"],
        phone=clean.get("phone") or None,
        user_name=clean.get("user_name") or None,
        language=clean.get("language") or "pl",
        role="dealer" if isinstance(of, Dealer) else "customer" if of else clean["role"],
        dealer_id=of.id if isinstance(of, Dealer) else None,
        created_at=now,
    )
    session.add(user)
    session.flush()
    if isinstance(of, Customer):
        session.add(CustomerUser(user_id=user.id, customer_id=of.id))
    changes = {name: ("", value) for name, value in texts(user).items() if value and name not in CHOSEN}
    history.record(session, "user_add", actor=actor, now=now, user=user, changes=changes, role=user.role)
    notices.link_sent(session, user, links.issue(session, user, now), now=now)
    return user


def change(
    session: Session, user: User, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}; the former address is told of a new one.

    Raises Invalid; Conflict if it was changed since `version` was read; Refused for the last master.
    """
    clean, kept = forms.account(values, new=False, office=user.role in forms.OFFICE), texts(user)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, user.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=user.version)
    _are_free(session, {name: new for name, (_old, new) in differing.items()})
    if "role" in differing:
        _require_a_master(session, user, "change")
    for name, (_old, new) in differing.items():
        setattr(user, name, new or (None if name in {"phone", "user_name"} else ""))
    if differing:
        history.record(session, "user_change", actor=actor, now=now, user=user, changes=differing)
        session.flush()
    if "email" in differing:
        links.end_all(session, user, now)
        notices.address_changed(session, user, differing["email"][0], now=now)
    return differing


def send_link(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """A mail with a new way to set the password; the present one stays until it is used. Raises Refused."""
    if not user.active:
        raise Refused("link", [Blocker("account_is_active")])
    history.record(session, "user_link", actor=actor, now=now, user=user, to=user.email)
    notices.link_sent(session, user, links.issue(session, user, now), now=now)


def recover(session: Session, user: User | None, *, actor: Actor, now: datetime) -> None:
    """Whoever forgot the password gets a link; for an unknown name, or one out of use, nothing happens.

    Nor after some links in an hour: whoever asks for them isn't the one whose mailbox they fill.
    """
    if user is not None and user.active and links.sent_since(session, user, now - timedelta(hours=1)) < _IN_AN_HOUR:
        history.record(session, "user_recovery", actor=actor, now=now, user=user)
        notices.link_sent(session, user, links.issue(session, user, now), now=now)


def set_password(session: Session, user: User, password_hash: str, *, actor: Actor, now: datetime) -> None:
    """Every session and every link of the account ends with it; its owner is told, but of the first one."""
    is_first = not user.password_hash
    user.password_hash = password_hash
    links.end_all(session, user, now)
    close_all_sessions(session, user.id)
    history.record(session, "user_activated" if is_first else "user_password", actor=actor, now=now, user=user)
    session.flush()
    if not is_first:
        notices.password_changed(session, user, now=now)


def switch(session: Session, user: User, *, active: bool, actor: Actor, now: datetime) -> None:
    """Out of use every session, token and link ends at once. Done already: nothing happens. Raises Refused."""
    if user.active == active:
        return
    if not active:
        _may_end(session, user, actor, "deactivate")
        _end(session, user, now)
    user.active = active
    verb = "user_activate" if active else "user_deactivate"
    history.record(session, verb, actor=actor, now=now, user=user)
    session.flush()


def remove(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """Nobody signs in with it any more, and its names are free again; what it did stays under its name.

    Its picture is shown no more, and goes with the next night's *retention*. Raises Refused.
    """
    _may_end(session, user, actor, "remove")
    _end(session, user, now)
    changes = {name: (value, "") for name, value in texts(user).items() if value and name in _UNIQUE}
    history.record(session, "user_remove", actor=actor, now=now, user=user, changes=changes)
    session.execute(delete(CustomerUser).where(CustomerUser.user_id == user.id))
    user.email, user.phone, user.user_name = f"removed-{user.id}@account.invalid", None, None
    user.password_hash, user.active, user.removed_at = "", False, now
    session.flush()


def texts(user: User) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(user, name) or "" for name in (*TEXTS, *CHOSEN)}


def _end(session: Session, user: User, now: datetime) -> None:
    end_access(session, user, now)
    links.end_all(session, user, now)


def _may_end(session: Session, user: User, actor: Actor, trigger: str) -> None:
    if user.id == actor.user_id:
        raise Refused(trigger, [Blocker("account_is_anothers")])
    _require_a_master(session, user, trigger)


def _require_a_master(session: Session, user: User, trigger: str) -> None:
    """Without one nobody could make accounts any more. All masters are held: two who end each other take turns."""
    if user.role != "master":
        return
    masters = select(User.id).where(User.role == "master", User.active, func.length(User.password_hash) > 0)
    if not set(session.scalars(masters.order_by(User.id).with_for_update())) - {user.id}:
        raise Refused(trigger, [Blocker("a_master_stays")])


def _are_free(session: Session, clean: Mapping[str, str]) -> None:
    """No two accounts sign in by the same name. Raises Invalid."""
    errors = []
    with session.no_autoflush:
        for name in _UNIQUE:
            value = clean.get(name)
            if value and session.scalars(select(User.id).where(getattr(User, name) == value)).first() is not None:
                errors.append(FieldError(name, f"{name}_taken"))
    if errors:
        raise Invalid(errors)
