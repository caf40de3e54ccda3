"""What goes to the backoffice: queued durably, delivered in the background, acknowledged by receipt."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from mikroserwis import history, outbox
from mikroserwis.access import SYSTEM, Actor
from mikroserwis.errors import Blocker, Refused
from mikroserwis.models import Delivery, DeliveryFile, Ticket
from mikroserwis.plaintext import plain
from mikroserwis.tickets import notices
from mikroserwis.tickets.facts import decide, papers, ticket_facts
from mikroserwis.tickets.operations.packaging import queue
from mikroserwis.tickets.operations.papers import reject
from workflows import TICKET

LONGEST_RECEIPT = 200


def export_scans(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> Delivery:
    """Queue what the backoffice has not acknowledged yet. Raises Refused."""
    held = papers(session, ticket)
    decide(TICKET, "export", ticket_facts(session, ticket, actor, papers_=held))
    delivery = queue(session, ticket, "scans", held.to_export, actor=actor, now=now)
    names = [file.name for file in held.to_export]
    history.record(session, "export", actor=actor, now=now, ticket=ticket, files=names, package=delivery.package_id)
    return delivery


def acknowledge(session: Session, delivery_id: int, receipt: str, *, now: datetime) -> None:
    """The backoffice has the package; its receipt is kept. Twice is once."""
    delivery = session.get_one(Delivery, delivery_id)
    if delivery.acknowledged_at is not None:
        return
    receipt = plain(receipt)[:LONGEST_RECEIPT] or "—"
    delivery.receipt, delivery.acknowledged_at, delivery.rejection = receipt, now, None
    ticket = session.get_one(Ticket, delivery.ticket_id)
    # About the papers of the dealer who sent them, whoever has the ticket by now.
    owner, purpose = delivery.dealer_id, delivery.purpose
    history.record(
        session,
        "acknowledged",
        actor=SYSTEM,
        now=now,
        ticket=ticket,
        about_dealer=owner,
        purpose=purpose,
        receipt=receipt,
    )


def refuse(session: Session, delivery_id: int, reason: str, rejections: Mapping[str, str], *, now: datetime) -> None:
    """The backoffice rejected the package, or papers in it by hash: each bears its reason and is asked for anew."""
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(selectinload(Delivery.files).joinedload(DeliveryFile.file))
    ).one()
    if delivery.acknowledged_at is not None or delivery.rejection is not None:
        return
    reason = plain(reason) or "—"
    said = {sha256: plain(why) or reason for sha256, why in rejections.items()}
    delivery.rejection = json.dumps({"reason": reason, "files": said}, ensure_ascii=False)
    ticket = session.get_one(Ticket, delivery.ticket_id)
    for one in delivery.files:
        if one.file.sha256 in said:
            reject(session, ticket, one.file, said[one.file.sha256], actor=SYSTEM, now=now)
    owner, purpose = delivery.dealer_id, delivery.purpose
    history.record(
        session, "refused", actor=SYSTEM, now=now, ticket=ticket, about_dealer=owner, purpose=purpose, reason=reason
    )


def withdraw(session: Session, delivery_id: int, reason: str, *, now: datetime) -> None:
    """Nothing of the package is wanted any more, so nobody was sent anything."""
    delivery = session.get_one(Delivery, delivery_id)
    delivery.rejection = json.dumps({"reason": reason, "files": {}}, ensure_ascii=False)
    ticket = session.get_one(Ticket, delivery.ticket_id)
    owner, package = delivery.dealer_id, delivery.package_id
    history.record(session, "dropped", actor=SYSTEM, now=now, ticket=ticket, about_dealer=owner, package=package)


def can_go_again(delivery: Delivery) -> bool:
    """A package in which a paper was rejected can't, nor one of replaced papers only: a new one holds the new scans."""
    files = [one.file for one in delivery.files]
    return not any(file.rejected_at for file in files) and not (files and all(file.replaced_at for file in files))


def try_again(session: Session, delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    """Staff press again on a delivery that is stuck or was rejected as a whole. Raises Refused otherwise."""
    if delivery.item.state not in {"stuck", "rejected"}:
        raise Refused("retry", [Blocker("delivery_is_stuck", {"state": delivery.item.state})])
    if not can_go_again(delivery):
        raise Refused("retry", [Blocker("no_file_is_rejected", {"state": delivery.item.state})])
    outbox.retry(delivery.item, now)
    delivery.rejection = None
    ticket = session.get_one(Ticket, delivery.ticket_id)
    owner, package = delivery.dealer_id, delivery.package_id
    history.record(session, "retry", actor=actor, now=now, ticket=ticket, about_dealer=owner, package=package)


def report_stuck(session: Session, delivery_id: int, error: str, *, now: datetime) -> None:
    """Staff are told that a person must look."""
    delivery = session.get_one(Delivery, delivery_id)
    notices.delivery_stuck(session, session.get_one(Ticket, delivery.ticket_id), delivery.package_id, error, now=now)


def deliveries(session: Session, ticket: Ticket) -> list[Delivery]:
    """The ticket's deliveries with their state and files, newest first."""
    return list(session.scalars(_DELIVERIES, {"ticket": ticket.id}))


_DELIVERIES = (
    select(Delivery)
    .where(Delivery.ticket_id == bindparam("ticket"))
    .options(joinedload(Delivery.item), selectinload(Delivery.files).joinedload(DeliveryFile.file))
    .order_by(Delivery.id.desc())
)
