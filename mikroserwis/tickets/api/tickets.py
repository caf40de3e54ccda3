"""The list and the ticket."""

from flask import request

from mikroserwis import access, edge
from mikroserwis.tickets import listing, wanted
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import TICKET, TICKETS, blueprint, load


@blueprint.get("/tickets")
@blueprint.input(inputs.ListQuery, location="query")
@blueprint.output(outputs.TicketPage)
@blueprint.doc(summary="The list: filtered, searched, sorted, by pages", tags=TICKETS)
def tickets(query_data: inputs.ListQuery) -> outputs.TicketPage:  # noqa: ARG001 - documents what `wanted` reads
    """What the asker may see, as the address asks for it."""
    actor, now = edge.actor(), edge.now()
    access.require("tickets.list", access.role_relations(actor))
    page = listing.fetch(edge.session(), wanted.read(request.args), actor, now)
    return outputs.TicketPage(
        items=[shown.line(row, now) for row in page.rows],
        total=page.total,
        total_is_bounded=page.bounded,
        page=page.page,
        pages=page.pages,
        size=page.size,
    )


@blueprint.get(TICKET)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="A ticket with what can be done and what stands in the way", tags=TICKETS)
def ticket(number: int) -> outputs.TicketOut:
    """As much of it as the asker may see."""
    return shown.ticket(edge.session(), load(number, "ticket.see"), edge.actor(), edge.now())
