"""A later deadline taken back, within a day and if nothing has happened since."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict
from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.tickets.bulk import telling
from mikroserwis.tickets.clock import last_day, present_assignment, reclock

UNDOABLE = timedelta(hours=24)


def withdraw(
    session: Session, ticket: Ticket, extension: DeadlineExtension, *, reason: str, actor: Actor, now: datetime
) -> None:
    """If nothing has happened since. A request of the dealer's that was answered by it waits for an answer again.

    Raises Conflict; then the caller takes back what was written.
    """
    if extension.decided_at is None or now - extension.decided_at > UNDOABLE:
        raise Conflict("undo_is_late")
    present = present_assignment(session, ticket)
    newest = session.scalars(
        select(DeadlineExtension.id)
        .where(DeadlineExtension.assignment_id == extension.assignment_id)
        .order_by(DeadlineExtension.id.desc())
    ).first()
    same = present is not None and present.id == extension.assignment_id and ticket.stage == extension.stage
    if not same or extension.state != "granted" or newest != extension.id:
        raise Conflict("gone_on")
    before = last_day_of(ticket)
    asked = extension.asked_by_id != extension.decided_by_id
    extension.state = "asked" if asked else "withdrawn"
    extension.granted_until = None
    if asked:
        extension.answer, extension.decided_at, extension.decided_by_id, extension.decided_by = "", None, None, None
    reclock(session, ticket, now)
    if ticket.due_at is not None and ticket.due_at <= now:
        raise Conflict("day_before_is_over")
    history.record(
        session,
        "undo_extension",
        actor=actor,
        now=now,
        ticket=ticket,
        was=before,
        due=last_day_of(ticket),
        reason=reason,
    )
    telling.shortened(session, ticket, extension, now, reason=reason, until=last_day_of(ticket))


def last_day_of(ticket: Ticket) -> str:
    """The present deadline's last day."""
    return last_day(ticket.due_at).isoformat() if ticket.due_at else ""
