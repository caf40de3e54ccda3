"""What went to the backoffice: pressed again by staff, downloaded as a ZIP by whoever may see it."""

from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from exports.packages import Package, PackagedFile, write_package
from exports.papers import Party
from mikroserwis import access, edge
from mikroserwis.errors import NotFound
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer, Delivery, DeliveryFile, File, Ticket
from mikroserwis.tickets.documents import ZIP, party
from mikroserwis.tickets.operations.export import try_again
from mikroserwis.tickets.views.base import back, blueprint
from mikroserwis.tickets.views.detail import stay_on_ticket

IN_MEMORY = 8 * 1024 * 1024


@blueprint.post("/deliveries/<int:delivery_id>/retry")
def retry(delivery_id: int) -> ResponseReturnValue:
    """Staff press again on a delivery that is stuck or was rejected."""
    delivery, ticket = _delivery(delivery_id, "deliveries.retry")
    stay_on_ticket(ticket.number)
    try_again(edge.session(), delivery, actor=edge.actor(), now=edge.now())
    return back(ticket.number, _("The package is queued again."), "export")


@blueprint.get("/deliveries/<int:delivery_id>/package.zip")
def package(delivery_id: int) -> ResponseReturnValue:
    """The package's files with their manifest and index."""
    delivery, ticket = _delivery(delivery_id, "deliveries.see")
    out = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the response
    write_package(_package(delivery, ticket), cast(BinaryIO, out))
    out.seek(0)
    return send_file(out, mimetype=ZIP, as_attachment=True, download_name=f"{delivery.package_id}.zip", max_age=0)


def _delivery(delivery_id: int, permission: str) -> tuple[Delivery, Ticket]:
    """A dealer sees those of its own tenure. Raises NotFound, Forbidden."""
    session, actor = edge.session(), edge.actor()
    found = session.execute(
        select(Delivery, Ticket.number)
        .join(Ticket, Ticket.id == Delivery.ticket_id)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.item), selectinload(Delivery.files).joinedload(DeliveryFile.file))
    ).one_or_none()
    if found is None or (actor.is_dealer and found.Delivery.dealer_id != actor.dealer_id):
        raise NotFound(record="delivery", id=delivery_id)
    return found.Delivery, access.ticket(session, actor, found.number, permission)


def _package(delivery: Delivery, ticket: Ticket) -> Package:
    dealer = edge.session().get(Dealer, delivery.dealer_id) if delivery.dealer_id else None
    return Package(
        package_id=delivery.package_id,
        purpose="closing" if delivery.purpose == "closing" else "scans",
        ticket=ticket.number,
        made_at=delivery.requested_at,
        company=party(ticket.customer),
        dealer=party(dealer) if dealer else Party(name=""),
        files=tuple(_packaged(one.file) for one in delivery.files),
    )


def _packaged(file: File) -> PackagedFile:
    return PackagedFile(
        kind=file.kind,
        name=file.name,
        sha256=file.sha256,
        size=file.size,
        version=file.version,
        content_type=file.content_type,
        pages=file.pages,
        uploaded_at=file.uploaded_at,
        open=lambda: edge.parts().store.open(file.sha256),
    )
