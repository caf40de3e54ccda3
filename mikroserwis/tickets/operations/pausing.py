"""Suspension and resumption: the clock stands while a retailer thinks."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.models import Subticket, Ticket
from mikroserwis.tickets import notices
from mikroserwis.tickets.clock import reclock
from mikroserwis.tickets.facts import decide, papers, subticket_facts, ticket_facts
from mikroserwis.tickets.operations.automatic import try_close, try_sign
from mikroserwis.tickets.operations.notes import add_note, words
from workflows import SUBTICKET, TICKET


def suspend(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, note: str) -> None:
    """taken, contract → suspended, with a note; with a quote type the quote goes to the operations mailbox."""
    note, held = words(note, "note"), papers(session, ticket)
    state = decide(TICKET, "suspend", ticket_facts(session, ticket, actor, papers_=held, note=note))
    ticket.suspended_from, ticket.state = ticket.state, state
    add_note(session, ticket, note, actor=actor, now=now, act="suspend", quiet=True)
    history.record(session, "suspend", actor=actor, now=now, ticket=ticket, note=note)
    reclock(session, ticket, now)
    quote = next((file for file in held.valid if file.kind == "quote"), None)
    notices.suspended(session, ticket, quote, note, actor=actor, now=now)


def resume(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """suspended → where it was; the clock goes on with what was left."""
    ticket.state = decide(TICKET, "resume", ticket_facts(session, ticket, actor))
    ticket.suspended_from = None
    history.record(session, "resume", actor=actor, now=now, ticket=ticket)
    reclock(session, ticket, now)
    notices.announce(session, ticket, "resumed", now=now)
    if not try_sign(session, ticket, actor=actor, now=now):
        # Its last open shop may have been withdrawn meanwhile.
        try_close(session, ticket, actor=actor, now=now)


def suspend_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime, note: str) -> None:
    """taken → suspended, with a note."""
    note = words(note, "note")
    subticket.state = decide(SUBTICKET, "suspend", subticket_facts(session, subticket, actor, note=note))
    add_note(session, subticket.ticket, note, actor=actor, now=now, act="suspend", subticket=subticket, quiet=True)
    history.record(session, "suspend", actor=actor, now=now, ticket=subticket.ticket, subticket=subticket, note=note)


def resume_subticket(session: Session, subticket: Subticket, *, actor: Actor, now: datetime) -> None:
    """suspended → taken."""
    subticket.state = decide(SUBTICKET, "resume", subticket_facts(session, subticket, actor))
    history.record(session, "resume", actor=actor, now=now, ticket=subticket.ticket, subticket=subticket)
