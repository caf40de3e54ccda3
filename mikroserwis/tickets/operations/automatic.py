"""What a ticket does by itself as soon as nothing is missing: it becomes a contract, it closes."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.models import Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import notices
from mikroserwis.tickets.clock import present_assignment, reclock
from mikroserwis.tickets.facts import decide, papers, ticket_facts
from mikroserwis.tickets.operations.packaging import queue
from mikroserwis.tickets.quoting.operations import accept_with_contract
from mikroserwis.tickets.settlement import GUARD
from workflows import TICKET


def try_sign(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> bool:
    """taken → contract, as soon as nothing is missing; called after every act that could complete it."""
    session.flush()
    facts = ticket_facts(session, ticket, actor)
    if TICKET.blockers("sign", facts):
        return False
    ticket.state = decide(TICKET, "sign", facts)
    assignment = present_assignment(session, ticket)
    if assignment is not None:
        assignment.contract_at = now
    history.record(session, "sign", actor=actor, now=now, ticket=ticket)
    accept_with_contract(session, ticket, actor=actor, now=now)
    reclock(session, ticket, now)
    notices.announce(session, ticket, "contract", now=now)
    # A former dealer may have finished every shop before it gave the ticket up.
    try_close(session, ticket, actor=actor, now=now)
    return True


def try_close(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> bool:
    """contract → closed, when the last sub-ticket has closed and the final invoice is there; the closing package goes
    out only then. Where nothing but the invoice is missing, the dealer is told."""
    session.flush()
    facts = ticket_facts(session, ticket, actor)
    missing = TICKET.blockers("close", facts)
    if missing == (GUARD,):
        notices.invoice_missing(session, ticket, now=now)
    if missing:
        return False
    ticket.state = decide(TICKET, "close", facts)
    shut(session, ticket, "done", "close", actor=actor, now=now)
    queue(session, ticket, "closing", papers(session, ticket).valid, actor=actor, now=now)
    notices.announce(session, ticket, "closed", now=now)
    return True


def shut(
    session: Session, ticket: Ticket, outcome: str, verb: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """What every end has in common: the day, the end of the tenure and of its clock, the history."""
    ticket.outcome, ticket.suspended_from = outcome, None
    ticket.closed_on = now.astimezone(RULES.tz).date()
    present = present_assignment(session, ticket)
    if present is not None:
        present.ended_at, present.ended_by = now, verb
    history.record(session, verb, actor=actor, now=now, ticket=ticket, reason=reason)
    reclock(session, ticket, now)
