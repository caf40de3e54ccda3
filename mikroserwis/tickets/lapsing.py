"""Requests for a later day that nobody can grant any more: their stage is done, or the ticket went on to another."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, DeadlineExtension, Ticket


def lapse(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Every request but one for the stage that is owed now, in the present tenure; `reclock` calls it.

    A suspended ticket owes nothing: its clock stands, and its deadline moves by itself.
    """
    what = {"of": ticket.id, "at": now}
    if ticket.stage is None:
        gone = session.connection().execute(_EVERY, what)
    else:
        gone = session.connection().execute(_OTHERS, {**what, "owed": ticket.stage})
    if gone.rowcount:
        for one in session:
            if isinstance(one, DeadlineExtension):
                session.expire(one)


def wait_again(session: Session, ticket: Ticket, tenure: int, *, lapsed_at: datetime, after: date) -> None:
    """What lapsed at that moment, when the tenure was ended, waits again now that it goes on: if it asks for more time
    than there is, and for the stage that is owed."""
    gone = (
        DeadlineExtension.assignment_id == tenure,
        DeadlineExtension.state == "lapsed",
        DeadlineExtension.decided_at == lapsed_at,
        DeadlineExtension.stage == ticket.stage,
        DeadlineExtension.until > after,
    )
    for one in session.scalars(select(DeadlineExtension).where(*gone)):
        one.state, one.decided_at = "asked", None


def standing() -> ColumnElement[bool]:
    """The request's tenure has not ended."""
    return exists().where(Assignment.id == DeadlineExtension.assignment_id, Assignment.ended_at.is_(None))


# Part of every act that moves a clock: built once, and past the session, which hardly ever knows one of these.
_EVERY = (
    update(DeadlineExtension)
    .where(DeadlineExtension.ticket_id == bindparam("of"), DeadlineExtension.state == "asked")
    .values(state="lapsed", decided_at=bindparam("at"), version=DeadlineExtension.version + 1)
)
_OTHERS = _EVERY.where(~(standing() & (DeadlineExtension.stage == bindparam("owed"))))
