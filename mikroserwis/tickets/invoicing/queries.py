"""The invoices of a ticket, and whether one can be given now."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.access import Actor
from mikroserwis.errors import Blocker
from mikroserwis.models import FinalInvoice, Ticket
from mikroserwis.tickets.settlement import Settlement


def visible(session: Session, ticket: Ticket, actor: Actor) -> Sequence[FinalInvoice]:
    """Newest first, with their files; a dealer sees its own."""
    query = select(FinalInvoice).where(FinalInvoice.ticket_id == ticket.id).order_by(FinalInvoice.id.desc())
    if actor.is_dealer:
        query = query.where(FinalInvoice.dealer_id == actor.dealer_id)
    return session.scalars(query.options(joinedload(FinalInvoice.file), joinedload(FinalInvoice.quote))).all()


def blockers(ticket: Ticket, found: Settlement) -> list[Blocker]:
    """Why no invoice can be given now: the type has none, it is no contract yet, or nothing has been accepted."""
    if not found.needed:
        return [Blocker("type_has_an_invoice", {"type": ticket.type})]
    if ticket.state == "closed":
        return [Blocker("ticket_is_open", {"state": ticket.state})]
    if "contract" not in {ticket.state, ticket.suspended_from}:
        return [Blocker("ticket_is_in_contract", {"state": ticket.state})]
    return [] if found.accepted else [Blocker("quote_is_accepted", {})]
