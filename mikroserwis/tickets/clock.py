"""The ticket's clock: what is owed, since when, with which pauses; and the cache of what follows from it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Event, Ticket
from mikroserwis.rulebook import POLICIES, RULES
from sla import Due, Pause, Stage, Tenure, due_moments, next_due

OWED = {"new": Stage.TAKE, "taken": Stage.CONTRACT, "contract": Stage.COMPLETION}


def present_assignment(session: Session, ticket: Ticket) -> Assignment | None:
    """The tenure that has not ended; None while the ticket is in the pool or was never given out."""
    query = select(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def last_assignment(session: Session, ticket: Ticket) -> Assignment | None:
    """The newest tenure, ended or not."""
    query = select(Assignment).where(Assignment.ticket_id == ticket.id).order_by(Assignment.id.desc()).limit(1)
    return session.scalars(query).first()


def pauses(session: Session, ticket: Ticket, since: datetime) -> list[Pause]:
    """From the history: each suspension after `since`, ended by a resumption or a change of dealer."""
    acts = session.execute(
        select(Event.verb, Event.at)
        .where(
            Event.ticket_id == ticket.id,
            Event.subticket_id.is_(None),
            Event.verb.in_(("suspend", "resume", "resign", "reassign", "cancel")),
            Event.at >= since,
        )
        .order_by(Event.id)
    ).all()
    return read_pauses([(row.verb, row.at) for row in acts])


def read_pauses(acts: Sequence[tuple[str, datetime]]) -> list[Pause]:
    """Pauses in a sequence of acts in order."""
    found: list[Pause] = []
    start: datetime | None = None
    for verb, at in acts:
        if verb == "suspend":
            start = start or at
        elif start is not None:
            found.append(Pause(start, at))
            start = None
    return [*found, Pause(start)] if start is not None else found


def dues(session: Session, ticket: Ticket, assignment: Assignment, now: datetime) -> tuple[Due, ...]:
    """Every stage's due moment in this tenure of the ticket."""
    return due_moments(_tenure(session, ticket, assignment), POLICIES[ticket.type], now)


def _tenure(session: Session, ticket: Ticket, assignment: Assignment) -> Tenure:
    return Tenure(
        assigned_at=assignment.assigned_at,
        owes=OWED.get(ticket.state),
        pauses=pauses(session, ticket, assignment.assigned_at),
    )


def last_day(at: datetime) -> date:
    """A deadline is a midnight; people are told the day that ends with it."""
    return (at.astimezone(RULES.tz) - timedelta(seconds=1)).date()


def reclock(session: Session, ticket: Ticket, now: datetime) -> None:
    """Write the cache anew; every operation that changes stage, dealer or pause ends with this."""
    session.flush()
    assignment = present_assignment(session, ticket)
    due = next_due(_tenure(session, ticket, assignment), POLICIES[ticket.type], now) if assignment else None
    if due is None:
        ticket.stage = ticket.due_at = ticket.warn_at = None
        return
    ticket.stage, ticket.due_at = due.stage.value, due.at
    ticket.warn_at = due.warnings[0][1] if due.warnings else due.at
