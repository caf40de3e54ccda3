"""What a person does with what it is told: it is read, one by one or all of it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import Notification


def mark_read(notification: Notification, *, now: datetime) -> None:
    """Once; it stays as it was read first."""
    notification.read_at = notification.read_at or now


def mark_unread(notification: Notification) -> None:
    """To come back to."""
    notification.read_at = None


def mark_all_read(session: Session, up_to: int, *, actor: Actor, now: datetime) -> int:
    """How many were unread. What came since the list was read, after the id `up_to`, stays unread."""
    unread = (Notification.user_id == actor.user_id, Notification.read_at.is_(None), Notification.id <= up_to)
    marked = session.execute(update(Notification).where(*unread).values(read_at=now))
    found: int = marked.rowcount  # type: ignore[attr-defined]
    return found
