"""Acts on many tickets: chosen in the list, previewed, done, told row by row, undone."""

from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.tickets.views.base import blueprint


@blueprint.get("/tickets/bulk")
def bulk() -> ResponseReturnValue:
    """What would become of the chosen tickets."""
    access.require("tickets.bulk", access.role_relations(edge.actor()))
    return ""


@blueprint.get("/tickets/bulk/acts")
def bulk_acts() -> ResponseReturnValue:
    """The newest acts on many tickets."""
    access.require("tickets.bulk", access.role_relations(edge.actor()))
    return ""
