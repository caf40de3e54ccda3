"""Requests for a later day that nobody can grant any more: their stage is done, or the ticket went on to another."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, DeadlineExtension, Ticket


def lapse(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Every request but one for the stage that is owed now, in the present tenure; `reclock` calls it.

    A suspended ticket owes nothing: its clock stands, and its deadline moves by itself.
    """
    gone = [DeadlineExtension.ticket_id == ticket.id, DeadlineExtension.state == "asked"]
    if ticket.stage is not None:
        gone.append(~(standing() & (DeadlineExtension.stage == ticket.stage)))
    lapsed = {"state": "lapsed", "decided_at": now, "version": DeadlineExtension.version + 1}
    session.execute(update(DeadlineExtension).where(*gone).values(lapsed))


def standing() -> ColumnElement[bool]:
    """The request's tenure has not ended."""
    return exists().where(Assignment.id == DeadlineExtension.assignment_id, Assignment.ended_at.is_(None))
