"""Views of the list that a person keeps under a name: nobody else sees or changes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor, require, role_relations
from mikroserwis.db import WRITE
from mikroserwis.errors import Conflict, FieldError, Invalid, NotFound
from mikroserwis.models import SavedView, User
from mikroserwis.plaintext import tidy
from mikroserwis.textkeys import fold
from mikroserwis.tickets.wanted import canonical, from_query

MOST = 20
LONGEST_NAME, LONGEST_KEY = 80, 160


def own_views(session: Session, actor: Actor) -> Sequence[SavedView]:
    """The actor's own, by name."""
    query = select(SavedView).where(SavedView.user_id == actor.user_id).order_by(SavedView.name_key)
    return session.scalars(query).all()


def own_view(session: Session, actor: Actor, view_id: int) -> SavedView:
    """One of the actor's own. Raises NotFound for anybody else's, Forbidden."""
    _hold(session, actor)
    query = select(SavedView).where(SavedView.user_id == actor.user_id, SavedView.id == view_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="view", id=view_id)
    require("views.own", role_relations(actor))
    return found


def save_view(
    session: Session, name: str, query: str, *, is_default: bool = False, actor: Actor, now: datetime
) -> SavedView:
    """Keep what a list's address asks for. Raises Forbidden, Invalid."""
    require("views.own", role_relations(actor))
    _hold(session, actor)
    views = own_views(session, actor)
    if len(views) >= MOST:
        raise Invalid([FieldError("name", "too_many_views", {"limit": MOST})])
    view = SavedView(user_id=actor.user_id, query=canonical(from_query(query)), is_default=False, created_at=now)
    _rename(view, name, views)
    if is_default:
        _open_with(session, view, views)
    session.add(view)
    session.flush()
    history.record(session, "save_view", actor=actor, now=now, view=view.id, name=view.name, query=view.query)
    return view


def change_view(
    session: Session,
    view: SavedView,
    *,
    name: str | None = None,
    query: str | None = None,
    is_default: bool | None = None,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> SavedView:
    """Whatever is given; the rest stays. Raises Invalid; Conflict if it was changed since `version` was read."""
    if version is not None and version != view.version:
        raise Conflict("changed_meanwhile", fields={}, version=view.version)
    views = own_views(session, actor)
    before = _words(view)
    if name is not None:
        _rename(view, name, [one for one in views if one is not view])
    if query is not None:
        view.query = canonical(from_query(query))
    if is_default:
        _open_with(session, view, views)
    elif is_default is not None:
        view.is_default = False
    session.flush()
    changes = {key: (before[key], value) for key, value in _words(view).items() if value != before[key]}
    if changes:
        history.record(session, "change_view", actor=actor, now=now, changes=changes, view=view.id)
    return view


def remove_view(session: Session, view: SavedView, *, actor: Actor, now: datetime) -> None:
    """The list opens plainly again if it opened with this one."""
    session.delete(view)
    history.record(session, "remove_view", actor=actor, now=now, view=view.id, name=view.name, query=view.query)


def _hold(session: Session, actor: Actor) -> None:
    """Whoever writes twice at once does so one after the other: names, number and default are decided together."""
    if session.info.get(WRITE):
        session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())


def _rename(view: SavedView, name: str, others: Sequence[SavedView]) -> None:
    """Case and accents make no other name."""
    said = tidy(name)
    key = fold(said)[:LONGEST_KEY]
    if not key:
        raise Invalid([FieldError("name", "required")])
    if len(said) > LONGEST_NAME:
        raise Invalid([FieldError("name", "too_long", {"limit": LONGEST_NAME, "length": len(said)})])
    if any(one.name_key == key for one in others):
        raise Invalid([FieldError("name", "view_name_taken", {"name": said})])
    view.name, view.name_key = said, key


def _open_with(session: Session, view: SavedView, views: Sequence[SavedView]) -> None:
    """The list opens with this one and no other; a form that shows another isn't stale for that."""
    others = [one.id for one in views if one is not view and one.is_default]
    session.execute(update(SavedView).where(SavedView.id.in_(others)).values(is_default=False))
    view.is_default = True


def _words(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "query": view.query, "is_default": view.is_default}
