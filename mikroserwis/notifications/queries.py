"""A person's own notifications, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.errors import NotFound
from mikroserwis.lists import Asked, whole
from mikroserwis.models import Notification, Ticket

SIZES = (25, 50, 100)
# The bell says 99+: more are not counted with each page.
MOST_COUNTED = 100


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; what can't be read in it is as if it weren't there."""

    unread: str = ""
    size: int = SIZES[0]
    page: int = 1


@dataclass(frozen=True)
class Page:
    """`numbers` are the tickets' by id; `newest` is the id up to which all may be marked as read."""

    items: list[Notification]
    numbers: Mapping[int, int]
    total: int
    page: int
    pages: int
    newest: int


def read(arguments: Mapping[str, str]) -> Wanted:
    """A list's address."""
    size, page = whole(arguments.get("size", "")), whole(arguments.get("page", ""))
    return Wanted(
        unread="yes" if arguments.get("unread") == "yes" else "",
        size=size if size in SIZES else SIZES[0],
        page=max(page, 1),
    )


def fetch(session: Session, actor: Actor, wanted: Wanted) -> Page:
    """One page of the list; a page past the end is the last one."""
    own = Notification.user_id == actor.user_id
    which = (own, Notification.read_at.is_(None)) if wanted.unread else (own,)
    total = session.scalar(select(func.count(Notification.id)).where(*which)) or 0
    newest = session.scalar(select(func.max(Notification.id)).where(own)) or 0
    pages = max(-(-total // wanted.size), 1)
    page = min(wanted.page, pages)
    query = select(Notification).where(*which).order_by(Notification.id.desc())
    items = list(session.scalars(query.limit(wanted.size).offset((page - 1) * wanted.size)))
    return Page(items, numbers(session, items), total, page, pages, newest)


def load(session: Session, actor: Actor, notification_id: int) -> Notification:
    """One's own. Raises NotFound."""
    found = session.get(Notification, notification_id)
    if found is None or found.user_id != actor.user_id:
        raise NotFound(record="notification", id=notification_id)
    return found


def numbers(session: Session, of: list[Notification]) -> dict[int, int]:
    ids = {one.ticket_id for one in of if one.ticket_id is not None}
    rows = session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids))) if ids else ()
    return {row.id: row.number for row in rows}


def count_unread(session: Session, actor: Actor) -> int:
    """For the bell, at most MOST_COUNTED."""
    return session.connection().scalar(_count(), {"user": actor.user_id}) or 0


@lru_cache(maxsize=1)
def _count() -> Select[int]:
    """Asked with every page, of an index that holds unread rows alone."""
    unread = select(Notification.id).where(Notification.user_id == bindparam("user"), Notification.read_at.is_(None))
    return select(func.count()).select_from(unread.limit(MOST_COUNTED).subquery())
