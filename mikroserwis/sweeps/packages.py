"""A package for the backoffice: each scan, then the manifest that makes them one."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice_client import Manifest, ManifestFile, PackageRejected, Scan, ScanRejected
from backoffice_client.messages import to_json
from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import speaking
from mikroserwis.models import Delivery, DeliveryFile, File, OutboxItem, Subticket, Ticket
from mikroserwis.outbox import Claimed
from mikroserwis.storage import Store
from mikroserwis.sweeps.failures import Failed, Rejected
from mikroserwis.sweeps.leases import Lease
from mikroserwis.sweeps.records import held_ticket_by_id
from mikroserwis.tickets import packages
from mikroserwis.tickets.operations import export
from mikroserwis.tickets.operations.papers import reject

# What the backoffice gets is Polish, as its people are.
LANGUAGE = "pl"
_MANIFEST = TypeAdapter(Manifest)
NOTHING_LEFT = "nothing_left"


class _Package(NamedTuple):
    """`offered`: the backoffice has been asked to take exactly this, and may have taken it."""

    manifest: Manifest
    scans: tuple[Scan, ...]
    offered: bool


def carry(parts: Parts, lease: Lease) -> str:
    """Every scan is offered, so that the dealer reads of all that were refused at once."""
    package = _packed(parts, lease, offer=False)
    refused: dict[str, str] = {}
    for scan in package.scans:
        lease.keep(scan.size)
        try:
            _upload(parts, scan)
        except ScanRejected as rejection:
            refused[scan.sha256] = rejection.reason
    if refused:
        raise Rejected("scan_rejected", "; ".join(sorted(set(refused.values()))), refused)
    lease.keep()
    if not package.offered:
        # Sending took a while: what was rejected or replaced meanwhile is left out even now.
        package = _packed(parts, lease, offer=True)
    try:
        return parts.backoffice.send_package(package.manifest).receipt
    except PackageRejected as rejection:
        raise Rejected(rejection.code, rejection.reason, rejection.rejections) from rejection


def delivered(session: Session, claimed: Claimed, receipt: str, now: datetime) -> None:
    ticket = _held(session, claimed)
    if ticket is not None:
        export.acknowledge(session, claimed.payload["delivery"], receipt, now=now)


def given_up(session: Session, claimed: Claimed, failure: Failed, now: datetime) -> None:
    """A refusal stands on the papers that it names; everything else is told to staff."""
    ticket = _held(session, claimed)
    if ticket is None:
        return
    delivery_id: int = claimed.payload["delivery"]
    if failure.code == NOTHING_LEFT:
        export.withdraw(session, delivery_id, failure.reason, now=now)
        return
    rejections = failure.rejections if isinstance(failure, Rejected) else {}
    for index, file in enumerate(_files(session, delivery_id, rejections)):
        # Each at a moment of its own, by which the mails about them are told apart.
        moment = now + timedelta(microseconds=index)
        reject(session, ticket, file, rejections[file.sha256] or failure.reason, actor=SYSTEM, now=moment)
    if failure.permanent:
        export.refuse(session, delivery_id, failure.reason, rejections, now=now)
    if isinstance(failure, Rejected):
        # Nothing was accepted: when staff press again, the newest data goes out; until then one sees what was refused.
        payload = json.loads(session.get_one(OutboxItem, claimed.id, populate_existing=True).payload)
        refused = {"refused": payload["manifest"]} if "manifest" in payload else {}
        _write_payload(session, claimed, {"delivery": delivery_id, **refused})
    if not rejections:
        export.report_stuck(session, delivery_id, failure.reason, now=now)


def _files(session: Session, delivery_id: int, hashes: Collection[str]) -> Sequence[File]:
    query = select(File).join(DeliveryFile, DeliveryFile.file_id == File.id).order_by(File.id)
    return session.scalars(query.where(DeliveryFile.delivery_id == delivery_id, File.sha256.in_(hashes))).all()


def _held(session: Session, claimed: Claimed) -> Ticket | None:
    delivery = session.get(Delivery, claimed.payload.get("delivery", 0))
    return held_ticket_by_id(session, delivery.ticket_id) if delivery is not None else None


def _packed(parts: Parts, lease: Lease, *, offer: bool) -> _Package:
    """What to send now. From the moment it is offered on it stays: an answer may be lost, and the same id must mean
    the same content. Raises Failed."""
    claimed = lease.claimed
    with parts.database.transaction() as session, speaking(LANGUAGE):
        delivery = session.scalars(
            select(Delivery)
            .where(Delivery.id == claimed.payload.get("delivery"))
            .options(joinedload(Delivery.item), selectinload(Delivery.files).joinedload(DeliveryFile.file))
        ).one_or_none()
        if delivery is None:
            raise Failed("contract_broken", "there is no such delivery", permanent=True)
        offered = json.loads(delivery.item.payload).get("manifest")
        try:
            if offered is not None:
                manifest = _MANIFEST.validate_json(json.dumps(offered))
            else:
                manifest = _manifest(session, delivery)
                if offer:
                    _write_payload(session, claimed, {"delivery": delivery.id, "manifest": to_json(manifest)})
            listed = {one.sha256 for one in manifest.files}
            files = {one.file.sha256: one.file for one in delivery.files if one.file.sha256 in listed}
            scans = tuple(_scan(file, manifest.ticket) for file in files.values())
            return _Package(manifest, scans, offered is not None)
        except ValueError as error:
            raise Failed("contract_broken", f"not a package: {error}"[:500], permanent=True) from error


def _write_payload(session: Session, claimed: Claimed, payload: dict[str, Any]) -> None:
    session.execute(update(OutboxItem).where(OutboxItem.id == claimed.id).values(payload=json.dumps(payload)))


def _manifest(session: Session, delivery: Delivery) -> Manifest:
    ticket = session.scalars(
        select(Ticket)
        .where(Ticket.id == delivery.ticket_id)
        .options(joinedload(Ticket.customer), selectinload(Ticket.subtickets).joinedload(Subticket.point))
    ).one()
    files = packages.wanted(delivery)
    if not files and delivery.files:
        raise Failed(NOTHING_LEFT, _("Every paper in it was rejected or replaced before it was sent."), permanent=True)
    return Manifest(
        package_id=delivery.package_id,
        ticket=ticket.number,
        purpose=packages.purpose(delivery),
        made_at=delivery.requested_at,
        files=tuple(ManifestFile(file.sha256, file.kind, file.name, file.size, file.version) for file in files),
        details=packages.details(session, ticket, delivery, files),
    )


def _scan(file: File, ticket: int) -> Scan:
    return Scan(file.sha256, file.kind, file.name, file.content_type, file.size, ticket)


def _upload(parts: Parts, scan: Scan) -> None:
    with speaking(LANGUAGE):
        _check(parts.store, scan)
    with parts.store.open(scan.sha256) as content:
        parts.backoffice.upload_scan(scan, content)


def _check(store: Store, scan: Scan) -> None:
    """What is sent must be what was signed; a damaged file needs a person."""
    if not store.verify(scan.sha256):
        reason = _(
            "The file “%(name)s” is missing in the store or damaged. Restore it from a backup, then send again.",
            name=scan.name,
        )
        raise Failed("file_damaged", reason, permanent=True)
