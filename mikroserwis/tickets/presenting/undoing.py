"""The last change of dealer on the ticket's page, for staff, while it can be undone; and the form that undoes it."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Dealer, Handover, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.offer import choice_of, choice_words
from mikroserwis.tickets.operations.undoing import UNDOABLE, due_before, later_day, undo_blockers
from mikroserwis.tickets.presenting.acts import head
from mikroserwis.tickets.presenting.scene import Scene


def undoable(scene: Scene) -> dict[str, Any] | None:
    """What tickets/_undo.html wants; None where there is nothing to undo, or somebody else reads."""
    if not scene.may("handover.undo"):
        return None
    handover = last_undoable(scene.session, scene.ticket, scene.now)
    return change(scene.session, scene.ticket, handover) if handover else None


def last_undoable(session: Session, ticket: Ticket, now: datetime) -> Handover | None:
    """The newest change of dealer that still holds, if it can be undone."""
    newest = (
        select(Handover)
        .where(Handover.ticket_id == ticket.id, Handover.undone_at.is_(None))
        .order_by(Handover.id.desc())
        .limit(1)
    )
    handover = session.scalars(newest).first()
    return None if handover is None or undo_blockers(session, ticket, handover, now) else handover


def form(session: Session, ticket: Ticket, handover: Handover, now: datetime) -> dict[str, Any]:
    """What tickets/undo.html wants."""
    due = due_before(session, handover)
    return {
        "ticket": head(ticket),
        "undo": change(session, ticket, handover),
        "first_day": today(now),
        "fresh_day": later_day(due, handover, now) or (last_day(due) if due else None),
    }


def change(session: Session, ticket: Ticket, handover: Handover) -> dict[str, Any]:
    """Who had it, who got it, when and why."""
    begun = session.get(Assignment, handover.next_assignment_id) if handover.next_assignment_id else None
    choice = choice_of(begun)
    return {
        "url": url_for("tickets.undo_handover", number=ticket.number, handover_id=handover.id),
        "at": handover.at,
        "until": handover.at + UNDOABLE,
        "by_sweep": handover.how == "sweep",
        "was": _name(session, handover.former_dealer_id),
        "to": _name(session, handover.next_dealer_id),
        "why": choice_words(choice) if choice else "",
    }


def _name(session: Session, dealer_id: int | None) -> str:
    return session.get_one(Dealer, dealer_id).name if dealer_id is not None else ""
