"""What the resources share: the blueprint, their addresses, and bodies that are read before anything is done."""

from apiflask import APIBlueprint

from mikroserwis import access, edge
from mikroserwis.bodies import read_body
from mikroserwis.models import Ticket

blueprint = APIBlueprint("tickets_api", __name__, url_prefix="/api/v1")
blueprint.before_request(read_body)

# Larger ones are in no database; the path is unknown then, as with letters.
TICKET = f"/tickets/<int(max={2**53 - 1}):number>"
SUBTICKET = f"/subtickets/<int(max={2**31 - 1}):subticket_id>"
POINT = f"/points/<int(max={2**53 - 1}):point_id>"
FILE = f"/files/<int(max={2**31 - 1}):file_id>"
DELIVERY = f"/deliveries/<int(max={2**31 - 1}):delivery_id>"

TICKETS, SUBTICKETS, COMPANY, FILES, NOTES, DELIVERIES, INTAKE = (
    [name]
    for name in ("Tickets", "Sub-tickets", "Company and points", "Files", "Notes and history", "Deliveries", "Intake")
)
QUOTES = ["Quotes"]


def load(number: int, permission: str) -> Ticket:
    """The ticket in this request's transaction. Raises NotFound, Forbidden."""
    return access.ticket(edge.session(), edge.actor(), number, permission)
