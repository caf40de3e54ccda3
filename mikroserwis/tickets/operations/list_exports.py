"""Lists too long to come at once: asked for here, made in the background, kept for 30 days by who asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config import Settings
from mikroserwis import access, storage
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, NotFound, Refused
from mikroserwis.i18n import language
from mikroserwis.models import ListExport, User
from mikroserwis.storage import Store
from mikroserwis.tickets.wanted import Wanted, canonical

OPEN = ("queued", "running")
KEPT = timedelta(days=30)
MOST_OPEN, MOST_KEPT = 3, 50


def shelf(settings: Settings) -> Store:
    """Where their files lie: apart from the papers, which are never removed."""
    return storage.shelf(settings, "exports")


def scope(actor: Actor) -> str:
    """What the actor sees. A file shows what was seen then, so whoever sees something else now doesn't get it."""
    return "staff" if actor.is_staff else f"{actor.role} {actor.dealer_id or actor.user_id}"


def own(session: Session, actor: Actor, now: datetime) -> Sequence[ListExport]:
    """The actor's own, newest first. Raises Forbidden."""
    access.require("exports.own", access.role_relations(actor))
    mine = select(ListExport).where(
        ListExport.user_id == actor.user_id,
        ListExport.scope == scope(actor),
        or_(ListExport.expires_at.is_(None), ListExport.expires_at > now),
    )
    return session.scalars(mine.order_by(ListExport.id.desc())).all()


def load(session: Session, actor: Actor, export_id: int, now: datetime) -> ListExport:
    """One of the actor's own. Raises NotFound: nobody else's is there for anybody."""
    found = session.get(ListExport, export_id, with_for_update=session.info.get("write") or None)
    mine = found is not None and found.user_id == actor.user_id and found.scope == scope(actor)
    if found is None or not mine or (found.expires_at is not None and found.expires_at <= now):
        raise NotFound(record="export", id=export_id)
    access.require("exports.own", access.role_relations(actor))
    return found


def order(session: Session, wanted: Wanted, *, actor: Actor, now: datetime) -> ListExport:
    """Ask for the list as it is filtered and sorted. Raises Forbidden; Refused if many are under way or kept."""
    _require_room(session, actor, now)
    export = ListExport(
        user_id=actor.user_id,
        scope=scope(actor),
        query=canonical(wanted),
        language=language(),
        created_at=now,
    )
    session.add(export)
    session.flush()
    return export


def cancel(export: ListExport, *, now: datetime) -> None:
    """Stop it; what has ended stays as it is. Its worker finds out when it next says how far it is."""
    if export.state in OPEN:
        export.state, export.ended_at, export.expires_at = "cancelled", now, now + KEPT


def again(session: Session, export: ListExport, *, actor: Actor, now: datetime) -> None:
    """Make anew what failed or was cancelled; else nothing. A worker that still has it goes first. Raises Refused."""
    if export.state not in {"failed", "cancelled"}:
        return
    _require_room(session, actor, now, without=export.id)
    export.state, export.attempts, export.language, export.failure = "queued", 0, language(), None
    export.rows_total, export.rows_done, export.ended_at, export.expires_at = None, 0, None, None


def remove(export: ListExport, *, now: datetime) -> None:
    """It is gone at once; its bytes are swept away within seconds."""
    cancel(export, now=now)
    export.expires_at = now


def _require_room(session: Session, actor: Actor, now: datetime, without: int = 0) -> None:
    """One person's requests are counted one after the other."""
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    found = [one for one in own(session, actor, now) if one.id != without]
    if sum(one.state in OPEN for one in found) >= MOST_OPEN:
        raise Refused("export_list", [Blocker("few_exports_are_open", {"limit": MOST_OPEN})])
    if len(found) >= MOST_KEPT:
        raise Refused("export_list", [Blocker("few_exports_are_kept", {"limit": MOST_KEPT})])


def require_done(export: ListExport) -> None:
    """Raises Refused while there is no file."""
    if export.state != "done":
        raise Refused("download", [Blocker("export_is_done", {"state": export.state})])
