"""The list and the ticket."""

from apiflask.schemas import FileSchema
from flask import Response, request

from mikroserwis import access, edge
from mikroserwis.tickets import listing, wanted
from mikroserwis.tickets import sheet as sheets
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


@blueprint.get("/tickets.xlsx")
@blueprint.input(inputs.ListQuery, location="query")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=sheets.XLSX, description="The sheet.")
@blueprint.doc(summary="The list as a file, as filtered and sorted", tags=TICKETS)
def ticket_sheet(query_data: inputs.ListQuery) -> Response:  # noqa: ARG001 - documents what `wanted` reads
    """Up to 10 000 rows; longer lists are made by `POST /exports`."""
    actor = edge.actor()
    access.require("tickets.list", access.role_relations(actor))
    most = edge.parts().settings.list_rows_at_once
    return sheets.answer(edge.session(), wanted.read(request.args), actor, edge.now(), most=most)


@blueprint.get(TICKET)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="A ticket with what can be done and what stands in the way", tags=TICKETS)
def ticket(number: int) -> outputs.TicketOut:
    """As much of it as the asker may see."""
    return shown.ticket(edge.session(), load(number, "ticket.see"), edge.actor(), edge.now())
