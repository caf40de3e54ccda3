"""What is done to a ticket: each act a noun, each answered with the ticket as it is then."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from mikroserwis import edge
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import Dealer, Ticket
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import TICKET, TICKETS, blueprint, load
from mikroserwis.tickets.api.deliveries import delivery_out
from mikroserwis.tickets.operations import closing, export, handover, pausing, taking


@blueprint.post(f"{TICKET}/taking")
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Take the ticket; 409 just_taken if another dealer was first", tags=TICKETS)
def take(number: int) -> outputs.TicketOut:
    """By its caretaker, or by any dealer who may take it out of the pool."""
    ticket = taking.ticket_to_act_on(edge.session(), edge.actor(), number, "ticket.take", edge.now())
    return _done(ticket, taking.take)


@blueprint.post(f"{TICKET}/suspension")
@blueprint.input(inputs.NoteOfAct)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Suspend, with a note", tags=TICKETS)
def suspend(number: int, json_data: inputs.NoteOfAct) -> outputs.TicketOut:
    """The clock stands until it is resumed."""
    return _done(load(number, "ticket.suspend"), pausing.suspend, note=json_data.note)


@blueprint.post(f"{TICKET}/resumption")
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Resume", tags=TICKETS)
def resume(number: int) -> outputs.TicketOut:
    """Where it was suspended, with the time that was left."""
    return _done(load(number, "ticket.resume"), pausing.resume)


@blueprint.post(f"{TICKET}/resignation")
@blueprint.input(inputs.NoteOfAct)
@blueprint.output(outputs.TicketOut, 200)
@blueprint.doc(summary="Resign, with a note: the ticket goes to the next dealer", tags=TICKETS)
def resign(number: int, json_data: inputs.NoteOfAct) -> outputs.TicketOut:
    """The answer is the ticket as it was left; afterwards it is out of the dealer's sight."""
    return _done(load(number, "ticket.resign"), handover.resign, note=json_data.note)


@blueprint.post(f"{TICKET}/reassignment")
@blueprint.input(inputs.Reassignment)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Give it to another dealer or into the pool, with a reason (staff)", tags=TICKETS)
def reassign(number: int, json_data: inputs.Reassignment) -> outputs.TicketOut:
    """To the next by the rules, to the pool, or to the dealer with a CRM id."""
    ticket = load(number, "ticket.reassign")
    return _done(ticket, handover.reassign, reason=json_data.reason, to=receiver(json_data.to))


@blueprint.post(f"{TICKET}/cancellation")
@blueprint.input(inputs.ReasonOfAct)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Cancel, with a reason (staff)", tags=TICKETS)
def cancel(number: int, json_data: inputs.ReasonOfAct) -> outputs.TicketOut:
    """With all its open sub-tickets."""
    return _done(load(number, "ticket.cancel"), closing.cancel, reason=json_data.reason)


@blueprint.post(f"{TICKET}/reopening")
@blueprint.input(inputs.ReasonOfAct)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Reopen, with a reason (administrator)", tags=TICKETS)
def reopen(number: int, json_data: inputs.ReasonOfAct) -> outputs.TicketOut:
    """Back to the contract, its completion due anew."""
    return _done(load(number, "ticket.reopen"), closing.reopen, reason=json_data.reason)


@blueprint.post(f"{TICKET}/export")
@blueprint.output(outputs.DeliveryOut, 202)
@blueprint.doc(summary="Send the scans to the backoffice; the delivery goes on in the background", tags=TICKETS)
def export_scans(number: int) -> outputs.DeliveryOut:
    """What the backoffice hasn't acknowledged yet."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    delivery = export.export_scans(session, load(number, "ticket.export"), actor=actor, now=now)
    session.refresh(delivery, ["item", "files"])
    return delivery_out(delivery, [])


def receiver(to: str | int) -> str | int:
    """`next` and `pool` as they are, a CRM id as the dealer's own. Raises Invalid."""
    if isinstance(to, str):
        return to
    dealer_id = edge.session().scalars(select(Dealer.id).where(Dealer.crm_id == to)).one_or_none()
    if dealer_id is None:
        raise Invalid([FieldError("to", "no_such_dealer")])
    return dealer_id


def _done(ticket: Ticket, act: Callable[..., object], **words: Any) -> outputs.TicketOut:
    session, actor, now = edge.session(), edge.actor(), edge.now()
    act(session, ticket, actor=actor, now=now, **words)
    return shown.ticket(session, ticket, actor, now)
