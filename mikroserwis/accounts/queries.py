"""The list of accounts, one of them, and what is asked about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import ROLES, Actor
from mikroserwis.accounts import forms
from mikroserwis.db import WRITE
from mikroserwis.errors import NotFound, Unauthorised
from mikroserwis.lists import Asked, whole
from mikroserwis.models import Customer, CustomerUser, Dealer, Event, SignIn, User
from mikroserwis.plaintext import tidy
from mikroserwis.textkeys import fold

SIZES = (25, 50, 100)
SORTS = ("name", "-name", "role", "-role", "seen", "-seen")
STATES = ("active", "invited", "off", "removed")
LAST_CHANGES = 30


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; what can't be read in it is as if it weren't there."""

    q: str = ""
    role: str = ""
    state: str = ""
    sort: str = SORTS[0]
    size: int = SIZES[0]
    page: int = 1


class Account(NamedTuple):
    """A person with its company, and when it last came in."""

    user: User
    company: str | None
    signed_in_at: datetime | None
    customer_id: int | None = None


@dataclass(frozen=True)
class Page:
    items: list[Account]
    total: int
    page: int
    pages: int


def read(arguments: Mapping[str, str]) -> Wanted:
    """A list's address."""
    asked = {name: arguments.get(name, "") for name in ("role", "state", "sort")}
    size, page = (whole(arguments.get(name, "")) for name in ("size", "page"))
    return Wanted(
        q=tidy(arguments.get("q", ""))[:100],
        role=asked["role"] if asked["role"] in ROLES else "",
        state=asked["state"] if asked["state"] in STATES else "",
        sort=asked["sort"] if asked["sort"] in SORTS else SORTS[0],
        size=size if size in SIZES else SIZES[0],
        page=max(page, 1),
    )


def fetch(session: Session, wanted: Wanted) -> Page:
    """One page of the list; a page past the end is the last one."""
    total = session.scalar(select(func.count()).select_from(_filtered(select(User.id), wanted).subquery())) or 0
    pages = max(-(-total // wanted.size), 1)
    page = min(wanted.page, pages)
    rows = _filtered(ACCOUNTS, wanted).order_by(*_order(wanted.sort)).limit(wanted.size)
    found = session.execute(rows.offset((page - 1) * wanted.size))
    return Page([Account(*row) for row in found], total, page, pages)


_SEEN = (
    select(SignIn.user_id, func.max(SignIn.at).label("at")).where(SignIn.result == "ok").group_by(SignIn.user_id)
).subquery("seen")
ACCOUNTS = (
    select(User, func.coalesce(Dealer.name, Customer.name), _SEEN.c.at, CustomerUser.customer_id)
    .outerjoin(Dealer, Dealer.id == User.dealer_id)
    .outerjoin(CustomerUser, CustomerUser.user_id == User.id)
    .outerjoin(Customer, Customer.id == CustomerUser.customer_id)
    .outerjoin(_SEEN, _SEEN.c.user_id == User.id)
)


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.role:
        query = query.where(User.role == wanted.role)
    if wanted.q:
        for word in fold(wanted.q).split()[:6]:
            query = query.where(User.search.contains(word, autoescape=True))
    return query.where(*_in_state(wanted.state))


def _in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    kept = User.removed_at.is_(None)
    states: dict[str, tuple[ColumnElement[bool], ...]] = {
        "": (kept,),
        "active": (kept, User.active.is_(True), User.password_hash != ""),
        "invited": (kept, User.active.is_(True), User.password_hash == ""),
        "off": (kept, User.active.is_(False)),
        "removed": (User.removed_at.is_not(None),),
    }
    return states[state]


def _order(sort: str) -> tuple[Any, ...]:
    by = {"name": User.name_key, "role": User.role, "seen": _SEEN.c.at}[sort.removeprefix("-")]
    way = by.desc() if sort.startswith("-") else by.asc()
    return way.nulls_last(), User.name_key, User.id


def may_change(actor: Actor, user: User) -> bool:
    """Of dealers' and customers' people the whole back office, of the office's own the master alone."""
    return access.may(_needed(user), access.role_relations(actor)) and user.removed_at is None


def load(session: Session, actor: Actor, user_id: int, permission: str = "accounts.see") -> Account:
    """The account, held in a writing transaction; who may change it depends on its kind. Raises Forbidden, NotFound."""
    access.require("accounts.see", access.role_relations(actor))
    if session.info.get(WRITE):
        session.execute(select(User.id).where(User.id == user_id).with_for_update())
    row = session.execute(ACCOUNTS.where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound(record="account", id=user_id)
    found = Account(*row)
    if permission != "accounts.see":
        access.require(_needed(found.user), access.role_relations(actor))
        if found.user.removed_at is not None:
            raise NotFound(record="account", id=user_id)
    return found


def own(session: Session, actor: Actor) -> User:
    """The actor's own account. Raises Unauthorised."""
    query = select(User).where(User.id == actor.user_id, User.active)
    found = session.scalars(query.with_for_update() if session.info.get(WRITE) else query).one_or_none()
    if found is None:
        raise Unauthorised
    return found


def _needed(user: User) -> str:
    return "accounts.office" if user.role in forms.OFFICE else "accounts.clients"


def of_dealer(session: Session, dealer_id: int) -> Sequence[Account]:
    """Its people, without those who were removed."""
    return _people(session, User.dealer_id == dealer_id)


def of_customer(session: Session, customer_id: int) -> Sequence[Account]:
    """Who signs in to its portal."""
    return _people(session, CustomerUser.customer_id == customer_id)


def _people(session: Session, whose: ColumnElement[bool]) -> list[Account]:
    query = ACCOUNTS.where(whose, User.removed_at.is_(None)).order_by(User.name_key, User.id)
    return [Account(*row) for row in session.execute(query)]


def last_changes(session: Session, user: User, limit: int = LAST_CHANGES) -> Sequence[Event]:
    """What was done to the account, newest first."""
    query = select(Event).where(Event.user_id == user.id).order_by(Event.id.desc()).limit(limit)
    return session.scalars(query).all()
