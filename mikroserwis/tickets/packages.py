"""A delivery's package as a ZIP to look at: the same papers that go to the backoffice."""

from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, Literal

from flask import Response, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from exports.packages import Package, PackagedFile, write_package
from exports.papers import Party
from mikroserwis import access, edge
from mikroserwis.access import Actor
from mikroserwis.errors import NotFound
from mikroserwis.models import Dealer, Delivery, DeliveryFile, File, Ticket
from mikroserwis.tickets.documents import ZIP, party

IN_MEMORY = 4 * 1024 * 1024


def load(session: Session, actor: Actor, delivery_id: int, permission: str) -> tuple[Delivery, Ticket]:
    """A delivery and its ticket; a dealer sees those of its own tenure only. Raises NotFound, Forbidden."""
    row = session.execute(
        select(Delivery, Ticket.number)
        .join(Ticket, Ticket.id == Delivery.ticket_id)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.item), selectinload(Delivery.files).joinedload(DeliveryFile.file))
    ).one_or_none()
    if row is None or (actor.is_dealer and row.Delivery.dealer_id != actor.dealer_id):
        raise NotFound(record="delivery", id=delivery_id)
    return row.Delivery, access.ticket(session, actor, row.number, permission)


def package(session: Session, ticket: Ticket, delivery: Delivery) -> Package:
    """The newest data of the ticket with the files of the delivery."""
    dealer = session.get(Dealer, delivery.dealer_id) if delivery.dealer_id is not None else None
    purpose: Literal["scans", "closing"] = "closing" if delivery.purpose == "closing" else "scans"
    return Package(
        package_id=delivery.package_id,
        purpose=purpose,
        ticket=ticket.number,
        made_at=delivery.requested_at,
        company=party(ticket.customer),
        dealer=party(dealer) if dealer else Party(name=""),
        files=tuple(_file(one.file) for one in delivery.files),
        details={"type": ticket.type},
    )


def answer(made: Package) -> Response:
    """As a download; larger ones go over the disk, never whole through memory."""
    out: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_package(made, out)
    out.seek(0)
    return send_file(out, mimetype=ZIP, as_attachment=True, download_name=f"{made.package_id}.zip", max_age=0)


def _file(of: File) -> PackagedFile:
    store = edge.parts().store
    return PackagedFile(
        kind=of.kind,
        name=of.name,
        sha256=of.sha256,
        size=of.size,
        version=of.version,
        content_type=of.content_type,
        pages=of.pages,
        uploaded_at=of.uploaded_at,
        open=partial(store.open, of.sha256),
    )
