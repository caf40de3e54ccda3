"""What a delivery's package holds: told to the backoffice, and as a ZIP to look at or to send by hand."""

import json
from collections.abc import Sequence
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, Literal

from flask import Response, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from exports.packages import Package, PackagedFile, write_package
from mikroserwis import access, edge
from mikroserwis.access import Actor
from mikroserwis.errors import NotFound
from mikroserwis.models import (
    Customer,
    Dealer,
    Delivery,
    DeliveryFile,
    File,
    FinalInvoice,
    OutboxItem,
    Quote,
    Subticket,
    Ticket,
)
from mikroserwis.tickets.documents import ZIP
from mikroserwis.tickets.printed import printed_version

IN_MEMORY = 4 * 1024 * 1024
_COMPANY = ("tax_id", "name", "regon", "street", "postal_code", "city", "phone", "email", "representative")


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


def purpose(delivery: Delivery) -> Literal["scans", "closing"]:
    return "closing" if delivery.purpose == "closing" else "scans"


def wanted(delivery: Delivery) -> list[File]:
    """What is still to be sent: a paper that was rejected or replaced meanwhile stays here."""
    files = [one.file for one in delivery.files]
    return [one for one in files if one.rejected_at is None and one.replaced_at is None]


def package(session: Session, ticket: Ticket, delivery: Delivery) -> Package:
    """As it was sent, if it was; until then with the newest data."""
    manifest = sent(delivery.item)
    files = [one.file for one in delivery.files]
    if manifest is not None:
        hashes = {one["sha256"] for one in manifest["files"]}
        files = [one for one in files if one.sha256 in hashes]
    elif delivery.item.state == "queued":
        files = wanted(delivery)
    told = manifest["details"] if manifest is not None else details(session, ticket, delivery, files)
    return Package(
        package_id=delivery.package_id,
        purpose=purpose(delivery),
        ticket=ticket.number,
        made_at=delivery.requested_at,
        files=tuple(_file(one, told) for one in files),
        details=told,
    )


def sent(item: OutboxItem) -> dict[str, Any] | None:
    """The manifest that was offered to the backoffice, whatever it said to it."""
    payload = json.loads(item.payload)
    found: dict[str, Any] | None = payload.get("manifest") or payload.get("refused")
    return found


def details(session: Session, ticket: Ticket, delivery: Delivery, files: Sequence[File]) -> dict[str, Any]:
    """Whose papers these are, which versions, and what they add to or replace of what was sent before."""
    dealer = session.get(Dealer, delivery.dealer_id) if delivery.dealer_id is not None else None
    found: dict[str, Any] = {
        "type": ticket.type,
        "company": _company(ticket.customer),
        "confirmed_version": ticket.confirmed_version,
        "dealer": {name: getattr(dealer, name) for name in ("crm_id", "name", "tax_id")} if dealer else None,
        "papers": [_paper(session, one, ticket) for one in files],
        **_before(session, delivery, files),
    }
    if delivery.purpose == "closing":
        found["subtickets"] = [_subticket(one) for one in ticket.subtickets]
    return found


def answer(made: Package) -> Response:
    """As a download; larger ones go over the disk, never whole through memory."""
    edge.pause()
    out: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_package(made, out)
    out.seek(0)
    return send_file(out, mimetype=ZIP, as_attachment=True, download_name=f"{made.package_id}.zip", max_age=0)


def _company(customer: Customer) -> dict[str, object]:
    return {name: getattr(customer, name) for name in _COMPANY}


def _paper(session: Session, file: File, ticket: Ticket) -> dict[str, Any]:
    """What the paper is called by, and from which version of the company's data it was printed."""
    version, number = printed_version(file), None
    if file.kind == "quote":
        quote = session.scalars(select(Quote.number).where(Quote.file_id == file.id)).first() or version
        version, number = None, f"W/{ticket.number}/{quote}" if quote else None
    if file.kind == "final_invoice":
        number = session.scalars(select(FinalInvoice.number).where(FinalInvoice.file_id == file.id)).first()
    return {"sha256": file.sha256, "number": number, "printed_version": version}


def _before(session: Session, delivery: Delivery, files: Sequence[File]) -> dict[str, Any]:
    """The packages of this tenure that were acknowledged before, and the papers in any of them that these replace."""
    earlier = session.scalars(
        select(Delivery)
        .where(
            Delivery.ticket_id == delivery.ticket_id,
            Delivery.dealer_id == delivery.dealer_id,
            Delivery.id < delivery.id,
        )
        .options(selectinload(Delivery.files).joinedload(DeliveryFile.file))
        .order_by(Delivery.id)
    ).all()
    newer = {one.kind: one for one in files if one.kind != "other"}
    former = {one.file_id: one.file for each in earlier for one in each.files}
    return {
        "supplements": [
            {"package_id": one.package_id, "receipt": one.receipt} for one in earlier if one.acknowledged_at is not None
        ],
        "replaces": [
            {
                "kind": one.kind,
                "version": one.version,
                "sha256": one.sha256,
                "rejection": one.rejection,
                "by": newer[one.kind].sha256,
            }
            for one in former.values()
            if one.kind in newer and one.id != newer[one.kind].id
        ],
    }


def _subticket(one: Subticket) -> dict[str, object]:
    """What was done at a shop, and the platform's answer that proves it."""
    return {
        "point_id": one.point_id,
        "point": one.point.name,
        "stations_buy": one.stations_buy,
        "stations_exchange": one.stations_exchange,
        "outcome": one.outcome,
        "closed_at": one.closed_at.isoformat() if one.closed_at is not None else None,
        "connectivity": json.loads(one.evidence) if one.evidence is not None else None,
    }


def _file(of: File, told: dict[str, Any]) -> PackagedFile:
    store = edge.parts().store
    paper: dict[str, Any] = next((one for one in told.get("papers", ()) if one["sha256"] == of.sha256), {})
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
        number=paper.get("number") or "",
        printed_version=paper.get("printed_version"),
    )
