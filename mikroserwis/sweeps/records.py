"""Rows that the outcome of a delivery is written to."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.models import Ticket


def held_ticket(session: Session, number: int | None) -> Ticket | None:
    """The ticket with its customer, locked: people act on it at the same time."""
    return _held(session, Ticket.number == number)


def held_ticket_by_id(session: Session, ticket_id: int) -> Ticket | None:
    """The same by the row's id."""
    return _held(session, Ticket.id == ticket_id)


def _held(session: Session, which: ColumnElement[bool]) -> Ticket | None:
    query = select(Ticket).where(which).options(joinedload(Ticket.customer)).with_for_update(of=Ticket)
    return session.scalars(query).one_or_none()
