"""Side effects as rows: put in with the change, claimed by a lease, carried out, recorded."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from mikroserwis.models import Attempt, OutboxItem

LEASE = timedelta(minutes=2)
_PAUSES = (5, 15, 60, 300, 900, 3600)


@dataclass(frozen=True)
class Claimed:
    """What a worker holds until `until`."""

    id: int
    topic: str
    key: str
    payload: dict[str, Any]
    attempt_id: int
    number: int
    until: datetime


def enqueue(
    session: Session, topic: str, key: str, payload: dict[str, Any], *, now: datetime, ticket_id: int | None = None
) -> OutboxItem:
    """A side effect that happens once this transaction has committed. The key is unique for ever."""
    item = OutboxItem(
        topic=topic, key=key, payload=json.dumps(payload), ticket_id=ticket_id, due_at=now, created_at=now
    )
    session.add(item)
    session.flush()
    return item


def due(now: datetime, *, only: str = "", but: str = "") -> tuple[ColumnElement[bool], ...]:
    """What waits to be tried: of one topic alone, or of all but one."""
    topics = ([OutboxItem.topic == only] if only else []) + ([OutboxItem.topic != but] if but else [])
    return OutboxItem.state == "queued", OutboxItem.due_at <= now, *topics


def claim(session: Session, now: datetime, *, only: str = "", but: str = "") -> Claimed | None:
    """The next item that is due, leased by one conditional update: whoever moved `due_at` has it."""
    for item_id, due_at in session.execute(
        select(OutboxItem.id, OutboxItem.due_at)
        .where(*due(now, only=only, but=but))
        .order_by(OutboxItem.due_at, OutboxItem.id)
        .limit(20)
    ).all():
        taken = session.execute(
            update(OutboxItem)
            .where(OutboxItem.id == item_id, OutboxItem.state == "queued", OutboxItem.due_at == due_at)
            .values(due_at=now + LEASE, attempts=OutboxItem.attempts + 1)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            return _begin(session, item_id, now)
    return None


def _begin(session: Session, item_id: int, now: datetime) -> Claimed:
    item = session.get_one(OutboxItem, item_id, populate_existing=True)
    attempt = Attempt(item_id=item.id, started_at=now)
    session.add(attempt)
    session.flush()
    return Claimed(item.id, item.topic, item.key, json.loads(item.payload), attempt.id, item.attempts, item.due_at)


def settle(
    session: Session,
    claimed: Claimed,
    *,
    now: datetime,
    error: str | None = None,
    code: str | None = None,
    permanent: bool = False,
    attempts: int = 12,
) -> bool:
    """Record how the attempt went. False if the lease had passed to somebody else, who then records instead."""
    error = None if error is None else storable(error)
    held = (OutboxItem.id == claimed.id, OutboxItem.state == "queued", OutboxItem.due_at == claimed.until)
    if error is None:
        values: dict[str, Any] = {"state": "delivered", "done_at": now, "last_error": None}
    elif permanent:
        values = {"state": "rejected", "done_at": now, "last_error": error}
    elif claimed.number >= attempts:
        values = {"state": "stuck", "last_error": error}
    else:
        values = {"due_at": now + pause(claimed.number), "last_error": error}
    outcome = code or ("delivered" if error is None else "failed")
    session.execute(
        update(Attempt).where(Attempt.id == claimed.attempt_id).values(ended_at=now, outcome=outcome, detail=error)
    )
    return bool(session.execute(update(OutboxItem).where(*held).values(**values)).rowcount)  # type: ignore[attr-defined]


def storable(text: str) -> str:
    """What the other side said, without what no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def pause(number: int) -> timedelta:
    """How long to wait after the n-th failed attempt: growing, an hour at most."""
    return timedelta(seconds=_PAUSES[min(number, len(_PAUSES)) - 1])


def retry(item: OutboxItem, now: datetime) -> None:
    """A person presses again: a stuck or rejected item gets a fresh set of attempts."""
    item.state, item.attempts, item.due_at, item.done_at = "queued", 0, now, None
