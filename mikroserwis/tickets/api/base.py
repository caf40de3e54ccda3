"""What the resources share: the blueprint, their addresses, and bodies that are read before anything is done."""

from apiflask import APIBlueprint
from flask import current_app, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from mikroserwis import access, edge
from mikroserwis.models import Ticket

blueprint = APIBlueprint("tickets_api", __name__, url_prefix="/api/v1")

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


@blueprint.before_request
def read_body() -> None:
    """Raises BadRequest and UnsupportedMediaType; the body has to be what the resource documents."""
    expected = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {}).get("content_type")
    if request.method in edge.SAFE or expected is None:
        return
    if request.mimetype != expected:
        raise UnsupportedMediaType
    if expected == "application/json":
        try:
            body = request.get_json()
        except RecursionError:
            raise BadRequest from None
        if not isinstance(body, dict):
            raise BadRequest


def load(number: int, permission: str) -> Ticket:
    """The ticket in this request's transaction. Raises NotFound, Forbidden."""
    return access.ticket(edge.session(), edge.actor(), number, permission)
