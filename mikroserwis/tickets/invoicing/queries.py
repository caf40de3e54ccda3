"""The invoices of a ticket, and whether one can be given now."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.access import Actor
from mikroserwis.errors import Blocker
from mikroserwis.models import FinalInvoice, Ticket
from mikroserwis.tickets.settlement import Settlement


def visible(session: Session, ticket: Ticket, actor: Actor) -> Sequence[FinalInvoice]:
    """Newest first, with their files; a dealer sees its own."""
    if actor.is_dealer:
        return session.scalars(_OF_DEALER, {"ticket": ticket.id, "dealer": actor.dealer_id}).all()
    return session.scalars(_EVERY, {"ticket": ticket.id}).all()


_EVERY = (
    select(FinalInvoice)
    .where(FinalInvoice.ticket_id == bindparam("ticket"))
    .order_by(FinalInvoice.id.desc())
    .options(joinedload(FinalInvoice.file), joinedload(FinalInvoice.quote))
)
_OF_DEALER = _EVERY.where(FinalInvoice.dealer_id == bindparam("dealer"))


def blockers(ticket: Ticket, found: Settlement) -> list[Blocker]:
    """Why no invoice can be given now: the type has none, it is no contract yet, or nothing has been accepted."""
    if not found.needed:
        return [Blocker("type_has_an_invoice", {"type": ticket.type})]
    if ticket.state == "closed":
        return [Blocker("ticket_is_open", {"state": ticket.state})]
    if "contract" not in {ticket.state, ticket.suspended_from}:
        return [Blocker("ticket_is_in_contract", {"state": ticket.state})]
    return [] if found.accepted else [Blocker("quote_is_accepted", {})]
