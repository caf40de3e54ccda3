"""Taking a ticket or a sub-ticket: of two who press at once exactly one gets it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from mikroserwis import access, history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, NotFound
from mikroserwis.models import Assignment, Subticket, Ticket
from mikroserwis.tickets import notices
from mikroserwis.tickets.clock import present_assignment, reclock
from mikroserwis.tickets.facts import decide, subticket_facts, ticket_facts
from mikroserwis.tickets.operations.handover import show_dealer
from workflows import SUBTICKET, TICKET


def ticket_to_act_on(session: Session, actor: Actor, number: int, permission: str, now: datetime) -> Ticket:
    """The ticket, locked. One that another dealer has just taken out of the pool is told as that: Conflict."""
    try:
        return access.ticket(session, actor, number, permission)
    except NotFound:
        if access.just_taken(session, actor, number, now):
            raise Conflict("just_taken") from None
        raise


def take(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """new → taken by the caretaker, or by any eligible dealer if in the pool. Raises Refused, Conflict(just_taken)."""
    ticket.state = decide(TICKET, "take", ticket_facts(session, ticket, actor))
    from_pool = ticket.dealer_id is None
    if from_pool:
        take_from_pool(session, ticket, actor=actor, now=now)
    else:
        flush_or_lose(session)
    assignment = present_assignment(session, ticket)
    if assignment is not None:
        assignment.taken_at = now
    reclock(session, ticket, now)
    history.record(session, "take", actor=actor, now=now, ticket=ticket, from_pool=from_pool)
    notices.announce(session, ticket, "taken", now=now)


def take_from_pool(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """The row's version decides: the update of whoever comes second finds no row."""
    ticket.dealer_id = actor.dealer_id
    for one in ticket.subtickets:
        if one.dealer_id is None:
            one.dealer_id = actor.dealer_id
    flush_or_lose(session)
    session.add(Assignment(ticket_id=ticket.id, dealer_id=actor.dealer_id, assigned_at=now, how="pool"))
    flush_or_lose(session)
    show_dealer(session, ticket)


def take_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime) -> None:
    """new → taken, once the ticket is a contract and the backoffice has acknowledged its scans."""
    subticket.state = decide(SUBTICKET, "take", subticket_facts(session, subticket, actor))
    subticket.dealer_id = actor.dealer_id
    flush_or_lose(session)
    session.refresh(subticket, ["dealer"])
    history.record(session, "take", actor=actor, now=now, ticket=subticket.ticket, subticket=subticket)


def flush_or_lose(session: Session) -> None:
    """Raises Conflict(just_taken) if somebody else's change came first."""
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:
        raise Conflict("just_taken") from error
