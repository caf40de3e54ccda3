"""Changes of dealer, for programs: undone within a day."""

from datetime import date

from pydantic import Field

from mikroserwis import access, edge
from mikroserwis.errors import NotFound
from mikroserwis.tickets.api import outputs, shown
from mikroserwis.tickets.api.base import TICKET, TICKETS, blueprint
from mikroserwis.tickets.api.inputs import ReasonOfAct
from mikroserwis.tickets.operations import undoing


class Undo(ReasonOfAct):
    until: date | None = Field(
        None,
        description="The last day of the stage that goes on. Left out: as many days are left as at the change of "
        "dealer; if none was left, three.",
    )


@blueprint.post(f"{TICKET}/handovers/<int(max={2**31 - 1}):handover_id>/undo")
@blueprint.input(Undo)
@blueprint.output(outputs.TicketOut)
@blueprint.doc(summary="Undo a change of dealer within a day, with a reason (staff)", tags=TICKETS)
def undo_handover(number: int, handover_id: int, json_data: Undo) -> outputs.TicketOut:
    """409 once the next dealer has taken the ticket, or it has gone on."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    handover, ticket = access.handover(session, actor, handover_id, "handover.undo")
    if ticket.number != number:
        raise NotFound(record="handover", id=handover_id)
    undoing.undo(session, ticket, handover, actor=actor, now=now, reason=json_data.reason, until=json_data.until)
    return shown.ticket(session, ticket, actor, now)
