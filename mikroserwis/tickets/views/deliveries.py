"""What went to the backoffice: pressed again by staff, downloaded as a ZIP by whoever may see it."""

from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.i18n import gettext as _
from mikroserwis.tickets import packages
from mikroserwis.tickets.operations.export import try_again
from mikroserwis.tickets.views.base import back, blueprint
from mikroserwis.tickets.views.detail import stay_on_ticket


@blueprint.post("/deliveries/<int:delivery_id>/retry")
def retry(delivery_id: int) -> ResponseReturnValue:
    """Staff press again on a delivery that is stuck or was rejected."""
    delivery, ticket = packages.load(edge.session(), edge.actor(), delivery_id, "deliveries.retry")
    stay_on_ticket(ticket.number)
    try_again(edge.session(), delivery, actor=edge.actor(), now=edge.now())
    return back(ticket.number, _("The package is queued again."), "export")


@blueprint.get("/deliveries/<int:delivery_id>/package.zip")
def package(delivery_id: int) -> ResponseReturnValue:
    """The package's files with their manifest and index."""
    delivery, ticket = packages.load(edge.session(), edge.actor(), delivery_id, "deliveries.see")
    return packages.answer(packages.package(edge.session(), ticket, delivery))
